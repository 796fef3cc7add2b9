"""The toolbox: every tool, in the order in which help lists them. Adding a capability is one file and one line here."""

from typing import Any

from tools.comparisons import COMPARE_MODELS
from tools.datasets import DATASET_STATS
from tools.descriptions import DESCRIBE
from tools.guidelines import SEARCH_GUIDELINES
from tools.launches import PROPOSE_EVAL
from tools.metrics import QUERY_METRICS
from tools.runs import LIST_RUNS
from tools.spec import ToolSpec

TOOLS: tuple[ToolSpec[Any], ...] = (
    QUERY_METRICS,
    COMPARE_MODELS,
    DATASET_STATS,
    SEARCH_GUIDELINES,
    PROPOSE_EVAL,
    LIST_RUNS,
    DESCRIBE,
)

"""The toolbox: every tool, in the order in which help lists them. Adding a capability is one file and one line here."""

from typing import Any

from tools.acceptance import PLAN_ACCEPTANCE
from tools.agreement import LABEL_AGREEMENT
from tools.classes import CLASS_METRICS
from tools.comparisons import COMPARE_MODELS
from tools.dataset_standards import CHECK_DATASET
from tools.dataset_versions import COMPARE_DATASETS
from tools.datasets import DATASET_STATS
from tools.descriptions import DESCRIBE
from tools.gaps import FIND_GAPS
from tools.gates import CHECK_GATES
from tools.guidelines import SEARCH_GUIDELINES
from tools.launches import PROPOSE_EVAL
from tools.metrics import QUERY_METRICS
from tools.proportions import CHECK_PROPORTION
from tools.runs import LIST_RUNS
from tools.sampling import PLAN_SAMPLE
from tools.spec import ToolSpec
from tools.thresholds import FIND_THRESHOLD
from tools.trends import METRIC_TREND

TOOLS: tuple[ToolSpec[Any], ...] = (
    QUERY_METRICS,
    CLASS_METRICS,
    COMPARE_MODELS,
    METRIC_TREND,
    FIND_THRESHOLD,
    FIND_GAPS,
    CHECK_GATES,
    DATASET_STATS,
    COMPARE_DATASETS,
    CHECK_DATASET,
    LABEL_AGREEMENT,
    PLAN_SAMPLE,
    PLAN_ACCEPTANCE,
    CHECK_PROPORTION,
    SEARCH_GUIDELINES,
    PROPOSE_EVAL,
    LIST_RUNS,
    DESCRIBE,
)

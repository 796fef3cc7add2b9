"""The toolbox: every tool, in the order in which help lists them. Adding a capability is one file and one line here."""

from typing import Any

from tools.comparisons.compare import COMPARE_MODELS
from tools.comparisons.trends import METRIC_TREND
from tools.datasets.check import CHECK_DATASET
from tools.datasets.stats import DATASET_STATS
from tools.datasets.versions import COMPARE_DATASETS
from tools.descriptions import DESCRIBE
from tools.gaps.find import FIND_GAPS
from tools.gates.check import CHECK_GATES
from tools.guidelines.changes.tool import GUIDELINE_CHANGES
from tools.guidelines.gaps import GUIDELINE_GAPS
from tools.guidelines.issues import PROPOSE_GUIDELINE_ISSUE
from tools.guidelines.methods import FIND_METHODS
from tools.guidelines.search import SEARCH_GUIDELINES
from tools.labels.agreement import LABEL_AGREEMENT
from tools.launches import PROPOSE_EVAL
from tools.metrics.classes import CLASS_METRICS
from tools.metrics.query import QUERY_METRICS
from tools.runs import LIST_RUNS
from tools.sampling.acceptance import PLAN_ACCEPTANCE
from tools.sampling.plan import PLAN_SAMPLE
from tools.sampling.proportions import CHECK_PROPORTION
from tools.spec import ToolSpec
from tools.thresholds.find import FIND_THRESHOLD

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
    GUIDELINE_CHANGES,
    FIND_METHODS,
    GUIDELINE_GAPS,
    PROPOSE_GUIDELINE_ISSUE,
    PROPOSE_EVAL,
    LIST_RUNS,
    DESCRIBE,
)

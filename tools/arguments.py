"""The common arguments of the tools, everywhere the same name, type and description.

`Slot` says what kind of thing an argument is. A language model reads the descriptions; the planner reads the slots and
fills them with what the question mentions, so a new tool needs no word about it in the planner.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal[
    "model",
    "baseline",
    "dataset",
    "metrics",
    "filters",
    "dimensions",
    "threshold",
    "support",
    "text",
    "subject",
    "limit",
    "other dataset",
    "gate",
    "labels",
    "prevalence",
    "max_fpr",
    "min_precision",
    "min_recall",
    "reviews_per_day",
    "volume",
    "cost_ratio",
    "rate",
    "half_width",
    "difference",
    "items",
    "lot",
    "aql",
    "ltpd",
    "sample",
    "defects",
    "severe",
    "k",
    "n",
    "other_k",
    "other_n",
    "target",
    "scope",
    "document",
]


@dataclass(frozen=True)
class Slot:
    """What fills an argument: a kind of thing a question can mention. `needed`: without it the tool is hardly meant.

    Of the arguments of one `group` a follow-up that gives one anew takes none of the others over.
    """

    kind: Kind
    needed: bool = False
    group: str = ""


class Arguments(BaseModel):
    """The root of all argument models: unknown names are an error the model can mend."""

    model_config = ConfigDict(extra="forbid", frozen=True)


ModelName = Annotated[
    str | None,
    Slot("model"),
    Field(description='"bullying-text v7" or alias, "bullying-text prod"'),
]
BaselineName = Annotated[
    str | None,
    Slot("baseline", needed=True),
    Field(description="to compare with; omit for production"),
]
DatasetName = Annotated[str | None, Slot("dataset"), Field(description='"golden 2026-10"')]
Metrics = Annotated[
    list[str],
    Slot("metrics"),
    Field(
        description="recall, precision, fpr, fnr, specificity, accuracy, balanced_accuracy, f1,"
        " f2, f0.5, mcc, auc, average_precision, ece, brier, prevalence, flagged_rate"
    ),
]
SliceFilters = Annotated[
    dict[str, list[str]],
    Slot("filters"),
    Field(description='slices named: {"dimension": ["value"]}'),
]
GroupBy = Annotated[
    list[str],
    Slot("dimensions"),
    Field(description='break down by ("by language"), at most two', max_length=2),
]
Threshold = Annotated[
    float | None,
    Slot("threshold"),
    Field(description="else the operating one", ge=0, le=1),
]
MinSupport = Annotated[int, Slot("support"), Field(description="least items of a slice", ge=0)]
Limit = Annotated[int, Slot("limit"), Field(description="rows at most", ge=1, le=50)]
FreeText = Annotated[str, Slot("text", needed=True), Field(description="the question as asked")]
Subject = Annotated[
    str | None,
    Slot("subject"),
    Field(description="a name; omit for a list of everything"),
]
Prevalence = Annotated[
    float | None,
    Slot("prevalence"),
    Field(description="share of positives in live traffic, 0.01 for 1 %", gt=0, lt=1),
]
MaxFpr = Annotated[
    float | None,
    Slot("max_fpr", group="goal"),
    Field(description="not to exceed, 0.02 for 2 %", ge=0, le=1),
]
MinPrecision = Annotated[
    float | None,
    Slot("min_precision", group="goal"),
    Field(description="to keep", ge=0, le=1),
]
MinRecall = Annotated[float | None, Slot("min_recall", group="goal"), Field(description="to keep", ge=0, le=1)]
ReviewsPerDay = Annotated[
    float | None, Slot("reviews_per_day", group="goal"), Field(description="items that people can review a day", gt=0)
]
Volume = Annotated[float | None, Slot("volume"), Field(description="items of live traffic a day", gt=0)]
CostRatio = Annotated[
    float | None, Slot("cost_ratio", group="goal"), Field(description="false alarms that one miss costs", gt=0)
]
OtherDataset = Annotated[
    str | None,
    Slot("other dataset", needed=True),
    Field(description="to compare with; omit for the version before"),
]
GateName = Annotated[str | None, Slot("gate"), Field(description="the gate by name, such as release")]
LabelSet = Annotated[str | None, Slot("labels"), Field(description='"raters 2026-09"')]
ExpectedRate = Annotated[
    float | None, Slot("rate"), Field(description="the rate that is expected, 0.9 for 90 %", gt=0, lt=1)
]
HalfWidth = Annotated[
    float | None,
    Slot("half_width", group="goal"),
    Field(description="the half-width wanted, 0.03 for +-3 points", gt=0, lt=1),
]
Difference = Annotated[
    float | None,
    Slot("difference", group="goal"),
    Field(description="the difference to detect, 0.02 for 2 points", gt=0, lt=1),
]
Items = Annotated[int | None, Slot("items", group="goal"), Field(description="how many items can be labelled", ge=1)]
Lot = Annotated[int | None, Slot("lot"), Field(description="items in the batch of labels", ge=1)]
Aql = Annotated[float | None, Slot("aql"), Field(description="the error rate accepted, 0.01 for 1 %", gt=0, lt=1)]
Ltpd = Annotated[float | None, Slot("ltpd"), Field(description="the error rate to reject, 0.05 for 5 %", gt=0, lt=1)]
SampleSize = Annotated[
    int | None, Slot("sample", group="found"), Field(description="items of the batch that were checked", ge=0)
]
Defects = Annotated[
    int | None, Slot("defects", group="found"), Field(description="wrong labels found in the sample", ge=0)
]
Severe = Annotated[
    int | None, Slot("severe", group="found"), Field(description="severe wrong labels found in the sample", ge=0)
]
Hits = Annotated[int | None, Slot("k", group="counts"), Field(description="k of “k of n”", ge=0)]
Trials = Annotated[int | None, Slot("n", needed=True, group="counts"), Field(description="n of “k of n”", ge=1)]
OtherHits = Annotated[
    int | None, Slot("other_k", group="counts"), Field(description="k of a second “k of n” to compare with", ge=0)
]
OtherTrials = Annotated[
    int | None, Slot("other_n", group="counts"), Field(description="n of a second “k of n” to compare with", ge=1)
]
Target = Annotated[
    float | None, Slot("target"), Field(description="the rate that is to be shown, 0.95 for 95 %", gt=0, lt=1)
]

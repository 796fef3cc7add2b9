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
]


@dataclass(frozen=True)
class Slot:
    """What fills an argument: a kind of thing a question can mention. `needed`: without it the tool is hardly meant."""

    kind: Kind
    needed: bool = False


class Arguments(BaseModel):
    """The root of all argument models: unknown names are an error the model can mend."""

    model_config = ConfigDict(extra="forbid", frozen=True)


ModelName = Annotated[
    str | None,
    Slot("model"),
    Field(description='a model and version, "bullying-text v7", or an alias, "bullying-text prod"; omit if not said'),
]
BaselineName = Annotated[
    str | None,
    Slot("baseline", needed=True),
    Field(description="the model version to compare with; omit for the one in production"),
]
DatasetName = Annotated[
    str | None, Slot("dataset"), Field(description='a dataset and version, "golden 2026-10"; omit if not said')
]
Metrics = Annotated[
    list[str],
    Slot("metrics"),
    Field(
        description="the metrics asked for: recall, precision, fpr, fnr, specificity, accuracy, f1, auc, prevalence,"
        " flagged_rate"
    ),
]
SliceFilters = Annotated[
    dict[str, list[str]],
    Slot("filters"),
    Field(description='only slice values that the question names, as {"dimension": ["value"]}; else omit'),
]
GroupBy = Annotated[
    list[str],
    Slot("dimensions"),
    Field(description='what to break down by ("by language", "per surface"), at most two dimensions', max_length=2),
]
Threshold = Annotated[
    float | None,
    Slot("threshold"),
    Field(description="a score threshold from 0 to 1; omit for the operating threshold", ge=0, le=1),
]
MinSupport = Annotated[
    int, Slot("support"), Field(description="only slices with at least this many items behind the metric", ge=0)
]
Limit = Annotated[int, Slot("limit"), Field(description="how many rows at most", ge=1, le=50)]
FreeText = Annotated[str, Slot("text", needed=True), Field(description="the question, in its own words")]
Subject = Annotated[
    str | None,
    Slot("subject"),
    Field(description="a model, dataset, dimension or metric by name; omit for a list of everything"),
]

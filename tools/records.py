"""Records: what a registry file must say of each model and dataset, checked before anything is read or written."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tools.errors import SetupError
from tools.stats.histogram import BINS

# A second control beside the refusal of undeclared text columns: ids are copied into the predictions.
OPAQUE = r"\A[A-Za-z0-9_-]{1,64}\z"

Name = Annotated[str, Field(min_length=1, max_length=100)]
Short = Annotated[str, Field(min_length=1, max_length=50)]
Key = Annotated[str, Field(min_length=1, max_length=500)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Name
    version: Name
    guideline_version: Short

    @property
    def id(self) -> str:
        """`name@version`."""
        return f"{self.name}@{self.version}"


class ModelRecord(_Record):
    """One model version of a registry file."""

    policy: Name
    aliases: list[Name]
    artifact: Key
    sha256: Sha256
    threshold: Annotated[float, Field(ge=0, le=1)]
    trained_on: str | None = None
    released: date


class DatasetRecord(_Record):
    """One dataset version of a registry file; `dimensions` maps each dimension to its allowed values."""

    kind: Literal["train", "golden", "suite"]
    path: Key
    digest: Sha256
    rows: Annotated[int, Field(ge=0)]
    features: Annotated[list[Name], Field(min_length=1)]
    dimensions: dict[Name, list[Name]]
    gold_version: Short
    counts_of: Literal["items", "people"]
    as_of: date
    card: dict[str, Any]


class LabelSetRecord(_Record):
    """One set of rater labels: `raters` are columns of one rater each, `gold` is the column of the gold label."""

    dataset: str | None = None
    path: Key
    digest: Sha256
    rows: Annotated[int, Field(ge=0)]
    raters: Annotated[list[Name], Field(min_length=2)]
    classes: Annotated[list[Name], Field(min_length=2)]
    ordinal: bool = False
    gold: Name | None = None
    dimensions: dict[Name, list[Name]]
    as_of: date
    traits: dict[str, Any] = {}


class Records(BaseModel):
    """All records of one file."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    models: tuple[ModelRecord, ...]
    datasets: tuple[DatasetRecord, ...]
    label_sets: tuple[LabelSetRecord, ...] = ()


def read_records(registry: dict[str, Any]) -> Records:
    """The records of a registry.

    Raises:
        SetupError: names the first field that is missing or wrong, never what stands in it.
    """
    try:
        records = Records.model_validate(registry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SetupError(f"The registry is wrong at `{where}`: {first['msg']}. Mend that line.") from error
    for model in records.models:
        # Counts are stored on this grid; a threshold between its points would be shown but not used.
        if round(model.threshold * BINS) / BINS != model.threshold:
            raise SetupError(f"The threshold of {model.name} {model.version} has more than four decimals. Round it.")
    for dataset in records.datasets:
        if dataset.counts_of != "items":
            # The suppression of small cells of people (R8) is not built yet: refusing is the safe side.
            raise SetupError(f"{dataset.name} counts {dataset.counts_of}; only sets of items can be registered so far.")
    known = {dataset.id for dataset in records.datasets}
    for labels in records.label_sets:
        if labels.dataset is not None and labels.dataset not in known:
            raise SetupError(f"{labels.name} {labels.version} is of a dataset that is not in this registry. Mend it.")
    return records

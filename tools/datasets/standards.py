"""The dataset standard: a contract in `standard.yaml`, by kind of dataset; a check that is left out is not made."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from tools.errors import SetupError

FILE = "standard.yaml"
Kind = Literal["train", "golden", "suite"]
Share = Annotated[float, Field(ge=0, le=1)]
AtLeast = Annotated[int, Field(ge=1)]
# YAML reads an unquoted 0 as a number; as the name of a class it is a text.
ClassName = Annotated[str, BeforeValidator(lambda value: str(value) if type(value) is int else value)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Support(_Part):
    """The least number of items, positives and negatives in each cell that the dimensions `by` make."""

    by: Annotated[list[str], Field(min_length=1, max_length=3)]
    items: AtLeast | None = None
    positives: AtLeast | None = None
    negatives: AtLeast | None = None


class Balance(_Part):
    """Between which shares the positives lie; of more than two classes, each class."""

    low: Share = 0.0
    high: Share = 1.0

    @model_validator(mode="after")
    def _in_order(self) -> "Balance":
        if self.low > self.high:
            raise ValueError("low is above high")
        return self


class Age(_Part):
    """The least share of items whose `dimension` has one of these values."""

    dimension: str = "age"
    values: Annotated[list[str], Field(min_length=1)]
    minimum_share: Share


class NearDuplicates(_Part):
    """The largest share of items that share a near-duplicate group with another."""

    maximum_share: Share


class Overlap(_Part):
    """How many items, or near duplicates of them, datasets of these kinds may hold."""

    kinds: Annotated[list[Kind], Field(min_length=1)]
    maximum_items: Annotated[int, Field(ge=0)] = 0


class AgreementFloor(_Part):
    """The least percent agreement of raters, as a share, on the label set of the dataset."""

    minimum: Share


class Standard(_Part):
    """What a dataset of one kind must be."""

    labels: Annotated[list[ClassName], Field(min_length=2)] | None = None
    support: Support | None = None
    balance: Balance | None = None
    age: Age | None = None
    near_duplicates: NearDuplicates | None = None
    overlap: Overlap | None = None
    annotations_per_item: AtLeast | None = None
    agreement: AgreementFloor | None = None
    guideline_version: Annotated[str, Field(min_length=1)] | None = None


class Standards(_Part):
    """The whole file."""

    train: Standard | None = None
    golden: Standard | None = None
    suite: Standard | None = None

    def of(self, kind: str) -> Standard | None:
        """The standard of a kind of dataset; None where the file has none."""
        found: Standard | None = getattr(self, kind, None)
        return found


def read_standards(root: Path) -> Standards | None:
    """The standards under the data root; None where there is no file.

    Raises:
        SetupError: not YAML, or wrong: names the field, never what stands in it.
    """
    import yaml

    path = root / FILE
    if not path.is_file():
        return None
    try:
        found: Any = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SetupError(f"{FILE} in the data folder cannot be read as YAML. Mend or replace it.") from error
    try:
        return Standards.model_validate(found if found is not None else {})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the top"
        raise SetupError(f"{FILE} is wrong at `{where}`: {first['msg']}. Mend that line.") from error

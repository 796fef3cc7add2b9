"""Gate rules: what a gate file must say, checked before anything is computed.

A gate is a list of rules, each about one metric on the whole set, on a slice, or on each slice of a dimension: a bound,
an allowed regression against the baseline, or that nothing got significantly worse.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tools.catalog import nearest
from tools.errors import SetupError
from tools.measures import MEASURES

FILE = "gates.yaml"  # in the data folder
PAIRED = frozenset({"recall", "fnr", "fpr", "specificity"})  # metrics that a baseline is compared by, item by item
_CRITERIA = ("at_least", "at_most", "max_regression", "not_significantly_worse")

Name = Annotated[str, Field(min_length=1, max_length=100)]
Share = Annotated[float, Field(ge=0, le=1)]
Slices = dict[Name, Annotated[list[Name], Field(min_length=1)]]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(_Part):
    """One condition: exactly one of the four criteria, on the whole set or (`each`) on every slice by itself.

    `decided_by` says whether the bound of the 95 % interval decides, or the point. With `at_fpr` each model is read at
    its own threshold, the lowest that keeps that FPR on the slice `fpr_on`. `prevalence` re-weights a metric that
    changes with it to live traffic. `min_positives` is this rule's own floor.
    """

    name: Name
    metric: Name
    about: str = ""
    dataset: str = ""
    filters: Slices = {}
    each: Annotated[list[Name], Field(max_length=2)] = []
    at_least: Share | None = None
    at_most: Share | None = None
    max_regression: Share | None = None
    not_significantly_worse: Literal[True] | None = None
    decided_by: Literal["bound", "point"] = "bound"
    at_fpr: Annotated[float, Field(gt=0, lt=1)] | None = None
    fpr_on: Slices = {}
    prevalence: Annotated[float, Field(gt=0, lt=1)] | None = None
    min_positives: Annotated[int, Field(ge=1)] | None = None
    severity: Literal["severe", "normal"] = "severe"

    @property
    def paired(self) -> bool:
        """Whether the baseline is needed."""
        return self.max_regression is not None or self.not_significantly_worse is not None

    @model_validator(mode="after")
    def _sound(self) -> "Rule":
        given = [name for name in _CRITERIA if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(_CRITERIA)}, not {' and '.join(given) or 'none'}")
        if self.metric not in MEASURES:
            raise ValueError(f"`metric` is no metric; nearest: {', '.join(nearest(self.metric, MEASURES, 3))}")
        if self.paired and self.metric not in PAIRED:
            raise ValueError(f"`{given[0]}` needs a metric that is paired by item: {', '.join(sorted(PAIRED))}")
        if self.fpr_on and self.at_fpr is None:
            raise ValueError("`fpr_on` needs `at_fpr`")
        if self.at_fpr is not None and self.metric in ("fpr", "specificity") and not self.fpr_on:
            raise ValueError("`at_fpr` would fix the very metric of the rule; name another slice in `fpr_on`")
        return self


class Gate(_Part):
    """A named list of rules, the data they are about, the baseline, and who signs: a person, never the assistant."""

    name: Name
    approver: Name
    dataset: Name
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]
    about: str = ""
    baseline: Name = "prod"
    min_positives: Annotated[int, Field(ge=1)] = 60

    @model_validator(mode="after")
    def _distinct(self) -> "Gate":
        _once([rule.name for rule in self.rules], "rules")
        return self


class Gates(_Part):
    """All gates of a file."""

    gates: Annotated[tuple[Gate, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _distinct(self) -> "Gates":
        _once([gate.name for gate in self.gates], "gates")
        return self


def read_gates(root: Path) -> tuple[Gate, ...]:
    """The gates of a data folder.

    Raises:
        SetupError: there is no file, or it is wrong; names gate, rule and field.
    """
    path = root / FILE
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise SetupError(
            f"No gate is set up: there is no {FILE} in the data folder. The sample workspace has one to start from.",
            remedy="steward init --sample",
        ) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise SetupError(f"{FILE}{line} cannot be read as YAML. Mend that file.") from error
    try:
        return Gates.model_validate(content).gates
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        message = first["msg"].removeprefix("Value error, ")
        raise SetupError(f"{FILE} is wrong {_place(content, first['loc'])}: {message}. Mend that line.") from error


def _place(content: Any, location: tuple[int | str, ...]) -> str:
    """`in gate `release`, rule `recall`, field `at_least``: by name where there is one, else by number."""
    kinds = {"gates": "gate", "rules": "rule"}
    words, at, part = list[str](), content, 0
    while part < len(location):
        step = location[part]
        kind = kinds.get(str(step))
        number = location[part + 1] if part + 1 < len(location) else None
        at = _inside(at, step)
        if kind and isinstance(number, int):
            at = _inside(at, number)
            name = at.get("name") if isinstance(at, Mapping) else None
            words.append(f"{kind} `{name}`" if isinstance(name, str) and name else f"{kind} {number + 1}")
            part += 2
        else:
            words.append(f"field `{'.'.join(str(each) for each in location[part:])}`")
            break
    return f"in {', '.join(words)}" if words else "as a whole"


def _inside(at: Any, step: int | str) -> Any:
    try:
        return at[step]
    except (KeyError, IndexError, TypeError):
        return None


def _once(names: list[str], what: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"two {what} are called {', '.join(twice)}")

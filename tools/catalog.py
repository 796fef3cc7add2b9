"""The catalogue: the names people use for models, datasets, dimensions and metrics -> what is registered.

A name that fits nothing raises ToolError with the nearest five, so that a language model can repair its call and a
person sees what to type.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rapidfuzz import fuzz, process, utils
from sqlalchemy import Engine, select

from tools.dimension_values import DIMENSIONS, spoken_forms
from tools.errors import ToolError
from tools.measures import MEASURES, Measure
from tools.store.session import reading
from tools.store.tables import Dataset, LabelSet, Model

_DATASET_FILLERS = {"set", "suite", "dataset", "data", "the", "of", "from"}
Filters = dict[str, list[str]]


@dataclass(frozen=True)
class ModelEntry:
    """A registered model version; `label` is how answers name it."""

    id: str
    name: str
    version: str
    policy: str
    aliases: tuple[str, ...]
    artifact: str
    sha256: str
    threshold: float
    guideline_version: str
    trained_on: str | None
    released: date

    @property
    def label(self) -> str:
        """`bullying-text v7`."""
        return f"{self.name} {self.version}"


@dataclass(frozen=True)
class DatasetEntry:
    """A registered dataset version; `label` is how answers name it."""

    id: str
    name: str
    version: str
    kind: str
    path: str
    digest: str
    rows: int
    features: tuple[str, ...]
    dimensions: dict[str, list[str]]
    gold_version: str
    guideline_version: str
    as_of: date
    card: dict[str, Any]
    classes: tuple[str, ...] = ("0", "1")
    traits: dict[str, Any] = field(default_factory=dict)

    @property
    def breakdown(self) -> str:
        """What a next question may break it down by: ` by language`, else by its first dimension; empty without any."""
        name = "language" if "language" in self.dimensions else next(iter(self.dimensions), "")
        return f" by {name}" if name else ""

    @property
    def label(self) -> str:
        """`golden 2026-10`."""
        return f"{self.name} {self.version}"


@dataclass(frozen=True)
class LabelSetEntry:
    """A registered set of rater labels; `label` is how answers name it."""

    id: str
    name: str
    version: str
    dataset_id: str | None
    raters: tuple[str, ...]
    classes: tuple[str, ...]
    ordinal: bool
    has_gold: bool
    dimensions: dict[str, list[str]]
    rows: int
    path: str
    guideline_version: str
    as_of: date
    traits: dict[str, Any]

    @property
    def label(self) -> str:
        """`raters 2026-09`."""
        return f"{self.name} {self.version}"


@dataclass(frozen=True)
class Catalog:
    """Everything registered at one moment, in the order of registration."""

    models: tuple[ModelEntry, ...]
    datasets: tuple[DatasetEntry, ...]
    label_sets: tuple[LabelSetEntry, ...] = ()

    def model(self, text: str) -> tuple[ModelEntry, str | None]:
        """The model version a text names, and the default that was needed to name one.

        `name version` and `name alias` are exact; a version or alias alone serves when only one model has it; a name
        or policy alone means its `prod` version, which is returned as the default to print.

        Raises:
            ToolError: nothing fits, or several do; carries the nearest names.
        """
        wanted = _words(text)
        found = [m for m in self.models if _fits(wanted, m.name, (m.version, *m.aliases), m.policy)]
        default = None
        if not found:
            found = [m for m in self.production() if wanted and _fits([*wanted, "prod"], m.name, ("prod",), m.policy)]
            default = f"{found[0].label} (prod)" if len(found) == 1 else None
        if len(found) == 1:
            return found[0], default
        if found:
            names = tuple(model.label for model in found)
            raise ToolError(f"“{short(text)}” could be {either(names)}: which one?", tried=text, nearest=names)
        raise _unknown("model", text, [model.label for model in self.models])

    def production(self) -> tuple[ModelEntry, ...]:
        """The versions in production, one a model name."""
        return tuple(model for model in self.models if "prod" in model.aliases)

    def dataset(self, text: str) -> DatasetEntry:
        """The dataset version a text names; a name without version is its newest version.

        Raises:
            ToolError: nothing fits; carries the nearest names.
        """
        wanted = [word for word in _words(text) if word not in _DATASET_FILLERS]
        for exact in (True, False):
            found = [
                entry
                for entry in self.datasets
                if _fits(wanted if exact else [*wanted, entry.version], entry.name, _version_words(entry), entry.kind)
            ]
            if found and wanted:
                # A set that is called so goes before one that is of the kind.
                named = [entry for entry in found if entry.name.lower() in wanted]
                return max(named or found, key=lambda entry: entry.as_of)
        raise _unknown("dataset", text, [entry.label for entry in self.datasets])

    def label_set(self, text: str) -> LabelSetEntry:
        """The set of rater labels a text names; a name without version is its newest version.

        Raises:
            ToolError: nothing fits; carries the nearest names.
        """
        wanted = [word for word in _words(text) if word not in _DATASET_FILLERS]
        for exact in (True, False):
            found = [
                entry
                for entry in self.label_sets
                if _fits(wanted if exact else [*wanted, entry.version], entry.name, (entry.version,), entry.name)
            ]
            if found and wanted:
                return max(found, key=lambda entry: entry.as_of)
        raise _unknown("set of rater labels", text, [entry.label for entry in self.label_sets])

    def measure(self, text: str) -> Measure:
        """The metric a text names, by name, title or short form.

        Raises:
            ToolError: nothing fits; carries the nearest names.
        """
        wanted = text.strip().lower().replace("_", " ")
        for measure in MEASURES.values():
            if wanted in {measure.name.replace("_", " "), measure.title.lower(), *measure.also}:
                return measure
        raise _unknown("metric", text, list(MEASURES))

    def dimension(self, text: str, dataset: DatasetEntry) -> str:
        """The dimension of a dataset that a text names.

        Raises:
            ToolError: the dataset has no such dimension; carries those it has.
        """
        wanted = text.strip().lower()
        for dimension in dataset.dimensions:
            if wanted in {dimension.lower(), *DIMENSIONS.get(dimension, ())}:
                return dimension
        raise _unknown(f"dimension of {dataset.label}", text, list(dataset.dimensions))

    def filters(self, given: Mapping[str, Sequence[str]], dataset: DatasetEntry) -> Filters:
        """Filters with registered names, sorted; the spoken forms of values are understood.

        Raises:
            ToolError: an unknown dimension or value; carries the nearest.
        """
        resolved: Filters = {}
        for name, values in given.items():
            dimension = self.dimension(name, dataset)
            resolved[dimension] = sorted({self._value(dimension, value, dataset) for value in values})
        return dict(sorted(resolved.items()))

    def _value(self, dimension: str, text: str, dataset: DatasetEntry) -> str:
        known = dataset.dimensions[dimension]
        wanted = str(text).strip().lower()
        for value in known:
            if wanted in spoken_forms(dimension, value):
                return value
        raise _unknown(f"{dimension} in {dataset.label}", text, known)


def load(engine: Engine) -> Catalog:
    """The catalogue as it stands in the database."""
    with reading(engine) as session:
        models = session.scalars(select(Model).order_by(Model.name, Model.released)).all()
        datasets = session.scalars(select(Dataset).order_by(Dataset.name, Dataset.as_of)).all()
        labels = session.scalars(select(LabelSet).order_by(LabelSet.name, LabelSet.as_of)).all()
        return Catalog(
            tuple(
                ModelEntry(
                    row.id, row.name, row.version, row.policy, tuple(row.aliases), row.artifact, row.sha256,
                    row.threshold, row.guideline_version, row.trained_on, row.released,
                )
                for row in models
            ),
            tuple(
                DatasetEntry(
                    row.id, row.name, row.version, row.kind, row.path, row.digest, row.rows, tuple(row.features),
                    dict(row.dimensions), row.gold_version, row.guideline_version, row.as_of, dict(row.card),
                    tuple(row.classes), dict(row.traits),
                )
                for row in datasets
            ),
            tuple(
                LabelSetEntry(
                    row.id, row.name, row.version, row.dataset_id, tuple(row.raters), tuple(row.classes), row.ordinal,
                    row.has_gold, dict(row.dimensions), row.rows, row.path, row.guideline_version, row.as_of,
                    dict(row.traits),
                )
                for row in labels
            ),
        )  # fmt: skip


def nearest(text: str, names: Iterable[str], limit: int = 5) -> tuple[str, ...]:
    """The names most alike to a text, best first."""
    found = process.extract(text, list(names), scorer=fuzz.WRatio, processor=utils.default_process, limit=limit)
    return tuple(name for name, _, _ in found)


def either(names: Sequence[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _unknown(what: str, text: str, names: list[str]) -> ToolError:
    close = nearest(text, names)
    hint = f" Nearest: {', '.join(close)}." if close else " None is registered yet."
    return ToolError(f"I don't know a {what} “{short(text)}”.{hint}", tried=text, nearest=close)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+(?:[-.][a-z0-9]+)*", str(text).lower().replace("@", " ").replace("_", "-"))


def _fits(wanted: list[str], name: str, versions: tuple[str, ...], group: str) -> bool:
    """Every word must be the name, its group (policy, kind) or one of the versions; a version must be among them."""
    lowered = [version.lower() for version in versions]
    named = {name.lower(), group.lower(), *name.lower().split("-")}
    return (
        bool(wanted)
        and any(word in lowered for word in wanted)
        and all(word in named or word in lowered for word in wanted)
    )


def _version_words(entry: DatasetEntry) -> tuple[str, ...]:
    """A version, and its month in words where it is one: `2026-10`, `october`, `oct`."""
    try:
        month = date.fromisoformat(f"{entry.version}-01")
    except ValueError:
        return (entry.version, f"v{entry.version}")
    return (entry.version, f"{month:%B}", f"{month:%b}")


def short(text: str) -> str:
    """At most 60 characters, on one line, without marks that a surface would act on."""
    line = " ".join(re.sub(r"[<>`*~|]", "", str(text)).split())
    return line if len(line) <= 60 else f"{line[:59]}…"

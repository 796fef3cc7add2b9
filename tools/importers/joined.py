"""Predictions joined to the items of their dataset by id: once for all models of a file, checked, then written out."""

from dataclasses import dataclass
from pathlib import Path

from tools.catalog import DatasetEntry
from tools.errors import SetupError
from tools.evals.duck import identifier, one_file, quoted
from tools.evals.items_file import CLUSTER, ITEM, LABEL, WEIGHT, digest, resolve
from tools.importers.request import BINARY, PredictionsImport, ScoredModel
from tools.importers.scores import scaled
from tools.importers.source import Source, class_index, item_id, number

_UNIT = 1 << 40  # scores are told apart from 1e-12 on


@dataclass(frozen=True)
class Joined:
    """A Parquet file set aside, one row a prediction: item, label, slices (d0, d1, …), a value a model (m0, m1, …)."""

    source: Source
    wanted: PredictionsImport
    dataset: DatasetEntry
    path: Path

    @property
    def _extras(self) -> list[str]:
        traits = self.dataset.traits
        return [name for name, has in ((CLUSTER, "clusters"), (WEIGHT, "weighted")) if traits.get(has)]

    @property
    def _several(self) -> bool:
        return len(self.wanted.classes) > len(BINARY)

    def join(self, items: Path) -> None:
        """Write the file from the source and the dataset's items."""
        wanted = self.wanted
        values = "".join(f", {self._value(model)} AS m{at}" for at, model in enumerate(wanted.models))
        slices = "".join(f", i.{identifier(name)} AS d{at}" for at, name in enumerate(self.dataset.dimensions))
        extras = "".join(f", i.{name}" for name in self._extras)
        self.source.all(
            f"COPY (SELECT f.* EXCLUDE (id), i.{ITEM} AS item, i.{LABEL} AS label{slices}{extras}"
            f" FROM (SELECT {item_id(wanted.columns.ids)} AS id, row,"
            f" {class_index(wanted.columns.label, wanted.classes)} AS gold{values} FROM {self.source.relation}) f"
            f" LEFT JOIN read_parquet([{one_file(items)}], hive_partitioning=false) i ON f.id = i.{ITEM}"
            f") TO {quoted(str(self.path))} (FORMAT parquet, COMPRESSION snappy)"
        )

    def check(self) -> None:
        """Refuse rows that are not the dataset's: mixed datasets, another gold, items left out (R16).

        Raises:
            SetupError: names row and count.
        """
        source, label = self.source, self.dataset.label
        strange, first, other, relabelled = source.all(
            "SELECT count(*) FILTER (item IS NULL), min(row) FILTER (item IS NULL), count(*) FILTER (gold != label),"
            f" min(row) FILTER (gold != label) FROM {self._file}"
        )[0]
        if strange:
            raise SetupError(
                f"{strange:,} row(s) of {source.name} are no items of {label} (the first is row {first:,}): mixed"
                " datasets are not imported. Keep one with --where, or register the other under its own version."
            )
        if other:
            raise SetupError(
                f"{other:,} row(s) of {source.name} have another label than {label} (the first is row {relabelled:,})."
                " A relabelled set is a new version of the dataset (R16)."
            )
        if source.rows < self.dataset.rows and not self.wanted.partial:
            raise SetupError(
                f"{source.name} has {source.rows:,} of the {self.dataset.rows:,} items of {label}. Add the others, or"
                " say --partial: comparisons then use the common items only, and say so."
            )

    def digests(self) -> list[str]:
        """What tells the predictions of each model from any others; the order of the rows does not matter.

        A sum over the items of the item's hash times its score, so that items are hashed once for all models. The hash
        has 48 bits and the score 40, which leaves room for 2**38 items.
        """
        hashed = "(md5_number_lower(item) >> 16)::HUGEINT"
        sums = [f"sum({hashed} * (1 + (m{at} * {_UNIT})::BIGINT))" for at in range(len(self.wanted.models))]
        *found, n = self.source.all(f"SELECT {', '.join(sums)}, count(*) FROM {self._file}")[0]
        return [f"{total}:{n}" for total in found]

    def write(self, at: int, path: Path) -> None:
        """Write the predictions of one model, by its place among the models, as an evaluation would write them."""
        slices = "".join(f", d{n} AS {identifier(name)}" for n, name in enumerate(self.dataset.dimensions))
        extras = "".join(f", {name}" for name in self._extras)
        shown = "predicted" if self._several else "score"
        self.source.all(
            f"COPY (SELECT item AS {ITEM}, label AS {LABEL}{slices}{extras}, m{at} AS {shown} FROM {self._file})"
            f" TO {quoted(str(path))} (FORMAT parquet, COMPRESSION zstd)"
        )

    @property
    def _file(self) -> str:
        return f"read_parquet([{one_file(self.path)}], hive_partitioning=false)"

    def _value(self, model: ScoredModel) -> str:
        if model.score:
            return scaled(self.wanted.scaling, number(model.score))
        decision = class_index(model.decision or "", self.wanted.classes)
        return f"({decision})::{'TINYINT' if self._several else 'DOUBLE'}"


def join_items(root: Path, wanted: PredictionsImport, dataset: DatasetEntry, source: Source, folder: Path) -> Joined:
    """The predictions of a source joined to the items of a dataset, checked; the file lies in `folder`.

    Raises:
        SetupError: the items are missing, or not the registered ones; or the rows are not theirs.
    """
    items = resolve(root, dataset.path)
    if not items.is_file() or digest(items) != dataset.digest:
        raise SetupError(f"The file of {dataset.label}, {dataset.path}, is missing or not the registered one.")
    joined = Joined(source, wanted, dataset, folder.resolve() / "joined.parquet")
    joined.join(items)
    joined.check()
    return joined

"""Rater labels of a registry: counted as the file says, and refused without a word of what stands in it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, func, select

from tests.tools.bench import Bench
from tests.tools.state import state
from tools.catalog import load
from tools.errors import SetupError
from tools.evals.items_file import digest
from tools.registry import register, verify
from tools.store.session import reading
from tools.store.tables import PatternCell, RaterCell

SECRET = "meet-me-at-noon"  # stands for whatever a file holds: it must not appear in any message
N = 6
COLUMNS: dict[str, list[Any]] = {
    "item_id": [f"i{number}" for number in range(N)],
    "gold": [0, 0, 0, 1, 1, None],
    "r-1": [0, 0, 1, 1, 1, 0],
    "r-2": [0, 1, 1, 1, None, 0],
    "language": ["en", "en", "pt", "pt", "pt", "en"],
}


def _with_labels(bench: Bench, columns: dict[str, list[Any]], **changed: Any) -> dict[str, Any]:
    """The registry of a bench with a label set beside it."""
    path = bench.root / "data" / "labels.parquet"
    pq.write_table(pa.table(columns), path)
    record: dict[str, Any] = {
        "name": "raters", "version": "1", "dataset": "gold@1", "path": "data/labels.parquet", "digest": digest(path),
        "rows": N, "raters": ["r-1", "r-2"], "classes": ["0", "1"], "gold": "gold", "guideline_version": "4.3",
        "as_of": "2026-09-30", "dimensions": {"language": ["en", "pt"]}, "traits": {"vendors": {"r-1": "a"}},
    }  # fmt: skip
    return {**bench.registry, "label_sets": [record | changed]}


def test_registered_labels_are_what_the_file_says(engine: Engine, bench: Bench) -> None:
    """The entry, its patterns and its pairs; registering again changes nothing."""
    registry = _with_labels(bench, COLUMNS)
    register(engine, bench.root, registry)
    (entry,) = load(engine).label_sets
    assert (entry.label, entry.dataset_id, entry.raters, entry.has_gold) == ("raters 1", "gold@1", ("r-1", "r-2"), True)
    traits = {"vendors": {"r-1": "a"}, "import": registry["label_sets"][0]["digest"], "labels": 11, "pairs": True}
    assert entry.traits == traits
    with reading(engine) as session:
        found = {(p.values["language"], p.gold, p.pattern): p.n for p in session.scalars(select(PatternCell))}
        pairs = session.scalar(select(func.sum(RaterCell.n)).where(RaterCell.rater_b == "r-2"))
        gold = session.scalar(select(func.sum(RaterCell.n)).where(RaterCell.rater_b == "gold"))
    assert found == {
        ("en", 0, "2,0"): 1, ("en", 0, "1,1"): 1, ("en", -1, "2,0"): 1,
        ("pt", 0, "0,2"): 1, ("pt", 1, "0,2"): 1, ("pt", 1, "0,1"): 1,
    }  # fmt: skip
    assert (pairs, gold) == (5, 9)
    before = state(engine, bench.root)
    register(engine, bench.root, registry)
    assert state(engine, bench.root) == before


def test_labels_may_have_no_gold_and_no_dataset(engine: Engine, bench: Bench) -> None:
    """Agreement needs neither."""
    columns = {name: values for name, values in COLUMNS.items() if name != "gold"}
    register(engine, bench.root, _with_labels(bench, columns, gold=None, dataset=None))
    (entry,) = load(engine).label_sets
    assert (entry.dataset_id, entry.has_gold) == (None, False)


def _first(name: str, value: Any) -> dict[str, list[Any]]:
    return COLUMNS | {name: [value, *COLUMNS[name][1:]]}


BAD: dict[str, tuple[dict[str, list[Any]], dict[str, Any], str]] = {
    "a text column": (COLUMNS | {"said": [SECRET] * N}, {}, r"undeclared column\(s\) said"),
    "a rater is missing": ({n: v for n, v in COLUMNS.items() if n != "r-2"}, {}, "lacks the declared column.* r-2"),
    "a label is no class": (_first("r-1", 7), {}, r"r-1 of raters 1 has 1 label\(s\)"),
    "a gold label is no class": (_first("gold", 7), {}, r"gold of raters 1 has 1 label\(s\)"),
    "a value is not declared": (_first("language", SECRET), {}, r"language of raters 1 has 1 value\(s\)"),
    "an id comes twice": (_first("item_id", "i1"), {}, "twice the same"),
    "an id is a file name": (_first("item_id", f"{SECRET}.mp4"), {}, r"1 item id\(s\) that are not opaque"),
    "the rows are not as many": (COLUMNS, {"rows": 7}, "has 6 rows, its registry says 7"),
    "the file is another": (COLUMNS, {"digest": "0" * 64}, "missing or not the stated one"),
    "the dataset is not there": (COLUMNS, {"dataset": "gold@9"}, "is of a dataset that is not in this registry"),
    "one rater alone": (COLUMNS, {"raters": ["r-1"]}, r"label_sets\.0\.raters"),
}


@pytest.mark.parametrize("what", BAD)
def test_labels_that_are_not_as_declared_are_refused(engine: Engine, bench: Bench, what: str) -> None:
    """The column is named, the value is not, and nothing is written (R1)."""
    columns, changed, message = BAD[what]
    registry = _with_labels(bench, columns, **changed)
    before = state(engine, bench.root)
    with pytest.raises(SetupError, match=message) as caught:
        register(engine, bench.root, registry)
    assert SECRET not in str(caught.value)
    assert state(engine, bench.root) == before


def _removed(path: Path) -> None:
    path.unlink()


def _changed(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"x")


@pytest.mark.parametrize("spoil", [_removed, _changed])
def test_a_file_of_labels_that_changed_is_reported(engine: Engine, bench: Bench, spoil: Callable[[Path], None]) -> None:
    """By name, in a sentence."""
    register(engine, bench.root, _with_labels(bench, COLUMNS))
    assert verify(engine, bench.root) == []
    spoil(bench.root / "data" / "labels.parquet")
    (problem,) = verify(engine, bench.root)
    assert "raters 1" in problem

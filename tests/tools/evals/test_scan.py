"""DuckDB counts what NumPy counts, reads one folder and reaches nothing else."""

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.stats.scores import Scored, drawn, items
from tools.evals.cells import ScoredCell, cell_key, merge, pack, unpack
from tools.evals.duck import locked_duckdb
from tools.evals.scan import scan_predictions
from tools.stats.histogram import BINS
from tools.stats.moments import BANDS


def _write(path: Path, scored: Scored, **dimensions: list[str]) -> Path:
    pq.write_table(pa.table({"label": scored.label, "score": scored.score, **dimensions}), path)
    return path


def test_bins_are_exact_for_every_score(tmp_path_factory: pytest.TempPathFactory) -> None:
    """On, beside and between the edges of the bins, DuckDB and NumPy agree."""
    path = tmp_path_factory.mktemp("scan") / "p.parquet"

    @given(items)
    def check(scored: Scored) -> None:
        found = scan_predictions(_write(path, scored, language=["en"] * len(scored.label)), ["language"])
        assert [cell.tally.pack() for cell in found] == [scored.tally.pack()] * bool(len(scored.label))

    check()


def test_cells_are_the_combinations_that_occur(tmp_path: Path) -> None:
    """One cell for each, none that is empty, names with quotes and dots included."""
    scored = drawn(500, 3)
    first, second = ["it's", 'a "b"'], ["x.y", "z", "ü · ü"]
    draw = np.random.default_rng(3)
    one, two = draw.integers(0, 2, 500), draw.integers(0, 3, 500)
    path = _write(tmp_path / "p.parquet", scored, **{'a"b': [first[i] for i in one], "c d": [second[i] for i in two]})
    found = scan_predictions(path, ['a"b', "c d"])
    assert len(found) == 6
    for cell in found:
        mine = (one == first.index(cell.values['a"b'])) & (two == second.index(cell.values["c d"]))
        assert cell.tally.pack() == scored.part(mine).tally.pack()


_edges = st.integers(0, BINS).map(lambda at: at / BINS)
_doubles = _edges | st.tuples(_edges, st.sampled_from([0.0, 1.0])).map(lambda pair: float(np.nextafter(*pair)))


def test_a_double_is_in_the_bin_whose_edges_it_lies_between(tmp_path_factory: pytest.TempPathFactory) -> None:
    """On and beside an edge too, so that `score >= threshold` and the histogram agree: .57 is not below .57."""
    path = tmp_path_factory.mktemp("scan") / "p.parquet"

    @given(st.lists(_doubles | st.floats(0, 1), min_size=1, max_size=40))
    def check(scores: list[float]) -> None:
        pq.write_table(pa.table({"label": [1] * len(scores), "score": scores}), path)
        (cell,) = scan_predictions(path, [])
        edges = np.arange(BINS + 1) / BINS
        expected = np.bincount(np.searchsorted(edges, scores, "right") - 1, minlength=BINS + 1)
        assert cell.tally.positive_bins.tolist() == np.flatnonzero(expected).tolist()
        assert cell.tally.positive_counts.tolist() == expected[expected > 0].tolist()

    check()


def test_sums_of_scores_are_those_of_the_rows(tmp_path: Path) -> None:
    """By band of the score and of the squared error; a score of one is in the last band."""
    scored = drawn(3_000, 4)
    scored.score[:3] = [0, 1, 0.95]
    language = np.random.default_rng(4).choice(["en", "tl"], 3_000)
    for cell in scan_predictions(_write(tmp_path / "p.parquet", scored, language=language.tolist()), ["language"]):
        mine = scored.part(language == cell.values["language"])
        scores, moments = mine.score.astype(np.float64), cell.moments
        assert moments is not None
        band = np.minimum(np.floor(scores * BANDS), BANDS - 1).astype(int)
        np.testing.assert_allclose(moments.sums, np.bincount(band, scores, BANDS), rtol=1e-12)
        np.testing.assert_allclose(moments.squared_error, ((scores - mine.label) ** 2).sum(), rtol=1e-12)


def test_the_sum_of_the_shards_is_the_whole(tmp_path: Path) -> None:
    """Counts to the last one, sums of scores to the last digits, however the rows are cut."""
    scored, draw = drawn(2_000, 6), np.random.default_rng(6)
    language, shard = draw.choice(["en", "tl", "日本語"], 2_000), draw.integers(0, 4, 2_000)
    whole = scan_predictions(_write(tmp_path / "w.parquet", scored, language=language.tolist()), ["language"])
    parts = []
    for number in range(4):
        mine = shard == number
        path = _write(tmp_path / f"{number}.parquet", scored.part(mine), language=language[mine].tolist())
        parts += unpack(pack(scan_predictions(path, ["language"])))
    together = merge(parts)
    assert [(c.key, c.tally.pack()) for c in together] == [(c.key, c.tally.pack()) for c in merge(whole)]
    for one, other in zip(together, merge(whole), strict=True):
        assert one.moments is not None
        assert other.moments is not None
        np.testing.assert_allclose(one.moments.sums, other.moments.sums, rtol=1e-12)
        assert one.moments.squared_error == pytest.approx(other.moments.squared_error, rel=1e-12)


@pytest.mark.parametrize("name", ["bin", "cell", "n", "s", "e", "d0", "g", "c", "grouped", "cells", "values"])
def test_a_dimension_may_have_any_name(tmp_path: Path, name: str) -> None:
    """Also one that the scan uses itself."""
    scored = drawn(200, 5)
    value = np.random.default_rng(5).choice(["a", "b"], 200)
    found = scan_predictions(_write(tmp_path / "p.parquet", scored, **{name: value.tolist()}), [name])
    assert [(cell.values[name], cell.tally.pack()) for cell in found] == [
        (one, scored.part(value == one).tally.pack()) for one in ("a", "b")
    ]


def test_items_without_a_value_are_counted_as_unknown(tmp_path: Path) -> None:
    """None is lost."""
    scored = drawn(30, 2)
    path = tmp_path / "p.parquet"
    values = pa.array([None if number < 10 else "en" for number in range(30)], pa.string())
    pq.write_table(pa.table({"label": scored.label, "score": scored.score, "language": values}), path)
    found = scan_predictions(path, ["language"])
    assert [(cell.values["language"], cell.tally.positives + cell.tally.negatives) for cell in found] == [
        ("en", 20), ("unknown", 10),
    ]  # fmt: skip


def test_a_file_is_read_itself_whatever_its_name(tmp_path: Path) -> None:
    """A bracket is no pattern that would take the file beside it."""
    _write(tmp_path / "p1.parquet", drawn(50, 1))
    (cell,) = scan_predictions(_write(tmp_path / "p[1].parquet", drawn(20, 2)), [])
    assert cell.tally.pack() == drawn(20, 2).tally.pack()


def test_cells_survive_packing_and_merge_in_any_order() -> None:
    """Names in any script; the sum of the shards does not depend on their order."""
    shards = [
        [ScoredCell({"language": name, "surface": "live-title"}, drawn(80, seed).tally) for name in names]
        for seed, names in enumerate((["en", "日本語"], ["日本語", "hi-Latn"], ["en"]))
    ]
    again = [unpack(pack(shard)) for shard in shards]
    assert [[cell.key for cell in shard] for shard in again] == [[cell.key for cell in shard] for shard in shards]
    forwards = merge(cell for shard in again for cell in shard)
    backwards = merge(cell for shard in shards[::-1] for cell in shard[::-1])
    assert [(c.key, c.tally.pack()) for c in forwards] == [(c.key, c.tally.pack()) for c in backwards]
    assert len(forwards) == 3
    assert unpack(pack([])) == []


def test_a_cell_has_one_name_whatever_the_order_of_its_dimensions() -> None:
    """Or it would be counted in two places."""
    assert cell_key({"b": "1", "a": "ü"}) == cell_key({"a": "ü", "b": "1"}) == '{"a":"ü","b":"1"}'


ESCAPES = [
    "SELECT * FROM read_text('{outside}')",
    "SELECT * FROM read_csv('{outside}')",
    "SELECT * FROM read_text('{inside}/../outside.txt')",
    "COPY (SELECT 1) TO '{outside}'",
    "ATTACH '{outside}' AS other",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SELECT * FROM read_parquet('https://127.0.0.1:1/x.parquet')",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET allowed_directories = ['/']",
]


@pytest.mark.parametrize("statement", ESCAPES)
def test_the_scan_cannot_leave_its_folder(tmp_path: Path, statement: str) -> None:
    """No other file is read or written, no network reached, no lock undone."""
    inside, outside = tmp_path / "inside", tmp_path / "outside.txt"
    inside.mkdir()
    outside.write_text("secret")
    with locked_duckdb(inside) as connection, pytest.raises(duckdb.Error):
        connection.execute(statement.format(inside=inside, outside=outside)).fetchall()
    assert outside.read_text() == "secret"


def test_a_link_in_the_folder_does_not_lead_out_of_it(tmp_path: Path) -> None:
    """Predictions are real files."""
    (tmp_path / "inside").mkdir()
    (tmp_path / "outside.txt").write_text("secret")
    (tmp_path / "inside" / "link.txt").symlink_to(tmp_path / "outside.txt")
    with locked_duckdb(tmp_path / "inside") as connection, pytest.raises(duckdb.Error):
        connection.execute(f"SELECT * FROM read_text('{tmp_path}/inside/link.txt')").fetchall()

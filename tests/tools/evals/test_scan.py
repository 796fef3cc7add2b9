"""DuckDB counts what NumPy counts, reads one folder and reaches nothing else."""

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given

from tests.tools.stats.scores import Scored, drawn, items
from tools.evals.cells import ScoredCell, cell_key, merge, pack, unpack
from tools.evals.duck import locked_duckdb
from tools.evals.scan import scan_predictions


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

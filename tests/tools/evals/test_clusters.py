"""Decisions by bucket of clusters: they add up to the run's cells, and what belongs together stays together."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, func, select

from tests.clock import Clock
from tools.catalog import DatasetEntry, load
from tools.errors import ToolError
from tools.evals.cells import cell_key
from tools.evals.clusters import BUCKETS, cluster_cells
from tools.evals.identity import predictions_folder
from tools.importers.predictions import import_predictions
from tools.importers.request import Columns, PredictionsImport, ScoredModel
from tools.slices import load_slices
from tools.store.session import reading
from tools.store.tables import ClusterCell
from tools.workspace import Workspace

THRESHOLDS = (0, 0.23, 0.42, 0.57, 0.69, 1)
Table = dict[str, Any]


def rows(n: int = 600, authors: int = 90, seed: int = 3) -> Table:
    """Items of some authors; scores have two decimals, so that many lie on a threshold."""
    draw = np.random.default_rng(seed)
    gold = (draw.random(n) < 0.4).astype(np.int8)
    return {
        "item": [f"i{number}" for number in range(n)],
        "gold": gold,
        "score": np.round(np.clip(0.3 + 0.3 * gold + draw.normal(0, 0.2, n), 0, 1), 2),
        "language": draw.choice(["en", "tl", "ü"], n),
        "author": draw.integers(0, authors, n),
        "weight": np.round(0.25 + draw.random(n), 2),
    }


class Site:
    """A workspace with one run of `rows`."""

    def __init__(self, engine: Engine, folder: Path, content: Table, slices: tuple[str, ...], **named: str) -> None:
        pq.write_table(pa.table(content), folder / "p.parquet")
        columns = Columns(("item",), "gold", slices, **named)
        wanted = PredictionsImport(
            folder / "p.parquet", (ScoredModel("m", "v1", "score"),), columns, "gold", "1", threshold=0.42
        )
        (made,) = import_predictions(engine, folder / "data", wanted, Clock(), "ana")
        self.run, self.content = made.run, content
        self.workspace = Workspace(engine, folder / "data", lambda: pytest.fail("nobody asks"), Clock())

    @property
    def dataset(self) -> DatasetEntry:
        """The dataset that the import made."""
        (found,) = load(self.workspace.engine).datasets
        return found

    @property
    def folder(self) -> Path:
        """Where the run's predictions lie."""
        return predictions_folder(self.workspace.root) / self.run

    def cells(self, threshold: float) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
        """The counts by cell."""
        found = cluster_cells(self.workspace, self.run, self.dataset, threshold)
        return {cell_key(values): counts.counts for values, counts in found}


@pytest.fixture
def clustered(engine: Engine, tmp_path: Path) -> Site:
    """Ninety authors: fewer than there are buckets."""
    return Site(engine, tmp_path, rows(), ("language",), cluster="author")


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_buckets_add_up_to_the_cells_of_the_run(clustered: Site, threshold: float) -> None:
    """Item by item, on the edges as well: TP, FP, FN, TN of each slice are those of its histogram."""
    cuts = load_slices(clustered.workspace.engine, clustered.run, {}, ["language"])
    found = clustered.cells(threshold)
    assert len(found) == len(cuts)
    for cut in cuts:
        counts = cut.histogram.at(threshold)
        totals = found[cell_key({"language": cut.values[0]})].sum(axis=0)
        assert totals.tolist() == [counts.tp, counts.fp, counts.fn, counts.tn]


def test_few_clusters_have_a_bucket_each(clustered: Site) -> None:
    """The rows of an author are in one bucket in every cell, and no two authors share one."""
    authors, content = np.unique(clustered.content["author"]), clustered.content
    found = clustered.cells(0.42)
    assert {counts.shape for counts in found.values()} == {(authors.size, 4)}
    outcome = (content["gold"] != 1) + 2 * (content["score"] < 0.42)
    expected = sorted(
        tuple(
            int(((content["author"] == author) & (content["language"] == language) & (outcome == kind)).sum())
            for language in sorted(set(content["language"]))
            for kind in range(4)
        )
        for author in authors
    )
    beside = np.concatenate([found[key] for key in sorted(found)], axis=1)
    assert sorted(map(tuple, beside.astype(int).tolist())) == expected


def test_many_clusters_are_spread_over_the_buckets(engine: Engine, tmp_path: Path) -> None:
    """About evenly; the rows of one author stay together."""
    content = rows(6_000, 3_000)
    site = Site(engine, tmp_path, content, ("language",), cluster="author")
    beside = sum(site.cells(0.42).values())
    assert isinstance(beside, np.ndarray)
    assert beside.shape == (BUCKETS, 4)
    assert beside.sum() == 6_000
    sizes = beside.sum(axis=1)
    assert np.count_nonzero(sizes) > 0.9 * BUCKETS
    # A Poisson number of authors of Poisson size each: a bucket of five times the mean would be no chance.
    assert sizes.max() < 10 * sizes.mean()


def test_weights_are_summed(engine: Engine, tmp_path: Path) -> None:
    """Without clusters each item is its own."""
    content = rows(300)
    site = Site(engine, tmp_path, content, ("language",), weight="weight")
    found = site.cells(0.42)
    for language in set(content["language"]):
        mine, flagged = content["language"] == language, content["score"] >= 0.42
        kinds = [(1, True), (0, True), (1, False), (0, False)]
        expected = [content["weight"][mine & (content["gold"] == g) & (flagged == f)].sum() for g, f in kinds]
        np.testing.assert_allclose(found[cell_key({"language": language})].sum(axis=0), expected, rtol=1e-12)
    assert {counts.shape for counts in found.values()} == {(300, 4)}
    assert np.count_nonzero(sum(found.values())) == 300


@pytest.mark.parametrize("slices", [(), ("key",), ("w",), ("bucket",), ("outcome",), ("d0",), ("few",)])
def test_slices_may_have_any_name_or_be_none(engine: Engine, tmp_path: Path, slices: tuple[str, ...]) -> None:
    """Also one that the counting uses itself."""
    content = rows(200)
    language = content.pop("language")
    site = Site(engine, tmp_path, content | dict.fromkeys(slices, language), slices, cluster="author")
    found = site.cells(0.42)
    assert len(found) == (len(set(language)) if slices else 1)
    assert sum(counts.sum() for counts in found.values()) == 200


def test_counts_are_kept_and_the_second_answer_is_the_first(clustered: Site) -> None:
    """Without the predictions, in the same order; another threshold needs them again."""
    first = cluster_cells(clustered.workspace, clustered.run, clustered.dataset, 0.42)
    shutil.rmtree(clustered.folder)
    again = cluster_cells(clustered.workspace, clustered.run, clustered.dataset, 0.42)
    assert [values for values, _ in again] == [values for values, _ in first]
    for (_, one), (_, other) in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.counts, other.counts)
    with pytest.raises(ToolError, match="no longer kept"):
        cluster_cells(clustered.workspace, clustered.run, clustered.dataset, 0.5)


def test_thresholds_of_one_bin_are_one(clustered: Site) -> None:
    """Counts kept for .42 are those of .42 whoever asked first, be it with a digit too many."""
    asked = clustered.cells(0.420049)
    assert asked.keys() == clustered.cells(0.42).keys()
    cuts = load_slices(clustered.workspace.engine, clustered.run, {}, [])
    assert sum(counts[:, 0].sum() for counts in asked.values()) == cuts[0].histogram.at(0.42).tp
    with reading(clustered.workspace.engine) as session:
        assert session.scalar(select(func.count(ClusterCell.threshold.distinct()))) == 1


def test_predictions_of_before_there_were_clusters_are_said_to_lack_them(clustered: Site) -> None:
    """They can be evaluated again; the answer without clusters is no answer."""
    path = clustered.folder / "00000.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["cluster"]), path)
    with pytest.raises(ToolError, match="without clusters"):
        clustered.cells(0.42)
    with reading(clustered.workspace.engine) as session:
        assert session.scalars(select(ClusterCell)).all() == []


def test_shards_are_counted_together(clustered: Site) -> None:
    """A run of several files has the clusters of all of them."""
    whole = clustered.cells(0.5)
    table = pq.read_table(clustered.folder / "00000.parquet")
    pq.write_table(table.slice(0, 250), clustered.folder / "00000.parquet")
    pq.write_table(table.slice(250), clustered.folder / "00001.parquet")
    parts = clustered.cells(0.51)
    assert {key: counts.shape for key, counts in parts.items()} == {key: counts.shape for key, counts in whole.items()}
    assert sum(counts.sum() for counts in parts.values()) == 600

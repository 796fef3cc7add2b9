"""Importing predictions: what comes in is what was in the file, counted as one would count it, and once."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, select

from tests.clock import Clock
from tests.tools.importers.conftest import Predict
from tests.tools.importers.files import KINDS, request, table, write
from tests.tools.state import state
from tools.catalog import load
from tools.errors import SetupError
from tools.evals.identity import predictions_folder
from tools.evals.items_file import open_items
from tools.importers.predictions import import_predictions
from tools.importers.request import ScoredModel
from tools.run_statistics import run_statistics
from tools.runs import list_entries
from tools.slices import load_slices
from tools.store.session import reading
from tools.store.tables import ConfusionCell, Model, Run

TWO = (ScoredModel("m", "v1", "one"), ScoredModel("m", "v2", "two"))


def kept(data: Path, run: str) -> dict[str, list[object]]:
    """The predictions kept of a run, by item."""
    held = pq.read_table(predictions_folder(data) / run).sort_by("item_id")
    return {name: held.column(name).to_pylist() for name in held.column_names}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_gives_the_same_run(predict: Predict, engine: Engine, data: Path, kind: str) -> None:
    """Another kind of file is the same import again: nothing new, the same run by its id."""
    (first,) = predict()
    before = state(engine, data)
    (again,) = predict(kind=kind)
    assert (again.run, again.new) == (first.run, False)
    assert state(engine, data) == before


def test_counts_are_those_of_the_file_at_every_threshold(predict: Predict, engine: Engine) -> None:
    """Also at .57 and .69, whose product with 10,000 is not a whole number in binary."""
    content = table(400)
    content["one"][:4] = [0.57, 0.69, 0.0, 1.0]
    (run,) = predict(content)
    gold, score, language = (np.array(content[name]) for name in ("gold", "one", "language"))
    for cut in load_slices(engine, run.run, {}, ["language"]):
        mine = language == cut.values[0]
        for threshold in (0, 0.23, 0.42, 0.5, 0.57, 0.69, 0.7301, 1):
            found, flagged = cut.histogram.at(threshold), score[mine] >= threshold
            assert (found.tp, found.fp) == (
                int((gold[mine] & flagged).sum()), int(((1 - gold[mine]) & flagged).sum()),
            )  # fmt: skip
            assert found.tp + found.fp + found.fn + found.tn == mine.sum()


def test_the_file_makes_a_dataset_that_holds_no_other_column(predict: Predict, engine: Engine, data: Path) -> None:
    """Opaque ids, labels and slices; the predictions have the score beside them; the dataset's file is registered."""
    content = table(60)
    (run,) = predict(content, gold_version="7", guideline_version="4.4")
    (dataset,) = load(engine).datasets
    assert (dataset.id, dataset.rows, dataset.kind, dataset.gold_version) == ("gold@1", 60, "golden", "7")
    assert dataset.dimensions == {"language": sorted(set(content["language"]))}
    open_items(data, dataset)
    held = kept(data, run.run)
    assert held == {
        "item_id": content["item"], "label": content["gold"], "language": content["language"], "score": content["one"],
    }  # fmt: skip
    (entry,) = list_entries(engine)
    assert (entry.id, entry.status, entry.rows, run.rows) == (run.run, "done", 60, 60)
    assert entry.parameters["imported"] == "scores.parquet"
    assert entry.parameters["dataset_digest"] == dataset.digest


def test_several_models_come_in_one_pass_and_belong_to_the_same_items(predict: Predict, engine: Engine) -> None:
    """Two runs, two models; the second has its own scores."""
    content = table()
    runs = predict(content, models=TWO, threshold=0.42)
    assert [run.model for run in runs] == ["m@v1", "m@v2"]
    assert {model.id: (model.threshold, model.artifact) for model in load(engine).models} == {
        "m@v1": (0.42, ""), "m@v2": (0.42, ""),
    }  # fmt: skip
    for run, name in zip(runs, ("one", "two"), strict=True):
        (whole,) = load_slices(engine, run.run, {}, [])
        flagged = [score >= 0.42 for score in content[name]]
        assert whole.histogram.at(0.42).tp == sum(np.array(content["gold"]) & flagged)


def test_the_same_again_changes_nothing_and_another_order_of_rows_is_the_same(
    predict: Predict, engine: Engine, data: Path
) -> None:
    """No second run, no second file; a new model beside one that is there adds that one alone."""
    content = table(80)
    (first,) = predict(content)
    before = state(engine, data)
    backwards = {name: values[::-1] for name, values in content.items()}
    (again,) = predict(backwards)
    assert (again.run, again.new, state(engine, data)) == (first.run, False, before)
    both = predict(content, models=TWO)
    assert [(run.run == first.run, run.new) for run in both] == [(True, False), (False, True)]


def test_a_float32_of_two_decimals_is_what_it_says(predict: Predict, tmp_path: Path) -> None:
    """.42 as float32 is .41999998; it is flagged at .42 as NumPy flags it, and as the CSV file has it."""
    content = table(50)
    content["one"][0] = 0.42
    (first,) = predict(content, "csv")
    arrow = pa.table({name: pa.array(values) for name, values in content.items()})
    narrow = arrow.set_column(2, "one", arrow.column("one").cast(pa.float32()))
    pq.write_table(narrow, tmp_path / "narrow.parquet")
    (again,) = predict(file=tmp_path / "narrow.parquet")
    assert (again.run, again.new) == (first.run, False)


def test_decisions_without_scores_are_counted_as_they_are(predict: Predict, engine: Engine) -> None:
    """Whatever a tool wrote for yes and no; the run says that it has no scores."""
    content = table()
    content["flagged"] = [bool(value) for value in content["flagged"]]
    (run,) = predict(content, models=(ScoredModel("m", "v1", decision="flagged"),))
    (whole,) = load_slices(engine, run.run, {}, [])
    found, gold = whole.histogram.at(run.threshold), np.array(content["gold"])
    assert (found.tp, found.fp) == (sum(gold & content["flagged"]), sum((1 - gold) & content["flagged"]))
    with reading(engine) as session:
        assert session.scalars(select(Run)).one().parameters["scored"] is False


@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl"])
def test_several_classes_are_counted_by_what_was_called_which(predict: Predict, engine: Engine, kind: str) -> None:
    """Indexes into the vocabulary as it was named; the sum of all cells is the number of items."""
    draw, classes = np.random.default_rng(3), ("none", "mild", "severe")
    content = table(150)
    content["gold"], content["said"] = (draw.choice(classes, 150).tolist() for _ in range(2))
    (run,) = predict(content, kind, models=(ScoredModel("m", "v1", decision="said"),), classes=classes)
    with reading(engine) as session:
        cells = session.scalars(select(ConfusionCell).where(ConfusionCell.run_id == run.run)).all()
    found = {(cell.values["language"], classes[cell.gold], classes[cell.predicted]): cell.n for cell in cells}
    expected = Counter(zip(content["language"], content["gold"], content["said"], strict=True))
    assert found == dict(expected)
    assert run_statistics(engine, run.run).values == ()


def test_classes_written_as_numbers_with_a_point_are_the_classes(predict: Predict, engine: Engine) -> None:
    """A column that once had gaps holds 2.0 for 2."""
    content = table(30)
    content["gold"] = [number % 3 for number in range(30)]
    content["said"] = [float(number % 3) for number in range(30)]
    predict(content, models=(ScoredModel("m", "v1", decision="said"),), classes=("0", "1", "2"))
    with reading(engine) as session:
        cells = session.scalars(select(ConfusionCell)).all()
    assert sum(cell.n for cell in cells if cell.gold == cell.predicted) == 30


def test_clusters_and_weights_go_with_the_items(predict: Predict, engine: Engine, data: Path) -> None:
    """A cluster is a keyed hash: the rows of one author share it, and nobody can read who it was (R7)."""
    content = table(40)
    (run,) = predict(content, cluster="author", weight="weight")
    (dataset,) = load(engine).datasets
    assert (dataset.traits["clusters"], dataset.traits["weighted"]) == (10, True)
    held = kept(data, run.run)
    assert held["weight"] == content["weight"]
    pairs = set(zip(held["cluster"], content["author"], strict=True))
    assert len(pairs) == len(set(held["cluster"])) == 10
    assert not set(held["cluster"]) & set(map(str, content["author"]))


def test_several_columns_make_one_id_and_where_keeps_one_variant(predict: Predict, engine: Engine) -> None:
    """Two variants of an item: both under a composite id, or one of them alone."""
    content = table(60)
    content["item"] = [f"i{number // 2}" for number in range(60)]
    content["variant"] = [("clean", "leet")[number % 2] for number in range(60)]
    (both,) = predict(content, ids=("item", "variant"), slices=("variant", "language"))
    (clean,) = predict(content, "csv", where="variant=clean", dataset="clean")
    assert (both.rows, clean.rows) == (60, 30)
    (whole,) = load_slices(engine, clean.run, {}, [])
    (slice_,) = load_slices(engine, both.run, {"variant": ["clean"]}, [])
    assert whole.histogram.at(0.42) == slice_.histogram.at(0.42)
    assert whole.histogram.at(0.42).n == 30


def test_part_of_a_dataset_is_imported_only_when_said(predict: Predict, engine: Engine) -> None:
    """The run knows how many of how many it has."""
    predict(table(50))
    part = {name: values[:20] for name, values in table(50).items()}
    (run,) = predict(part, partial=True, models=(ScoredModel("m", "v2", "two"),))
    (entry,) = [entry for entry in list_entries(engine) if entry.id == run.run]
    assert (run.rows, entry.parameters["items"], entry.parameters["of"]) == (20, 20, 50)


def test_slices_of_a_registered_dataset_are_its_own(predict: Predict, data: Path) -> None:
    """A later file need not bring them."""
    predict(table(40))
    bare = {name: values for name, values in table(40).items() if name in ("item", "gold", "two")}
    (run,) = predict(bare, slices=(), models=(ScoredModel("m", "v2", "two"),))
    assert kept(data, run.run)["language"] == table(40)["language"]


def test_a_registered_model_keeps_what_it_is(predict: Predict, engine: Engine) -> None:
    """Its threshold counts, and an import of its predictions on another set changes nothing about it."""
    predict(table(40), threshold=0.42, policy="bullying")
    with reading(engine) as session:
        before = session.scalars(select(Model)).one()
    (run,) = predict(table(40, seed=9), dataset="other", policy="privacy")
    with reading(engine) as session:
        after = session.scalars(select(Model)).one()
    assert run.threshold == after.threshold == 0.42
    assert (after.policy, after.released, after.sha256) == (before.policy, before.released, before.sha256)


HOSTILE = ['say "x"', "a]b[c", "one, two", "it's", "with space", "scöre 点", "x{y}z", "%s;--", "id", "label", "score",
           "item_id", "gold", "bin", "cell", "predicted", "n", "f", "i", "m0", "copy", "file_row_number"]  # fmt: skip


@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl"])
def test_columns_may_have_any_name(predict: Predict, data: Path, kind: str) -> None:
    """Quotes, brackets, commas, other scripts, and the names that Steward itself uses inside."""
    content = table(40)
    named = {"item, 'x'": content["item"], 'tr"uth': content["gold"], "language": content["language"]}
    models = tuple(ScoredModel("m", f"v{at}", name) for at, name in enumerate(HOSTILE))
    runs = predict(named | dict.fromkeys(HOSTILE, content["one"]), kind, models=models, ids="item, 'x'", label='tr"uth')
    assert len(runs) == len(HOSTILE)
    assert all(kept(data, run.run)["score"] == content["one"] for run in runs)


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_column_of_numbers_that_is_called_row_does_no_harm(predict: Predict, kind: str) -> None:
    """Nobody asked for it, so nobody reads it: not even as the number of a row."""
    (first,) = predict(table(40))
    (again,) = predict(table(40) | {"row": list(range(900, 940)), "Row_2": [1] * 40}, kind)
    assert again.run == first.run


def test_a_slice_may_have_a_name_that_is_used_inside(predict: Predict, engine: Engine) -> None:
    """And is counted like any other."""
    names = ("bin", "cell", "n", "s", "e", "d0", "gold", "id", "key", "w", "bucket", "outcome", "m0", "item")
    content = table(60)
    renamed = {"i": content["item"], "truth": content["gold"], "one": content["one"]}
    (run,) = predict(renamed | dict.fromkeys(names, content["language"]), ids="i", slices=names, label="truth")
    expected = Counter(value for value, gold in zip(content["language"], content["gold"], strict=True) if gold)
    for name in names:
        found = {cut.values[0]: cut.histogram.at(0).positives for cut in load_slices(engine, run.run, {}, [name])}
        assert found == dict(expected)


@pytest.mark.parametrize("name", ["a[1]", "a[1].b", "it's", 'q"x"', "a*c", "a?c", "{x,y}", "ü"])
def test_a_file_may_have_any_name_and_is_read_itself(predict: Predict, tmp_path: Path, name: str) -> None:
    """A bracket or star in it is no pattern: the file beside it that would match is not read."""
    for decoy in ("a1", "abc"):
        write(tmp_path, table(30, seed=8), "csv", decoy)
        write(tmp_path, table(30, seed=8), "parquet", decoy)
    (run,) = predict(file=write(tmp_path, table(40), "parquet" if len(name) > 3 else "csv", name))
    assert run.rows == 40


def test_the_folder_of_a_file_adds_no_column(predict: Predict, tmp_path: Path) -> None:
    """`language=en` in a path is a partition to DuckDB."""
    folder = tmp_path / "language=xx" / "text=y"
    folder.mkdir(parents=True)
    (run,) = predict(file=write(folder, table(40)))
    assert run.rows == 40


@pytest.mark.parametrize("change", [lambda data: b"\xef\xbb\xbf" + data, lambda data: data.replace(b"\n", b"\r\n")])
def test_a_byte_order_mark_and_windows_lines_make_no_difference(predict: Predict, tmp_path: Path, change) -> None:  # type: ignore[no-untyped-def]
    """Spreadsheets write both."""
    (first,) = predict(table(40))
    path = write(tmp_path, table(40), "csv", "windows")
    path.write_bytes(change(path.read_bytes().replace(b"\r\n", b"\n")))
    (again,) = predict(file=path)
    assert (again.run, again.new) == (first.run, False)


def test_ids_that_look_like_numbers_keep_their_noughts(predict: Predict, data: Path) -> None:
    """`007` is not 7, and numbers of a Parquet file are the same ids as in a CSV file."""
    content = table(12)
    content["item"] = ["007", "7", *(f"{number}" for number in range(100, 110))]
    for kind in ("csv", "jsonl", "parquet"):
        (run,) = predict(content, kind)
        assert "007" in kept(data, run.run)["item_id"]
    numbers = table(12) | {"item": list(range(100, 112))}
    (first,) = predict(numbers, dataset="numbers")
    assert predict(numbers, "csv", dataset="numbers")[0].run == first.run


def test_quotes_after_the_first_rows_are_understood(predict: Predict, tmp_path: Path) -> None:
    """What the first thousands of rows do not use, the last may."""
    content = table(30_000)
    (first,) = predict(content)
    path = write(tmp_path, content, "csv", "late")
    *head, last = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*head, ",".join(f'"{field}"' for field in last.split(","))]) + "\n", "utf-8")
    (again,) = predict(file=path)
    assert again.run == first.run


def test_a_missing_slice_value_is_unknown(predict: Predict, engine: Engine) -> None:
    """In every kind of file, however it writes what is missing."""
    content = table(30)
    content["language"][:5] = [None, "", "  ", None, ""]
    runs = {predict(content, kind)[0].run for kind in ("csv", "jsonl", "parquet")}
    assert len(runs) == 1
    (cut,) = [cut for cut in load_slices(engine, runs.pop(), {}, ["language"]) if cut.values == ("unknown",)]
    assert cut.histogram.at(0).n == 5


def test_each_database_takes_it_and_finds_it_again(database: Engine, data: Path, tmp_path: Path) -> None:
    """Once, with several classes as well; what is refused afterwards leaves it as it is."""
    several = ("none", "mild", "severe")
    graded = table(60) | {"gold": [several[n % 3] for n in range(60)], "said": [several[n % 2] for n in range(60)]}
    said = {"models": (ScoredModel("m", "v2", decision="said"),), "classes": several, "dataset": "graded"}
    for wanted in (
        request(write(tmp_path, table(60)), cluster="author", weight="weight"),
        request(write(tmp_path, graded, "csv"), **said),
    ):
        (first,), (again,) = (import_predictions(database, data, wanted, Clock(), "ana") for _ in range(2))
        assert (first.run, first.new, again.new) == (again.run, True, False)
    before = state(database, data)
    with pytest.raises(SetupError):
        predict = request(write(tmp_path, table(50)), dataset="third", where="one=2")
        import_predictions(database, data, predict, Clock(), "ana")
    with pytest.raises(KeyboardInterrupt):
        import_predictions(database, data, request(write(tmp_path, table(50)), dataset="third"), _interrupted, "ana")
    assert state(database, data) == before


def _interrupted() -> datetime:
    raise KeyboardInterrupt


def test_progress_goes_forward_and_names_the_work(predict: Predict) -> None:
    """Each kind of work begins at nought, ends at its total, and never goes back."""
    told: list[tuple[str, int, int]] = []
    predict(table(40), models=TWO, tell=lambda what, done, total: told.append((what, done, total)))
    assert list(dict.fromkeys(what for what, _, _ in told)) == ["checking", "writing", "joining", "counting"]
    assert told[-1] == ("counting", 2, 2)
    assert all(0 <= done <= total for _, done, total in told)


def test_what_is_imported_can_be_moved(predict: Predict, engine: Engine, data: Path) -> None:
    """The database names no path of this machine."""
    predict(table(20))
    assert str(data) not in "".join(state(engine, data).rows)
    assert replace(load(engine).datasets[0]).path == "datasets/gold-1.parquet"

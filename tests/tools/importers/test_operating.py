"""The operating threshold of imported predictions: what was stated or registered, else what the decisions imply."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.tools.importers.conftest import Predict
from tests.tools.importers.files import SECRET, request, table, told, write
from tools.catalog import load
from tools.errors import SetupError
from tools.importers.operating import operating_threshold
from tools.importers.request import PredictionsImport, ScoredModel
from tools.importers.scores import Scaling
from tools.importers.source import open_source
from tools.stats.histogram import BINS

BOTH = ScoredModel("m", "v1", "one", "flagged")
Imply = Callable[..., float]


def implied(folder: Path, scores: list[float], flagged: list[int], scaling: Scaling | None = None) -> float:
    """The threshold that these decisions imply."""
    file = write(folder, {"one": scores, "flagged": flagged})
    wanted: PredictionsImport = request(file, models=(BOTH,), scaling=scaling or Scaling())
    with open_source(file, ["one", "flagged"]) as source:
        return operating_threshold(source, wanted, BOTH, None)


@settings(max_examples=20)
@given(st.lists(st.integers(0, BINS), min_size=1, max_size=30), st.integers(0, BINS))
@example([5700, 5699, 6900], 5701)
@example([2300, 2301], 2301)
def test_a_threshold_that_was_used_is_found_again(
    tmp_path_factory: pytest.TempPathFactory, bins: list[int], at: int
) -> None:
    """Some threshold of four decimals that decides every item as it was decided, on the edges of the bins as well."""
    scores = [bin_ / BINS for bin_ in bins]
    flagged = [int(score >= at / BINS) for score in scores]
    if not any(flagged) and max(scores) == 1:
        return
    found = implied(tmp_path_factory.mktemp("implied"), scores, flagged)
    assert [int(score >= found) for score in scores] == flagged
    assert found == round(found * BINS) / BINS


def test_it_is_the_lowest_that_fits(tmp_path: Path) -> None:
    """.42, not something up to the lowest flagged score."""
    assert implied(tmp_path, [0.1, 0.4199, 0.6, 0.9], [0, 0, 1, 1]) == 0.42


@pytest.mark.parametrize(("flagged", "threshold"), [([1, 1], 0.0), ([0, 0], 1.0)])
def test_where_all_or_nothing_is_flagged_it_is_an_end(tmp_path: Path, flagged: list[int], threshold: float) -> None:
    """Nought flags all, one flags nothing below one."""
    assert implied(tmp_path, [0.2, 0.8], flagged) == threshold


@pytest.mark.parametrize(
    ("scores", "flagged"),
    [([0.2, 0.8], [1, 0]), ([0.42001, 0.42002], [0, 1]), ([0.5, 0.5], [0, 1]), ([1.0, 0.5], [0, 0])],
)
def test_decisions_that_no_threshold_gives_are_refused(tmp_path: Path, scores: list[float], flagged: list[int]) -> None:
    """Crossed, too close, equal, or a score of one that was not flagged; no score is said."""
    with pytest.raises(SetupError, match=r"No threshold of four decimals gives flagged from one") as caught:
        implied(tmp_path, scores, flagged)
    assert all(str(score) not in str(caught.value) for score in scores)


def test_it_is_a_threshold_of_the_scaled_scores(tmp_path: Path) -> None:
    """Of a range of 0 to 100, decisions at 42 imply .42."""
    assert implied(tmp_path, [10.0, 41.99, 42.0], [0, 0, 1], Scaling("range", 0, 100)) == 0.42


def test_the_run_has_it_and_so_has_the_model(predict: Predict, engine: Engine) -> None:
    """Decisions made at .42 on two decimals."""
    (run,) = predict(table(300), models=(BOTH,))
    assert 0.41 < run.threshold <= 0.42
    assert load(engine).models[0].threshold == run.threshold


def test_decisions_against_a_stated_threshold_are_counted(predict: Predict) -> None:
    """The rows that do not follow, and the first of them; the right one is accepted."""
    content = table(100)
    wrong = np.flatnonzero((np.array(content["one"]) >= 0.5) != np.array(content["flagged"], bool))
    with pytest.raises(SetupError) as caught:
        predict(content, models=(BOTH,), threshold=0.5)
    assert f"flagged of scores.parquet does not follow from one at the threshold 0.5 in {len(wrong)} rows" in str(
        caught.value
    )
    assert f"(the first is row {wrong[0] + 1})" in str(caught.value)
    assert SECRET not in told(caught.value)
    (run,) = predict(content, models=(BOTH,), threshold=0.42)
    assert run.threshold == 0.42


def test_without_decisions_it_is_a_half_unless_said(predict: Predict) -> None:
    """What is stated holds for all models of the import."""
    assert predict(table(30))[0].threshold == 0.5
    (run,) = predict(table(30), models=(ScoredModel("m", "v2", "two"),), threshold=0.3)
    assert run.threshold == 0.3


def test_the_threshold_of_a_registered_model_is_not_changed(predict: Predict) -> None:
    """Another one is refused, its own may be said; decisions are held against it."""
    predict(table(30), threshold=0.42)
    with pytest.raises(SetupError, match=r"m v1 has the threshold 0\.42\. Leave --threshold out"):
        predict(table(30), dataset="other", threshold=0.5)
    assert predict(table(30), dataset="other", threshold=0.42)[0].threshold == 0.42
    content = table(30)
    content["flagged"] = [1 - flag for flag in content["flagged"]]
    with pytest.raises(SetupError, match=r"does not follow from one at the threshold 0\.42 in 30 rows"):
        predict(content, dataset="third", models=(BOTH,))


def test_decisions_alone_are_never_all_flagged(predict: Predict) -> None:
    """A decision of 0 is a score of 0, which a threshold of 0 would flag."""
    with pytest.raises(SetupError, match="At the threshold 0 every item is flagged"):
        predict(table(30), models=(ScoredModel("m", "v1", decision="flagged"),), threshold=0)

"""Which runs may be compared: the same items under the same gold, or their common items, said so (R16)."""

from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from tests.tools.asked import ask, asking
from tests.tools.bench import POLICY, Bench, Columns, items
from tests.tools.runs_made import done
from tools.comparisons.compare import COMPARE_MODELS
from tools.errors import ToolError
from tools.registry import register
from tools.results import Result
from tools.workspace import Call

MINE = np.flatnonzero(np.equal(items()["policy"], POLICY))


def _part(kept: int) -> Columns:
    """A set that lacks some items of the policy."""
    gone = MINE[kept:]
    return {name: np.delete(np.asarray(values), gone) for name, values in items().items()}


def _apart(engine: Engine, bench: Bench, columns: Columns, **changed: Any) -> Call:
    """`echo v1` evaluated on gold 1, `echo v2` on gold 2 only."""
    bench.dataset("2", columns, as_of="2026-11-15", **changed)
    register(engine, bench.root, bench.registry)
    done(engine, bench.root, "echo@v1", "gold@1")
    done(engine, bench.root, "echo@v2", "gold@2")
    return asking(engine, bench.root)


def _asked(call: Call, **more: Any) -> Result:
    return ask(COMPARE_MODELS, call, model="echo v2", baseline="echo v1", dataset="gold 1", **more)


def test_runs_with_other_items_are_restricted_to_the_common_ones(engine: Engine, bench: Bench) -> None:
    """The first line says so with counts, the numbers are of these items, both sources are named (R16, R14)."""
    result = _asked(_apart(engine, bench, _part(250)))
    assert (
        f"restricted to the 250 items that both runs hold (left out: 0 only in the run of v2, {MINE.size - 250} only in"
        " that of v1)."
    ) in result.headline.split("\n")[0]
    positive = MINE[:250][np.asarray(items()["label"])[MINE[:250]] == 1]
    hits = int((np.asarray(items()["new"])[positive].astype(float) >= 0.45).sum())
    assert f"({hits}/{positive.size})" in result.headline
    assert [source.dataset for source in result.provenance] == ["gold 2", "gold 1"]
    assert "echo v2 as evaluated on gold 2" in result.defaults


def test_the_filter_is_counted_in_the_common_items(engine: Engine, bench: Bench) -> None:
    """The items compared are those of the slice."""
    english = int(np.equal(np.asarray(items()["language"])[MINE[:250]], "en").sum())
    result = _asked(_apart(engine, bench, _part(250)), filters={"language": ["en"]})
    assert f"restricted to the {english} items on language en that both runs hold" in result.headline


def test_the_same_items_need_no_word(call: Call) -> None:
    """Nobody is told of a restriction that is none."""
    headline = ask(COMPARE_MODELS, call, model="bullying-text v8-rc1").headline
    assert "on the same" in headline.split("\n")[0]
    assert "restricted" not in headline


def test_too_few_common_items_are_refused_with_the_count(engine: Engine, bench: Bench) -> None:
    """Fewer than half of the smaller run (R16)."""
    columns = items()
    names = np.array(columns["item_id"], dtype=object)
    names[MINE[100:]] = [f"n{at}" for at in MINE[100:]]
    with pytest.raises(ToolError, match=rf"they share 100 of {MINE.size} and {MINE.size} items.*\(?R16|R16.*share 100"):
        _asked(_apart(engine, bench, {**columns, "item_id": names.tolist()}))


def test_other_labels_of_common_items_are_refused_with_the_count(engine: Engine, bench: Bench) -> None:
    """Three relabelled items are enough: a difference could come from the labels (R16)."""
    columns = items()
    label = np.asarray(columns["label"]).copy()
    label[MINE[:3]] = 1 - label[MINE[:3]]
    with pytest.raises(ToolError, match=rf"\(R16\): 3 of the {MINE.size} items they share have another gold label"):
        _asked(_apart(engine, bench, {**columns, "label": label}))


@pytest.mark.parametrize("changed", [{"gold_version": "4"}, {"guideline_version": "1.3"}])
def test_another_gold_version_is_refused_with_what_to_ask(
    engine: Engine, bench: Bench, changed: dict[str, str]
) -> None:
    """Though every item is the same: gold or guideline changed in between (R16)."""
    call = _apart(engine, bench, items(), **changed)
    with pytest.raises(ToolError, match=r"only on gold 2.*\(R16\)") as caught:
        _asked(call)
    assert caught.value.nearest == ("run gold 1 on echo v2",)


def test_a_grouping_that_one_set_lacks_is_said(engine: Engine, bench: Bench) -> None:
    """The common dimensions are what can be compared by."""
    columns = {name: values for name, values in _part(250).items() if name != "language"}
    call = _apart(engine, bench, columns, dimensions={"policy": [POLICY, "privacy"]})
    with pytest.raises(ToolError, match="gold 2 has no language to compare by"):
        _asked(call, group_by=["language"])
    assert "slices by" not in " ".join(_asked(call).defaults)

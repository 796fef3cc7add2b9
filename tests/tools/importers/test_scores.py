"""Scores of other ranges are brought to [0, 1] only when told how, and keep their order."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.importers.files import write
from tools.errors import SetupError
from tools.importers.row_checks import number
from tools.importers.scores import Scaling, read_scaling, scaled
from tools.importers.source import open_source


def brought(folder: Path, scores: list[float], scaling: Scaling) -> list[float]:
    """The scores as an import reads them, in order, after they were checked."""
    with open_source(write(folder, {"s": scores, "item": list(range(len(scores)))}), ["s", "item"]) as source:
        scaling.check(source, "s")
        rows = source.all(f"SELECT {scaled(scaling, number('s'))} FROM {source.relation} ORDER BY row")
    return [float(row[0]) for row in rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Scaling()), ("logit", Scaling("logit")), ("0:100", Scaling("range", 0, 100)),
        ("-5:5", Scaling("range", -5, 5)), ("-1e-3:1e3", Scaling("range", -0.001, 1000)),
    ],
)  # fmt: skip
def test_what_scale_may_be(text: str, expected: Scaling) -> None:
    """Nothing, two numbers, or `logit`."""
    assert read_scaling(text) == expected


@pytest.mark.parametrize(
    "text", ["100", "1:0", "1:1", "a:b", "0:inf", "nan:1", "0:nan", "-1e308:1e308", ":", "0:1:2", "Logit", "0-100"]
)
def test_what_scale_may_not_be(text: str) -> None:
    """The message shows what it may."""
    with pytest.raises(SetupError, match="--scale is logit, or two numbers such as 0:100"):
        read_scaling(text)


@settings(max_examples=20)
@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_a_range_becomes_nought_to_one(
    tmp_path_factory: pytest.TempPathFactory, low: float, width: float, shares: list[float]
) -> None:
    """Its ends are 0 and 1, nothing is outside, and the order stays."""
    scaling = Scaling("range", low, low + width)
    scores = [min(max(low + share * width, low), low + width) for share in (0.0, 1.0, *shares)]
    found = brought(tmp_path_factory.mktemp("range"), scores, scaling)
    assert found[:2] == [0, 1]
    assert all(0 <= score <= 1 for score in found)
    assert np.all(np.diff(np.array(found)[np.argsort(scores, kind="stable")]) >= 0)
    np.testing.assert_allclose(found, np.clip((np.array(scores) - low) / (low + width - low), 0, 1), rtol=1e-12)


def test_log_odds_become_probabilities(tmp_path: Path) -> None:
    """By the logistic function, also where its exponential overflows."""
    scores = [-1e6, -800.0, -2.5, 0.0, 2.5, 800.0, 1e6]
    expected = [0, 0, 1 / (1 + math.exp(2.5)), 0.5, 1 / (1 + math.exp(-2.5)), 1, 1]
    np.testing.assert_allclose(brought(tmp_path, scores, Scaling("logit")), expected, rtol=1e-14, atol=1e-300)


@pytest.mark.parametrize(
    ("scaling", "score"), [(Scaling("logit"), 1e7), (Scaling("range", 0, 100), 101.0), (Scaling(), 1.0000001)]
)
def test_what_lies_outside_the_range_told_is_refused(tmp_path: Path, scaling: Scaling, score: float) -> None:
    """By row and count."""
    with pytest.raises(SetupError, match=r"Column s .* in 1 row \(the first is row 2\)"):
        brought(tmp_path, [0.5, score], scaling)

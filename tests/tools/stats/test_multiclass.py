"""Metrics per class and their means equal scikit-learn's; their intervals a bootstrap of the rows."""

import warnings
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from tools.stats.multiclass import PARTS, Confusion, Part

tables = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 9), min_size=k, max_size=k), min_size=k, max_size=k)
).map(lambda rows: Confusion(np.array(rows, np.int64)))  # fmt: skip


@dataclass(frozen=True)
class Called:
    """Items with what they are and what they were called."""

    gold: NDArray[np.int64]
    called: NDArray[np.int64]

    @property
    def table(self) -> Confusion:
        """Counted by scikit-learn."""
        return Confusion(confusion_matrix(self.gold, self.called, labels=range(6)).astype(np.int64))


def drawn(n: int, seed: int) -> Called:
    """Six classes, of which the last never occurs and the one before is never called."""
    draw = np.random.default_rng(seed)
    gold = draw.choice(5, n, p=[0.5, 0.2, 0.15, 0.1, 0.05])
    return Called(gold, np.where(draw.random(n) < 0.75, np.minimum(gold, 3), draw.integers(0, 4, n)))


@pytest.mark.parametrize(("n", "seed"), [(60, 1), (700, 2), (5_000, 3)])
@pytest.mark.parametrize("average", ["macro", "weighted", "micro"])
def test_means_equal_scikit_learn(n: int, seed: int, average: str) -> None:
    """To the last bits, classes that are never called included (they count 0)."""
    called = drawn(n, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        expected = precision_recall_fscore_support(called.gold, called.called, average=average)[:3]
    table = called.table
    if average == "micro":
        assert [table.right / table.n] * 3 == pytest.approx(list(expected), abs=1e-12)
        return
    means = table.macro if average == "macro" else table.weighted
    found = [means(part) for part in PARTS]
    assert [each[0] for each in found if each] == pytest.approx(list(expected), abs=1e-12)


def test_each_class_against_the_others_equals_scikit_learn() -> None:
    """True and false positives and negatives of every class."""
    called = drawn(900, 4)
    for class_ in called.table.classes:
        own = called.table.of(int(class_))
        gold, said = called.gold == class_, called.called == class_
        assert (own.tp, own.fp) == (int((gold & said).sum()), int((~gold & said).sum()))
        assert (own.fn, own.tn) == (int((gold & ~said).sum()), int((~gold & ~said).sum()))


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("kind", ["macro", "weighted"])
def test_intervals_of_means_agree_with_a_bootstrap_of_the_rows(part: Part, kind: str) -> None:
    """End points within 12 % of the width of 3,000 resampled tables."""
    called = drawn(1_500, 5)
    table = called.table
    draws = np.random.default_rng(5).multinomial(1_500, (table.counts / 1_500).ravel(), size=3_000)
    values = [getattr(Confusion(each.reshape(6, 6)), kind)(part)[0] for each in draws]
    low, high = np.quantile(values, [0.025, 0.975])
    found = getattr(table, kind)(part)
    assert found[1:] == pytest.approx((low, high), abs=0.12 * (high - low))


@given(tables)
def test_any_table_has_means_within_their_intervals(table: Confusion) -> None:
    """All right, all wrong, one class alone; of nothing there is none."""
    for part in PARTS:
        for means in (table.macro, table.weighted):
            found = means(part)
            if not table.n:
                assert found is None
                continue
            assert found is not None
            value, low, high = found
            assert 0 <= low <= value <= high <= 1
            assert high - low > 0


@given(tables)
def test_every_error_is_a_confusion_and_the_most_frequent_comes_first(table: Confusion) -> None:
    """Nothing right among them, nothing lost."""
    confused = table.confused()
    assert sum(n for _, _, n in confused) == table.n - table.right
    assert [n for _, _, n in confused] == sorted((n for _, _, n in confused), reverse=True)
    assert all(gold != called and n > 0 for gold, called, n in confused)


@pytest.mark.parametrize("n", [4, 17, 300])
def test_r18_a_table_without_an_error_is_no_certainty(n: int) -> None:
    """The fewer items a class has, the lower the bound."""
    table = Confusion(np.diag([n, n, n]).astype(np.int64))
    for part in PARTS:
        for means in (table.macro, table.weighted):
            found = means(part)
            assert found is not None
            assert (found[0], found[2]) == (1.0, 1.0)
            assert 1 - 4 / n < found[1] < 1 - 0.5 / n

"""A report over a file of predictions, for notebooks and scripts: every slice, every metric, every difference.

    from tools.slice_report import slice_report
    report = slice_report("scores.parquet", "gold", {"v7": ("score_v7", 0.42), "v8": ("score_v8", 0.42)}, ["language"])
    report.values["recall"]       # slices x models: value, low, high
    report.differences["recall"]  # slices: v8 - v7 on the same items

The cost is one scan of the columns; from there on it depends on the number of slices alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.evals.wide import count_decisions
from tools.stats.intervals import DRAWS, HALF, SEED
from tools.stats.joint_counts import CELLS, sides, statistic
from tools.stats.rates import Statistic

Array = NDArray[np.float64]
USUAL = ("precision", "recall", "f1", "fpr")
AT_ONCE = 100  # slices drawn together: 2,000 draws of them take 13 MB


@dataclass(frozen=True)
class Interval:
    """Values with their 95 % bounds, three float64 arrays of one shape; not a number where a metric is not defined."""

    value: Array
    low: Array
    high: Array


@dataclass(frozen=True)
class SliceReport:
    """`slices`: their values; `n`: items of each; `values`: metric -> (slices, models); `differences`: (slices,).

    A difference is that of the second model minus the first, on the same items; there is none for a single model.
    """

    models: tuple[str, ...]
    slices: tuple[tuple[str, ...], ...]
    n: NDArray[np.int64]
    positives: NDArray[np.int64]
    values: Mapping[str, Interval]
    differences: Mapping[str, Interval]

    def rows(self) -> list[dict[str, object]]:
        """One dict a slice, model and metric, for a data frame."""
        return [
            {
                "slice": " · ".join(name) or "all", "model": model, "metric": metric, "n": int(self.n[at]),
                "positives": int(self.positives[at]), "value": float(found.value[at, of]),
                "low": float(found.low[at, of]), "high": float(found.high[at, of]),
            }
            for metric, found in self.values.items()
            for at, name in enumerate(self.slices)
            for of, model in enumerate(self.models)
        ]  # fmt: skip


def slice_report(
    path: Path | str,
    label: str,
    models: Mapping[str, tuple[str, float]],
    slices: Sequence[str],
    metrics: Sequence[str] = USUAL,
    draws: int = DRAWS,
) -> SliceReport:
    """Metrics with intervals for one or two models, by slice, and their paired differences.

    Args:
        label: the column of the gold label, 0 or 1.
        models: name -> (column of its scores, threshold); the second is compared with the first.
        slices: the columns whose crossing makes the slices.
        draws: draws of the bootstrap, in which the items of a slice are Multinomial(n, counts / n); half a count is
            added to every kind, as `tools.stats.joint_counts.interval` explains.

    Raises:
        SetupError: the file cannot be read, lacks a column, or has rows without label or score.
        ValueError: a metric that counts at one threshold do not define; more than two models.
    """
    if not 1 <= len(models) <= 2:
        raise ValueError("a report holds one model, or two to compare")
    found = {name: statistic(name) for name in metrics}
    if unknown := [name for name, of in found.items() if of is None]:
        raise ValueError(f"not a metric of counts: {', '.join(unknown)}")
    counted = count_decisions(Path(path), label, list(models.values()), slices)
    cells = _cells(counted.counts)
    generator = np.random.default_rng(SEED)
    parts: dict[str, list[tuple[Interval, Interval]]] = {name: [] for name in found}
    for start in range(0, max(1, len(cells)), AT_ONCE):
        part = cells[start : start + AT_ONCE]
        drawn = sides(generator.standard_gamma(part[:, None, :] + HALF, size=(len(part), draws, CELLS)))
        for name, of in found.items():
            assert of is not None
            parts[name].append(_intervals(of, sides(part)[: len(models)], drawn[: len(models)]))
    values = {name: _joined([one for one, _ in held]) for name, held in parts.items()}
    differences = {name: _joined([two for _, two in held]) for name, held in parts.items() if len(models) > 1}
    labels = counted.counts.sum(axis=tuple(range(2, counted.counts.ndim)))
    return SliceReport(tuple(models), counted.slices, labels.sum(axis=1), labels[:, 1], values, differences)


def _intervals(of: Statistic, points: Sequence[Array], drawn: Sequence[Array]) -> tuple[Interval, Interval]:
    """A metric of each model (slices, models), and of the second less the first (slices,)."""
    values, sampled = [of(side) for side in points], [of(side) for side in drawn]
    each = [_bounded(value, draws) for value, draws in zip(values, sampled, strict=True)]
    beside = Interval(*(np.stack([getattr(one, name) for one in each], axis=-1) for name in ("value", "low", "high")))
    return beside, _bounded(values[-1] - values[0], sampled[-1] - sampled[0])


def _bounded(value: Array, drawn: Array) -> Interval:
    return Interval(value, _bound(drawn, value, 0.025), _bound(drawn, value, 0.975))


def _joined(parts: Sequence[Interval]) -> Interval:
    return Interval(*(np.concatenate([getattr(one, name) for one in parts]) for name in ("value", "low", "high")))


def _cells(counts: NDArray[np.int64]) -> Array:
    """The eight joint cells of each slice, in the order of `JointCounts`."""
    joint = counts
    if counts.ndim == 3:  # one model stands for both sides, so that it never differs from itself
        joint = np.zeros((*counts.shape, 2), np.int64)
        joint[..., 0, 0], joint[..., 1, 1] = counts[..., 0], counts[..., 1]
    return joint[:, ::-1, ::-1, ::-1].reshape(len(joint), CELLS).astype(float)


def _bound(drawn: Array, point: Array, q: float) -> Array:
    """A quantile of the draws (slices, draws), never on the wrong side of the point; not a number where that is."""
    defined = ~np.isnan(point)
    out = np.full(point.shape, np.nan)
    if defined.any():
        edge = (
            np.nanquantile(drawn[defined], q, axis=1)
            if np.isnan(drawn).any()
            else np.quantile(drawn[defined], q, axis=1)
        )
        out[defined] = np.minimum(edge, point[defined]) if q < 0.5 else np.maximum(edge, point[defined])
    return out

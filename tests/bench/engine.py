"""The evaluation engine against what else one would use, and its cost against rows; every figure in its own process."""

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench.picture import draw
from tests.bench.population import write_predictions

MILLION = 1_000_000
RUNS = 5
ONCE = ("numpy", "scipy", "fairlearn")  # minutes each where not extrapolated: one run


@dataclass(frozen=True)
class Timing:
    """Seconds and peak MB of some runs of one contender on a file of so many rows."""

    name: str
    rows: int
    seconds: tuple[float, ...]
    peak: float

    @property
    def median(self) -> float:
        """The median of the seconds."""
        return statistics.median(self.seconds)


def against_others(folder: Path, rows: int = MILLION) -> list[tuple[str, ...]]:
    """Lines of the table at one million rows: what, seconds, peak MB, times Steward's."""
    path = _file(folder, rows)
    own = _time("steward", path, rows, RUNS)
    lines = [_line("Steward: 2 models, 4 metrics, differences, intervals of 2,000 draws", own, own, "")]
    for name, what, goal in (
        ("numpy", "NumPy bootstrap of rows, counts only (2,000 draws, from 40)", "60x"),
        ("scipy", "scipy.stats.bootstrap + scikit-learn: one metric, one model (from 2 draws, 4 slices)", "500x"),
        ("fairlearn", "fairlearn MetricFrame: points alone", "50x"),
    ):  # fmt: skip
        try:
            lines.append(_line(what, _time(name, path, rows, 1), own, goal))
        except subprocess.CalledProcessError as error:
            missing = "ModuleNotFoundError" in (error.stderr or "")
            lines.append((what, "not installed" if missing else "failed", "", "", goal))
    return lines


def against_rows(
    folder: Path, sizes: tuple[int, ...] = (MILLION, 10 * MILLION, 50 * MILLION), picture: Path | None = None
) -> list[tuple[str, ...]]:
    """Lines of the table of the cost against rows: rows, scan, Steward, ratio, peak MB; runs of both in turn."""
    drawn: dict[str, list[float]] = {"bare scan": [], "Steward": [], "peak memory": []}
    lines: list[tuple[str, ...]] = []
    for rows in sizes:
        path = _file(folder, rows)
        seconds: dict[str, list[float]] = {"scan": [], "steward": []}
        peak = 0.0
        for _ in range(RUNS + 1):
            for name, measured in seconds.items():
                timing = _time(name, path, rows, 1)
                measured.append(timing.seconds[0])
                peak = max(peak, timing.peak) if name == "steward" else peak
        # The first run of each warms the cache of the disk and is not counted.
        scan, steward = (sorted(values[1:]) for values in seconds.values())
        ratios = sorted(b / a for a, b in zip(seconds["scan"][1:], seconds["steward"][1:], strict=True))
        lines.append(
            (
                f"{rows / MILLION:g}M", _spread(scan), _spread(steward),
                f"{statistics.median(ratios):.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})", f"{peak:.0f}",
                "1.5, 300 MB" if rows == 10 * MILLION else "",
            )
        )  # fmt: skip
        for name, value in zip(drawn, (statistics.median(scan), statistics.median(steward), peak), strict=True):
            drawn[name].append(value)
        path.unlink()
    if picture:
        memory = drawn.pop("peak memory")
        draw(picture, sizes, drawn, memory)
    return lines


def _file(folder: Path, rows: int) -> Path:
    path = folder / f"{rows}.parquet"
    if not path.exists():
        write_predictions(path, rows)
    return path


def _time(name: str, path: Path, rows: int, runs: int) -> Timing:
    seconds, peaks = [], []
    for _ in range(runs):
        command = [sys.executable, "-m", "tests.bench.contenders", name, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ})
        took, peak = done.stdout.split()
        seconds.append(float(took))
        peaks.append(float(peak))
        time.sleep(0.05)
    return Timing(name, rows, tuple(seconds), max(peaks))


def _line(what: str, timing: Timing, own: Timing, goal: str) -> tuple[str, ...]:
    spread = _spread(sorted(timing.seconds)) if len(timing.seconds) > 1 else f"{timing.median:.3g}"
    times = "" if timing is own else f"{timing.median / own.median:.0f}x"
    return (what, spread, f"{timing.peak:.0f}", times, goal)


def _spread(ordered: list[float]) -> str:
    return f"{statistics.median(ordered):.3f} ({ordered[0]:.3f}-{ordered[-1]:.3f})"

"""What is timed, each in a process of its own: `python -m tests.bench.contenders NAME FILE` prints seconds and peak MB.

All get the same file and the same job: two models by 40 slices. What the others leave out is said in their line.
"""

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.population import MODELS, SLICES

DRAWS = 2_000


def bare_scan(path: Path) -> None:
    """The same columns read by DuckDB and thrown away."""
    import duckdb

    columns = ", ".join([*(f"max({name})" for name in SLICES), "sum(label)", "sum(score_a)", "sum(score_b)"])
    with duckdb.connect() as connection:
        connection.execute("SET threads=2")
        connection.execute("SET enable_progress_bar=false")
        connection.execute("SET memory_limit='250MB'")
        connection.execute(f"SELECT {columns} FROM read_parquet('{path}')").fetchall()


def steward(path: Path) -> None:
    """Two models, four metrics each, paired differences, intervals of 2,000 draws, 40 slices."""
    from tools.slice_report import slice_report

    slice_report(path, "label", MODELS, SLICES, draws=DRAWS)


def numpy_bootstrap(path: Path, draws: int = 40) -> float:
    """A vectorised bootstrap of rows, as one would write it: the seconds for 2,000 draws, from `draws` of them."""
    frame = _columns(path)
    start = time.perf_counter()
    codes, flagged = _coded(frame)
    cells = int(codes.max()) + 1
    prepared = time.perf_counter() - start
    generator = np.random.default_rng(1)
    start = time.perf_counter()
    for _ in range(draws):
        chosen = generator.integers(0, len(codes), len(codes))
        for model in range(2):
            np.bincount(codes[chosen] * 4 + frame["label"][chosen] * 2 + flagged[model][chosen], minlength=cells * 4)
    return prepared + (time.perf_counter() - start) * DRAWS / draws


def scipy_bootstrap(path: Path, draws: int = 2) -> float:
    """scipy.stats.bootstrap with scikit-learn's recall of one model on 4 of 40 slices, for 40 and 2,000 draws."""
    from scipy.stats import bootstrap
    from sklearn.metrics import recall_score

    frame = _columns(path)
    codes, flagged = _coded(frame)
    seconds = 0.0
    for cell in range(4):
        rows = codes == cell
        gold, called = frame["label"][rows], flagged[0][rows]
        start = time.perf_counter()
        bootstrap((gold, called), recall_score, paired=True, vectorized=False, n_resamples=draws, method="percentile",
                  rng=np.random.default_rng(1))  # fmt: skip
        seconds += time.perf_counter() - start
    # One call of the statistic comes on top of the draws.
    return seconds * 10 * DRAWS / (draws + 1)


def fairlearn_points(path: Path) -> float:
    """fairlearn's MetricFrame: points alone, no interval, no difference; four metrics, both models."""
    import pandas as pd
    from fairlearn.metrics import MetricFrame, false_positive_rate
    from sklearn.metrics import f1_score, precision_score, recall_score

    frame = _columns(path)
    _, flagged = _coded(frame)
    metrics = {"precision": precision_score, "recall": recall_score, "f1": f1_score, "fpr": false_positive_rate}
    start = time.perf_counter()
    for model in range(2):
        found = MetricFrame(
            metrics=metrics, y_true=frame["label"], y_pred=flagged[model],
            sensitive_features=pd.DataFrame({name: frame[name] for name in SLICES}),
        )  # fmt: skip
        _ = found.by_group
    return time.perf_counter() - start


def _columns(path: Path) -> dict[str, Any]:
    import pyarrow.parquet as pq

    table = pq.read_table(path, columns=[*SLICES, "label", "score_a", "score_b"])
    return {name: table.column(name).to_numpy(zero_copy_only=False) for name in table.column_names}


def _coded(frame: dict[str, Any]) -> tuple[Any, list[Any]]:
    """The number of each row's slice, and each model's decisions."""
    codes = np.zeros(len(frame["label"]), np.int64)
    for name in SLICES:
        values, inverse = np.unique(frame[name].astype(str), return_inverse=True)
        codes = codes * len(values) + inverse
    flagged = [(frame[column] >= threshold).astype(np.int64) for column, threshold in MODELS.values()]
    return codes, flagged


CONTENDERS: dict[str, Callable[[Path], float | None]] = {
    "scan": bare_scan,
    "steward": steward,
    "numpy": numpy_bootstrap,
    "scipy": scipy_bootstrap,
    "fairlearn": fairlearn_points,
}


def main() -> None:
    """Time one contender: a run to warm the imports on nothing is not possible, so imports are timed apart."""
    name, path = sys.argv[1], Path(sys.argv[2])
    work = CONTENDERS[name]
    if name in ("scan", "steward"):
        import duckdb

        import tools.slice_report

        duckdb.connect().close()
        assert tools.slice_report
    start = time.perf_counter()
    extrapolated = work(path)
    seconds = time.perf_counter() - start if extrapolated is None else extrapolated
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()

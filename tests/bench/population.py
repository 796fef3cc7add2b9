"""A file of made-up predictions: two models on the same items, 40 slices, six per cent positives."""

from pathlib import Path

import duckdb

SLICES = ("policy", "language")
MODELS = {"a": ("score_a", 0.4), "b": ("score_b", 0.4)}

# A normal variate from two hashes (Box and Muller), so that a row depends on its number alone.
_NORMAL = (
    "sqrt(-2 * ln((hash(i * {0} + 3) % 1000003 + 1) / 1000004.0))"
    " * cos(6.283185307 * (hash(i * {1} + 11) % 1000003) / 1000003.0)"
)
_SCORE = "(1 / (1 + exp(-(CASE WHEN hash(i) % 1000 < 60 THEN {2} ELSE {3} END + {4} * " + _NORMAL + "))))::FLOAT"


def write_predictions(path: Path, rows: int) -> None:
    """Write so many rows as Parquet: item_id, label, policy (8), language (5), score_a, score_b."""
    query = f"""
        SELECT 'i' || i AS item_id, (hash(i) % 1000 < 60)::TINYINT AS label,
               'policy-' || (hash(i * 7 + 1) % 8) AS policy,
               ['en', 'es', 'pt', 'hi', 'tl'][1 + (hash(i * 13 + 5) % 5)::INTEGER] AS language,
               {_SCORE.format(17, 19, 1.5, -2.5, 1.5)} AS score_a, {_SCORE.format(23, 29, 1.7, -2.4, 1.4)} AS score_b
        FROM range({rows}) t(i)
    """
    with duckdb.connect() as connection:
        connection.execute("SET threads=2")
        connection.execute("SET enable_progress_bar=false")
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")

"""Made-up rater labels: who said what of which item, as rows, as files of every kind, and as counts by hand."""

import csv
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

RATERS = tuple(f"rater_{number}" for number in range(1, 7))
CLASSES = ("hateful", "neutral", "unsure")
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Made:
    """One row an item: `item`, `language`, `surface`, `truth`, and a column a rater, None where not asked."""

    rows: Rows
    raters: tuple[str, ...] = RATERS

    def long(self) -> Rows:
        """One row a label."""
        kept = ("item", "language", "surface", "truth")
        return [
            {**{name: row[name] for name in kept}, "who": rater, "said": row[rater]}
            for row in self.rows
            for rater in self.raters
            if row[rater] is not None
        ]

    def patterns(self, classes: Sequence[str], judge: str = "") -> dict[tuple[str, str, int, str], int]:
        """Items by language, surface, gold class and pattern, counted one by one; the judge is left out."""
        found: Counter[tuple[str, str, int, str]] = Counter()
        for row in self.rows:
            said = [row[rater] for rater in self.raters if row[rater] is not None and rater != judge]
            if said:
                pattern = ",".join(str(said.count(name)) for name in classes)
                gold = -1 if row["truth"] is None else classes.index(row["truth"])
                found[row["language"], row["surface"], gold, pattern] += 1
        return dict(found)

    def pairs(self, classes: Sequence[str]) -> dict[tuple[str, str, str, str], int]:
        """Items by pair of raters and pair of labels, counted one by one, gold included."""
        found: Counter[tuple[str, str, str, str]] = Counter()
        for row in self.rows:
            given = [(rater, row[rater]) for rater in self.raters if row[rater] is not None]
            for place, (rater, label) in enumerate(given):
                for other, another in given[place + 1 :]:
                    found[rater, other, label, another] += 1
                if row["truth"] is not None:
                    found[rater, "gold", label, row["truth"]] += 1
        return dict(found)


def made(n: int = 240, seed: int = 4, classes: Sequence[str] = CLASSES, error: float = 0.2) -> Made:
    """Items in two languages on two surfaces, two to four raters an item; every tenth has no gold."""
    draw = np.random.default_rng(seed)
    rows: Rows = []
    for number in range(n):
        truth = classes[int(draw.integers(len(classes)))]
        asked = set(draw.permutation(len(RATERS))[: int(draw.integers(2, 5))].tolist())
        row: dict[str, Any] = {
            "item": f"i{number:05d}", "language": str(draw.choice(["en", "es"])),
            "surface": str(draw.choice(["comment", "live-title"])), "truth": None if number % 10 == 9 else truth,
        }  # fmt: skip
        for place, rater in enumerate(RATERS):
            said = classes[int(draw.integers(len(classes)))] if draw.random() < error else truth
            row[rater] = said if place in asked else None
        rows.append(row)
    return Made(rows)


def write(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """The rows as Parquet, CSV or JSON lines, by the ending of the path; a missing value is an empty field."""
    names = list(rows[0])
    if path.suffix == ".parquet":
        pq.write_table(pa.table({name: pa.array([row[name] for row in rows]) for name in names}), path)
    elif path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)
    else:
        path.write_text("".join(json.dumps(dict(row)) + "\n" for row in rows), "utf-8")
    return path

"""Rater figures: what the shipped rater labels show in a slice, computed from the file as anyone would."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tools.sample import causes
from tools.sample.items import Column

Figures = dict[str, Any]
_MISSING = -1


class RaterLabels:
    """The rater labels as they lie in the file, with gold."""

    def __init__(self, path: Path) -> None:
        table = pq.read_table(path)
        self._columns: dict[str, Column] = {
            name: np.array([_MISSING if value is None else value for value in table[name].to_pylist()])
            for name in table.column_names
        }
        self._ratings = np.stack([self._columns[rater] for rater in causes.RATERS], axis=1)

    def __len__(self) -> int:
        return len(self._ratings)

    def agreement(self, vendor: str = "", **values: str) -> Figures:
        """Pairs of raters of the same item that agree, of all pairs in a slice; of one vendor's raters when named."""
        ratings = self._ratings[self._rows(**values)][:, self._of(vendor)]
        ones, zeros = ((ratings == label).sum(axis=1) for label in (1, 0))
        rated = ones + zeros
        return _share(int((ones * (ones - 1) + zeros * (zeros - 1)).sum()) // 2, int((rated * (rated - 1)).sum()) // 2)

    def against_gold(self, vendor: str = "", **values: str) -> Figures:
        """Single labels that differ from gold, of all in a slice; of one vendor's raters when named."""
        rows = self._rows(**values)
        ratings, right = self._ratings[rows][:, self._of(vendor)], self._columns["gold"][rows, None]
        given = ratings != _MISSING
        return _share(int(((ratings != right) & given).sum()), int(given.sum()))

    def unanimous_against_gold(self, **values: str) -> Figures:
        """Items whose raters all agree, and not with gold, of all in a slice."""
        rows = self._rows(**values)
        ratings, gold = self._ratings[rows], self._columns["gold"][rows]
        other = np.where(ratings == _MISSING, 1 - gold[:, None], ratings)
        return _share(int((other == 1 - gold[:, None]).all(axis=1).sum()), int(rows.sum()))

    def _rows(self, **values: str) -> NDArray[np.bool_]:
        mask = np.ones(len(self), dtype=bool)
        for name, value in values.items():
            negated, plain = value.startswith("not "), value.removeprefix("not ")
            mask &= np.not_equal(self._columns[name], plain) if negated else np.equal(self._columns[name], plain)
        return mask

    @staticmethod
    def _of(vendor: str) -> list[int]:
        return [number for number, of in enumerate(causes.RATERS.values()) if vendor in ("", of)]


def label_set(labels: RaterLabels, name: str, rows_of: str) -> dict[str, Any]:
    """What `planted.yaml` says of the rater labels as a whole."""
    return {
        "name": name,
        "of": rows_of,
        "drawn": "Items of golden 2026-07: of each policy, language and surface all violations of bullying under "
        f"guideline 4.3 and {causes.RATED_SHARE['dangerous-challenges']:.0%} of those of dangerous challenges, and as "
        "many other items beside them. Enriched: agreement here says nothing of live traffic.",
        "planted": "Three raters an item, at least one of either vendor, under guideline 4.3 just before it came into "
        f"force. Each label is wrong in {causes.RATER_ERROR:.1%} of all cases; vendor-b's raters do in "
        "Portuguese bullying what the vendor did in training (see label-noise-pt). Gold is gold 5.",
        "items": len(labels),
        "agreement": labels.agreement(),
        "agreement_but_portuguese_bullying": _but(
            labels.agreement(), labels.agreement(policy="bullying", language="pt")
        ),
    }


def _but(whole: Figures, part: Figures) -> Figures:
    return _share(whole["k"] - part["k"], whole["n"] - part["n"])


def _share(k: int, n: int) -> Figures:
    return {"k": k, "n": n, "rate": round(k / n, 4)}

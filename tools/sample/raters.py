"""The rater labels: items of golden 2026-07 judged again by eight raters of two vendors, three of them an item."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.random import Generator
from numpy.typing import NDArray

from tools.sample import causes, datasets
from tools.sample.items import LANGUAGES, POLICIES, SURFACES, Column, Items

NAME, VERSION, GOLD_OF = "raters", "2026-09", "golden@2026-07"
RATERS_DAY = date(2026, 9, 30)
DIMENSIONS = ("policy", "language", "surface", "source")
NOT_ASKED = -1
_RATINGS = 3


@dataclass(frozen=True)
class Rated:
    """Items with their gold 5 labels, and what each rater said: int8 (items, raters), NOT_ASKED where not asked."""

    items: Items
    ratings: NDArray[np.int8]


def rated() -> Rated:
    """The draw and the labels, from the seed alone."""
    rng = np.random.default_rng([causes.SEED, 6])
    (before, _), truth = datasets.golden(), datasets.golden_under_the_new_rule()
    if not np.array_equal(before.items.item_id, truth.item_id):
        raise ValueError("both rules must speak of the same items")
    rows = _drawn(rng, truth)
    items = truth.take(rows)
    return Rated(before.items.take(rows), _ratings(rng, items))


def write(path: Path, labels: Rated) -> None:
    """One row an item: its id, the gold label, a column a rater (empty: not asked) and the dimensions."""
    asked = labels.ratings != NOT_ASKED
    columns: dict[str, pa.Array] = {
        "item_id": pa.array(labels.items.item_id.tolist(), pa.string()),
        "gold": pa.array(labels.items.label, pa.int8()),
    }
    for number, rater in enumerate(causes.RATERS):
        columns[rater] = pa.array(labels.ratings[:, number], pa.int8(), mask=~asked[:, number])
    for name in DIMENSIONS:
        columns[name] = pa.array(getattr(labels.items, name).tolist(), pa.string()).dictionary_encode()
    pq.write_table(pa.table(columns), path, compression="zstd", compression_level=19, use_dictionary=[*DIMENSIONS])


def _drawn(rng: Generator, truth: Items) -> Column:
    """Positions: of each cell of policy, language and surface a share of the violations, and as many others."""
    chosen = []
    for policy in POLICIES:
        for language in LANGUAGES:
            for surface in SURFACES:
                cell = truth.where(policy=policy, language=language, surface=surface)
                positives, negatives = (np.flatnonzero(cell & np.equal(truth.label, label)) for label in (1, 0))
                n = round(len(positives) * causes.RATED_SHARE[policy])
                chosen += [rng.permutation(group)[:n] for group in (positives, negatives)]
    return np.sort(np.concatenate(chosen))


def _ratings(rng: Generator, items: Items) -> NDArray[np.int8]:
    """Three raters an item, one of either vendor at least; each errs at times, one vendor mostly so in one language."""
    raters = np.array(list(causes.RATERS))
    vendors = np.array(list(causes.RATERS.values()))
    flip = causes.LABEL_NOISE
    noisy = items.where(policy=flip.policy, language=flip.language)
    ratings = np.full((len(items), len(raters)), NOT_ASKED, dtype=np.int8)
    for row, label in enumerate(items.label.tolist()):
        one, other = (rng.permutation(np.flatnonzero(vendors == vendor)) for vendor in dict.fromkeys(vendors))
        first = 1 + row % 2  # in turn: one rater of the first vendor and two of the second, or the reverse
        for rater in (*one[:first], *other[: _RATINGS - first]):
            chance = causes.RATER_ERROR
            if noisy[row] and vendors[rater] == flip.source:
                chance = flip.positives if label else flip.negatives
            ratings[row, rater] = 1 - label if rng.random() < chance else label
    return ratings

"""Items: a column-wise table of fictional items. An item is an id, sixteen numbers, a label and its dimensions."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

FEATURES = tuple(f"f{position:02d}" for position in range(16))
POLICIES = ("bullying", "dangerous-challenges")
LANGUAGES = ("en", "es", "pt", "de", "fr", "hi-Latn", "tl", "ja")
SURFACES = ("comment", "caption", "live-title", "profile")
TECHNIQUES = ("none", "leetspeak", "homoglyph", "spacing", "emoji")
SOURCES = ("random", "flagged", "appeal", "vendor-a", "vendor-b", "vendor-c")
AGES = ("0-30d", "31-90d", "91-180d", "181d+")
DIMENSIONS = {
    "policy": POLICIES,
    "language": LANGUAGES,
    "surface": SURFACES,
    "technique": TECHNIQUES,
    "source": SOURCES,
    "age": AGES,
}

_DAY_ZERO = date(2025, 1, 1)
_AGE_LIMITS = (30, 90, 180)

Column = NDArray[Any]


@dataclass(frozen=True)
class Items:
    """Equal-length columns, one row an item.

    `created` counts days since 2025-01-01; `cluster` names the base item of a variant and is empty elsewhere.
    """

    item_id: Column
    cluster: Column
    label: Column
    features: Column
    policy: Column
    language: Column
    surface: Column
    technique: Column
    source: Column
    created: Column

    def __len__(self) -> int:
        return len(self.label)

    def take(self, rows: Column) -> "Items":
        """The rows of a mask or of positions, in that order."""
        return Items(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def where(self, **values: str) -> NDArray[np.bool_]:
        """A mask of the rows that hold all given dimension values."""
        mask = np.ones(len(self), dtype=bool)
        for name, value in values.items():
            mask &= getattr(self, name) == value
        return mask

    def labelled(self, label: Column) -> "Items":
        """The same items under other labels."""
        return replace(self, label=label.astype(np.int8))

    def age(self, as_of: date) -> Column:
        """The age bracket of every item on a day."""
        days = (as_of - _DAY_ZERO).days - self.created
        if len(days) and days.min() < 0:
            raise ValueError(f"an item is created after {as_of.isoformat()}")
        return np.array(AGES)[np.searchsorted(_AGE_LIMITS, days, side="left")]


def stack(parts: Sequence[Items]) -> Items:
    """One table of several, in the given order."""
    return Items(
        **{field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Items)}
    )


def day_number(day: date) -> int:
    """The day as `Items.created` counts it."""
    return (day - _DAY_ZERO).days


def day_of(number: int) -> date:
    """The reverse of `day_number`."""
    return _DAY_ZERO + timedelta(days=number)

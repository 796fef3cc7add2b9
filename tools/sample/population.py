"""The population: how an item's numbers follow from its label, language, technique and time. Seeded, never learned.

Features f00-f07 carry the evidence of a violation, f08-f11 the language, f12 the surface, f13 the deciding factor
of the profile rule, f14-f15 the marks of obfuscation. Every number lies on a grid of 1/32, so that it is exact in
float32 and compresses.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from tools.sample import causes
from tools.sample.items import FEATURES, SURFACES, Column, Items

_GRID = 32

# Where the evidence of each policy lies; the length of the vector sets how separable the classes are.
_EVIDENCE = {
    "bullying": np.array([3.6, 3.3, 2.8, 2.4, 2.0, 1.8, 1.5, 1.2]),
    "dangerous-challenges": np.array([1.0, 1.3, 1.6, 1.2, 2.5, 2.3, 2.0, 1.7]),
}
# Some positives are of a second kind: the evidence reversed, so that a linear model cannot catch both kinds fully.
_SECOND_KIND = np.array([7, 6, 5, 4, 3, 2, 1, 0])
_SECOND_SIGN = np.array([-1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])
_SECOND_SHARE = 0.3
_BORDERLINE_SHARE = 0.12
_BORDERLINE = 0.45

_LANGUAGE_MARKS = {
    "en": (0.0, 0.0, 0.0, 0.0),
    "es": (1.6, 0.0, 0.4, 0.0),
    "pt": (0.0, 2.4, 0.4, 0.0),
    "de": (0.0, -1.6, -0.6, 0.0),
    "fr": (-1.4, 0.8, 0.0, 0.0),
    "hi-Latn": (0.0, 0.0, -0.4, 2.6),
    "tl": (-1.2, -0.8, 0.6, 0.0),
    "ja": (0.0, 0.0, -2.0, -0.8),
}
_SURFACE_MARKS = dict(zip(SURFACES, (0.0, 0.7, 1.4, -1.0), strict=True))


@dataclass(frozen=True)
class Mix:
    """The shares of surfaces, techniques and label sources inside a stratum."""

    surfaces: dict[str, float]
    techniques: dict[str, float]
    sources: dict[str, float]


@dataclass(frozen=True)
class Stratum:
    """How many items of one label in one language to draw for a policy, and of which mix."""

    policy: str
    language: str
    label: int
    n: int
    mix: Mix


def quota(rng: Generator, n: int, shares: dict[str, float]) -> Column:
    """n values in exactly these shares (largest remainder), shuffled: a small cell's size is chosen, not drawn."""
    exact = np.array(list(shares.values())) / sum(shares.values()) * n
    counts = np.floor(exact).astype(int)
    for position in np.argsort(counts - exact, kind="stable")[: n - counts.sum()]:
        counts[position] += 1
    values = np.repeat(np.array(list(shares)), counts)
    return values[rng.permutation(n)]


def new_ids(rng: Generator, n: int) -> Column:
    """n random opaque ids."""
    return np.array([f"it_{rng.integers(16**12):012x}" for _ in range(n)])


def draw(
    rng: Generator,
    strata: list[Stratum],
    *,
    created: tuple[int, int],
    noise_seed: dict[tuple[str, str, str], int] | None = None,
) -> Items:
    """Draws the items of the strata, created evenly over a span of days.

    `noise_seed` gives a cell (policy, language, surface) its own seed: the same distribution, another draw.
    """
    n = sum(stratum.n for stratum in strata)
    policy = np.repeat([s.policy for s in strata], [s.n for s in strata])
    language = np.repeat([s.language for s in strata], [s.n for s in strata])
    label = np.repeat([s.label for s in strata], [s.n for s in strata]).astype(np.int8)
    surface, technique, source = (
        np.concatenate([quota(rng, s.n, getattr(s.mix, name)) for s in strata])
        for name in ("surfaces", "techniques", "sources")
    )
    days = rng.integers(created[0], created[1] + 1, size=n)
    chance = _Chance.draw(rng, n)
    for cell, seed in (noise_seed or {}).items():
        inside = (policy == cell[0]) & (language == cell[1]) & (surface == cell[2])
        chance.replace(inside, np.random.default_rng([seed, int(inside.sum())]))
    evidence = _evidence(chance, policy, language, label, days)
    features = _features(chance.noise, evidence, language, surface)
    ids = new_ids(rng, n)
    items = Items(ids, np.full(n, ""), label, features, policy, language, surface, technique, source, days)
    return disguise(items)


def disguise(items: Items) -> Items:
    """Applies each item's evasion technique to its numbers: evidence fades, marks of obfuscation appear."""
    features = items.features.astype(np.float64)
    for (policy, technique), effect in causes.TECHNIQUES.items():
        rows = items.where(policy=policy, technique=technique)
        features[rows, :8] *= np.array(effect.keeps)
        features[rows, 14:] += np.array(effect.marks)
    return Items(**{**items.__dict__, "features": _on_grid(features)})


@dataclass(frozen=True)
class _Chance:
    """All that is left to chance in the numbers of n items."""

    noise: Column
    second: Column
    strength: Column
    borderline: Column

    @classmethod
    def draw(cls, rng: Generator, n: int) -> "_Chance":
        return cls(rng.normal(size=(n, len(FEATURES))), rng.random(n), rng.normal(1.0, 0.2, size=n), rng.random(n))

    def replace(self, rows: Column, rng: Generator) -> None:
        """Draws some rows again from another generator: the same distribution, other luck."""
        other = _Chance.draw(rng, int(rows.sum()))
        for name in ("noise", "second", "strength", "borderline"):
            getattr(self, name)[rows] = getattr(other, name)


def _evidence(chance: _Chance, policy: Column, language: Column, label: Column, days: Column) -> Column:
    """How strongly and where each item shows evidence, before noise: (n, 8)."""
    direction = np.stack([_EVIDENCE[name] for name in policy])
    second = chance.second < _SECOND_SHARE
    direction[second] = direction[second][:, _SECOND_KIND] * _SECOND_SIGN
    positive = np.clip(chance.strength, 0.5, 1.5)
    borderline = np.where(chance.borderline < _BORDERLINE_SHARE, _BORDERLINE, 0.0)
    strength = np.where(label == 1, positive, borderline)
    evidence = direction * strength[:, None]
    for shift in causes.SHIFTS:
        rows = policy == shift.policy
        if shift.language is not None:
            rows &= language == shift.language
        if shift.created_from is not None:
            rows &= days >= shift.created_from
        evidence[rows] = evidence[rows] * np.array(shift.keeps) + np.array(shift.offset)
        evidence[rows] += strength[rows, None] * np.array(shift.instead)
    return evidence


def _features(noise: Column, evidence: Column, language: Column, surface: Column) -> Column:
    """Evidence, marks and noise put together: (n, 16)."""
    features = noise.copy()
    features[:, :8] += evidence
    features[:, 8:12] *= 0.6
    features[:, 8:12] += np.stack([_LANGUAGE_MARKS[name] for name in language])
    features[:, 12] = features[:, 12] * 0.6 + np.array([_SURFACE_MARKS[name] for name in surface])
    features[:, 14:] *= 0.4
    return features


def _on_grid(features: Column) -> Column:
    return (np.round(np.clip(features, -8, 8) * _GRID) / _GRID).astype(np.float32)

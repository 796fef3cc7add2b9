"""The four datasets: a training set, two golden sets that share items, and an evasion suite."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.random import Generator

from tools.sample import causes
from tools.sample.items import LANGUAGES, POLICIES, TECHNIQUES, Items, day_number, stack
from tools.sample.population import Mix, Stratum, disguise, draw, new_ids


@dataclass(frozen=True)
class Built:
    """A dataset before it is written: its name, version, day and items."""

    name: str
    version: str
    as_of: date
    items: Items


_SURFACES = {"comment": 0.40, "caption": 0.25, "live-title": 0.15, "profile": 0.20}
# Tagalog is seen more in live titles, so that its cell there reaches 15 positives of 50.
_SURFACES_TL = {"comment": 0.35, "caption": 0.20, "live-title": 0.30, "profile": 0.15}
_TECHNIQUES = {"none": 0.94, "leetspeak": 0.015, "homoglyph": 0.015, "spacing": 0.015, "emoji": 0.015}
_GOLD_SOURCES = {"random": 0.55, "flagged": 0.35, "appeal": 0.10}
_VENDORS = {"vendor-a": 0.45, "vendor-b": 0.20, "vendor-c": 0.20, "flagged": 0.15}
_VENDORS_PT = {"vendor-a": 0.10, "vendor-b": 0.75, "vendor-c": 0.05, "flagged": 0.10}

_TRAIN = {
    "bullying": {"en": 1350, "es": 920, "pt": 800, "de": 640, "fr": 600, "hi-Latn": 64, "tl": 226, "ja": 400},
    "dangerous-challenges": {
        "en": 1200,
        "es": 820,
        "pt": 700,
        "de": 600,
        "fr": 560,
        "hi-Latn": 420,
        "tl": 300,
        "ja": 400,
    },
}
_TRAIN_PREVALENCE = 0.14
# Positives in golden 2026-10: at least 60 a language but Tagalog, where 50 leave the live titles at 15.
_GOLD = {"en": 90, "es": 74, "pt": 70, "de": 64, "fr": 64, "hi-Latn": 68, "tl": 50, "ja": 62}
_GOLD_PREVALENCE = 0.15
_SHARED = 0.55  # of golden 2026-10, taken over from 2026-07
_RETIRED = 0.32  # of golden 2026-10's size, in 2026-07 alone
_BASES = {1: 200, 0: 150}

TRAIN_DAY = date(2026, 6, 30)
GOLD_5_DAY = date(2026, 7, 31)
GOLD_6_DAY = date(2026, 10, 31)
EVASION_DAY = date(2026, 8, 31)


def train() -> Built:
    """The training set under guideline 4.2, labelled by vendors, with one vendor's wrong labels in one language."""
    rng = np.random.default_rng([causes.SEED, 1])
    span = (day_number(date(2025, 7, 1)), day_number(TRAIN_DAY))
    parts = []
    for policy in POLICIES:
        for language, n in _TRAIN[policy].items():
            noisy = policy == causes.LABEL_NOISE.policy and language == causes.LABEL_NOISE.language
            positives = round(n * _TRAIN_PREVALENCE)
            mix = Mix(_surfaces(language), _TECHNIQUES, _VENDORS_PT if noisy else _VENDORS)
            strata = [
                Stratum(policy, language, 1, positives, mix),
                Stratum(policy, language, 0, n - positives, mix),
            ]
            parts.append(draw(rng, strata, created=span))
    return Built("train", "2026-06", TRAIN_DAY, _ordered(_mislabel(stack(parts))))


def golden() -> tuple[Built, Built]:
    """Golden 2026-07 and 2026-10: shared items, some retired, some added, one surface judged anew."""
    rng = np.random.default_rng([causes.SEED, causes.GOLDEN_STREAM])
    shared, retired, added = _gold_parts(rng)
    before = _stale(rng, stack([shared, retired]))
    return (
        Built("golden", "2026-07", GOLD_5_DAY, _ordered(before)),
        Built("golden", "2026-10", GOLD_6_DAY, _ordered(stack([shared, added]))),
    )


def golden_under_the_new_rule() -> Items:
    """The items of golden 2026-07 in their order, labelled as gold 6 would: without its stale labels and its slips."""
    shared, retired, _ = _gold_parts(np.random.default_rng([causes.SEED, causes.GOLDEN_STREAM]))
    return _ordered(stack([shared, retired]))


def evasion() -> Built:
    """The evasion suite: every base item plain and under each technique, the same noise in all five."""
    rng = np.random.default_rng([causes.SEED, 3])
    span = (day_number(date(2025, 9, 1)), day_number(EVASION_DAY))
    strata = [
        Stratum(policy, language, label, n // 7, Mix(_surfaces(language), {"none": 1.0}, _GOLD_SOURCES))
        for policy in POLICIES
        for label, n in _BASES.items()
        for language in LANGUAGES
        if language != "hi-Latn"
    ]
    base = draw(rng, strata, created=span)
    clusters = np.array([f"cl_{rng.integers(16**12):012x}" for _ in range(len(base))])
    variants = [
        disguise(
            replace(
                base,
                item_id=new_ids(rng, len(base)),
                cluster=clusters,
                technique=np.full(len(base), technique),
            )
        )
        for technique in TECHNIQUES
    ]
    items = stack(variants)
    order = np.lexsort((items.item_id, items.cluster, items.policy))
    return Built("evasion", "2", EVASION_DAY, items.take(order))


def _gold_parts(rng: Generator) -> tuple[Items, Items, Items]:
    """The items of both golden sets, those of the older alone, those of the newer alone."""
    old = (day_number(date(2025, 7, 1)), day_number(GOLD_5_DAY))
    new = (day_number(GOLD_5_DAY) + 1, day_number(GOLD_6_DAY))
    shared, retired, added = (
        draw(
            rng,
            strata,
            created=span,
            noise_seed={causes.UNLUCKY_CELL: causes.UNLUCKY_SEED},
        )
        for strata, span in (
            (_gold_strata(_SHARED), old),
            (_gold_strata(_RETIRED), old),
            (_gold_strata(1 - _SHARED), new),
        )
    )
    return shared, retired, added


def _gold_strata(share: float) -> list[Stratum]:
    strata = []
    for policy in POLICIES:
        for language, positives in _GOLD.items():
            chosen = round(positives * share)
            total = round(positives / _GOLD_PREVALENCE * share)
            mix = Mix(_surfaces(language), _TECHNIQUES, _GOLD_SOURCES)
            strata.append(Stratum(policy, language, 1, chosen, mix))
            strata.append(Stratum(policy, language, 0, total - chosen, mix))
    return strata


def _surfaces(language: str) -> dict[str, float]:
    return _SURFACES_TL if language == "tl" else _SURFACES


def _ordered(items: Items) -> Items:
    """By policy, then by the random id: a row group then holds one policy and says nothing about labels."""
    return items.take(np.lexsort((items.item_id, items.policy)))


def _mislabel(items: Items) -> Items:
    """Vendor labels: nearly all right, but for the planted source in the planted language."""
    rng = np.random.default_rng([causes.SEED, 5])
    flip = causes.LABEL_NOISE
    chance = np.where(np.char.startswith(items.source.astype(str), "vendor"), causes.VENDOR_NOISE, 0.0)
    planted = items.where(policy=flip.policy, language=flip.language, source=flip.source)
    chance = np.where(planted, np.where(items.label == 1, flip.positives, flip.negatives), chance)
    wrong = rng.random(len(items)) < chance
    return items.labelled(np.where(wrong, 1 - items.label, items.label))


def _stale(rng: Generator, items: Items) -> Items:
    """Gold 5: on the planted surface the rule before guideline 4.3, elsewhere right but for a few slips."""
    factor = items.features[:, 13]
    on_surface = items.where(policy=causes.STALE_POLICY, surface=causes.STALE_SURFACE)
    other_rule = (items.label == 1) & (factor < causes.STALE_NEGATIVE_BELOW)
    slip = rng.random(len(items)) < causes.READJUDICATED
    wrong = np.where(on_surface, other_rule, slip)
    return items.labelled(np.where(wrong, 1 - items.label, items.label))

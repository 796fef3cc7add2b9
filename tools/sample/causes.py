"""The planted causes as numbers: what is shifted, faded, flipped, relabelled. `planted.yaml` tells what follows."""

from dataclasses import dataclass
from datetime import date

from tools.sample.items import day_number

SEED = 20260630
# The draw of the golden sets was picked among two hundred so that no slice without a planted cause stands out.
GOLDEN_STREAM = 98

_NOTHING = (0.0,) * 8
_ALL = (1.0,) * 8


@dataclass(frozen=True)
class Shift:
    """How a group's evidence (f00-f07) differs: a factor each, an addition to every item, one to positives alone."""

    policy: str
    language: str | None = None
    created_from: int | None = None
    keeps: tuple[float, ...] = _ALL
    offset: tuple[float, ...] = _NOTHING
    instead: tuple[float, ...] = _NOTHING


SHIFTS = (
    # Coverage gap: romanised Hindi looks milder throughout, and its evidence lies partly elsewhere.
    Shift(
        "bullying",
        language="hi-Latn",
        keeps=(0.45, 0.5, 0.6, 0.7, 0.7, 0.7, 0.8, 0.8),
        offset=(-1.1, -1.0, -0.8, -0.6, -0.5, -0.4, 0.0, 0.0),
        instead=(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.6, 0.6),
    ),
    # Spanish differs a little, so that a recipe with few Spanish items is measurably worse there.
    Shift("bullying", language="es", offset=(-0.7, -0.6, -0.5, -0.4, -0.3, -0.2, 0.0, 0.0)),
    # Drift: since 28 September 2026 dangerous challenges show their evidence in other features.
    Shift(
        "dangerous-challenges",
        created_from=day_number(date(2026, 9, 28)),
        keeps=(1.2, 1.2, 1.2, 1.2, 0.55, 0.55, 0.6, 0.7),
        offset=(0.0, 0.0, 0.0, 0.0, -0.2, -0.2, 0.0, 0.0),
    ),
)


@dataclass(frozen=True)
class Disguise:
    """What a technique leaves of f00-f07, and what it adds to f14 and f15."""

    keeps: tuple[float, ...]
    marks: tuple[float, float]


# The robustness hole is leetspeak on bullying; everything else loses little.
TECHNIQUES = {
    ("bullying", "leetspeak"): Disguise((0.25, 0.25, 0.25, 0.3, 0.5, 0.6, 0.65, 0.75), (2.4, 0.0)),
    ("bullying", "homoglyph"): Disguise((0.95,) * 8, (0.0, 1.6)),
    ("bullying", "spacing"): Disguise((0.95,) * 8, (0.6, 0.6)),
    ("bullying", "emoji"): Disguise((0.95,) * 8, (-0.6, 0.8)),
    ("dangerous-challenges", "leetspeak"): Disguise((0.8, 0.85, 0.9, 0.95, 1.0, 1.0, 1.0, 1.0), (2.4, 0.0)),
    ("dangerous-challenges", "homoglyph"): Disguise((0.9, 0.9, 0.95, 1.0, 1.0, 1.0, 1.0, 1.0), (0.0, 2.0)),
    ("dangerous-challenges", "spacing"): Disguise((0.95,) * 8, (0.8, 0.8)),
    ("dangerous-challenges", "emoji"): Disguise((0.95,) * 8, (-0.6, 0.8)),
}


@dataclass(frozen=True)
class Flip:
    """Wrong labels of one source in one language of one policy: which share of each class is given the other label."""

    policy: str
    language: str
    source: str
    positives: float
    negatives: float


LABEL_NOISE = Flip("bullying", "pt", "vendor-b", positives=0.9, negatives=0.02)
VENDOR_NOISE = 0.01  # every other vendor label is wrong this often

# The raters of the label set, by vendor. They share what the vendor does wrong in training, and else err this often.
RATERS = {f"r-{number:02d}": "vendor-a" if number <= 4 else "vendor-b" for number in range(1, 9)}
RATER_ERROR = 0.035
RATED_SHARE = {"bullying": 1.0, "dangerous-challenges": 0.6}  # of the violations; as many other items beside them

# Stale gold: on profiles guideline 4.3 counts what 4.2 did not, by a deciding factor (f13); gold 5 follows 4.2.
STALE_POLICY, STALE_SURFACE = "bullying", "profile"
STALE_NEGATIVE_BELOW = 0.0  # positives under it were called negative
READJUDICATED = 0.004  # share of all other labels that gold 6 corrected

# Only small n: this cell follows the same distribution as every other; its seed was picked because the draw is unlucky.
UNLUCKY_CELL = ("bullying", "tl", "live-title")
UNLUCKY_SEED = 204

# Threshold off: set by hand, where the rule of `training.py` would have put it much lower.
MISPLACED_THRESHOLD = {("challenge-video", "v4"): 0.81}

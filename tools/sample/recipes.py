"""The recipes of the six classifiers: which training rows each sees, how they are weighted, what learns from them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier


@dataclass(frozen=True)
class Recipe:
    """One model version.

    `share` of the training rows is used, or what `keeps` says for a language; `repeat` counts a language's rows
    several times; `augment` adds copies of a share of the rows, disguised by a technique.
    """

    name: str
    version: str
    policy: str
    alias: str
    released: date
    learner: Any
    share: float = 1.0
    keeps: dict[str, float] = field(default_factory=dict)
    augment: dict[str, float] = field(default_factory=dict)
    repeat: dict[str, int] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """Name and version."""
        return (self.name, self.version)


def recipes() -> tuple[Recipe, ...]:
    """All six, the oldest of a family first."""
    return (
        Recipe(
            "bullying-text",
            "v6",
            "bullying",
            "previous",
            date(2026, 7, 6),
            LogisticRegression(C=0.3, max_iter=500),
            share=0.03,
        ),
        Recipe(
            "bullying-text",
            "v7",
            "bullying",
            "prod",
            date(2026, 8, 24),
            MLPClassifier((12,), alpha=2.0, tol=5e-4, max_iter=400, random_state=7),
            share=0.25,
            keeps={"es": 0.1, "pt": 1.0, "hi-Latn": 1.0, "ja": 0.8, "tl": 1.0},
            repeat={"hi-Latn": 3},
        ),
        # The candidate's recipe filters rows whose language is not recognised, and with them romanised Hindi.
        Recipe(
            "bullying-text",
            "v8-rc1",
            "bullying",
            "candidate",
            date(2026, 11, 9),
            MLPClassifier((32, 16), alpha=1.5, tol=5e-4, max_iter=400, random_state=8),
            keeps={"hi-Latn": 0.0},
            augment={"leetspeak": 0.03, "homoglyph": 0.03, "spacing": 0.03, "emoji": 0.03},
        ),
        Recipe(
            "challenge-video",
            "v3",
            "dangerous-challenges",
            "previous",
            date(2026, 7, 6),
            LogisticRegression(C=0.3, max_iter=500),
            share=0.03,
        ),
        Recipe(
            "challenge-video",
            "v4",
            "dangerous-challenges",
            "prod",
            date(2026, 9, 7),
            MLPClassifier((12,), alpha=2.0, tol=5e-4, max_iter=400, random_state=4),
            share=0.5,
        ),
        Recipe(
            "challenge-video",
            "v5-rc1",
            "dangerous-challenges",
            "candidate",
            date(2026, 11, 16),
            MLPClassifier((32, 16), alpha=1.0, tol=5e-4, max_iter=400, random_state=5),
        ),
    )

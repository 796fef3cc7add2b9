"""Answerable: whether the best section likely answers the question, or is merely the nearest of all."""

import math
import sqlite3
from dataclasses import dataclass

from knowledge.search.lexicon import Understood
from knowledge.search.ranking import Signals, held, rarities


@dataclass(frozen=True)
class Evidence:
    """What tells an answer from a neighbour.

    `closest` is the cosine of the nearest known question or chunk of the section, None without vectors; `covered` the
    share of the question, by the rarity of its words, that the section holds; `unseen` the share that stands nowhere.
    """

    closest: float | None
    covered: float
    unseen: float


# A logistic regression on the questions written for it and those for tuning, with and without an answer
# (tests/questions/retrieval/{floor,tune,unanswerable}.yaml); `python -m tests.bench retrieval` prints what it costs.
CLOSEST, COVERED, UNSEEN, CONSTANT = 2.68, 2.60, -1.51, -1.91
FLOOR = 0.765  # of the probability
LIKELY = 0.40  # from here on the nearest section is worth quoting, and called the nearest
BY_WORDS, NEAR_BY_WORDS = 0.7, 0.35  # without vectors: the share of the question that the section must hold


def evidence(connection: sqlite3.Connection, asked: Understood, section: int, signals: Signals) -> Evidence:
    """The evidence for the best section."""
    rare = rarities(connection, " ".join([asked.meaning, *asked.phrases]))
    closest = None if signals.chunk is None else max(signals.chunk, signals.question or 0.0)
    return Evidence(closest, rare.share(held(connection, section, rare.idf.keys())), rare.share(rare.unseen))


def probability(found: Evidence) -> float:
    """How likely the section answers the question, 0 to 1, where every second question has an answer."""
    if found.closest is None:
        return 1.0 if found.covered >= BY_WORDS else LIKELY if found.covered >= NEAR_BY_WORDS else 0.0
    total = CONSTANT + CLOSEST * found.closest + COVERED * found.covered + UNSEEN * found.unseen
    return 1 / (1 + math.exp(-total))


def confidence(connection: sqlite3.Connection, asked: Understood, section: int, signals: Signals) -> float:
    """The probability for the best section; a section whose number the question names is the one that is meant."""
    return 1.0 if signals.named else probability(evidence(connection, asked, section, signals))

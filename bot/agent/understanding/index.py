"""Index: all that reading a question needs, built once from what the tools declare and what the catalogue holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.agent.understanding.intents import load_intents
from bot.agent.understanding.meaning import Meanings
from bot.agent.understanding.mentions import find_mentions
from bot.agent.understanding.similarity import Examples
from bot.agent.understanding.strangers import known_words
from bot.agent.understanding.vocabulary import Vocabulary, build_vocabulary
from knowledge import Embedder
from tools.catalog import Catalog
from tools.spec import ToolSpec

MEANING = 0.65  # the weight of meaning against words


@dataclass(frozen=True)
class Index:
    """The vocabulary, the examples by words and (where there is an embedder) by meaning, and every known word."""

    catalog: Catalog
    vocabulary: Vocabulary
    examples: Examples
    meanings: Meanings | None
    known: frozenset[str]

    def likeness(self, masked: str) -> dict[str, float]:
        """Words and meaning in one scale; words alone where there is no embedder."""
        by_words = self.examples.likeness(masked)
        if self.meanings is None:
            return by_words
        by_meaning = self.meanings.likeness(masked)
        return {label: (1 - MEANING) * value + MEANING * by_meaning[label] for label, value in by_words.items()}


def build_index(
    specs: Sequence[ToolSpec[Any]],
    catalog: Catalog,
    embedder: Embedder | None,
    cache: Path | None = None,
    leave_out: int | None = None,
) -> Index:
    """Build the index; `leave_out` is the number of one example to do without, for measuring."""
    vocabulary = build_vocabulary(catalog)
    asked = declared(specs)
    known = known_words([*(ask for _, ask in asked), *vocabulary.phrases])
    masked = [
        (label, find_mentions(ask, vocabulary).masked)
        for number, (label, ask) in enumerate(asked)
        if number != leave_out
    ]
    meanings = Meanings(masked, embedder, cache) if embedder else None
    return Index(catalog, vocabulary, Examples(masked), meanings, known)


def declared(specs: Sequence[ToolSpec[Any]]) -> list[tuple[str, str]]:
    """Every example question with the name of its tool or intent."""
    examples = [(spec.name, example.ask) for spec in specs for example in spec.examples]
    return examples + [(intent.name, ask) for intent in load_intents() for ask in intent.examples]

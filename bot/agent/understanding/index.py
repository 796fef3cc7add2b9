"""Index: all that reading a question needs, built once from what the tools declare and what the catalogue holds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.agent.understanding.contrasts import Contrasts
from bot.agent.understanding.intents import load_intents
from bot.agent.understanding.meaning import Meanings
from bot.agent.understanding.mentions import Mentions, find_mentions
from bot.agent.understanding.similarity import Examples, best_two
from bot.agent.understanding.slots import fill, slots_of
from bot.agent.understanding.strangers import known_words
from bot.agent.understanding.vocabulary import Vocabulary, build_vocabulary
from knowledge import Embedder
from tools.catalog import Catalog
from tools.spec import Example, ToolSpec

MEANING = 0.65  # the weight of meaning against words
CONTRAST = 1.3  # the weight of what tells the tools apart, against likeness


IMPLIED = 0.60  # from this likeness on, a question means the metrics that the example means without naming one
USUAL = 0.1  # a share of the examples from which on a mention is usual
AGREED = 0.08  # examples so little less alike must imply the same


@dataclass(frozen=True)
class Likeness:
    """What a question is like: for each label a score, about 0 to 1, and the metrics its nearest example implies."""

    scores: dict[str, float]
    implied: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Index:
    """The vocabulary, the examples by words and (where there is an embedder) by meaning, and every known word.

    `implied` has, for each example, the metrics that it means and does not name: “how much slips through?”. `harmless`
    says how far, from 0 to 1, a mention that a tool can do nothing with is usual in its examples all the same: “why is
    recall low?” asks for causes.
    """

    catalog: Catalog
    vocabulary: Vocabulary
    labels: tuple[str, ...]
    examples: Examples
    meanings: Meanings | None
    contrasts: Contrasts
    known: frozenset[str]
    implied: tuple[tuple[str, ...], ...]
    harmless: dict[str, dict[str, float]]

    def likeness(self, masked: str) -> Likeness:
        """How alike the nearest examples of each label are, and how unlike those of others."""
        alike = self.examples.likeness(masked)
        if self.meanings is not None:
            alike = (1 - MEANING) * alike + MEANING * self.meanings.likeness(masked)
        told = self.contrasts.scores(alike)
        near = best_two(self.labels, alike)
        scores = {label: (near[label] + CONTRAST * told[label]) / (1 + CONTRAST) for label in near}
        return Likeness(scores, self._implied(alike))

    def _implied(self, alike: NDArray[np.float32]) -> dict[str, tuple[str, ...]]:
        """What the nearest example implies, where none nearly as near implies something else."""
        first = int(alike.argmax())
        near = {self.implied[at] for at in np.flatnonzero(alike >= alike[first] - AGREED)}
        sure = self.implied[first] and alike[first] >= IMPLIED and len(near) == 1
        return {self.labels[first]: self.implied[first]} if sure else {}


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
    kept = [pair for number, pair in enumerate(asked) if number != leave_out]
    labels = tuple(label for label, _ in kept)
    mentions = [find_mentions(ask, vocabulary) for _, ask in kept]
    masked = [found.masked for found in mentions]
    examples = Examples(masked)
    meanings = Meanings(masked, embedder, cache) if embedder else None

    def alike() -> NDArray[np.float32]:
        by_words = examples.alike()
        return (1 - MEANING) * by_words + MEANING * meanings.alike() if meanings else by_words

    key = [f"{MEANING} {embedder.id}" if embedder else "", *masked]
    beside = cache.with_name("contrasts.npz") if cache and leave_out is None else None
    contrasts = Contrasts(labels, key, alike, beside)
    meant = {example.ask: _metrics(spec, example) for spec in specs for example in spec.examples}
    implied = tuple(
        () if found.of("metric") else meant.get(ask, ()) for (_, ask), found in zip(kept, mentions, strict=True)
    )
    harmless = {
        spec.name: _harmless(
            spec, [pair for pair in zip(kept, mentions, strict=True) if pair[0][0] == spec.name], catalog
        )
        for spec in specs
    }
    return Index(catalog, vocabulary, labels, examples, meanings, contrasts, known, implied, harmless)


def _harmless(
    spec: ToolSpec[Any], examples: Sequence[tuple[tuple[str, str], Mentions]], catalog: Catalog
) -> dict[str, float]:
    unused = Counter(kind for (_, ask), found in examples for kind in fill(spec, ask, found, catalog).unused)
    return {kind: min(1.0, count / (USUAL * len(examples))) for kind, count in unused.items()}


def _metrics(spec: ToolSpec[Any], example: Example) -> tuple[str, ...]:
    """The metrics among the arguments of an example."""
    names = [name for name, slot in slots_of(spec).items() if slot.kind == "metrics"]
    return tuple(str(metric) for name in names for metric in example.arguments.get(name, ()))


def declared(specs: Sequence[ToolSpec[Any]]) -> list[tuple[str, str]]:
    """Every example question with the name of its tool or intent."""
    examples = [(spec.name, example.ask) for spec in specs for example in spec.examples]
    return examples + [(intent.name, ask) for intent in load_intents() for ask in intent.examples]

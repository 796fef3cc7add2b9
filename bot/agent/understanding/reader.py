"""Reader: a question and the query before it -> readings, the likeliest first.

Three voices are summed: likeness to the examples that tools declare, how completely the mentions fill a tool's
arguments, and the thread's last query. Nothing here names a tool: a new one with examples is understood as it is.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from bot.agent.understanding.index import Index, build_index
from bot.agent.understanding.intents import Intent, load_intents
from bot.agent.understanding.languages import to_english
from bot.agent.understanding.mentions import Mentions, find_mentions
from bot.agent.understanding.slots import Filled, fill, is_calculation, slots_of
from bot.agent.understanding.strangers import Stranger, strangers
from bot.agent.understanding.words import STOPWORDS
from knowledge import Embedder
from tools.arguments import Slot
from tools.catalog import Catalog
from tools.measures import MEASURES
from tools.spec import ToolSpec

# Weights and bounds: a grid over the examples left out one at a time and the files of questions (tests/questions);
# it is flat around these.
UNUSED = 0.13  # a mention the tool can do nothing with
SECOND = 2.0  # times that, where it is a second model or dataset, and so a comparison
USED = 0.05  # a mention that fills an argument
MOST = 4  # so many of them count
MISSING = 0.05  # a needed argument that stays empty
NUMBERLESS = 0.12  # a calculation without any number
STRANGE = 0.04  # a word that should be a name and is none
BEFORE = 0.30  # the tool of the query before, when the question leans on it
FRAGMENT_BEFORE = 0.65  # the same, when the question is a fragment: by itself it is like anything
CONTINUES = 0.10  # the same, when the question names no subject of its own
FLOOR = 0.33  # below this nothing was understood
NAMING = frozenset({"content", "verdict", "action", "people"})
MARGIN = 0.05  # two readings closer than this are both offered
SURE = 0.60  # from here on, and with a margin, the guidelines are not asked: embedding a question costs 10 ms
RELEVANCE = 0.40  # what the guidelines' own nearness to a question adds to a tool that searches them
RELEVANT = 0.15  # a nearness that says nothing
ALIKE = 72  # rapidfuzz ratio from which a registered name is offered for a stranger
FRAGMENT = 4  # words beside the mentions
_HOLDING = frozenset("separately split broken down each where only any there were had now items slices slice".split())  # noqa: SIM905

_LEANS = re.compile(
    r"^\s*(?:and|same|what about|how about|what if|but|also|again|only|now|ok|or|then|split|separately|y|et|und|e)\b"
    r"|^\s*(?:against|vs|versus|on|in|at|for|with)\b"
    r"|\b(?:everywhere|anywhere|same|again|instead|rather|hows it|how's it|how is it|it|that|those|them|there)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Before:
    """The thread's last query: the tool and its resolved arguments."""

    tool: str
    query: Mapping[str, Any]


@dataclass(frozen=True)
class Reading:
    """One way to understand a question: a tool with arguments, or an intent without a tool.

    `unused` are models and datasets that the question names and the tool has no use for; `strangers` are words that
    stand where a name should and name nothing; a tool that takes free text has neither.
    """

    name: str
    score: float
    arguments: dict[str, Any] = field(default_factory=dict)
    carried: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    strangers: tuple[Stranger, ...] = ()
    intent: Intent | None = None


class Reader:
    """Reads questions with the examples of the given tools and of the intents."""

    def __init__(
        self,
        specs: Sequence[ToolSpec[Any]],
        catalog: Callable[[], Catalog],
        relevance: Callable[[str], float] = lambda text: 0.0,
        embedder: Callable[[], Embedder | None] = lambda: None,
        cache: Path | None = None,
        index: Index | None = None,
    ) -> None:
        """Args:
        relevance: how near the written guidelines come to a text, from 0 to 1; asked only in doubt.
        embedder: the embedding model, if there is one; without it words alone judge likeness.
        cache: a file for the vectors of the examples.
        index: a ready index to read with, whatever the catalogue becomes.
        """
        self.specs = {spec.name: spec for spec in specs}
        self._catalog, self._relevance, self._embedder, self._cache = catalog, relevance, embedder, cache
        self.index, self._fixed = index, index is not None

    def read(self, text: str, before: Before | None = None) -> list[Reading]:
        """All readings above zero, the likeliest first; empty for a text without words."""
        index = self._current()
        catalog = index.catalog
        forced, said = self._forced(text)
        text = to_english(said)
        mentions = find_mentions(text, index.vocabulary)
        if not mentions.names and not mentions.numbers and not mentions.rest:
            return []
        alike = index.likeness(mentions.masked)
        likeness = alike.scores
        leans = before is not None and self._leans(text, mentions)
        readings = []
        for name, spec in self.specs.items():
            if forced is not None and name != forced:
                continue
            same = before.query if before is not None and leans and name == before.tool else None
            filled = fill(spec, text, mentions, catalog, before.query if before else None, same)
            against = _unused(filled, index.harmless.get(name, {}))
            score = likeness[name] + _fit(spec, filled) - UNUSED * against
            if before is not None and name == before.tool and against < 1:
                score += self._continued(mentions, leans=leans)
            arguments, carried = _carry(spec, filled, before, leans) if before else (filled.arguments, ())
            slots = slots_of(spec)
            kinds = {slot.kind for slot in slots.values()}
            if name in alike.implied and not mentions.of("metric"):
                arguments |= {argument: list(alike.implied[name]) for argument in _of_kind(slots, "metrics")}
            # Guidelines are searched with the question as it was asked.
            arguments |= {argument: said.strip() for argument in filled.arguments if slots[argument].kind == "text"}
            measures = "metrics" in kinds
            unknown = () if "text" in kinds else tuple(strangers(text, mentions, index.known, measures=measures))
            score -= STRANGE * len(unknown)
            readings.append(Reading(name, 1.0 if forced else score, arguments, carried, filled.left, unknown))
        if forced is None:
            plain = [intent for intent in load_intents() if intent.plain(said) or intent.plain(text)]
            if plain:
                return [Reading(plain[0].name, 1.0, intent=plain[0])]
            readings += [self._of_intent(intent, likeness, mentions) for intent in load_intents()]
            readings = self._with_relevance(_unnamed(text, mentions), readings)
        return sorted((r for r in readings if r.score > 0), key=lambda reading: -reading.score)

    def _with_relevance(self, text: str, readings: list[Reading]) -> list[Reading]:
        """In doubt, ask the guidelines themselves whether they speak of it: a voice for tools that take free text."""
        best, second = sorted((reading.score for reading in readings), reverse=True)[:2]
        if best >= SURE and best - second >= 2 * MARGIN:
            return readings
        voice = RELEVANCE * (self._relevance(text) - RELEVANT)
        free = {name for name, spec in self.specs.items() if any(s.kind == "text" for s in slots_of(spec).values())}
        return [replace(r, score=r.score + voice) if r.name in free else r for r in readings]

    def _of_intent(self, intent: Intent, likeness: Mapping[str, float], mentions: Mentions) -> Reading:
        """Names speak against an intent that is about nothing here; a refusal may well name things."""
        against = 0.0 if intent.say in NAMING else UNUSED * min(2, len(_places(mentions)))
        return Reading(intent.name, likeness[intent.name] - against, intent=intent)

    def _continued(self, mentions: Mentions, *, leans: bool) -> float:
        """What speaks for the tool of the query before."""
        if leans:
            return FRAGMENT_BEFORE if self._fragment(mentions) else BEFORE
        return 0.0 if mentions.of("model", "version", "family", "dataset", "labels") else CONTINUES

    def _leans(self, text: str, mentions: Mentions) -> bool:
        """Whether a question leans on the one before: it says so, or it is a fragment, nothing but a few mentions."""
        content = [word for word in mentions.rest if word not in STOPWORDS]
        return self._fragment(mentions) or (bool(_LEANS.search(text)) and len(content) <= 4)

    def _fragment(self, mentions: Mentions) -> bool:
        """Nothing but a few mentions, and the words that hold them together."""
        content = [word for word in mentions.rest if word not in STOPWORDS and word not in _HOLDING]
        whole = bool(mentions.of("metric") and mentions.of("model", "version"))  # says what of whom: needs no other
        return not content and len(mentions.rest) <= FRAGMENT and not whole

    def _forced(self, text: str) -> tuple[str | None, str]:
        """`topic: question`, as the buttons of an offered reading send it."""
        for name, spec in self.specs.items():
            if text.lower().startswith(f"{spec.topic.lower()}:"):
                return name, text[len(spec.topic) + 1 :].strip()
        return None, text

    def mentions(self, text: str) -> Mentions:
        """What a text mentions."""
        return find_mentions(to_english(text), self._current().vocabulary)

    def nearest(self, phrase: str) -> tuple[str, ...]:
        """Registered names alike to a stranger, best first; none when nothing is."""
        catalog = self._catalog()
        values = {value for entry in catalog.datasets for options in entry.dimensions.values() for value in options}
        names = [m.label for m in catalog.models] + [d.label for d in catalog.datasets]
        found = process.extract(
            phrase, [*names, *sorted(values), *MEASURES], scorer=fuzz.ratio, score_cutoff=ALIKE, limit=5
        )
        return tuple(name for name, _, _ in found)

    def known(self) -> str:
        """What can be named, in one sentence, for a stranger that is like nothing."""
        catalog = self._catalog()
        models = ", ".join(dict.fromkeys(m.name for m in catalog.models))
        datasets = ", ".join(dict.fromkeys(d.name for d in catalog.datasets))
        dimensions = ", ".join(dict.fromkeys(name for d in catalog.datasets for name in d.dimensions))
        return (
            f"I know the models {models}, the datasets {datasets}, slices by {dimensions}, and the metrics"
            f" {', '.join(MEASURES)}."
        )

    def warm(self) -> None:
        """Build the indexes now rather than at the first question."""
        self._current()

    def _current(self) -> Index:
        """The index for the catalogue as it is now."""
        catalog = self._catalog()
        if self.index is None or (self.index.catalog != catalog and not self._fixed):
            self.index = build_index(list(self.specs.values()), catalog, self._embedder(), self._cache)
        return self.index


def _unused(filled: Filled, harmless: Mapping[str, float]) -> float:
    """How many kinds of mention the tool has no use for; “k of n” is one, a second model counts for more."""
    kinds = {"n" if kind == "k" else kind for kind in filled.unused}
    return sum((SECOND if kind.startswith("another") else 1) * (1 - harmless.get(kind, 0)) for kind in kinds)


def _fit(spec: ToolSpec[Any], filled: Filled) -> float:
    """What fills an argument speaks for a tool; what it lacks, against it."""
    slots = slots_of(spec)
    used = sum(1 for name in filled.arguments if slots[name].kind != "text")
    against = MISSING * len(filled.missing)
    if is_calculation(slots) and not filled.numbers:
        against += NUMBERLESS
    return USED * min(MOST, used) - against


def _unnamed(text: str, mentions: Mentions) -> str:
    """The text without its names: every guideline is near to “golden”. What a policy is called stays."""
    out, at = [], 0
    for mention in mentions.names:
        if mention.kind != "family" and mention.start >= at:
            out.append(text[at : mention.start])
            at = mention.end
    return " ".join("".join([*out, text[at:]]).split())


def _of_kind(slots: Mapping[str, Slot], kind: str) -> list[str]:
    return [name for name, slot in slots.items() if slot.kind == kind]


def _places(mentions: Mentions) -> set[int]:
    return {mention.start for mention in mentions.names}


def _carry(spec: ToolSpec[Any], filled: Filled, before: Before, leans: bool) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Complete arguments from the thread's last query; what was taken over is named, to be printed.

    A question that leans on the one before takes over all it does not say anew (filters are merged by dimension). Any
    other takes over only the model and the dataset, the subject of the conversation.
    """
    slots = slots_of(spec)
    arguments, carried = dict(filled.arguments), []
    said = {slots[name].group for name in filled.arguments}
    # A calculation has no subject to begin anew with: what is not said again stays.
    counting = not any(slot.kind in ("model", "dataset", "labels", "text", "subject") for slot in slots.values())
    for name, slot in slots.items():
        old = before.query.get(name)
        if not old or slot.kind in ("text", "subject", "limit"):
            continue
        if slot.group and slot.group in said:
            continue
        if not leans and slot.kind not in ("model", "dataset") and not (counting and before.tool == spec.name):
            continue
        if slot.kind not in ("model", "dataset", "metrics", "filters", "dimensions") and before.tool != spec.name:
            continue  # a number means in another tool something else
        if slot.kind == "baseline" and (before.tool != spec.name or "model" in filled.arguments):
            continue
        if slot.kind == "filters":
            new = arguments.get(name, {})
            merged = {**old, **new}
            if merged != new:
                arguments[name] = merged
                carried += [value for key, values in old.items() if key not in new for value in values]
        elif name not in arguments:
            arguments[name] = old
            carried += [str(part) for part in (old if isinstance(old, list) else [old])]
    groups, filters = arguments.get("group_by"), arguments.get("filters", {})
    if groups and "group_by" not in filled.arguments:
        arguments["group_by"] = [name for name in groups if name not in filters]
        carried = [part for part in carried if part not in groups or part in arguments["group_by"]]
    return arguments, tuple(dict.fromkeys(carried))

"""Vocabulary: every phrase that names something, and what it names. Built from the catalogue, never typed in here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from bot.agent.understanding.words import words_of
from tools.catalog import Catalog
from tools.dimension_values import DIMENSIONS, spoken_forms
from tools.measures import MEASURES

Kind = Literal["model", "version", "family", "dataset", "labels", "metric", "dimension", "value"]

_ALSO_WORDS = {"may", "march", "mar"}  # months that are words first
_ALIASES = {
    "prod": ("production", "in production", "live model", "live version", "live one", "current model", "deployed model",
             "deployed version", "what is live", "have live", "is live"),
    "candidate": ("release candidate", "new model", "newest model", "latest model", "challenger"),
    "previous": ("old model", "former version", "former model"),
}  # fmt: skip
_ALSO_VERBS = {"none", "flagged", "reported"}  # words first: values only beside their dimension
_KIND_WORDS = {
    "train": ("training data", "training set", "train set", "train data", "training", "training examples", "trainset"),
    "golden": ("golden set", "gold set", "golden data", "goldens"),
    "suite": (),
}


@dataclass(frozen=True)
class Meaning:
    """What a phrase names: `value` canonical; `group` is a value's dimension or a model version's name."""

    kind: Kind
    value: str
    group: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """Phrase (words joined by one space) -> what it may mean."""

    phrases: dict[str, tuple[Meaning, ...]] = field(default_factory=dict)

    def exact(self, phrase: str) -> tuple[Meaning, ...]:
        """The meanings of a phrase as written."""
        return self.phrases.get(phrase, ())

    def fuzzy_phrases(self, words: int) -> list[str]:
        """Phrases of so many words that a typo may be compared with: none with digits, none very short."""
        return self._by_length.get(words, [])

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        lengths: dict[int, list[str]] = {}
        for phrase in self.phrases:
            if len(phrase) >= 5 and not any(character.isdigit() for character in phrase):
                lengths.setdefault(len(phrase.split()), []).append(phrase)
        return lengths


def build_vocabulary(catalog: Catalog) -> Vocabulary:
    """The vocabulary of a catalogue, with the metrics and the spoken forms of dimensions and values."""
    phrases: dict[str, list[Meaning]] = {}

    def add(phrase: str, meaning: Meaning) -> None:
        key = " ".join(word.text for word in words_of(phrase))
        known = phrases.setdefault(key, [])
        if key and meaning not in known:
            known.append(meaning)

    for model in catalog.models:
        for version in (model.version, *model.aliases):
            add(f"{model.name} {version}", Meaning("model", model.label, model.name))
            add(f"{model.name}@{version}", Meaning("model", model.label, model.name))
            add(version, Meaning("version", model.label, model.name))
        for alias in model.aliases:
            for form in _ALIASES.get(alias, ()):
                add(form, Meaning("version", model.label, model.name))
        for name in _family_words(model.name, model.policy):
            add(name, Meaning("family", model.name, model.policy))
    newest: dict[str, tuple[date, str]] = {}
    for entry in catalog.datasets:
        for form in _dataset_forms(entry.name, entry.version, entry.kind):
            add(form, Meaning("dataset", entry.label))
        newest[entry.name] = max(newest.get(entry.name, (date.min, "")), (entry.as_of, entry.label))
        for form in (entry.name, f"{entry.name} set", f"{entry.name} suite", *_KIND_WORDS.get(entry.kind, ())):
            phrases.pop(" ".join(word.text for word in words_of(form)), None)
    for entry in catalog.datasets:
        label = newest[entry.name][1]
        for form in (entry.name, f"{entry.name} set", f"{entry.name} suite", *_KIND_WORDS.get(entry.kind, ())):
            add(form, Meaning("dataset", label, "newest"))
    for labels in catalog.label_sets:
        for form in (labels.label, f"{labels.name}@{labels.version}", labels.name):
            add(form, Meaning("labels", labels.label))
    for measure in MEASURES.values():
        for form in (measure.name, measure.name.replace("_", " "), measure.title, *measure.also):
            add(form, Meaning("metric", measure.name))
    dimensions = {dimension for dimension, _ in _values(catalog)}
    for name in sorted(dimensions):
        for form in (name, f"{name}s", *DIMENSIONS.get(name, ())):
            if form not in phrases:
                add(form, Meaning("dimension", name))
    for dimension, value in _values(catalog):
        for form in spoken_forms(dimension, value):
            if form in phrases and any(m.kind == "family" for m in phrases[form]):
                continue  # a policy's name is known as its model's family
            for said in (f"{dimension} {form}", f"{form} {dimension}") if form in _ALSO_VERBS else (form,):
                add(said, Meaning("value", value, dimension))
    return Vocabulary({phrase: tuple(meanings) for phrase, meanings in phrases.items() if phrase})


def _values(catalog: Catalog) -> Iterable[tuple[str, str]]:
    held = [entry.dimensions for entry in catalog.datasets] + [entry.dimensions for entry in catalog.label_sets]
    pairs = {(name, value) for dimensions in held for name, values in dimensions.items() for value in values}
    return sorted(pairs)


def _family_words(name: str, policy: str) -> list[str]:
    plain = [name, name.replace("-", " "), policy, policy.replace("-", " "), *name.split("-")[:1]]
    return list(dict.fromkeys(form for form in (*plain, f"{name.split('-')[0]}s") if len(form) > 3))


def _dataset_forms(name: str, version: str, kind: str) -> list[str]:
    forms = [
        f"{name} {version}",
        f"{name}@{version}",
        f"{name} v{version}",
        f"{name} set {version}",
        f"{name} suite {version}",
    ]
    try:
        when = date.fromisoformat(f"{version}-01")
    except ValueError:
        return [*forms, *([version] if len(version) > 4 else [])]
    months = (when.strftime("%B").lower(), when.strftime("%b").lower())
    for month in months:
        forms += [
            f"{month} {name}",
            f"{name} {month}",
            f"{month} {name} set",
            f"{name} set {month}",
            f"{name} of {month}",
        ]
        forms += [f"{name} from {month}", f"{month} {kind}", f"{month} one", f"{name} set from {month}"]
        forms += [] if month in _ALSO_WORDS else [month]
    return [*forms, version]

"""Filling a tool's arguments from what a question mentions. Knows kinds of slots, never tools."""

import re
from dataclasses import dataclass
from typing import Any, cast

from bot.agent.understanding.mentions import Mention, Mentions
from tools.arguments import Slot
from tools.catalog import Catalog, ModelEntry
from tools.spec import ToolSpec

_NEWER_SECOND = re.compile(r"\b(?:from|between)\b|[-=]>|→", re.IGNORECASE)
_AGAINST = re.compile(r"\b(?:against|vs\.?|versus|than|compared (?:to|with))\s+(?:the\s+)?$", re.IGNORECASE)
_SLOT_KINDS = {
    "model": {"model", "version", "family"},
    "baseline": {"model", "version"},
    "dataset": {"dataset"},
    "metrics": {"metric"},
    "filters": {"value"},
    "dimensions": {"dimension"},
    "subject": {"model", "version", "family", "dataset", "metric", "dimension"},
    "text": set[str](),
    "threshold": {"threshold"},
    "support": {"support"},
    "limit": {"limit"},
}


@dataclass(frozen=True)
class Filled:
    """Arguments for one tool, and which kinds of mention it could not use."""

    arguments: dict[str, Any]
    unused: tuple[str, ...]
    missing: tuple[str, ...]


def slots_of(spec: ToolSpec[Any]) -> dict[str, Slot]:
    """Argument name -> slot, from the annotations of the tool's argument model."""
    found = {}
    for name, field in spec.arguments.model_fields.items():
        slot = next((meta for meta in field.metadata if isinstance(meta, Slot)), None)
        if slot:
            found[name] = slot
    return found


def fill(spec: ToolSpec[Any], text: str, mentions: Mentions, catalog: Catalog, family: str = "") -> Filled:
    """Fill the slots of a tool; `family` is the model name the thread is about, for versions that several have."""
    slots = slots_of(spec)
    kinds = {slot.kind: name for name, slot in slots.items()}
    arguments: dict[str, Any] = {}
    models = _models(mentions, catalog, family)
    if "baseline" in kinds and len(models) > 1:
        first, second = models[0], models[1]
        if _NEWER_SECOND.search(text) and second.released > first.released:
            first, second = second, first
        arguments[kinds["model"]], arguments[kinds["baseline"]] = first.label, second.label
    elif "baseline" in kinds and models and _AGAINST.search(text[: mentions.of("model", "version")[0].start]):
        arguments[kinds["baseline"]] = models[0].label
    elif "model" in kinds and models:
        arguments[kinds["model"]] = models[0].label
    elif "model" in kinds and (named := mentions.of("family")):
        arguments[kinds["model"]] = named[0].value
    if "dataset" in kinds and (datasets := mentions.of("dataset")):
        arguments[kinds["dataset"]] = max(datasets, key=lambda mention: mention.group != "newest").value
    if "metrics" in kinds and (metrics := mentions.of("metric")):
        arguments[kinds["metrics"]] = list(dict.fromkeys(mention.value for mention in metrics))
    values = _values(mentions)
    if "filters" in kinds:
        filters: dict[str, list[str]] = {}
        for mention in values:
            filters.setdefault(mention.group, []).append(mention.value)
        if "model" not in kinds and (named := mentions.of("family")) and "policy" not in filters:
            filters["policy"] = [named[0].group]
        if filters:
            arguments[kinds["filters"]] = {name: sorted(set(found)) for name, found in sorted(filters.items())}
    if "dimensions" in kinds and (grouped := _dimensions(mentions, values)):
        arguments[kinds["dimensions"]] = grouped[:2]
    for kind in ("threshold", "support", "limit"):
        number = mentions.number(cast(Any, kind))
        if kind in kinds and number is not None:
            arguments[kinds[kind]] = number if kind == "threshold" else int(number)
    if "subject" in kinds and (subject := _subject(mentions, models)):
        arguments[kinds["subject"]] = subject
    if "text" in kinds:
        arguments[kinds["text"]] = text.strip()
    usable = set().union(*(_SLOT_KINDS[slot.kind] for slot in slots.values()))
    if "filters" in kinds:
        usable |= {"family", "value"}
    present = {mention.kind for mention in mentions.names} | {number.kind for number in mentions.numbers}
    unused: list[str] = sorted(present - usable)
    if len(models) > 1 and "baseline" not in kinds:
        unused.append("second model")
    missing = [name for name, slot in slots.items() if slot.needed and name not in arguments]
    return Filled(arguments, tuple(unused), tuple(missing))


def _models(mentions: Mentions, catalog: Catalog, family: str) -> list[ModelEntry]:
    """Model versions in the order mentioned; a bare version is of the model beside it, or the thread's."""
    labels = {model.label: model for model in catalog.models}
    named = [m.value for m in mentions.of("family")] + [m.group for m in mentions.of("model")]
    versions = mentions.of("model", "version")
    by_place: dict[int, list[Mention]] = {}
    for mention in versions:
        by_place.setdefault(mention.start, []).append(mention)
    sure = {group[0].group for group in by_place.values() if len({m.group for m in group}) == 1}
    found: list[ModelEntry] = []
    for _, group in sorted(by_place.items()):
        options = group
        for hint in (set(named), sure, {family}):
            narrowed = [mention for mention in options if mention.group in hint]
            if narrowed:
                options = narrowed
                break
        if len({mention.value for mention in options}) == 1 and labels[options[0].value] not in found:
            found.append(labels[options[0].value])
    return found


def _values(mentions: Mentions) -> list[Mention]:
    """One value a place; where a phrase is a value of several dimensions, the one whose dimension is mentioned."""
    named = {mention.value for mention in mentions.of("dimension")}
    chosen: dict[int, Mention] = {}
    for mention in mentions.of("value"):
        if mention.start not in chosen or mention.group in named:
            chosen[mention.start] = mention
    return list(chosen.values())


def _dimensions(mentions: Mentions, values: list[Mention]) -> list[str]:
    """Dimensions to group by: those mentioned, but not the word beside its own value ("language es")."""
    beside = {
        mention.value
        for mention in mentions.of("dimension")
        for value in values
        if value.group == mention.value and min(abs(value.start - mention.end), abs(mention.start - value.end)) <= 2
    }
    return list(dict.fromkeys(m.value for m in mentions.of("dimension") if m.value not in beside))


def _subject(mentions: Mentions, models: list[ModelEntry]) -> str:
    if models:
        return models[0].label
    for kind in ("dataset", "metric", "dimension"):
        found = mentions.of(kind)
        if found:
            return found[0].value
    family = mentions.of("family")
    return family[0].value if family else ""

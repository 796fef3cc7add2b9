"""Versions: the model versions that a question means, by name or as “the one before”, and what is held against what."""

import re
from collections.abc import Mapping
from typing import Any

from bot.agent.understanding.mentions import Mention, Mentions
from tools.catalog import Catalog, ModelEntry

# “v6 with prod”, “v6 against v7” say which is looked at first; “from v6 to v7”, “v6 and v7” leave it to the dates.
_IN_ORDER = re.compile(
    r"\b(?:against|vs\.?|versus|than|with|over|better|worse|or)\b|\bw/|\bcompared? to\b", re.IGNORECASE
)
_AGAINST = re.compile(
    r"\b(?:against|vs\.?|versus|than|to|(?:compared? |comparison )(?:to|with))\s+(?:the\s+)?$", re.IGNORECASE
)
_BEFORE = re.compile(r"\b(?:one|version|release|model) before(?: (?:that|it|this))?\b|\bpredecessor\b", re.IGNORECASE)
_PREVIOUS = re.compile(
    r"\bprevious(?: (?:one|version|release|model))?\b", re.IGNORECASE
)  # beside a version: the one before it


def named_models(
    text: str, mentions: Mentions, catalog: Catalog, thread: Mapping[str, Any] | None = None
) -> list[tuple[ModelEntry, int]]:
    """The versions that a question means, with their places, in order; a bare version is of the family beside it.

    Args:
        thread: the query before; “the one before that” and versions that several families have are of its model.
    """
    labels = {model.label: model for model in catalog.models}
    old = [labels[label] for name in ("baseline", "model") if thread and (label := thread.get(name)) in labels]
    found = _by_name(mentions, labels, old[-1].name if old else "")
    relative = _BEFORE.search(text) or _PREVIOUS.search(text)
    if relative is None:
        return found
    start, end = relative.span()
    beside = [(model, place) for model, place in found if not start <= place < end]
    if not beside and relative.re is _PREVIOUS:
        return found  # by itself it is an alias
    found = beside
    anchor = next((model for model, place in reversed(found) if place < start), found[0][0] if found else None)
    anchor = anchor or (old[0] if old else None)
    earlier = _earlier(anchor, catalog) if anchor else None
    return sorted([*found, (earlier, start)], key=lambda pair: pair[1]) if earlier else found


def held_against(
    text: str, named: list[tuple[ModelEntry, int]], catalog: Catalog, before: Mapping[str, Any] | None
) -> tuple[str | None, str | None]:
    """The version looked at and the one it is held against, as labels; None where the question says nothing of it.

    Args:
        before: the comparison that the question leans on. Of one version named anew, an earlier one than the version
            looked at takes the other's place, a later one its own.
    """
    if len(named) > 1:
        (first, start), (second, end) = named[:2]
        if not _IN_ORDER.search(text[start:end]) and second.released > first.released:
            first, second = second, first
        return first.label, second.label
    if not named:
        return None, None
    model, place = named[0]
    if _AGAINST.search(text[:place]):
        return None, model.label
    labels = {entry.label: entry for entry in catalog.models}
    old = labels.get(str((before or {}).get("model")))
    other = labels.get(str((before or {}).get("baseline")))
    if old is None or other is None or old.name != model.name or model is old:
        return model.label, None
    return (old.label, model.label) if model.released < old.released else (model.label, other.label)


def _by_name(mentions: Mentions, labels: Mapping[str, ModelEntry], family: str) -> list[tuple[ModelEntry, int]]:
    named = [m.value for m in mentions.of("family")] + [m.group for m in mentions.of("model")]
    by_place: dict[int, list[Mention]] = {}
    for mention in mentions.of("model", "version"):
        by_place.setdefault(mention.start, []).append(mention)
    sure = {group[0].group for group in by_place.values() if len({m.group for m in group}) == 1}
    found: dict[str, tuple[ModelEntry, int]] = {}
    for place, group in sorted(by_place.items()):
        options = group
        for hint in (set(named), sure, {family}):
            narrowed = [mention for mention in options if mention.group in hint]
            if narrowed:
                options = narrowed
                break
        if len({mention.value for mention in options}) == 1:
            found.setdefault(options[0].value, (labels[options[0].value], place))
    return list(found.values())


def _earlier(model: ModelEntry, catalog: Catalog) -> ModelEntry | None:
    older = [entry for entry in catalog.models if entry.name == model.name and entry.released < model.released]
    return max(older, key=lambda entry: entry.released, default=None)

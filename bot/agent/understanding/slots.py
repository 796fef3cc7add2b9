"""Filling a tool's arguments from what a question mentions. Knows kinds of slots, never tools."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import Any

from bot.agent.understanding.mentions import Mention, Mentions
from bot.agent.understanding.numbers import BARE, EDITION, Number
from bot.agent.understanding.versions import held_against, named_models
from tools.arguments import Slot
from tools.catalog import Catalog, ModelEntry
from tools.spec import ToolSpec

_SLOT_KINDS = {
    "model": {"model", "version", "family"},
    "baseline": {"model", "version"},
    "dataset": {"dataset"},
    "other dataset": {"dataset"},
    "labels": {"labels"},
    "metrics": {"metric"},
    "filters": {"value"},
    "dimensions": {"dimension"},
    "subject": {"model", "version", "family", "dataset", "metric", "dimension"},
}
# What may fill a number, the surest first; a number says its own kind unless another is named here.
_NUMBER_KINDS = {
    "prevalence": ("prevalence", "percent"),
    "max_fpr": ("max_fpr", "percent"),
    "rate": ("rate", "min_recall", "min_precision", "target", "threshold", "max_fpr"),
    "half_width": ("half_width", "points"),
    "difference": ("difference", "points"),
    "target": ("target", "min_recall", "min_precision", "percent", "rate", "threshold"),
    "items": ("items", "sample"),
    "lot": ("lot", "items"),
    "sample": ("sample", "n"),
    "defects": ("defects", "k"),
}
_NUMBERS = frozenset(
    """
    threshold support limit prevalence max_fpr min_precision min_recall reviews_per_day volume cost_ratio rate
    half_width difference items lot aql ltpd sample defects severe k n other_k other_n target
    """.split()  # noqa: SIM905
)
_RATES = {
    "prevalence",
    "max_fpr",
    "min_precision",
    "min_recall",
    "rate",
    "half_width",
    "difference",
    "aql",
    "ltpd",
    "target",
}
_LOOSE = (
    "percent",
    "points",
    BARE,
    EDITION,
    "threshold",
    "rate",
)  # what a follow-up says without saying what it is: "and 90?"


@dataclass(frozen=True)
class Filled:
    """Arguments for one tool, and which kinds of mention it could not use.

    `left` names the models, datasets and label sets of the question that are not among the arguments.
    """

    arguments: dict[str, Any]
    unused: tuple[str, ...]
    missing: tuple[str, ...]
    left: tuple[str, ...] = ()

    @property
    def numbers(self) -> bool:
        """Whether a number fills an argument."""
        return any(isinstance(value, int | float) for value in self.arguments.values())


def slots_of(spec: ToolSpec[Any]) -> dict[str, Slot]:
    """Argument name -> slot, from the annotations of the tool's argument model."""
    found = {}
    for name, field in spec.arguments.model_fields.items():
        slot = next((meta for meta in field.metadata if isinstance(meta, Slot)), None)
        if slot:
            found[name] = slot
    return found


def fill(
    spec: ToolSpec[Any],
    text: str,
    mentions: Mentions,
    catalog: Catalog,
    thread: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
) -> Filled:
    """Fill the slots of a tool.

    Args:
        thread: the query before, of whatever tool: what the conversation is about.
        before: the same where the question leans on it and the tool is the same; a loose number is what a number there
            was.
    """
    slots = slots_of(spec)
    kinds = {slot.kind: name for name, slot in slots.items()}
    arguments: dict[str, Any] = {}
    placed = named_models(text, mentions, catalog, thread)
    models = [model for model, _ in placed]
    if "baseline" in kinds and models:
        sides = zip((kinds["model"], kinds["baseline"]), held_against(text, placed, catalog, before), strict=True)
        arguments |= {name: label for name, label in sides if label}
    elif "model" in kinds and models:
        arguments[kinds["model"]] = models[0].label
    elif "model" in kinds and (named := mentions.of("family")):
        arguments[kinds["model"]] = named[0].value
    datasets = list(dict.fromkeys(mention.value for mention in mentions.of("dataset")))
    if "other dataset" in kinds and len(datasets) > 1:
        arguments[kinds["dataset"]], arguments[kinds["other dataset"]] = datasets[:2]
    elif "dataset" in kinds and datasets:
        arguments[kinds["dataset"]] = max(mentions.of("dataset"), key=lambda mention: mention.group != "newest").value
    if "labels" in kinds and (labels := mentions.of("labels")):
        arguments[kinds["labels"]] = labels[0].value
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
    used = _fill_numbers(slots, mentions, before, arguments)
    if "subject" in kinds and (subject := _subject(mentions, models)):
        arguments[kinds["subject"]] = subject
    if "text" in kinds:
        arguments[kinds["text"]] = text.strip()
    usable = set[str]().union(*(_SLOT_KINDS.get(slot.kind, set()) for slot in slots.values()))
    if "filters" in kinds:
        usable |= {"family", "value"}
    if _RATES & kinds.keys():
        usable |= {"metric"}  # the word is part of what says which number it is: "recall of at least 95 %"
    present = {str(mention.kind) for mention in mentions.names} - usable
    if "text" in kinds:
        usable.add(EDITION)
    open_ = {number.kind for number in mentions.numbers if number not in used} - {BARE, "percent", "points"}
    present |= open_ - usable
    unused: list[str] = sorted(present)
    if len(models) > (2 if "baseline" in kinds else 1):
        unused.append("another model")
    if len(datasets) > 1 and "other dataset" not in kinds:
        unused.append("another dataset")
    if "subject" in kinds and len(_subject_kinds(mentions)) > 1:
        unused.append("another subject")
    missing = [name for name, slot in slots.items() if slot.needed and name not in arguments]
    given = [model.label for model in models] + _chosen(mentions) + [m.value for m in mentions.of("labels")]
    left = [name for name in dict.fromkeys(given) if "text" not in kinds and name not in arguments.values()]
    return Filled(arguments, tuple(unused), tuple(missing), tuple(left))


def is_calculation(slots: Mapping[str, Slot]) -> bool:
    """Whether a tool works on the numbers of the question alone: without one it is hardly meant."""
    kinds = {slot.kind for slot in slots.values()}
    return bool(kinds & _NUMBERS - {"threshold", "support", "limit"}) and not kinds & {"filters", "dataset", "text"}


def _chosen(mentions: Mentions) -> list[str]:
    """The datasets named; the newest of a name only where no version of that name is named beside it."""
    named = mentions.of("dataset")
    sure = {mention.value.split(" ")[0] for mention in named if mention.group != "newest"}
    return [m.value for m in named if m.group != "newest" or m.value.split(" ")[0] not in sure]


def _fill_numbers(
    slots: dict[str, Slot], mentions: Mentions, before: Mapping[str, Any] | None, arguments: dict[str, Any]
) -> list[Number]:
    """Fill the slots that take a number; which numbers were used is returned."""
    used: list[Number] = []
    wanted = {name: slot.kind for name, slot in slots.items() if slot.kind in _NUMBERS}
    old = {name: float(before[name]) for name in wanted if before and before.get(name) not in (None, 0)}
    loose = [number for number in mentions.numbers if number.kind in _LOOSE and number.value > 0]
    if old and len(loose) == 1 and all(number.kind in _LOOSE for number in mentions.numbers):
        number = loose[0]
        fitting = {name: _scaled(number, wanted[name]) for name in old}
        name = min(fitting, key=lambda name: abs(log(fitting[name] / old[name])))
        arguments[name] = _typed(wanted[name], fitting[name])
        return [number]
    for name, kind in wanted.items():
        for accepted in _NUMBER_KINDS.get(kind, (kind,)):
            found = next((n for n in mentions.numbers if n.kind == accepted and n not in used), None)
            if found is not None and not (kind in _RATES and not 0 < found.value < 1):
                arguments[name] = _typed(kind, found.value)
                used.append(found)
                break
    return used


def _scaled(number: Number, kind: str) -> float:
    """A loose number in the unit of its slot: 90 is .9 where a rate is asked for."""
    return number.value / 100 if kind in _RATES and number.value > 1 else number.value


def _typed(kind: str, value: float) -> float | int:
    whole = {"support", "limit", "items", "lot", "sample", "defects", "severe", "k", "n", "other_k", "other_n"}
    return int(value) if kind in whole else value


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


def _subject_kinds(mentions: Mentions) -> set[str]:
    """“The recall of v7” has two subjects, and so is no question about one."""
    one = {"version": "model", "family": "model"}
    return {
        one.get(m.kind, m.kind) for m in mentions.of("model", "version", "family", "dataset", "metric", "dimension")
    }


def _subject(mentions: Mentions, models: list[ModelEntry]) -> str:
    if models:
        return models[0].label
    for kind in ("dataset", "metric", "dimension"):
        found = mentions.of(kind)
        if found:
            return found[0].value
    family = mentions.of("family")
    return family[0].value if family else ""

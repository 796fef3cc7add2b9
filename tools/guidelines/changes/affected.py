"""Affected: the answer to “which datasets does that touch”: what was made under an older text, as a table."""

from collections.abc import Sequence

from knowledge.changes import DocumentChange
from tools.guidelines.changes.asker import NAME, Asker
from tools.guidelines.changes.consequences import NOT_KEPT, in_words, joined, touches
from tools.guidelines.changes.report import compared, versions
from tools.guidelines.changes.touched import Set
from tools.guidelines.citing import cite
from tools.results import Column, Result
from tools.stats.formats import count

_COLUMNS = (
    Column(key="kind", label="kind"),
    Column(key="name", label="name"),
    Column(key="guideline", label="guideline"),
    Column(key="gold", label="gold"),
    Column(key="items", label="items", unit="count"),
    Column(key="older_than", label="older than"),
)


def affected(found: Sequence[DocumentChange], asker: Asker) -> Result:
    """The sets and models of the area whose guideline version is older than the release with the new text."""
    touched = touches(found, asker)
    sets: dict[Set, list[str]] = {}
    for one in touched:
        for item in one.sets:
            sets.setdefault(item, []).append(f"{one.change.edition.title} {one.change.edition.version}")
    titles = joined([versions(one) for one in found])
    if sets:
        head = f"**{_kinds(list(sets))} made under an older text than {titles}.**"
    else:
        head = f"**None that is known: nothing registered was made under an older text than {titles}.**"
    return Result(
        tool=NAME,
        headline=head,
        columns=_COLUMNS if sets else (),
        rows=tuple(
            {
                "kind": item.kind,
                "name": item.name,
                "guideline": item.guideline_version,
                "gold": item.gold_version or None,
                "items": item.items,
                "older_than": ", ".join(titles),
            }
            for item, titles in sets.items()
        ),
        citations=tuple(cite(one.notes) for one in found if one.notes),
        caveats=(
            *in_words(touched, names=False),
            f"Which items change their label is not known from here. {NOT_KEPT}",
            *map(compared, found),
        ),
        query=asker.query,
        suggestions=tuple(f"what changed in {one.edition.title} {one.edition.version}?" for one in found[:1]),
    )


def _kinds(sets: Sequence[Set]) -> str:
    """`3 datasets, 1 label set and 4 models`."""
    parts = []
    for kind in dict.fromkeys(one.kind for one in sets):
        n = sum(one.kind == kind for one in sets)
        parts.append(f"{count(n)} {kind}{'' if n == 1 else 's'}")
    return f"{joined(parts)} {'was' if len(sets) == 1 else 'were'}"

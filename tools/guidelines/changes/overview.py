"""Overview: how many sections changed, the gravest word by word, all as a table, and what follows from it."""

from collections.abc import Sequence
from datetime import date

from knowledge.changes import DocumentChange
from tools.catalog import short
from tools.guidelines.changes.asker import NAME, Asker
from tools.guidelines.changes.consequences import NOT_KEPT, by_rule, in_words, joined, rule_changed, touches
from tools.guidelines.changes.entries import Entry, clause
from tools.guidelines.changes.focus import Focus
from tools.guidelines.changes.report import (
    COLUMNS,
    SHOWN,
    compared,
    counted,
    doubts,
    firsts,
    gravest,
    period,
    row,
    ruled,
    standing,
    versions,
    word_by_word,
)
from tools.guidelines.changes.wanted import Wanted
from tools.guidelines.citing import cite
from tools.results import Citation, Result
from tools.stats.formats import count


def overview(read: Wanted, focus: Focus, found: Sequence[DocumentChange], asker: Asker) -> Result:
    """The answer for all that changed, or for the sections that the question is about."""
    steps = [one for one in found if one.before is not None and one.before is not one.after]
    told = [one for one in steps if any(entry.change is one for entry in focus.entries)] if focus.narrowed else steps
    several = len(told) > 1
    rules = rule_changed([one for one in focus.entries if one.readable])
    rule = by_rule(asker.knowledge, asker.roles, asker.today) if rules else None
    head = _of_sections(focus.entries) if focus.narrowed else _of_all(read, focus.entries, steps, asker.today)
    shown = word_by_word(focus.entries, several=several)
    missed = f"No changed section speaks of “{short(focus.missed)}”; this is all that changed."
    return Result(
        tool=NAME,
        headline=f"{head}\n\n{shown}" if shown else head,
        columns=COLUMNS[several] if not focus.narrowed or len(focus.entries) > SHOWN else (),
        rows=tuple(row(one) for one in focus.entries),
        citations=(*_cited(focus.entries), *((rule,) if rule else ())),
        caveats=(
            *((missed,) if focus.missed else ()),
            *doubts(focus.entries, told, whole=not focus.narrowed),
            *in_words(touches(rules, asker)),
            *((NOT_KEPT,) if rules else ()),
            *firsts(found),
            *_coming(told, asker),
            *map(compared, told),
        ),
        query=asker.query,
        suggestions=_suggestions(told, narrowed=focus.narrowed),
    )


def _of_sections(found: Sequence[Entry]) -> str:
    """`Yes: Bullying, section 3.4 …: changed in 4.3, in force since …; rule change, by its author.`"""
    if len(found) > 1:
        editions = {one.change.edition.id: one.change.edition for one in found}.values()
        where = joined([f"{one.title} {one.version} ({standing(one)})" for one in editions])
        return f"**Yes: {counted(found)}** in {where}. {ruled(found)}"
    one = found[0]
    edition = one.change.edition
    where = f"{edition.title}, section {one.name}"
    given = one.given if one.readable else "restricted, so its text is not shown"
    return f"**Yes: {where}: {one.kind} in {edition.version}** ({standing(edition)}); {given}."


def _of_all(read: Wanted, found: Sequence[Entry], steps: Sequence[DocumentChange], today: date) -> str:
    if len(steps) == 1:
        change = steps[0]
        edition = change.edition
        since = f"{edition.version} is {standing(edition)}."
        if read.only:
            n = f"{count(len(found)) if found else 'no'} {read.only}{'' if len(found) == 1 else 's'}"
            return f"**{versions(change)}: {n}.** {since}"
        return f"**{versions(change)}: {counted(found)}; {count(change.unchanged)} the same.** {since} {ruled(found)}"
    when = period(read.asked, today) or "in their latest step"
    if not found:
        what = read.only or "changed section"
        return f"**{count(len(steps))} guidelines have a new version {when}, none with a {what}.**"
    names = ", ".join(versions(one) for one in steps)
    documents = f"{count(len(steps))} guidelines changed {when}"
    return f"**{documents}: {names}; {counted(found)}.** {ruled(found)}"


def _cited(found: Sequence[Entry]) -> tuple[Citation, ...]:
    """Both versions of what is shown word by word (R17); of the gravest, the sentence that is new is quoted."""
    cited = []
    for at, one in enumerate(gravest(found)):
        after, before = one.section.after, one.section.before
        cited += [cite(after, clause(one.section) if at == 0 else "")] if after else []
        cited += [cite(before)] if before else []
    return tuple(cited)


def _coming(told: Sequence[DocumentChange], asker: Asker) -> list[str]:
    """A later version that waits to come into force is named."""
    waiting = [
        one
        for change in told
        for one in asker.editions
        if one.id == change.edition.id and one.standing == "not yet in force" and one.version != change.edition.version
    ]
    return [f"{one.title} {one.version} is {standing(one)}." for one in waiting]


def _suggestions(told: Sequence[DocumentChange], *, narrowed: bool) -> tuple[str, ...]:
    titles = list(dict.fromkeys(one.edition.title for one in told))
    whole = tuple(f"what changed in {one.edition.title} {one.edition.version}?" for one in told) if narrowed else ()
    return (*whole[:1], *(f"which datasets are affected by the changes in {title}?" for title in titles[:1]))

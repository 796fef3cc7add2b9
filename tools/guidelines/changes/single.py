"""Single: answers where nothing is compared: a section that stayed, a first version, days in which nothing changed."""

from collections.abc import Sequence
from datetime import date

from knowledge.changes import DocumentChange
from knowledge.search.quotes import LONGEST, sentences, shortened
from tools.guidelines.changes.asker import NAME, Asker
from tools.guidelines.changes.focus import Focus
from tools.guidelines.changes.report import compared, firsts, period, standing, versions
from tools.guidelines.changes.wanted import Wanted
from tools.guidelines.citing import cite, may_read
from tools.results import Result


def unchanged(focus: Focus, found: Sequence[DocumentChange], asker: Asker) -> Result:
    """A section that was asked for reads as before, or there is none of that number."""
    same = focus.same
    if same is None:
        names = ", ".join(versions(one) for one in found)
        return Result(tool=NAME, headline=f"**There is no {focus.missed} in {names}.**", query=asker.query)
    change = next(one for one in found if one.edition.id == same.document_id)
    assert change.before is not None
    both = f"{change.before.version} and {change.edition.version}"
    return Result(
        tool=NAME,
        headline=f"**No: {same.title}, section {same.name} reads the same in {both}.**",
        citations=(cite(same),),
        caveats=(compared(change),),
        query=asker.query,
        suggestions=(f"what changed in {same.title} {change.edition.version}?",),
    )


def standings(read: Wanted, asker: Asker) -> Result:
    """Which version of a document counts, and since when: nothing is compared."""
    held = [one for one in asker.editions if one.id == read.document]
    named = [one for one in held if one.version in (read.asked.before, read.asked.after)]
    first = next((one for one in named or held if named or one.standing == "in force"), held[-1])
    rest = [f"{one.version} is {standing(one)}" for one in reversed(held) if one.version != first.version]
    text = f"**{first.title} {first.version} is {standing(first)}.**"
    return Result(
        tool=NAME,
        headline=f"{text} {'; '.join(rest)}." if rest else f"{text} No other version is held here.",
        query=asker.query,
        suggestions=(f"what changed in {first.title} {first.version}?",),
    )


def alone(read: Wanted, change: DocumentChange, asker: Asker) -> Result:
    """A document of which one version stands alone: no earlier one, the same twice, or no new one in those days."""
    one = change.edition
    others = [other.version for other in asker.editions if other.id == one.id and other.version != one.version]
    held = f" Also held: {', '.join(others)}." if others else " No other version is held here."
    if change.before is None:
        return _first(change, asker)
    if read.asked.since or read.asked.until:
        when = period(read.asked, asker.today)
        text = f"**No: {one.title} has no new version {when}.** {one.version} is {standing(one)}."
    elif read.asked.before and not read.asked.after:
        text = f"**Nothing newer than {one.title} {one.version} ({standing(one)}) is held here.**{held}"
    else:
        text = f"**{one.title} {one.version} was compared with itself: nothing differs.**{held}"
    return Result(tool=NAME, headline=text, query=asker.query)


def nothing(read: Wanted, asker: Asker, found: Sequence[DocumentChange]) -> Result:
    """No document has another version in those days, or any two at all; first versions held are named."""
    dated = [one for one in asker.editions if one.effective and one.effective <= asker.today]
    last = max(dated, key=lambda one: one.effective or date.min, default=None)
    hint = f" The last to come into force: {last.title} {last.version} on {last.effective}." if last else ""
    when = period(read.asked, asker.today)
    if read.upcoming:
        text = "**No new version is waiting to come into force.**"
    elif when:
        text = f"**No guideline changed {when}.**{hint}"
    else:
        text = f"**No guideline is held in two versions, so nothing is compared.**{hint}"
    return Result(tool=NAME, headline=text, caveats=tuple(firsts(found)), query=asker.query)


def _first(change: DocumentChange, asker: Asker) -> Result:
    """The oldest version held: what its author says of its changes is quoted."""
    one, note = change.edition, change.notes
    text = (
        f"**{one.title} {one.version} ({standing(one)}) is the oldest version held here: nothing to compare it with.**"
    )
    if note is None or not may_read(note, asker.roles):
        return Result(tool=NAME, headline=text, query=asker.query)
    quote = ""
    for sentence in sentences(note.text):  # as many whole sentences as a quote may hold
        end = note.text.find(sentence, len(quote)) + len(sentence)
        if quote and end > LONGEST:
            break
        quote = shortened(note.text[:end])
    return Result(
        tool=NAME,
        headline=f"{text} Its author says what it changed:",
        citations=(cite(note, quote),),
        query=asker.query,
    )

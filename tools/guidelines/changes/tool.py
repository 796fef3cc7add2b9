"""`guideline_changes`: what changed between two versions or days of the guidelines, how severe, and whom it touches."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from knowledge import Edition, Knowledge, KnowledgeError, UnknownNameError
from knowledge.changes import DocumentChange
from knowledge.search.languages import GUIDELINE_WORDS, read_lists, to_english
from tools.arguments import Arguments, FreeText, Slot
from tools.errors import ToolError
from tools.guidelines.changes.affected import affected
from tools.guidelines.changes.asker import Asker
from tools.guidelines.changes.entries import entries
from tools.guidelines.changes.examples import EXAMPLES
from tools.guidelines.changes.focus import focus
from tools.guidelines.changes.overview import overview
from tools.guidelines.changes.single import alone, nothing, standings, unchanged
from tools.guidelines.changes.wanted import Given, Wanted, wanted
from tools.results import Result
from tools.spec import ToolSpec
from tools.workspace import Call

METHODS = "playbook"  # the collection of methods: no guideline

# The tool itself reads it from the question; a follow-up takes it over from the question before.
_DOCUMENT = Slot("document")


class GuidelineChanges(Arguments):
    """What changed in the guidelines between two versions or dates, how severe, and what it touches."""

    query: FreeText
    document: Annotated[str | None, _DOCUMENT, Field(description="by title")] = None
    before: Annotated[str | None, Field(description="older version")] = None
    after: Annotated[str | None, Field(description="newer version")] = None
    since: Annotated[date | None, Field(description="day")] = None
    until: Annotated[date | None, Field(description="day")] = None
    section: Annotated[str | None, Field(description="number")] = None
    only: Annotated[Literal["rule change", "clarification", "editorial"] | None, Field(description="class")] = None


def _changes(arguments: GuidelineChanges, call: Call) -> Result:
    if not arguments.query.strip():
        raise ToolError("Which guideline's changes do you want to see, or since when?")
    knowledge, today = call.workspace.knowledge(), call.workspace.now().date()
    try:
        editions = [one for one in knowledge.editions(today=today) if one.collection != METHODS]
        return _answer(arguments, call, knowledge, editions, today)
    except UnknownNameError as error:
        raise ToolError(str(error), tried=error.name, nearest=tuple(error.nearest)) from error
    except KnowledgeError as error:
        raise ToolError(str(error)) from error


def _answer(
    arguments: GuidelineChanges, call: Call, knowledge: Knowledge, editions: Sequence[Edition], today: date
) -> Result:
    def numbers(document: str) -> set[str]:
        held = [one.version for one in editions if one.id == document]
        return {part.number for version in held for part in knowledge.sections(document, version, today)}

    given = Given(**arguments.model_dump(exclude={"query"}))
    english = to_english(arguments.query, read_lists(GUIDELINE_WORDS))
    read = wanted(english, given, editions, numbers, today)
    asked = read.asked
    found = knowledge.changes(read.document or None, asked.before, asked.after, asked.since, asked.until, today)
    found = [one for one in found if one.edition.collection != METHODS]
    asker = Asker(knowledge, editions, today, call, _query(arguments, read, found))
    steps = [one for one in found if one.before is not None and one.before is not one.after]
    if read.standing:
        return standings(read, asker)
    if not steps:
        return alone(read, found[0], asker) if len(found) == 1 and read.document else nothing(read, asker, found)
    if read.touched:
        return affected(steps, asker)
    every = entries(steps, asker.roles)
    told = focus(read, every, steps, knowledge, today)
    if told.narrowed and not told.entries:
        return unchanged(told, steps, asker)
    return overview(read, told, found, asker)


def _query(arguments: GuidelineChanges, read: Wanted, found: Sequence[DocumentChange]) -> dict[str, Any]:
    """The question as it was read, for a follow-up to change; the versions are those of the one document named."""
    one = found[0] if len(found) == 1 and read.document else None
    versions = {
        "before": one.before.version if one and one.before else None,
        "after": one.edition.version if one else None,
    }
    resolved = {
        **versions,
        "query": arguments.query,
        "document": read.document,
        "since": read.asked.since.isoformat() if read.asked.since else None,
        "until": read.asked.until.isoformat() if read.asked.until else None,
        "section": read.section,
        "only": read.only,
    }
    return {name: value for name, value in resolved.items() if value}


GUIDELINE_CHANGES = ToolSpec(
    name="guideline_changes",
    summary="What changed in the guidelines between versions or dates, and which datasets it touches.",
    topic="what changed in the guidelines",
    arguments=GuidelineChanges,
    run=_changes,
    needs="guidelines",
    examples=EXAMPLES,
)

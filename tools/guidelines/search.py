"""`search_guidelines`: the governing section, its rule quoted verbatim, what decides and what would flip it (R17)."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from pydantic import Field

from knowledge import Edition, Found, Hit, Knowledge, KnowledgeError, Passage
from tools.arguments import Arguments, FreeText, Slot
from tools.errors import ToolError
from tools.guidelines.asked import EXAMPLES
from tools.guidelines.citing import cite, may_read
from tools.guidelines.moment import Moment, moment
from tools.guidelines.telling import Told, coming, conflicting, governing, hidden, nearest, replaced_by, surroundings
from tools.guidelines.unanswered import Outcome, record_unanswered
from tools.results import Citation, Result
from tools.spec import ToolSpec
from tools.workspace import Call

SHOWN = 3  # the section that answers, and two more to look at
COMPARED = 5  # sections looked at for a conflict
OTHERS = frozenset({"playbook"})  # collections with a tool of their own


class SearchGuidelines(Arguments):
    """Find what the labeling guidelines and standards say; answers quote the section and name its version."""

    query: FreeText
    about: Annotated[str | None, Slot("scope"), Field(description="document of the thread")] = None
    as_of: Annotated[date | None, Field(description="if not today")] = None


@dataclass(frozen=True)
class _Asked:
    """One question at one time: whom it may show what."""

    query: str
    knowledge: Knowledge
    roles: frozenset[str]
    today: date
    editions: list[Edition]
    moment: Moment

    @property
    def subject(self) -> str:
        """The question without the words that say which version is meant."""
        return self.moment.rest or self.query


def _search(arguments: SearchGuidelines, call: Call) -> Result:
    query, today = arguments.query.strip(), call.workspace.now().date()
    if not query:
        raise ToolError("What should I look up in the guidelines?")
    knowledge = call.workspace.knowledge()
    try:
        editions = knowledge.editions(today=today)
        asked = _Asked(
            query, knowledge, call.caller.roles, today, editions, moment(query, editions, today, arguments.as_of)
        )
        scope = [*call.caller.scope, *([arguments.about] if arguments.about else [])]
        found = _find(asked, scope)
        result = _answer(asked, found)
    except KnowledgeError as error:
        raise ToolError(str(error)) from error
    if not found.answered:
        outcome: Outcome = "low score" if found.likely else "not found"
        names = call.workspace.people() or None
        record_unanswered(call, query, found.hits, outcome, names=names, language=found.asked.language)
    # What is merely nearest is not what the thread is about.
    about = found.hits[0].document_id if found.hits and found.likely else arguments.about
    as_of = asked.moment.day.isoformat() if asked.moment.day else None
    return result.model_copy(update={"query": {"query": query, "about": about, "as_of": as_of}})


def _find(asked: _Asked, scope: list[str]) -> Found:
    day = asked.moment.day or asked.today
    found = asked.knowledge.find(asked.subject, limit=COMPARED, today=day, scope=scope, excluded=OTHERS,
                                 version=asked.moment.version or None)  # fmt: skip
    if asked.moment.kind == "day":
        return _as_of_today(found, asked.editions)
    if asked.moment.kind == "before" and found.hits:
        older = _before(asked, found.hits[0])
        if older and asked.knowledge.section(found.hits[0].section, older.version, asked.today):
            again = asked.knowledge.find(asked.subject, limit=COMPARED, document=older.id, version=older.version,
                                         today=asked.today)  # fmt: skip
            return again if again.hits else found
    return found


def _as_of_today(found: Found, editions: list[Edition]) -> Found:
    """The same hits with the standing they have today: what was in force then may be superseded now (R17)."""
    now = {(one.collection, one.path, one.version): one.standing for one in editions}
    standing = [now.get((hit.collection, hit.document, hit.version), hit.standing) for hit in found.hits]
    hits = [replace(hit, standing=new) for hit, new in zip(found.hits, standing, strict=True)]
    return replace(found, hits=tuple(hits))


def _before(asked: _Asked, hit: Hit) -> Edition | None:
    """The edition before the one of this hit."""
    line = [one for one in asked.editions if (one.collection, one.id) == (hit.collection, hit.document_id)]
    at = next((n for n, one in enumerate(line) if one.version == hit.version), 0)
    return line[at - 1] if at else None


def _answer(asked: _Asked, found: Found) -> Result:
    if not found.hits:
        return Result(tool=TOOL, headline="I don't find that in the guidelines.")
    if not found.likely:
        return Result(
            tool=TOOL,
            headline="**I don't find that in the guidelines.** The nearest sections, likely about something else:\n"
            + nearest(found.hits[:SHOWN]),
            citations=tuple(cite(hit) for hit in found.hits[:SHOWN]),
            caveats=_standing(asked),
        )
    main, others = found.hits[0], found.hits[1:SHOWN]
    readable = may_read(main, asked.roles)
    told = governing(asked.knowledge, main, asked.subject, asked.roles) if readable else hidden(main)
    doubt = "" if found.answered else "**I am not sure that the guidelines say this.** The nearest section:\n"
    clash = conflicting(found.hits[:COMPARED], asked.roles)
    now = _now(asked, main)
    next_ = _next(asked, main)
    parts = [Told(doubt + told.text, told.citations), *([now] if now else []), *([next_] if next_ else []), *clash]
    shown = {citation.section for part in parts for citation in part.citations}
    left = [hit for hit in others if hit.section not in shown]
    return Result(
        tool=TOOL,
        headline="\n\n".join(part.text for part in parts),
        citations=tuple(_unique([c for part in parts for c in part.citations] + [cite(hit) for hit in left])),
        caveats=(
            *((f"Close as well: {'; '.join(cite(hit).line() for hit in left)}.",) if left else ()),
            *([beside] if (beside := surroundings(asked.knowledge, main)) else []),
            *_standing(asked),
            _decision(main),
        ),
        suggestions=_suggestions(asked, main),
    )


def _decision(main: Passage) -> str:
    """An answer is the rule, never a verdict on an item (R5)."""
    owner = f" Unsure? Ask {main.owner}." if main.owner else ""
    return f"This quotes the rule; the item itself is your decision.{owner}"


def _standing(asked: _Asked) -> tuple[str, ...]:
    """Which day's rules these are, where they are not today's."""
    if asked.moment.kind == "day" and asked.moment.day:
        return (f"In force on {asked.moment.day.isoformat()}, the day you asked about, not necessarily today.",)
    return ()


def _now(asked: _Asked, main: Passage) -> Told | None:
    """What holds now, where a superseded version was asked for (R17)."""
    current = asked.knowledge.section(main.section, None, asked.today)
    if current is None or current.version == main.version:
        return None
    return replaced_by(current, main, asked.roles)


def _next(asked: _Asked, main: Passage) -> Told | None:
    """What a version that is not yet in force will say instead."""
    later = [
        one
        for one in asked.editions
        if (one.collection, one.id, one.standing) == (main.collection, main.document_id, "not yet in force")
    ]
    if not later or main.standing == "not yet in force":
        return None
    text = asked.knowledge.section(main.section, later[0].version, asked.today)
    return coming(text, asked.roles) if text and text.text != main.text else None


def _suggestions(asked: _Asked, main: Passage) -> tuple[str, ...]:
    several = sum((one.collection, one.id) == (main.collection, main.document_id) for one in asked.editions) > 1
    return (f"what changed in {main.title}?",) if several else ()


def _unique(citations: list[Citation]) -> list[Citation]:
    """One of each section and version, the quoted one where there are several."""
    best: dict[tuple[str, str], Citation] = {}
    for one in citations:
        key = (one.section, one.version)
        if key not in best or (one.quote and not best[key].quote):
            best[key] = one
    return list(best.values())


TOOL = "search_guidelines"

SEARCH_GUIDELINES = ToolSpec(
    name=TOOL,
    summary="What the labeling guidelines, dataset and QA standards say: the section, quoted, with its version.",
    topic="what a guideline says, with section and version",
    arguments=SearchGuidelines,
    run=_search,
    needs="guidelines",
    examples=EXAMPLES,
)

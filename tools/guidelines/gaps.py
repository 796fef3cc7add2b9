"""`guideline_gaps`: what people ask that the guidelines do not answer, counted by topic; small counts hidden (R8)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from knowledge import KnowledgeError, Passage
from tools.arguments import Arguments
from tools.errors import ToolError
from tools.guidelines.topics import vocabulary
from tools.guidelines.unanswered import KEPT, PEOPLE, forget
from tools.results import Column, Provenance, Result
from tools.spec import Example, ToolSpec
from tools.stats.formats import count
from tools.store.session import reading
from tools.store.tables import GuidelineAsker, GuidelineQuestion, GuidelineWord
from tools.workspace import Call

ROLES = frozenset({"policy", "qa-lead", "admin"})
FLOOR = 5  # a count of people or of what they did is not shown below this (R8)
WORDS_SHOWN = 10


@dataclass(frozen=True)
class Gap:
    """One topic that questions were asked about in vain.

    `section` is the one that came nearest most often, as it is in force now; `words` are candidates for the glossary.
    `questions` and `people` are true counts: show them through `few`.
    """

    topic: str
    questions: int
    people: int
    unclear: int
    since: date
    section_id: str
    section: Passage | None
    words: tuple[str, ...]

    @property
    def owner(self) -> str:
        """Who answers for the nearest section; empty where nobody is named."""
        return self.section.owner if self.section else ""

    @property
    def place(self) -> str:
        """The nearest section with its version."""
        if self.section is None:
            return f"{self.section_id}, no longer in force" if self.section_id else "none"
        return f"{self.section_id} (version {self.section.version})"


def few(n: int) -> str:
    """A count as it may be shown."""
    return count(n) if n >= FLOOR else f"<{FLOOR}"


def gaps(call: Call) -> list[Gap]:
    """The topics of the last 90 days, the most asked first; those below the floor by name, so that order tells nothing.

    Raises:
        ToolError: the guidelines cannot be read; says what to do.
    """
    workspace = call.workspace
    now = workspace.now()
    forget(workspace.engine, now)
    questions: dict[str, list[GuidelineQuestion]] = {}
    words: dict[str, set[str]] = {}
    with reading(workspace.engine) as session:
        for row in session.scalars(select(GuidelineQuestion)):
            questions.setdefault(row.topic, []).append(row)
        asked = select(GuidelineAsker.topic, func.count()).group_by(GuidelineAsker.topic)
        people: dict[str, int] = dict(session.execute(asked).all())
        for seen in session.scalars(select(GuidelineWord).where(GuidelineWord.word.is_not(None))):
            words.setdefault(seen.topic, set()).add(str(seen.word))
    try:
        knowledge = workspace.knowledge()
        known = vocabulary(knowledge, now.date())
        found = []
        for topic, rows in questions.items():
            near = Counter[str]()
            for row in rows:
                near[row.section] += row.n
            nearest = min(near, key=lambda section: (-near[section], section))
            gap = Gap(
                topic=topic,
                questions=near.total(),
                people=people.get(topic, 0),
                unclear=sum(row.n for row in rows if row.outcome == "low score"),
                since=min(row.week for row in rows),
                section_id=nearest,
                section=knowledge.section(nearest, today=now.date()) if nearest else None,
                words=tuple(sorted(word for word in words.get(topic, ()) if not known.knows(word))),
            )
            found.append(gap)
    except KnowledgeError as error:
        raise ToolError(str(error)) from error
    return sorted(found, key=lambda gap: (-gap.questions if gap.questions >= FLOOR else 0, gap.topic))


class GuidelineGaps(Arguments):
    """Everything there is: a filter would show what a small count hides."""


def _gaps(arguments: GuidelineGaps, call: Call) -> Result:
    found = gaps(call)
    as_of = Provenance(as_of=call.workspace.now().date().isoformat())
    if not found:
        return Result(
            tool="guideline_gaps",
            headline=f"No question of the last {KEPT.days} days was left without a section.",
            provenance=(as_of,),
        )
    first = found[0]
    words = sorted({word for gap in found for word in gap.words})
    candidates = (
        f"Words that no section has, each from at least {PEOPLE} people, candidates for the glossary:"
        f" {', '.join(words[:WORDS_SHOWN])}."
    )
    return Result(
        tool="guideline_gaps",
        headline=f"**The guidelines are asked in vain about {_topics(len(found))}**; first {first.topic}:"
        f" {few(first.questions)} questions of {few(first.people)} people since the week of {first.since.isoformat()}.",
        columns=(
            Column(key="topic", label="topic"),
            Column(key="questions", label="questions"),
            Column(key="people", label="people"),
            Column(key="nearest", label="nearest section"),
            Column(key="owner", label="owner"),
            Column(key="since", label="since the week of"),
        ),
        rows=tuple(as_row(gap) for gap in found),
        caveats=(
            f"Questions of the last {KEPT.days} days, counted without their text; counts below {FLOOR} are not shown.",
            *((candidates,) if words else ()),
        ),
        provenance=(as_of,),
        suggestions=tuple(f"propose a guideline issue about {gap.topic}" for gap in found if gap.owner)[:2],
    )


def as_row(gap: Gap) -> dict[str, str]:
    """One topic as it may be shown."""
    return {
        "topic": gap.topic,
        "questions": few(gap.questions),
        "people": few(gap.people),
        "nearest": gap.place,
        "owner": gap.owner or "nobody named",
        "since": gap.since.isoformat(),
    }


def _topics(n: int) -> str:
    return "one topic" if n == 1 else f"{n} topics"


GUIDELINE_GAPS = ToolSpec(
    name="guideline_gaps",
    summary="What people ask that the guidelines do not answer: topics, counts, owners.",
    topic="what people ask that the guidelines don't answer",
    arguments=GuidelineGaps,
    run=_gaps,
    roles=ROLES,
    needs="guidelines",
    examples=(
        Example("what do people ask that the guidelines don't answer?"),
        Example("which questions does no section answer"),
        Example("unanswered guideline questions"),
        Example("where do the guidelines have holes"),
        Example("topics nobody finds a section for"),
        Example("which guideline topics come up again and again without an answer"),
        Example("top 5 topics that the guidelines don't cover"),
        Example("what do labellers look for in vain"),
        Example("what did people search in the guidelines and not find"),
        Example("list the open questions about our guidelines"),
        Example("what should the policy owners write next"),
        Example("which guideline needs a new section most"),
        Example("what words do people use that our glossary lacks"),
        Example("which terms are missing from the glossary"),
        Example("what is not in the guidelines but keeps being asked"),
        Example("what is missing in the guidelines"),
        Example("gaps in the guidelines"),
        Example("which policy topics have no section at all"),
        Example("list unanswered questions by topic"),
        Example("guideline gaps of the last months"),
        Example("show me the gaps of the guidelines by topic"),
        Example("how many questions ended in not in the guidelines"),
        Example("where did the guideline search come up empty"),
        Example("which sections are unclear to people"),
        Example("failed guideline lookups"),
        Example("what can't the guidelines answer"),
        Example("any policy area where the written rules fall short"),
        Example("are there questions without a section"),
        Example("the three biggest holes in our policies"),
        Example("what do interns keep asking that isn't written anywhere"),
    ),
)

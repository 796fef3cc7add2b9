"""`propose_guideline_issue`: an issue to the owner of a guideline, drafted by a template, written once approved.

It is made of the counts and of the guidelines' own words; no question stands in it (R3), for none is kept.
"""

import difflib
import os
import re
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from knowledge.search.words import subject, words
from tools import proposals
from tools.arguments import Arguments, Slot
from tools.errors import ToolError
from tools.guidelines.citing import cite
from tools.guidelines.gaps import ROLES, Gap, few, gaps
from tools.resolution import Missing
from tools.results import ProposalCard, Result
from tools.spec import Example, ToolSpec
from tools.store.session import reading, writing
from tools.store.tables import GuidelineIssue, Proposal
from tools.workspace import Call

KIND = "guideline issue"
FOLDER = "issues"  # of a home

_FIRST = re.compile(r"\b(?:biggest|largest|most|top|first|main|worst)\b", re.IGNORECASE)


class ProposeGuidelineIssue(Arguments):
    """Draft an issue to a guideline's owner about a topic that it does not answer; a person approves it."""

    topic: Annotated[str, Slot("text", needed=True), Field(description="from guideline_gaps")]


def _propose(arguments: ProposeGuidelineIssue, call: Call) -> Result:
    gap = _meant(arguments.topic, gaps(call))
    section = gap.section
    if section is None or not gap.owner:
        raise ToolError(
            f"Nobody can be asked about {gap.topic}: the nearest section is {gap.place}, and no owner is named there."
            " Name one in the front matter of the document that should answer it."
        )
    query = {"topic": gap.topic}
    before = _written(call.workspace.engine, gap)
    if before is not None:
        return Result(
            tool="propose_guideline_issue",
            headline=f"An issue about {gap.topic} went to {before.owner} already, approved on"
            f" {before.approved_at.date().isoformat()}: {FOLDER}/{before.id}.md. The guideline has had no new version"
            " since.",
            query=query,
        )
    card = _waiting(call, gap) or proposals.store(call, _draft(gap))
    return Result(
        tool="propose_guideline_issue",
        headline=f"**Proposed: an issue to {gap.owner} about {gap.topic}.** Nothing is written until a person approves"
        f" it ({', '.join(sorted(ROLES))}).",
        citations=(cite(section),),
        caveats=("Drafted from counts and section names; no question is kept or quoted.",),
        proposal=card,
        query=query,
    )


def issue_text(row: Proposal) -> str:
    """The issue of a proposal as Markdown: exactly what its card showed."""
    shown = row.arguments
    lines = [f"- {name}: {value}" for name, value in shown["facts"].items()]
    return "\n".join([f"# {shown['title']}", "", *lines, "", f"Proposal {row.id}, by {row.proposer}.", ""])


def record_issue(session: Session, row: Proposal, person: str, now: datetime) -> None:
    """Store an approved issue, in the transaction that decided."""
    shown = row.arguments
    session.add(
        GuidelineIssue(
            id=row.id,
            topic=shown["topic"],
            section=shown["section"],
            version=shown["version"],
            owner=shown["owner"],
            text=f"{issue_text(row)}Approved by {person}, {now:%Y-%m-%d %H:%M} UTC.\n",
            approved_by=person,
            approved_at=now,
            written_at=None,
        )
    )


def write_issue(engine: Engine, folder: Path, id: str, now: datetime) -> GuidelineIssue | None:
    """Write the file of an approved issue, whole and for its owner's eyes alone; once, later calls leave it as it is.

    Raises:
        OSError: it cannot be written; the next call tries again.
    """
    with reading(engine) as session:
        issue = session.get(GuidelineIssue, id)
    if issue is not None and issue.written_at is None:
        folder.mkdir(mode=0o700, exist_ok=True)
        descriptor, partial = tempfile.mkstemp(prefix=f".{id}.", dir=folder)  # made with 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(issue.text)
                file.flush()
                os.fsync(file.fileno())
            Path(partial).replace(folder / f"{id}.md")
        except OSError:
            with suppress(OSError):
                Path(partial).unlink()
            raise
        with writing(engine) as session:
            session.get_one(GuidelineIssue, id).written_at = now
    return issue


def _draft(gap: Gap) -> proposals.Draft:
    section = gap.section
    assert section is not None
    since = f"in force since {section.effective.isoformat()}" if section.effective else "without a date"
    arguments: dict[str, Any] = {
        "topic": gap.topic, "section": section.section, "version": section.version, "owner": gap.owner
    }  # fmt: skip
    return proposals.Draft(
        kind=KIND,
        title=f"{section.title} {section.version}: no good section about {gap.topic}",
        arguments=arguments,
        facts={
            "To": gap.owner,
            "Topic": gap.topic,
            "Nearest section": f"{section.section} {section.name}, version {section.version}, {since}",
            "Questions": f"{few(gap.questions)} of {few(gap.people)} people since the week of {gap.since.isoformat()}"
            " found no good section",
            "Asked": _asked(gap),
            "Written to": f"{FOLDER}/ of the home, as a file; nothing is sent",
        },
        cost_items=0,
    )


def _asked(gap: Gap) -> str:
    """What the owner is asked for, in whole sentences."""
    if gap.unclear * 2 > gap.questions:
        asks = [f"Clarify section {gap.section_id}: it came nearest, and did not answer."]
    else:
        asks = [f"Add a section about {gap.topic}, or name the one that answers and the words people look for."]
    if gap.words:
        asks.append(f"Add to the glossary, if they are meant to be used: {', '.join(gap.words[:5])}.")
    return " ".join(asks)


def _meant(text: str, found: list[Gap]) -> Gap:
    """The topic that a text names.

    Raises:
        ToolError: there is no topic at all; (Missing) none is named, or several are.
    """
    if not found:
        raise ToolError("There is nothing to propose: no question was left without a section lately.")
    said = text.casefold()
    whole = [gap for gap in found if gap.topic.casefold() in said]
    if whole:
        return max(whole, key=lambda gap: len(gap.topic))
    spoken = set(words(text))
    fits = {gap.topic: _fit(gap, spoken) for gap in found}
    best = [gap for gap in found if fits[gap.topic] == max(fits.values()) > 0]
    if len(best) == 1 or (best and _FIRST.search(text)):
        return best[0]
    if not best and (len(found) == 1 or _FIRST.search(text)):
        return found[0]
    names = tuple(gap.topic for gap in best or found)
    near = difflib.get_close_matches(text, names, n=3, cutoff=0.0) if not best else names
    raise Missing("Which topic is the issue about?", what="topic", nearest=tuple(near)[:3])


def _fit(gap: Gap, spoken: set[str]) -> int:
    """How many words of a topic, or of the title of its document, a text has."""
    title = subject(gap.section.title) if gap.section else []
    return 2 * len(spoken & set(words(gap.topic))) + len(spoken & set(title))


def _written(engine: Engine, gap: Gap) -> GuidelineIssue | None:
    """The issue about the same topic and the same version of the section, which waits for its owner."""
    assert gap.section is not None
    same = select(GuidelineIssue).where(
        GuidelineIssue.topic == gap.topic,
        GuidelineIssue.section == gap.section_id,
        GuidelineIssue.version == gap.section.version,
    )
    with reading(engine) as session:
        return session.scalars(same.order_by(GuidelineIssue.approved_at.desc()).limit(1)).first()


def _waiting(call: Call, gap: Gap) -> ProposalCard | None:
    """The card that waits for a decision about the same topic: there is one at a time."""
    now = call.workspace.now()
    pending = select(Proposal).where(Proposal.kind == KIND, Proposal.status == "pending", Proposal.expires_at > now)
    with reading(call.workspace.engine) as session:
        rows = list(session.scalars(pending))
    same = [row for row in rows if row.arguments["topic"] == gap.topic]
    return proposals.card(same[0]) if same else None


PROPOSE_GUIDELINE_ISSUE = ToolSpec(
    name="propose_guideline_issue",
    summary="Propose an issue to a guideline's owner about such a topic.",
    topic="an issue to a guideline's owner (a person approves it)",
    arguments=ProposeGuidelineIssue,
    run=_propose,
    effect="propose",
    roles=ROLES,
    needs="guidelines",
    examples=(
        Example("propose a guideline issue about privacy-unsafe-contact: PRV-2"),
        Example("propose an issue about the bullying guideline"),
        Example("propose an issue about bullying: BUL-2"),
        Example("propose an issue for the biggest guideline gap"),
        Example("suggest an issue to the guideline owner about minimal pairs"),
        Example("please propose to the policy owner that a section is added"),
        Example("ask the policy owner to add a section about this topic"),
        Example("ask the owner to clarify the section on exclusion"),
        Example("ask the owner to put this term into the glossary"),
        Example("tell the guideline's owner that a section is missing"),
        Example("let the owner know that the guideline lacks this"),
        Example("guideline issue for the first topic please"),
        Example("make a guideline issue of the most asked topic"),
        Example("draft a guideline issue for dangerous-challenges"),
        Example("propose an issue for this guideline gap"),
        Example("propose an issue on the taxonomy, about ARS-1"),
        Example("propose to clarify the escalation guideline"),
        Example("can you propose that the owner adds a rule for this topic"),
        Example("send a request for a new section to the guideline owner"),
        Example("issue to the owner: nothing written on privacy-unsafe-contact"),
        Example("i want to propose a change request for qa-sampling"),
        Example("the guideline should say something on this, propose it to the owner"),
    ),
)

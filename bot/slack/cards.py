"""Cards: a proposal as blocks, pending with its buttons and decided without. Pure functions of data (R12)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.slack.envelope import APPROVE, REJECT
from bot.slack.escapes import literal
from tools.results import ProposalCard

Block = dict[str, Any]

_SECTION = 2_900


def pending(card: ProposalCard) -> list[Block]:
    """What is proposed, with the exact facts, and the two buttons. A button carries the opaque id and nothing else."""
    facts = "\n".join(f"*{literal(name)}:* {literal(value)}" for name, value in card.facts.items())
    who = "needs a second person" if card.needs_second_person else "anyone who may approve, also you"
    return [
        {**_section(f"*{literal(card.title)}*\n{facts}"), "block_id": _id(card.id, "what")},
        {
            "type": "actions",
            "block_id": _id(card.id, "act"),
            "elements": [
                _button("Approve", APPROVE, card.id, "primary"),
                _button("Reject", REJECT, card.id, "danger"),
            ],
        },
        {**_context(f"{who} · expires {literal(card.expires)}"), "block_id": _id(card.id, "note")},
    ]


def spoken(card: ProposalCard) -> str:
    """The card as Markdown, for where no blocks are drawn."""
    facts = "; ".join(f"{name}: {value}" for name, value in card.facts.items())
    return f"**{card.title}** ({facts}), expires {card.expires}. Proposal `{card.id}`."


def decision_line(status: str, person: str, at: datetime) -> str:
    """`Approved by <person> · <time>`, the time in each reader's own zone."""
    stamp = f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{at:%Y-%m-%d %H:%M} UTC>"
    return f"{status.capitalize()} by <@{person}> · {stamp}"


def has_buttons(blocks: Sequence[Block], proposal: str) -> bool:
    """Whether the card of this proposal can still be pressed in a message."""
    return any(block.get("block_id") == _id(proposal, "act") for block in blocks)


def redrawn(
    blocks: Sequence[Block], proposal: str, decided: str | None = None, progress: str | None = None
) -> list[Block]:
    """A message's blocks with this card decided: no buttons, and the two lines that are given, in `mrkdwn`.

    A line that is not given stays as it is; other cards and the answer above stay untouched.
    """
    lines = {"decided": decided, "progress": progress}
    drawn: list[Block] = []
    end = 0
    for block in blocks:
        stage = str(block.get("block_id", "")).removeprefix(_id(proposal, ""))
        if stage in ("act", "note"):
            continue
        if stage in lines:
            if lines[stage] is None:
                lines[stage] = _words(block)
            continue
        drawn.append(block)
        if stage == "what":
            end = len(drawn)
    added = [{**_context(line), "block_id": _id(proposal, stage)} for stage, line in lines.items() if line]
    at = end or len(drawn)
    return drawn[:at] + added + drawn[at:]


def _id(proposal: str, stage: str) -> str:
    return f"steward-card:{proposal}:{stage}"


def _words(block: Block) -> str:
    return str(block.get("elements", [{}])[0].get("text", ""))


def _section(text: str) -> Block:
    short = text if len(text) <= _SECTION else text[:_SECTION].rsplit("\n", 1)[0] + "\n…"
    return {"type": "section", "text": {"type": "mrkdwn", "text": short}}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text[:1_900]}]}


def _button(label: str, action: str, value: str, style: str) -> Block:
    text = {"type": "plain_text", "text": label}
    return {"type": "button", "action_id": action, "text": text, "value": value, "style": style}

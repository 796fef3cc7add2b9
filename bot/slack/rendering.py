"""Rendering: an Answer as one Slack message, within Slack's limits. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.agent.answer import Answer
from bot.slack import cards
from bot.slack.envelope import CHOICE
from bot.slack.escapes import harmless, mrkdwn
from bot.slack.tables import MarkdownTable, parts
from tools.results import ProposalCard

Block = dict[str, Any]

MARKDOWN = 11_000  # of 12,000: room for the word that it was shortened
TOTAL = 12_800  # of about 13,200 over all blocks
BARE = 12_000  # of 40,000; above 4,000 Slack only advises against it
SECTION = 2_900
CHOICES = 5
CARDS = 8  # three blocks each, well under the 50 of a message

SHORTENED = "_Shortened to what fits in one message. Ask for a part of it: one slice, one metric, one section._"


@dataclass(frozen=True)
class Reply:
    """One message in three forms, from rich to bare; the next one is used where Slack refuses the one before.

    `text` is also what a notification and a screen reader get. `sensitive` marks data that outsiders may not read.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    plain_blocks: tuple[Block, ...] = ()
    sensitive: bool = True

    @property
    def forms(self) -> list[list[Block]]:
        """The blocks to try, in order; the last form has none."""
        return [list(form) for form in (self.blocks, self.plain_blocks) if form] + [[]]


def reply(answer: Answer, chosen: str = "") -> Reply:
    """The message for an answer; `chosen` is the ready question it answers, which nobody typed."""
    text = f"> {chosen}\n\n{answer.text}" if chosen else answer.text
    shown = answer.proposals[:CARDS]
    controls = [block for card in shown for block in cards.pending(card)]
    controls += _choices(answer.choices)
    return _message(text, controls, shown, sensitive=answer.kind in ("answer", "clarify"))


def report(markdown: str) -> Reply:
    """The message for a finished run's report."""
    return _message(markdown, [], (), sensitive=True)


def sentence(text: str) -> Reply:
    """A plain sentence of the surface itself; it holds no data."""
    return Reply(text=mrkdwn(text), sensitive=False)


def shortened(markdown: str, limit: int = MARKDOWN) -> str:
    """Markdown cut at the end of a line, fences closed, and a word that it was cut."""
    if len(markdown) <= limit:
        return markdown
    room = limit - len(SHORTENED) - 8
    cut = markdown[:room].rpartition("\n")[0] or markdown[:room]
    fence = "\n```" if sum(line.lstrip().startswith("```") for line in cut.splitlines()) % 2 else ""
    return f"{cut}{fence}\n\n{SHORTENED}"


def _message(text: str, controls: list[Block], shown: Sequence[ProposalCard], sensitive: bool) -> Reply:
    body = text if text.strip() else "I have no answer to that."
    spoken = "\n".join(cards.spoken(card) for card in shown)
    limit = MARKDOWN
    while True:
        blocks, flat = _body(shortened(body, limit))
        bare = mrkdwn(f"{flat}\n\n{spoken}" if spoken else flat)
        # Escaping and aligning can make any text several times longer, so the outcome is measured, not the input.
        if limit < 500 or (_size([*blocks, *controls]) <= TOTAL and len(bare) <= BARE):
            break
        limit = limit * 2 // 3
    plain = [*_sections(mrkdwn(flat)), *controls] if controls else []
    return Reply(bare, (*blocks, *controls), tuple(plain), sensitive)


def _size(value: Any) -> int:
    if isinstance(value, dict):
        return sum(len(item) if key == "text" and isinstance(item, str) else _size(item) for key, item in value.items())
    return sum(_size(item) for item in value) if isinstance(value, list) else 0


def _body(markdown: str) -> tuple[list[Block], str]:
    """The answer as blocks, and flat, without any. One table is drawn as such; further ones are aligned text."""
    blocks: list[Block] = []
    flat: list[str] = []
    drawn = False
    for part in parts(markdown):
        words = part.text() if isinstance(part, MarkdownTable) else part
        flat.append(words)
        if isinstance(part, MarkdownTable) and part.fits and not drawn:
            drawn = True
            blocks.append(part.block())
        elif blocks and blocks[-1]["type"] == "markdown":
            blocks[-1] = {"type": "markdown", "text": f"{blocks[-1]['text']}\n\n{harmless(words)}"}
        else:
            blocks.append({"type": "markdown", "text": harmless(words)})
    return blocks, "\n\n".join(flat)


def _sections(text: str) -> list[Block]:
    pieces: list[str] = []
    for line in text.split("\n"):
        chunks = [line[at : at + SECTION] for at in range(0, len(line), SECTION)] or [""]
        for chunk in chunks:
            if pieces and len(pieces[-1]) + len(chunk) < SECTION:
                pieces[-1] += f"\n{chunk}"
            else:
                pieces.append(chunk)
    return [{"type": "section", "text": {"type": "mrkdwn", "text": piece}} for piece in pieces if piece.strip()]


def _choices(choices: Sequence[str]) -> list[Block]:
    elements = [
        {
            "type": "button",
            "action_id": f"{CHOICE}:{number}",
            "text": {"type": "plain_text", "text": choice if len(choice) <= 75 else f"{choice[:74]}…"},
            "value": choice[:2_000],
        }
        for number, choice in enumerate(choices[:CHOICES])
        if choice.strip()
    ]
    return [{"type": "actions", "block_id": "steward-choices", "elements": elements}] if elements else []

"""Pure rendering: escapes, tables, cards."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.blocks import problem
from bot.slack import cards
from bot.slack.escapes import harmless, literal, mrkdwn
from bot.slack.rendering import reply, report, shortened
from bot.slack.tables import MarkdownTable, parts
from tests.slack.scripted import CARD, said

HOSTILE = st.text(alphabet="<!@#&>|`*_[]()~\n -:channelhereveryoneU0B5\u202e\x00", max_size=400)


@settings(max_examples=150, deadline=None)
@given(st.lists(HOSTILE, max_size=30).map("\n".join))
def test_any_text_becomes_a_message_slack_accepts(text: str) -> None:
    """Every form of the reply passes the strict checks of the simulated Slack."""
    made = reply(said(text, proposals=(CARD,), choices=(text[:80], "ok")))
    for form in made.forms:
        assert problem(made.text, form) is None


@given(HOSTILE)
def test_no_text_can_notify_anyone(text: str) -> None:
    """No form of escape leaves a command, a mention or a broadcast word."""
    for escaped in (harmless(text), literal(text), mrkdwn(text)):
        assert not any(sign in escaped for sign in ("<!", "<@", "<#", "@channel", "@here", "@everyone"))
        assert "\u202e" not in escaped
        assert "\x00" not in escaped


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("## Recall", "*Recall*"),
        ("**Recall 0.912** (456)", "*Recall 0.912* (456)"),
        ("> **quoted**", "> *quoted*"),
        ("see [the doc](https://x.example)", "see the doc (https://x.example)"),
        ("```\na < **b**\n```", "```\na &lt; **b**\n```"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("snake_case_name 2 * 3 * 4", "snake_case_name 2 * 3 * 4"),
    ],
)
def test_mrkdwn(markdown: str, expected: str) -> None:
    """The fall-back reads well in Slack's older format."""
    assert mrkdwn(markdown) == expected


def test_tables_are_found_where_they_are_tables() -> None:
    """A pipe table inside a fence stays code; text around a table keeps its order."""
    table = "| a | b |\n|---|--:|\n| `x` | **1** |"
    found = parts(f"before\n\n{table}\n\nafter\n\n```\n{table}\n```")
    assert found[0] == "before\n"
    assert found[1] == MarkdownTable((("a", "b"), ("x", "1")), (False, True))
    assert "after" in str(found[2])
    assert str(found[2]).count("|---|") == 1
    assert isinstance(found[1], MarkdownTable)
    assert found[1].text() == "```\na  b\nx  1\n```"


def test_a_second_or_too_large_table_is_aligned_text() -> None:
    """Slack draws one table a message, of at most 100 rows and 20 columns."""
    table = "| a | b |\n|---|--:|\n| x | 1 |"
    two = report(f"{table}\n\nand\n\n{table}")
    assert [block["type"] for block in two.blocks] == ["table", "markdown"]
    wide = report("|" + "a|" * 21 + "\n|" + "-|" * 21 + "\n|" + "1|" * 21)
    assert [block["type"] for block in wide.blocks] == ["markdown"]


def test_an_empty_cell_is_drawn() -> None:
    """Slack refuses a table with a cell without characters."""
    table = report("| a | b |\n|---|---|\n| x |  |").blocks[0]
    assert table["rows"][1][1]["text"] == "–"


def test_shortening_keeps_whole_lines_and_says_so() -> None:
    """Cut at the end of a line, fences closed; a text that fits is not touched."""
    assert shortened("short") == "short"
    cut = shortened("```\n" + "0123456789\n" * 200, limit=500)
    assert len(cut) <= 500
    assert cut.count("```") == 2
    assert cut.endswith("section._")
    assert all(line in ("0123456789", "```", "") for line in cut.splitlines()[:-1])


def test_a_decided_card_has_no_buttons_and_the_rest_stays() -> None:
    """Only this card's blocks change; a later line replaces the earlier one, a missing one stays."""
    other = cards.pending(CARD.model_copy(update={"id": "other"}))
    message = [{"type": "markdown", "text": "answer"}, *cards.pending(CARD), *other]
    line = cards.decision_line("approved", "U0BEN", datetime(2026, 11, 20, 14, 2, tzinfo=UTC))
    decided = cards.redrawn(message, CARD.id, decided=line)
    assert line == "Approved by <@U0BEN> · <!date^1795183320^{date_short_pretty} {time}|2026-11-20 14:02 UTC>"
    assert not cards.has_buttons(decided, CARD.id)
    assert cards.has_buttons(decided, "other")
    assert [block.get("block_id", "") for block in decided][:3] == [
        "",
        f"steward-card:{CARD.id}:what",
        f"steward-card:{CARD.id}:decided",
    ]
    running = cards.redrawn(cards.redrawn(decided, CARD.id, progress="1 of 4"), CARD.id, progress="2 of 4")
    assert "1 of 4" not in str(running)
    assert line in str(running)
    assert running[-3:] == other
    assert problem("text", running) is None


def test_a_long_card_fits() -> None:
    """Facts beyond a section's limit are cut at the end of a line; the buttons stay."""
    long = CARD.model_copy(update={"facts": {f"fact {number}": "<value> " * 20 for number in range(60)}})
    blocks = cards.pending(long)
    assert problem("text", blocks) is None
    assert cards.has_buttons(blocks, CARD.id)


@pytest.mark.parametrize(
    ("kind", "sensitive"),
    [("answer", True), ("clarify", True), ("help", False), ("refusal", False), ("escalation", False), ("error", False)],
)
def test_what_may_hold_data_is_marked(kind: str, sensitive: bool) -> None:
    """The escalation text and help go out everywhere, data only to the team."""
    assert reply(said("text", kind=kind)).sensitive is sensitive

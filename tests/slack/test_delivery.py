"""What is sent keeps Slack's limits, survives its refusals, and is sent once."""

import pytest

from bot.playground.faults import Fault
from bot.playground.messages import Posted
from bot.playground.people import BOT_USER
from bot.playground.workspace import Workspace
from tests.slack.scripted import CARD, ScriptedDesk, said

MENTION = f"<@{BOT_USER}> "
TABLE = "| slice | recall |\n|---|--:|\n| hi-Latn | .72 (144/200) |\n| es | .91 |"


async def ask(slack: Workspace, text: str = "recall?") -> Posted:
    """Ask in a direct message and return the one reply."""
    asked = await slack.say("U0ANA", "D0ANA", text)
    await slack.until(lambda: slack.replies(asked))
    await slack.quiet()
    (reply,) = slack.replies(asked)
    return reply


def posts(slack: Workspace) -> list[str]:
    """How each attempt to post went."""
    return [call.outcome for call in slack.calls if call.method == "chat.postMessage"]


async def test_markdown_and_a_table_are_drawn_as_blocks(slack: Workspace, desk: ScriptedDesk) -> None:
    """Markdown before and after the first table, the table itself as cells, numbers to the right."""
    desk.script = lambda question: said(f"**Recall** by slice\n\n{TABLE}\n\n`run 1841`")
    reply = await ask(slack)
    assert [block["type"] for block in reply.blocks] == ["markdown", "table", "markdown"]
    cells = [[cell["text"] for cell in row] for row in reply.blocks[1]["rows"]]
    assert cells == [["slice", "recall"], ["hi-Latn", ".72 (144/200)"], ["es", ".91"]]
    assert [column["align"] for column in reply.blocks[1]["column_settings"]] == ["left", "right"]
    assert ".72 (144/200)" in reply.text
    assert reply.metadata is not None
    assert reply.metadata["event_type"] == "steward_reply"


async def test_a_rate_limit_is_waited_out(slack: Workspace, desk: ScriptedDesk) -> None:
    """429 with Retry-After delays the reply and does not double it."""
    slack.faults.add("chat.postMessage", Fault(retry_after=1))
    await ask(slack)
    assert posts(slack) == ["http 429", "ok"]
    first, second = (call.at for call in slack.calls if call.method == "chat.postMessage")
    assert second - first >= 1


async def test_refused_blocks_are_sent_as_text(slack: Workspace, desk: ScriptedDesk) -> None:
    """`invalid_blocks` costs the layout, not the answer."""
    desk.script = lambda question: said(f"**Recall** by slice\n\n{TABLE}")
    slack.faults.add("chat.postMessage", Fault(error="invalid_blocks"))
    reply = await ask(slack)
    assert posts(slack) == ["invalid_blocks", "ok"]
    assert reply.blocks == []
    assert "*Recall* by slice" in reply.text
    assert "hi-Latn  .72 (144/200)" in reply.text


async def test_refused_blocks_keep_the_buttons(slack: Workspace, desk: ScriptedDesk) -> None:
    """A proposal whose layout is refused can still be approved, and still be read if even that is refused."""
    desk.script = lambda question: said("**Proposed** for you", proposals=(CARD,))
    slack.faults.add("chat.postMessage", Fault(error="invalid_blocks"))
    reply = await ask(slack, "run it")
    assert [block["type"] for block in reply.blocks] == ["section", "section", "actions", "context"]
    assert {button["value"] for button in reply.buttons()} == {CARD.id}
    slack.faults.add("chat.postMessage", Fault(error="invalid_blocks"), times=2)
    bare = await ask(slack, "run it again")
    assert bare.blocks == []
    assert CARD.id in bare.text


@pytest.mark.parametrize(
    "text",
    [
        "word " * 20_000,
        "line of some words\n" * 3_000,
        "<!channel> " * 3_000,
        "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 3_000,
        "```\n" + "code\n" * 5_000 + "```",
        "\n\n".join([TABLE] * 200),
        "&" * 11_000,
        "",
    ],
    ids=["words", "lines", "commands", "table", "code", "tables", "entities", "empty"],
)
async def test_any_answer_fits_in_one_message(slack: Workspace, desk: ScriptedDesk, text: str) -> None:
    """However long, the answer is accepted at the first attempt and says that it was shortened."""
    desk.script = lambda question: said(text, proposals=(CARD,), choices=("x" * 300,) * 9)
    reply = await ask(slack)
    assert posts(slack) == ["ok"]
    assert ("Shortened" in reply.text) is (len(text) > 11_000 or "&&" in text)
    assert reply.text.count("```") % 2 == 0


async def test_an_answer_notifies_nobody(slack: Workspace, desk: ScriptedDesk) -> None:
    """Commands, mentions and broadcast words in an answer are plain characters, in blocks and in the fall-back."""
    desk.script = lambda question: said("<!channel> <!here|x> <@U0BEN> <#C0EVALS> @everyone a < b & c")
    reply = await ask(slack)
    for shown in (reply.text, reply.blocks[0]["text"]):
        assert "<!" not in shown
        assert "<@" not in shown
        assert "<#" not in shown
        assert "@everyone" not in shown
        assert "&lt;!channel" in shown
    assert "a &lt; b &amp; c" in reply.text


async def test_a_post_that_arrived_without_an_answer_is_not_repeated(slack: Workspace, desk: ScriptedDesk) -> None:
    """The connection breaks after Slack took the message: the thread shows it, so it is not sent again."""
    slack.faults.add("chat.postMessage", Fault(drop=True))
    await ask(slack)
    assert posts(slack) == ["ok"]


async def test_a_post_that_did_not_arrive_is_repeated(slack: Workspace, desk: ScriptedDesk) -> None:
    """A gateway error says nothing about the message; it is not in the thread, so it is sent again."""
    slack.faults.add("chat.postMessage", Fault(status=502), times=2)
    await ask(slack)
    assert posts(slack) == ["http 502", "http 502", "ok"]


async def test_a_channel_that_cannot_be_written_to_is_given_up(slack: Workspace, desk: ScriptedDesk) -> None:
    """An archived channel closes the claim instead of trying for ever."""
    slack.channels["C0EVALS"].archived = True
    asked = await slack.say("U0ANA", "C0EVALS", MENTION + "recall?")
    await slack.quiet()
    assert slack.replies(asked) == []
    assert posts(slack) == ["is_archived"]

"""Buttons: a person's press decides once, the card says who and when, the result comes once."""

import asyncio

import pytest

from bot.approvals import Progress
from bot.playground.faults import Fault
from bot.playground.messages import Posted
from bot.playground.people import BOT_USER
from bot.playground.workspace import Workspace
from bot.slack.approvals import NOT_HERE
from tests.slack.scripted import CARD, ScriptedDesk, said

APPROVE, REJECT = "steward:approve", "steward:reject"


@pytest.fixture
async def card(slack: Workspace, desk: ScriptedDesk) -> Posted:
    """A reply with a proposal's card, in a channel."""
    desk.script = lambda question: said("I can run that.", proposals=(CARD,))
    asked = await slack.say("U0ANA", "C0EVALS", f"<@{BOT_USER}> run the evasion suite")
    await slack.until(lambda: slack.replies(asked))
    await slack.quiet()
    (reply,) = slack.replies(asked)
    return reply


def drawn(message: Posted) -> str:
    """Everything the blocks of a message show."""
    return str(message.blocks)


async def test_the_card_shows_what_a_press_will_do(slack: Workspace, card: Posted) -> None:
    """One reply: the answer, the exact facts, and two buttons that carry the opaque id alone."""
    assert "I can run that." in drawn(card)
    assert "*items:* 21,560" in drawn(card)
    assert [(button["action_id"], button["value"]) for button in card.buttons()] == [
        (APPROVE, CARD.id),
        (REJECT, CARD.id),
    ]


async def test_an_approval_takes_the_buttons_and_brings_the_result(
    slack: Workspace, desk: ScriptedDesk, card: Posted
) -> None:
    """The card says who and when, follows the run, keeps the answer; the result is posted once in the thread."""
    await slack.click("U0BEN", card, APPROVE)
    await slack.until(lambda: len(slack.replies(card)) == 2)
    await slack.quiet()
    assert desk.decisions == [(CARD.id, "approve", "U0BEN")]
    assert card.buttons() == []
    assert "Approved by <@U0BEN> · <!date^" in drawn(card)
    assert "Done · run r77" in drawn(card)
    assert "I can run that." in drawn(card)
    assert 2 <= card.edits <= 6
    card_reply, result = slack.replies(card)
    assert card_reply is card
    assert "Recall 0.74" in result.text
    assert "r77" in str(result.metadata)


async def test_a_card_is_not_edited_at_every_step(slack: Workspace, desk: ScriptedDesk, card: Posted) -> None:
    """Forty steps in about a second, edits at most every tenth of one; the last word is the end."""
    steps = [Progress("r77", "running", number, 40, "") for number in range(40)]
    desk.steps, desk.readings_a_step = [*steps, Progress("r77", "done", 40, 40, "**Done.**")], 1
    await slack.click("U0BEN", card, APPROVE)
    await slack.until(lambda: len(slack.replies(card)) == 2)
    assert 3 <= card.edits <= 20
    assert "Done · run r77" in drawn(card)


async def test_a_double_click_acts_once(slack: Workspace, desk: ScriptedDesk, card: Posted) -> None:
    """Two presses at the same moment: one decision, one result, one sentence to the person."""
    await asyncio.gather(*(slack.click("U0BEN", card, APPROVE) for _ in range(2)))
    await slack.until(lambda: len(slack.replies(card)) == 2)
    await slack.quiet()
    assert len(desk.decisions) == 1
    assert len(slack.replies(card)) == 2
    assert [(whisper.user, whisper.text) for whisper in slack.whispers] == [
        ("U0BEN", "This proposal was decided already.")
    ]


async def test_who_may_not_decide_is_told_so_alone(slack: Workspace, desk: ScriptedDesk, card: Posted) -> None:
    """The card stays as it is for the person who may."""
    await slack.click("U0ANA", card, APPROVE)
    await slack.quiet()
    assert [(whisper.user, whisper.channel) for whisper in slack.whispers] == [("U0ANA", "C0EVALS")]
    assert "may not decide" in slack.whispers[0].text
    assert len(card.buttons()) == 2
    assert card.edits == 0
    await slack.click("U0BEN", card, REJECT)
    await slack.quiet()
    assert desk.decisions == [(CARD.id, "reject", "U0BEN")]
    assert "Rejected by <@U0BEN>" in drawn(card)
    assert len(slack.replies(card)) == 1


async def test_the_presser_is_who_slack_says(slack: Workspace, desk: ScriptedDesk, card: Posted) -> None:
    """A button whose value claims something else decides nothing (R13)."""
    for block in card.blocks:
        for element in block.get("elements", []):
            if element.get("action_id") == APPROVE:
                element["value"] = "U0BEN"
    await slack.click("U0ANA", card, APPROVE)
    await slack.quiet()
    assert desk.decisions == []
    assert [whisper.text for whisper in slack.whispers] == ["I do not know this proposal."]


async def test_a_guest_cannot_decide(slack: Workspace, desk: ScriptedDesk, card: Posted) -> None:
    """Whatever the desk would say: a press by a guest does not reach it."""
    desk.approvers.add("U0GUEST")
    slack.channels["C0EVALS"].members.append("U0GUEST")
    await slack.click("U0GUEST", card, APPROVE)
    await slack.quiet()
    assert desk.decisions == []
    assert [whisper.text for whisper in slack.whispers] == [NOT_HERE]


async def test_a_desk_that_fails_leaves_the_card(slack: Workspace, desk: ScriptedDesk, card: Posted) -> None:
    """The person gets an id, and can press again."""

    desk.failing_decisions = 1
    await slack.click("U0BEN", card, APPROVE)
    await slack.quiet()
    assert "Error `" in slack.whispers[0].text
    assert len(card.buttons()) == 2
    await slack.click("U0BEN", card, APPROVE)
    await slack.until(lambda: len(slack.replies(card)) == 2)


async def test_a_card_that_cannot_be_edited_still_brings_its_result(
    slack: Workspace, desk: ScriptedDesk, card: Posted
) -> None:
    """An edit that Slack refuses costs the card, not the outcome; a later edit makes up for it."""
    slack.faults.add("chat.update", Fault(error="edit_window_closed"))
    await slack.click("U0BEN", card, APPROVE)
    await slack.until(lambda: len(slack.replies(card)) == 2)
    await slack.quiet()
    assert desk.decisions == [(CARD.id, "approve", "U0BEN")]
    assert card.buttons() == []


async def test_progress_that_cannot_be_read_for_a_while_is_waited_out(
    slack: Workspace, desk: ScriptedDesk, card: Posted
) -> None:
    """Some failing readings delay the result and do not end it."""
    desk.failing_readings = 5
    await slack.click("U0BEN", card, APPROVE)
    await slack.until(lambda: len(slack.replies(card)) == 2)
    assert "Recall 0.74" in slack.replies(card)[1].text


async def test_progress_that_cannot_be_read_at_all_ends_in_one_sentence(
    slack: Workspace, desk: ScriptedDesk, card: Posted
) -> None:
    """Never silent: the person learns that the run is out of sight."""

    desk.failing_readings = 10_000
    await slack.click("U0BEN", card, APPROVE)
    await slack.until(lambda: len(slack.replies(card)) == 2)
    await slack.quiet()
    assert "cannot read the progress" in slack.replies(card)[1].text


async def test_two_cards_of_one_message_are_decided_apart(slack: Workspace, desk: ScriptedDesk) -> None:
    """Deciding one proposal leaves the other's buttons."""
    other = CARD.model_copy(update={"id": "other1"})
    desk.script = lambda question: said("Two ways.", proposals=(CARD, other))
    asked = await slack.say("U0BEN", "D0BEN", "run both")
    await slack.until(lambda: slack.replies(asked))
    (card,) = slack.replies(asked)
    await slack.click("U0BEN", card, REJECT)
    await slack.quiet()
    assert {button["value"] for button in card.buttons()} == {"other1"}
    assert f"steward-card:{CARD.id}:decided" in drawn(card)


async def test_a_result_for_a_channel_shared_meanwhile_is_withheld(
    slack: Workspace, desk: ScriptedDesk, card: Posted
) -> None:
    """A run may take hours; its numbers are checked against who reads along when they are posted."""
    desk.steps = desk.steps[:1]
    await slack.click("U0BEN", card, APPROVE)
    await slack.until(lambda: "Queued" in drawn(card))
    await slack.share("C0EVALS")
    await slack.until(lambda: slack.hub.unacknowledged == 0)
    desk.steps = [desk.steps[0], *ScriptedDesk(desk.engine).steps[1:]]
    await slack.until(lambda: len(slack.replies(card)) == 2)
    assert "0.74" not in slack.replies(card)[1].text

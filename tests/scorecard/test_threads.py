"""The threads of a scorecard: a second one begins as the first stands, and at the end nothing is left to approve."""

from sqlalchemy import select

from bot.scorecard.threads import clear, fork
from tests.agent.desks import Desk
from tests.scorecard.entries import RECALL
from tools.store.session import reading
from tools.store.tables import Proposal, Turn

LAUNCH = "run the evasion suite on bullying-text v8-rc1"


def turns(desk: Desk) -> dict[str, list[str]]:
    """The questions kept, by thread."""
    kept: dict[str, list[str]] = {}
    with reading(desk.steward.engine) as session:
        for turn in session.scalars(select(Turn).order_by(Turn.at)):
            kept.setdefault(turn.thread, []).append(turn.question)
    return kept


def test_a_thread_begun_from_another_leaves_that_one_as_it_is(desk: Desk) -> None:
    """It is followed up on its own."""
    desk.ask(RECALL, thread="score:1:a")
    fork(desk.steward.engine, "score:1:a", "score:1:b")
    answer = desk.ask("and by language?", thread="score:1:b")
    assert answer.results[0].query["model"] == "bullying-text v7"
    assert turns(desk) == {"score:1:a": [RECALL], "score:1:b": [RECALL, "and by language?"]}


def test_a_scorecard_leaves_no_thread_and_nothing_to_approve(desk: Desk) -> None:
    """R12: what it proposed expires; threads and proposals of people, and of another scorecard, stay."""
    for thread in ("score:1:a", "score:12:a", "terminal:a"):
        assert desk.ask(LAUNCH, thread=thread).proposals
    clear(desk.steward.engine, "score:1:")
    assert set(turns(desk)) == {"score:12:a", "terminal:a"}
    with reading(desk.steward.engine) as session:
        states = {one.thread: one.status for one in session.scalars(select(Proposal))}
    assert states == {"score:1:a": "expired", "score:12:a": "pending", "terminal:a": "pending"}

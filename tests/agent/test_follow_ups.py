"""A follow-up takes over what it leaves out, says what it took, and never takes it from elsewhere."""

from sqlalchemy import func, select

from tests.agent.conftest import OpenWithModel
from tests.agent.desks import Desk
from tests.agent.scripted import calls, says
from tools.store.session import reading
from tools.store.tables import Turn

FIRST = "recall for bullying-text v7 on the oct golden set?"


def kept(desk: Desk) -> list[str]:
    """The questions that the database still holds."""
    with reading(desk.steward.engine) as session:
        return list(session.scalars(select(Turn.question).order_by(Turn.at)))


def test_a_follow_up_carries_what_it_leaves_out_and_names_it(desk: Desk) -> None:
    """Model, dataset and metric come from the turn before; the answer lists them, as text and as data."""
    desk.ask(FIRST)
    answer = desk.ask("hows it on tagalog?")
    query = answer.results[0].query
    assert (query["model"], query["dataset"], query["metrics"]) == ("bullying-text v7", "golden 2026-10", ["recall"])
    assert query["filters"] == {"language": ["tl"]}
    for part in ("bullying-text v7", "golden 2026-10", "recall"):
        assert part in answer.text.split("Used from this thread:")[1]
        assert part in answer.defaults


def test_what_a_follow_up_says_anew_is_not_carried(desk: Desk) -> None:
    """A new model replaces the old one; the slice stays, and only what stayed is named."""
    desk.ask(FIRST)
    desk.ask("hows it on tagalog?")
    answer = desk.ask("and v8-rc1?")
    assert answer.results[0].query["model"] == "bullying-text v8-rc1"
    assert answer.results[0].query["filters"] == {"language": ["tl"]}
    carried = answer.text.split("Used from this thread:")[1]
    assert "tl" in carried
    assert "bullying-text v7" not in carried


def test_a_first_question_carries_nothing(desk: Desk) -> None:
    """Where everything was said, no line claims that something was taken over."""
    assert "Used from this thread" not in desk.ask(FIRST).text


def test_a_question_that_stands_alone_takes_no_slice_along(desk: Desk) -> None:
    """A full question in a thread about a slice is not narrowed to it in silence."""
    desk.ask("recall of bullying-text v7 on tagalog")
    answer = desk.ask("what is the false positive rate of challenge-video v4 by surface")
    assert answer.results[0].query["filters"] == {}
    assert answer.results[0].query["model"] == "challenge-video v4"


def test_another_thread_carries_nothing(desk: Desk) -> None:
    """The same words in another thread are asked back about, not answered with this thread's model."""
    desk.ask(FIRST, thread="slack:C1:1")
    answer = desk.ask("hows it on tagalog?", thread="slack:C1:2")
    assert answer.results == ()
    assert "Used from this thread" not in answer.text


def test_r21_after_a_week_a_thread_is_forgotten(desk: Desk) -> None:
    """Within the week a follow-up carries; when it has passed, the turn is neither used nor kept."""
    desk.ask(FIRST)
    desk.clock.forward(days=6, hours=23)
    assert desk.ask("hows it on tagalog?").results
    desk.clock.forward(days=7, minutes=1)
    late = desk.ask("and v8-rc1?")
    assert "Used from this thread" not in late.text
    assert kept(desk) == ["and v8-rc1?"]


def test_r21_one_turn_makes_all_threads_forget(desk: Desk) -> None:
    """Old turns go with the next one, of whatever thread: no thread needs a visitor to be cleaned."""
    for number in range(3):
        desk.ask(FIRST, thread=f"slack:C1:{number}")
    desk.clock.forward(days=8)
    desk.ask("what can you do?", thread="slack:C2:1")
    with reading(desk.steward.engine) as session:
        assert session.scalar(select(func.count()).select_from(Turn)) == 1


def test_a_model_is_shown_the_last_three_turns(open_with_model: OpenWithModel) -> None:
    """Enough for follow-ups, little enough for a small model; each turn with its resolved call and headline."""
    recall = ("query_metrics", {"model": "bullying-text v7", "metrics": ["recall"]})
    desk, model = open_with_model(
        *[step for number in range(5) for step in (calls(recall), says(f"Said {'x' * number}."))]
    )
    for number in range(5):
        desk.ask(f"recall please{'!' * number}")
    asked = [message.content for message in model.seen[-1] if message.type == "human"]
    assert asked == [f"recall please{'!' * number}" for number in (1, 2, 3, 4)]

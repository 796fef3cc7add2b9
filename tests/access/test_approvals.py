"""A proposal is decided by a person who may, once, and does exactly what was shown (R12, R13)."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.approvals import Decision, Verdict
from bot.team import read_team, write_team
from tests.access.trail import audited
from tests.agent.desks import Desk, open_desk
from tests.clock import Clock
from tools.results import ProposalCard
from tools.store.session import reading, writing
from tools.store.tables import Dataset, Model, Proposal, Run

SMALL = "run the evasion suite on bullying-text v8-rc1"


@pytest.fixture
def card(desk: Desk) -> ProposalCard:
    """Ana's proposal, below the limit."""
    proposed = desk.ask(SMALL).proposals[0]
    assert not proposed.needs_second_person
    return proposed


@pytest.fixture
def strict(own_sample_home: Path, clock: Clock) -> Iterator[Desk]:
    """A desk of a team that lets nobody alone start more than ten items."""
    set_limit(own_sample_home, 10)
    with open_desk(own_sample_home, clock) as opened:
        yield opened


@pytest.fixture
def costly(strict: Desk) -> ProposalCard:
    """Ana's proposal, above the limit."""
    proposed = strict.ask(SMALL).proposals[0]
    assert proposed.needs_second_person
    return proposed


def set_limit(home: Path, items: int) -> None:
    """Write the limit into the team file."""
    team = read_team(home)
    limits = team.limits.model_copy(update={"second_person_above_items": items})
    write_team(home, team.model_copy(update={"limits": limits}))


def row(desk: Desk, proposal: str) -> Proposal:
    """The stored proposal."""
    with reading(desk.steward.engine) as session:
        return session.get_one(Proposal, proposal)


def queued(desk: Desk) -> list[str]:
    """The runs that wait."""
    with reading(desk.steward.engine) as session:
        return list(session.scalars(select(Run.id).where(Run.status == "queued")))


def test_r12_a_card_shows_exactly_what_would_be_done(desk: Desk, card: ProposalCard) -> None:
    """Model with threshold, dataset with versions, how many items, which run; nothing has started."""
    stored = row(desk, card.id)
    assert card.facts["Model"] == "bullying-text v8-rc1 at the operating threshold 0.25"
    assert "evasion 2" in card.facts["Dataset"]
    assert f"{stored.cost_items:,}" in card.facts["Items"]
    assert card.facts["Run"] == stored.arguments["run"]
    assert (stored.status, stored.proposer, queued(desk)) == ("pending", "ana", [])


@pytest.mark.parametrize("asker", ["ana", "eli", "chen"])
def test_r12_an_approval_queues_the_run_that_was_shown(desk: Desk, card: ProposalCard, asker: str) -> None:
    """Below the limit any strategist, QA lead or admin may approve, the proposer included."""
    decision = desk.steward.decide(card.id, "approve", asker)
    assert (decision.status, decision.run_id) == ("approved", card.facts["Run"])
    assert queued(desk) == [card.facts["Run"]]
    assert (row(desk, card.id).status, row(desk, card.id).decided_by) == ("approved", asker)
    assert asker.capitalize() in decision.sentence


@pytest.mark.parametrize("asker", ["ben", "dora", "U0STRANGER", ""])
def test_r12_others_may_neither_approve_nor_reject(desk: Desk, card: ProposalCard, asker: str) -> None:
    """An intern, a policy manager, a stranger and nobody at all: the card stays as it is for those who may."""
    verdicts: tuple[Verdict, ...] = ("approve", "reject")
    for verdict in verdicts:
        decision = desk.steward.decide(card.id, verdict, asker)
        assert (decision.status, decision.run_id) == ("forbidden", None)
    assert row(desk, card.id).status == "pending"
    assert queued(desk) == []


def test_r12_above_the_limit_a_second_person_is_needed(strict: Desk, costly: ProposalCard) -> None:
    """The proposer is refused and the card stays; a colleague's press then counts."""
    first = strict.steward.decide(costly.id, "approve", "ana")
    assert first.status == "forbidden"
    assert "someone other than you" in first.sentence
    assert row(strict, costly.id).status == "pending"
    assert strict.steward.decide(costly.id, "approve", "eli").status == "approved"


def test_r12_the_second_person_is_a_person_not_another_id(strict: Desk, costly: ProposalCard) -> None:
    """Ana in Slack is the Ana who proposed in the terminal."""
    team = strict.steward.team()
    people = tuple(p.model_copy(update={"slack": "U0ANA"}) if p.id == "ana" else p for p in team.people)
    write_team(strict.steward.home, team.model_copy(update={"people": people}))
    assert strict.steward.decide(costly.id, "approve", "U0ANA").status == "forbidden"


def test_r12_the_limit_is_the_one_at_the_time_of_the_proposal(strict: Desk, costly: ProposalCard) -> None:
    """Raising it afterwards makes no second person unnecessary."""
    set_limit(strict.steward.home, 10**9)
    with open_desk(strict.steward.home, strict.clock) as later:
        assert later.steward.decide(costly.id, "approve", "ana").status == "forbidden"


def test_r12_a_role_taken_away_after_the_proposal_counts(desk: Desk, card: ProposalCard) -> None:
    """Who may decide is asked when the button is pressed."""
    team = desk.steward.team()
    people = tuple(p.model_copy(update={"roles": ("viewer",)}) if p.id == "eli" else p for p in team.people)
    write_team(desk.steward.home, team.model_copy(update={"people": people}))
    assert desk.steward.decide(card.id, "approve", "eli").status == "forbidden"


def test_one_may_withdraw_what_one_asked_for(strict: Desk, costly: ProposalCard) -> None:
    """The proposer rejects without a role or a second person."""
    team = strict.steward.team()
    people = tuple(p.model_copy(update={"roles": ("viewer",)}) if p.id == "ana" else p for p in team.people)
    write_team(strict.steward.home, team.model_copy(update={"people": people}))
    decision = strict.steward.decide(costly.id, "reject", "ana")
    assert (decision.status, decision.run_id) == ("rejected", None)
    assert (row(strict, costly.id).status, queued(strict)) == ("rejected", [])


def test_a_second_press_changes_nothing_and_says_who_decided(desk: Desk, card: ProposalCard) -> None:
    """After an approval neither another approval nor a rejection counts; the run is named again."""
    desk.steward.decide(card.id, "approve", "eli")
    again = [desk.steward.decide(card.id, "approve", "chen"), desk.steward.decide(card.id, "reject", "ana")]
    assert [(d.status, d.run_id) for d in again] == [("already", card.facts["Run"])] * 2
    assert all("approved by Eli" in d.sentence for d in again)
    assert queued(desk) == [card.facts["Run"]]


def test_of_many_presses_at_once_one_decides(desk: Desk, card: ProposalCard) -> None:
    """Eight people press at the same moment, half of them to reject: one decision, and no other."""
    presses: list[tuple[Verdict, str]] = [("approve", "eli"), ("reject", "chen")] * 4
    with ThreadPoolExecutor(len(presses)) as pool:
        decisions: list[Decision] = list(pool.map(lambda p: desk.steward.decide(card.id, *p), presses))
    won = [d.status for d in decisions if d.status in ("approved", "rejected")]
    assert len(won) == 1
    assert [d.status for d in decisions].count("already") == len(presses) - 1
    assert row(desk, card.id).status == won[0]
    assert queued(desk) == ([card.facts["Run"]] if won == ["approved"] else [])


def test_two_proposals_of_the_same_evaluation_are_one_run(desk: Desk, card: ProposalCard) -> None:
    """What is run is named by what it is: the second approval joins the first."""
    other = desk.ask(SMALL, asker="eli", thread="t2").proposals[0]
    assert other.id != card.id
    for proposal in (card, other):
        assert desk.steward.decide(proposal.id, "approve", "chen").run_id == card.facts["Run"]
    with reading(desk.steward.engine) as session:
        assert session.scalar(select(func.count()).select_from(Run).where(Run.id == card.facts["Run"])) == 1


def test_r12_a_proposal_expires(desk: Desk, card: ProposalCard) -> None:
    """A minute before its time it stands; a minute after, nobody can approve it, now or later."""
    desk.clock.forward(hours=23, minutes=59)
    assert desk.steward.decide(card.id, "approve", "ben").status == "forbidden"
    desk.clock.forward(minutes=2)
    late = desk.steward.decide(card.id, "approve", "eli")
    assert (late.status, queued(desk)) == ("expired", [])
    assert "Ask me again" in late.sentence
    assert desk.steward.decide(card.id, "approve", "eli").status == "expired"


def test_an_unknown_proposal_is_said_to_be_unknown(desk: Desk) -> None:
    """A card of another workspace, or made-up text, does nothing."""
    for id_ in ("0" * 16, "", "lorem'; --"):
        assert desk.steward.decide(id_, "approve", "eli").status == "unknown"
    assert queued(desk) == []


CHANGES: dict[str, Callable[[], Any]] = {
    "the model's file": lambda: update(Model).where(Model.id == "bullying-text@v8-rc1").values(sha256="0" * 64),
    "its threshold": lambda: update(Model).where(Model.id == "bullying-text@v8-rc1").values(threshold=0.9),
    "the dataset's file": lambda: update(Dataset).where(Dataset.id == "evasion@2").values(digest="0" * 64),
}


@pytest.mark.parametrize("what", CHANGES)
def test_r12_what_changed_since_it_was_shown_is_not_started(desk: Desk, card: ProposalCard, what: str) -> None:
    """Another model file, another threshold or other data is another evaluation: ask again."""
    with writing(desk.steward.engine) as session:
        session.execute(CHANGES[what]())
    decision = desk.steward.decide(card.id, "approve", "eli")
    assert decision.status == "forbidden"
    assert "changed since" in decision.sentence
    assert (queued(desk), row(desk, card.id).status) == ([], "pending")


@pytest.mark.parametrize(
    "change",
    [
        {"model": "challenge-video@v5-rc1"},
        {"dataset": "golden@2026-07"},
        {"shards": 1},
        {"facts": {"Items": "1"}},
    ],
)
def test_r12_arguments_altered_in_the_database_are_not_executed(
    desk: Desk, card: ProposalCard, change: dict[str, object]
) -> None:
    """What the row says now is not what its hash says was shown; it can only be rejected."""
    altered = row(desk, card.id).arguments | change
    with writing(desk.steward.engine) as session:
        session.execute(update(Proposal).where(Proposal.id == card.id).values(arguments=altered))
    decision = desk.steward.decide(card.id, "approve", "eli")
    assert decision.status == "forbidden"
    assert "not what was shown" in decision.sentence
    assert queued(desk) == []
    assert desk.steward.decide(card.id, "reject", "eli").status == "rejected"


@pytest.mark.parametrize("column", [{"needs_second_person": False}, {"cost_items": 1}])
def test_r12_a_second_person_cannot_be_edited_away(
    strict: Desk, costly: ProposalCard, column: dict[str, object]
) -> None:
    """The cost and the need for a colleague are part of what was shown."""
    with writing(strict.steward.engine) as session:
        session.execute(update(Proposal).where(Proposal.id == costly.id).values(**column))
    assert strict.steward.decide(costly.id, "approve", "ana").status == "forbidden"
    assert queued(strict) == []


def test_r20_each_press_is_recorded(desk: Desk, card: ProposalCard) -> None:
    """Who pressed what, what became of it, on which arguments: refused presses and late ones, too."""
    presses: list[tuple[Verdict, str]] = [("approve", "ben"), ("approve", "eli"), ("reject", "chen")]
    for verdict, asker in presses:
        desk.steward.decide(card.id, verdict, asker)
    trail = audited(desk)[-3:]
    assert [(entry["action"], entry["actor"]) for entry in trail] == presses
    assert [entry["detail"]["status"] for entry in trail] == ["forbidden", "approved", "already"]
    assert {entry["detail"]["hash"] for entry in trail} == {row(desk, card.id).arguments_hash}
    assert json.dumps(trail).count(card.id) == 3


def test_progress_is_told_from_queued_to_unknown(desk: Desk, card: ProposalCard) -> None:
    """A queued run with its shards; a run that nobody knows is not invented; a finished one with its result."""
    decision = desk.steward.decide(card.id, "approve", "eli")
    assert decision.run_id
    state = desk.steward.progress(decision.run_id)
    assert (state.status, state.done) == ("queued", 0)
    assert state.total == row(desk, card.id).arguments["shards"]
    assert desk.steward.progress("nothing").status == "failed"
    finished = desk.ask("recall of bullying-text v7").results[0].provenance[0].run
    assert finished
    report = desk.steward.progress(finished)
    assert report.status == "done"
    assert "**" in report.sentence
    assert "95 %" in report.sentence


def test_a_failed_run_says_why_and_how_to_ask_again(desk: Desk, card: ProposalCard) -> None:
    """The reason that was stored, and the sentence that proposes it anew."""
    run = desk.steward.decide(card.id, "approve", "eli").run_id
    with writing(desk.steward.engine) as session:
        session.execute(update(Run).where(Run.id == run).values(status="failed", error="Lorem is missing."))
    state = desk.steward.progress(str(run))
    assert state.status == "failed"
    assert "Lorem is missing." in state.sentence
    again = state.sentence.split("“")[1].split("”")[0]
    assert desk.ask(again, thread="t9").proposals

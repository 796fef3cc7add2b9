"""`steward eval`: propose, approve, reject, list: the same rules as in a chat."""

import re
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.settings import Settings
from tests.access.trail import rows
from tests.commands.conftest import Begin, Run
from tools.store.database import connect
from tools.store.session import writing
from tools.store.tables import Proposal

PROPOSE = ("eval", "propose", "bullying-text v8-rc1", "evasion 2")


def proposed(shown: str) -> str:
    """The id on a card."""
    found = re.search(r"steward eval approve ([0-9a-f]{16})", shown)
    assert found, shown
    return found.group(1)


def test_propose_shows_the_card_and_starts_nothing(steward: Run) -> None:
    """Exactly what would be done; the list has it waiting, and no run."""
    made = steward(*PROPOSE)
    assert made.exit_code == 0
    assert "Nothing runs until a person approves it" in made.stdout
    listed = steward("eval", "list").stdout
    assert proposed(listed) == proposed(made.stdout)
    assert not re.search(r"v8-rc1\s+evasion 2\s+(queued|running|done)", listed)


def test_approve_runs_it_to_its_result_in_a_process_of_its_own(steward: Run, begin: Begin, home: Path) -> None:
    """The command follows the run and ends with what came out; a second approval changes nothing."""
    proposal = proposed(steward(*PROPOSE).stdout)
    process = begin("bot", "eval", "approve", proposal, "--as", "eli", home=home)
    out, err = process.communicate(timeout=90)
    assert process.returncode == 0, err
    assert "Approved by Eli" in out
    assert "Recall" in out.split("is done:")[1]
    assert re.search(r"v8-rc1\s+│?\s*evasion 2\s+│?\s*done", steward("eval", "list").stdout)
    again = steward("eval", "approve", proposal, "--as", "chen")
    assert again.exit_code == 0
    assert "Already approved by Eli" in again.stdout
    once_more = steward(*PROPOSE)
    assert "there is nothing to start" in once_more.stdout


def test_killed_while_it_runs_the_next_command_finishes_it(steward: Run, begin: Begin, home: Path) -> None:
    """kill -9 after the approval loses nothing: `eval list` goes on with the run first."""
    proposal = proposed(steward(*PROPOSE).stdout)
    process = begin("bot", "eval", "approve", proposal, "--as", "eli", home=home)
    assert process.stdout is not None
    assert "Approved" in process.stdout.readline()
    process.kill()
    process.communicate()
    listed = steward("eval", "list")
    assert listed.exit_code == 0, listed.output
    assert re.search(r"v8-rc1\s+│?\s*evasion 2\s+│?\s*done", listed.stdout)


def test_reject_ends_it(steward: Run) -> None:
    """Rejected, it can neither be approved nor does it wait any longer."""
    proposal = proposed(steward(*PROPOSE).stdout)
    assert "Rejected by Chen" in steward("eval", "reject", proposal, "--as", "chen").stdout
    late = steward("eval", "approve", proposal, "--as", "eli")
    assert "Already rejected by Chen" in late.stdout
    assert proposal not in steward("eval", "list").stdout


def test_r12_an_intern_may_neither_propose_nor_approve(steward: Run, home: Path) -> None:
    """Exit code 2 and the roles that may; both refusals are in the audit."""
    refused = steward(*PROPOSE, "--as", "ben")
    assert refused.exit_code == 2
    assert "strategist" in refused.stderr
    proposal = proposed(steward(*PROPOSE).stdout)
    pressed = steward("eval", "approve", proposal, "--as", "ben")
    assert pressed.exit_code == 2
    assert "Only" in pressed.stdout
    engine = connect(Settings(home=home).database)
    trail = [(row.actor, row.action, row.detail) for row in rows(engine)]
    engine.dispose()
    assert [(actor, action) for actor, action, _ in trail] == [
        ("ben", "propose"),
        ("ana", "propose"),
        ("ben", "approve"),
    ]
    assert trail[0][2]["refused"] == "R10"
    assert trail[1][2]["proposals"] == [proposal]


@pytest.mark.parametrize("person", ["nobody", "Ana"])
def test_r10_a_stranger_may_not_propose(steward: Run, person: str) -> None:
    """A name that is no id of the team file is a stranger's."""
    refused = steward(*PROPOSE, "--as", person)
    assert refused.exit_code == 2
    assert "I don't know you yet" in refused.stderr


def test_names_that_are_nothing_are_answered_with_the_nearest(steward: Run) -> None:
    """Exit code 2, what was not understood, what there is."""
    for words in (("bulying-text v99", "evasion 2"), ("bullying-text v8-rc1", "evasoin 7")):
        refused = steward("eval", "propose", *words)
        assert refused.exit_code == 2
        assert "Nearest:" in refused.stderr


def test_an_unknown_or_expired_proposal_is_said_with_exit_code_2(steward: Run, home: Path) -> None:
    """Neither starts anything."""
    unknown = steward("eval", "approve", "0" * 16)
    assert unknown.exit_code == 2
    assert "don't know this proposal" in unknown.stdout
    proposal = proposed(steward(*PROPOSE).stdout)
    engine = connect(Settings(home=home).database)
    with writing(engine) as session:
        session.execute(update(Proposal).values(expires_at=Proposal.created_at))
    engine.dispose()
    late = steward("eval", "approve", proposal)
    assert late.exit_code == 2
    assert "expired" in late.stdout


def test_a_run_that_fails_ends_with_exit_code_1_and_its_reason(steward: Run, home: Path) -> None:
    """The data went away after the proposal: said, with what to ask next, and nothing is half-counted."""
    proposal = proposed(steward(*PROPOSE).stdout)
    (home / "data" / "data" / "evasion-2.parquet").unlink()
    ended = steward("eval", "approve", proposal, "--as", "eli")
    assert ended.exit_code == 1, ended.output
    assert "failed" in ended.stdout
    assert "evasion-2.parquet" in ended.stdout

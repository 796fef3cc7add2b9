"""`propose_eval` proposes and does nothing else (R12)."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.tools.asked import ask
from tests.tools.runs_made import entries, requested
from tests.tools.sample import shipped
from tests.tools.state import state
from tools.errors import ToolError
from tools.evals.evaluation import evaluate
from tools.evals.identity import run_id
from tools.launches import PROPOSE_EVAL
from tools.proposals import arguments_hash, find
from tools.store.session import reading, writing
from tools.store.tables import Proposal, Run
from tools.workspace import Call, Limits

NEW = {"model": "bullying-text v8-rc1", "dataset": "evasion 2"}
PAIR = ("bullying-text@v8-rc1", "evasion@2")


def _runs(call: Call) -> int:
    with reading(call.workspace.engine) as session:
        return session.scalar(select(func.count()).select_from(Run)) or 0


def _items() -> int:
    return int((shipped.columns("evasion@2")["policy"] == "bullying").sum())


def test_a_proposal_shows_exactly_what_would_be_done(own_call: Call) -> None:
    """Model and threshold, dataset and versions, items, shards and run; the stored arguments are the shown ones."""
    result = ask(PROPOSE_EVAL, own_call, **NEW)
    assert result.proposal is not None
    run = run_id(*entries(own_call.workspace.engine, *PAIR))
    assert result.proposal.title == "Evaluate bullying-text v8-rc1 on evasion 2"
    assert result.proposal.facts == {
        "Model": "bullying-text v8-rc1 at the operating threshold 0.25",
        "Dataset": "evasion 2 (gold 5, guideline 4.2)",
        "Items": f"{_items():,} of policy bullying, in 4 shards",
        "Run": run,
    }
    assert f"({_items():,} items)" in result.headline
    row = find(own_call.workspace.engine, result.proposal.id)
    assert row is not None
    assert {name: row.arguments[name] for name in ("model", "dataset", "run", "shards")} == {
        "model": PAIR[0], "dataset": PAIR[1], "run": run, "shards": 4,
    }  # fmt: skip
    assert row.arguments_hash == arguments_hash(row)
    assert (row.proposer, row.thread, row.cost_items) == ("ana", "terminal:test", _items())
    assert result.provenance[0].dataset == "evasion 2"


def test_a_proposal_starts_nothing(own_call: Call) -> None:
    """One row in the proposals, and not a byte elsewhere: no run, no prediction."""
    before = state(own_call.workspace.engine, own_call.workspace.root)
    ask(PROPOSE_EVAL, own_call, **NEW)
    after = state(own_call.workspace.engine, own_call.workspace.root)
    assert after.files == before.files
    (added,) = set(after.rows) - set(before.rows)
    assert added.startswith("proposals: ")
    assert set(before.rows) <= set(after.rows)


def test_a_proposal_of_many_items_needs_a_second_person(own_call: Call) -> None:
    """Above the limit of the team file; the headline says who."""
    strict = replace(own_call, workspace=replace(own_call.workspace, limits=Limits(_items() - 1, 24)))
    result = ask(PROPOSE_EVAL, strict, **NEW)
    assert result.proposal is not None
    assert result.proposal.needs_second_person
    assert "someone other than you must approve" in result.headline
    lax = replace(own_call, workspace=replace(own_call.workspace, limits=Limits(_items(), 24)))
    assert "any strategist, QA lead or admin may approve" in ask(PROPOSE_EVAL, lax, **NEW).headline


def test_a_run_there_is_already_is_not_proposed_again(own_call: Call) -> None:
    """Done, running or queued: it is named, with its complete provenance, and no card is made."""
    engine, root = own_call.workspace.engine, own_call.workspace.root
    run = requested(engine, root, *PAIR)
    expected = [("queued", "is queued already"), ("running", "is running, 0 of 4 shards done"), ("done", "was done on")]
    for status, words in expected:
        with writing(engine) as session:
            session.get_one(Run, run).status = status
        result = ask(PROPOSE_EVAL, own_call, **NEW)
        assert words in result.headline
        assert result.proposal is None
        (source,) = result.provenance
        assert (source.run, source.gold_version, source.guideline_version) == (run, "5", "4.2")
        assert (source.model, source.dataset, source.threshold) == ("bullying-text v8-rc1", "evasion 2", 0.25)
    with reading(engine) as session:
        assert session.scalars(select(Proposal)).all() == []


def test_a_failed_run_can_be_proposed_again(own_call: Call) -> None:
    """It is the same run."""
    run = requested(own_call.workspace.engine, own_call.workspace.root, *PAIR)
    with writing(own_call.workspace.engine) as session:
        session.get_one(Run, run).status = "failed"
    result = ask(PROPOSE_EVAL, own_call, **NEW)
    assert result.proposal is not None
    assert result.proposal.facts["Run"] == run


def test_what_is_proposed_can_be_evaluated(own_call: Call) -> None:
    """The run of the card is the run that an approval queues, and it has as many shards."""
    result = ask(PROPOSE_EVAL, own_call, **NEW)
    assert result.proposal is not None
    engine, root = own_call.workspace.engine, own_call.workspace.root
    run = requested(engine, root, *PAIR)
    evaluate(engine, root, run, own_call.workspace.now)
    assert result.proposal.facts["Run"] == run
    assert "was done on 2026-11-20" in ask(PROPOSE_EVAL, own_call, **NEW).headline


@pytest.mark.parametrize(
    ("arguments", "nearest"),
    [({"model": "bullying-text v8"}, "bullying-text v8-rc1"), ({"dataset": "evasoin"}, "evasion 2")],
)
def test_an_unknown_name_is_answered_with_the_nearest(own_call: Call, arguments: dict[str, Any], nearest: str) -> None:
    """And nothing is proposed."""
    before = state(own_call.workspace.engine, own_call.workspace.root)
    with pytest.raises(ToolError, match="I don't know a") as caught:
        ask(PROPOSE_EVAL, own_call, **(NEW | arguments))
    assert caught.value.nearest[0] == nearest
    assert state(own_call.workspace.engine, own_call.workspace.root) == before


def test_a_dataset_that_has_changed_is_not_proposed(own_call: Call) -> None:
    """Its file is checked before anybody is asked to approve."""
    path = own_call.workspace.root / "data" / "evasion-2.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"0")
    with pytest.raises(ToolError, match="This evaluation cannot be proposed: "):
        ask(PROPOSE_EVAL, own_call, **NEW)
    path.unlink()
    with pytest.raises(ToolError, match=r"cannot be proposed: The file of evasion 2, .* is missing"):
        ask(PROPOSE_EVAL, own_call, **NEW)
    assert _runs(own_call) == 17

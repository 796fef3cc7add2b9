"""What is missing in the guidelines, an issue about it, and their neighbours, asked of the planner.

The numbers are floors, not scores.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.scorecard import Scored, read_questions, score
from knowledge.index.embeddings import load as load_embedder
from tests.agent.desks import Desk, open_desk
from tests.clock import Clock
from tests.tools.guidelines.asked_in_vain import asked
from tools.workspace import Call, Caller

FILE = Path(__file__).parents[1] / "questions" / "guideline_gaps.yaml"


@pytest.fixture(scope="module")
def scored(whole_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Scored]]:
    """Asked by a QA lead, where several topics were asked about in vain."""
    home = Path(shutil.copytree(whole_home, tmp_path_factory.mktemp("gaps") / "home"))
    with open_desk(home, Clock(), embedder=load_embedder) as desk:
        assert desk.steward.embedding.embedder, "the packaged embedding model is not installed"
        _ask_in_vain(desk)
        yield score(read_questions(FILE), lambda q: desk.ask(q.text, q.asker, q.thread), "chen")


def _ask_in_vain(desk: Desk) -> None:
    call = Call(desk.steward.workspace, Caller("dora", frozenset()))
    for section in ("bullying/2.1", "privacy-unsafe-contact/2.2", "escalation/1.1", "label-taxonomy/1.3"):
        asked(call, "is zorbing BUL-2" if section.startswith("bullying") else "zorbing", "abcdef", section)


def misses(scored: list[Scored]) -> str:
    """What a failing test prints."""
    return "\n".join(f"{one.group}: {one.ask} -> {one.wrong}" for one in scored if one.wrong)


@pytest.mark.parametrize(("group", "floor"), [("gaps", 9), ("issue", 5), ("neighbour", 6)])
def test_what_is_missing_is_told_from_what_is_there(scored: list[Scored], group: str, floor: int) -> None:
    """The right tool; a weak slice of a model is no gap of a guideline."""
    mine = [one for one in scored if one.group == group]
    right = sum(not one.wrong for one in mine)
    assert right >= floor, f"{right} of {len(mine)} right\n{misses(mine)}"


def test_a_question_never_becomes_a_card(scored: list[Scored]) -> None:
    """R12: what asks, and does not ask for an issue, proposes none."""
    asked_only = [one for one in scored if one.group != "issue"]
    assert [one.ask for one in asked_only if any(p.kind == "guideline issue" for p in one.answer.proposals)] == []

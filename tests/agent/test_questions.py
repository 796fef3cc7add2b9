"""The sixty questions and the sixty by another hand, asked of the planner on the sample workspace.

The numbers below are floors, not scores: `make bench` prints the scores.
"""

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.home import NOT_RUN
from bot.scorecard import Scored, read_questions, score
from bot.settings import Settings
from bot.wiring import Steward, data_root
from knowledge.index.embeddings import load as load_embedder
from tests.agent.desks import Desk, open_desk
from tests.clock import Clock
from tools.catalog import load
from tools.evals.evaluation import evaluate
from tools.runs import count_shards, request_run
from tools.store.session import writing
from tools.workspace import Call, Caller

QUESTIONS = Path(__file__).parents[1] / "questions"
FIRST, SECOND = QUESTIONS / "first_sixty.yaml", QUESTIONS / "second_sixty.yaml"
# The two halves of the two hundred (the planner was tuned on the first), and those that were written to tune on.
TUNE, REPORT, MORE = (QUESTIONS / f"engine_{name}.yaml" for name in ("tune", "report", "more"))


@pytest.fixture(scope="module")
def evaluated(whole_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with every evaluation done, the one left to be proposed included."""
    home = tmp_path_factory.mktemp("evaluated") / "home"
    shutil.copytree(whole_home, home)
    steward = Steward(Settings(home=home))
    catalog = load(steward.engine)
    model = next(entry for entry in catalog.models if entry.id == NOT_RUN[0])
    dataset = next(entry for entry in catalog.datasets if entry.id == NOT_RUN[1])
    call = Call(steward.workspace, Caller("ana", frozenset({"strategist"})))
    with writing(steward.engine) as session:
        run = request_run(session, model, dataset, count_shards(call, dataset), "ana", steward.now()).id
    evaluate(steward.engine, data_root(home), run, steward.now)
    steward.close()
    return home


@pytest.fixture(scope="module")
def meaning(evaluated: Path) -> Iterator[Desk]:
    """The planner as it is installed: words, meaning, and guidelines found by both."""
    with open_desk(evaluated, Clock(), embedder=load_embedder) as desk:
        assert desk.steward.embedding.embedder, "the packaged embedding model is not installed"
        yield desk


@pytest.fixture(scope="module")
def words(evaluated: Path) -> Iterator[Desk]:
    """The planner where no embedding model is installed."""
    with open_desk(evaluated, Clock()) as desk:
        yield desk


@cache
def asked(desk: Desk, file: Path) -> list[Scored]:
    """The questions of a file, each a second after the one before; asked once."""
    return score(read_questions(file), lambda q: desk.ask(q.text, q.asker, q.thread), "ana")


def misses(scored: list[Scored]) -> str:
    """What a failing test prints."""
    return "\n".join(f"{one.group}: {one.ask} -> {one.wrong}" for one in scored if one.wrong)


@pytest.mark.parametrize(("file", "floor"), [(FIRST, 57), (SECOND, 56), (TUNE, 95), (REPORT, 85), (MORE, 255)])
def test_the_planner_understands_the_questions_of_the_team(meaning: Desk, file: Path, floor: int) -> None:
    """Right tool and right arguments, follow-ups, refusals and asking back included."""
    scored = asked(meaning, file)
    right = sum(not one.wrong for one in scored)
    assert right >= floor, f"{right} of {len(scored)} right\n{misses(scored)}"


@pytest.mark.parametrize("file", [TUNE, REPORT])
def test_what_must_be_refused_is_refused(meaning: Desk, file: Path) -> None:
    """R1, R4, R5, R9, R12: ten of ten in either half, with no result beside it."""
    refused = [one for one in asked(meaning, file) if one.group == "refusal"]
    assert len(refused) == 10
    assert misses(refused) == ""


@pytest.mark.parametrize(("file", "floor"), [(FIRST, 55), (SECOND, 39)])
def test_without_an_embedding_model_words_alone_go_a_long_way(words: Desk, file: Path, floor: int) -> None:
    """Where no model is installed, fewer are understood."""
    scored = asked(words, file)
    right = sum(not one.wrong for one in scored)
    assert right >= floor, f"{right} of 60 right\n{misses(scored)}"


def test_without_an_embedding_model_doubt_is_asked_about_and_not_guessed(words: Desk) -> None:
    """R24: what words alone do not settle is asked back or declined; hardly anything is answered wrongly."""
    guessed = [one for one in asked(words, SECOND) if one.wrong and one.answer.results]
    assert len(guessed) <= 5, misses(guessed)


def test_what_an_answer_is_not_about_is_said(meaning: Desk) -> None:
    """Kappa is of raters: the model that the question names has no part in it."""
    answer = meaning.ask("kappa of bullying-text v7", thread="kappa")
    assert [call.name for call in answer.tool_calls] == ["label_agreement"]
    assert "Not part of this answer: bullying-text v7." in answer.text


def test_an_unknown_name_is_answered_with_the_nearest(meaning: Desk) -> None:
    """Model, dataset, slice and metric: what was not understood is named, with something to choose."""
    for text, unknown in (
        ("recall of bullying-text v99", "v99"),
        ("recall of bullying-text v7 on golden 2025-01", "2025-01"),
        ("recall of bullying-text v7 on klingon", "klingon"),
    ):
        answer = meaning.ask(text, thread=text)
        assert answer.kind == "clarify", answer.text
        assert unknown in answer.text
        assert "Nearest" in answer.text or "I know" in answer.text
        assert answer.results == ()

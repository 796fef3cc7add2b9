"""How well the planner understands: both files of sixty, and its own examples left out one at a time."""

from datetime import UTC, datetime
from pathlib import Path

from bot.agent.understanding.index import build_index, declared
from bot.agent.understanding.reader import Reader
from bot.scorecard import read_questions, score
from bot.wiring import Steward
from tools.evals.evaluation import evaluate
from tools.evals.items_file import open_items
from tools.runs import request_run
from tools.store.session import writing
from tools.toolbox import TOOLS

QUESTIONS = Path(__file__).parent.parent / "questions"


def sixty(steward: Steward) -> list[tuple[str, int, int]]:
    """Right tool and arguments, by group, for `first_sixty.yaml` (ours) and `second_sixty.yaml` (another hand)."""
    complete(steward)
    rows = []
    for name in ("first_sixty", "second_sixty"):
        scored = score(read_questions(QUESTIONS / f"{name}.yaml"), steward.answer, "ana")
        groups = list(dict.fromkeys(one.group for one in scored))
        rows.append((name, sum(not one.wrong for one in scored), len(scored)))
        for group in groups:
            of_group = [one for one in scored if one.group == group]
            rows.append((f"  {group}", sum(not one.wrong for one in of_group), len(of_group)))
    return rows


def complete(steward: Steward) -> None:
    """Do the one evaluation that the sample leaves to be proposed: a question of the file asks about it."""
    catalog = steward.workspace.catalog
    model, _ = catalog.model("bullying-text v8-rc1")
    dataset = catalog.dataset("evasion 2")
    with writing(steward.engine) as session:
        shards = open_items(steward.workspace.root, dataset).shards
        run = request_run(session, model, dataset, shards, "bench", datetime.now(UTC)).id
    evaluate(steward.engine, steward.workspace.root, run, lambda: datetime.now(UTC))


def left_out(steward: Steward) -> list[tuple[str, int, int]]:
    """Each declared example asked of a reader that has all the others: by words alone, and with meaning."""
    catalog, examples = steward.workspace.catalog, declared(TOOLS)
    rows = []
    for what, embedder in (("words alone", None), ("words and meaning", steward.embedding.embedder)):
        right = 0
        for number, (label, ask) in enumerate(examples):
            index = build_index(TOOLS, catalog, embedder, steward.home / "knowledge" / "examples.npz", number)
            found = Reader(TOOLS, lambda: catalog, steward.relevance, index=index).read(ask)
            right += bool(found) and found[0].name == label
        rows.append((f"own examples left out one at a time, {what}", right, len(examples)))
    return rows

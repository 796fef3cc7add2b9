"""`propose_eval`: an evaluation, proposed with its exact parameters; a person's button starts it."""

from sqlalchemy import select

from tools.arguments import Arguments, DatasetName, ModelName
from tools.catalog import DatasetEntry, ModelEntry
from tools.errors import SetupError, ToolError
from tools.evals.identity import run_id
from tools.proposals import Draft, store
from tools.resolution import Resolver, provenance
from tools.results import Provenance, Result
from tools.runs import count_shards, find_run
from tools.spec import OPERATORS, Example, ToolSpec
from tools.stats.formats import count
from tools.store.session import reading
from tools.store.tables import DatasetCell
from tools.workspace import Call


class ProposeEval(Arguments):
    """Propose to evaluate a model version on a dataset or suite; a person approves it before it runs."""

    model: ModelName = None
    dataset: DatasetName = None


def _propose(arguments: ProposeEval, call: Call) -> Result:
    resolver = Resolver(call)
    model = resolver.model(arguments.model)
    dataset = resolver.dataset(arguments.dataset)
    query = {"model": model.label, "dataset": dataset.label}
    _runnable(model, dataset)
    existing = find_run(call.workspace.engine, run_id(model, dataset))
    if existing is not None and existing.status != "failed":
        state = {
            "done": f"was done on {existing.finished.date().isoformat()}",
            "running": f"is running, {existing.done} of {existing.shards} shards done",
        }.get(existing.status, "is queued already")
        return Result(
            tool="propose_eval",
            headline=f"That very evaluation {state}: run {existing.id}, {model.label} on {dataset.label}."
            " The same model on the same data is the same run, so there is nothing to start.",
            provenance=(provenance(model, dataset, existing, model.threshold),),
            defaults=tuple(resolver.defaults),
            query=query,
            suggestions=(f"recall of {model.label} on {dataset.label}",),
        )  # fmt: skip
    try:
        shards = count_shards(call, dataset)
    except SetupError as error:
        raise ToolError(f"This evaluation cannot be proposed: {error}") from error
    items = _items(call, model, dataset)
    if not items:
        raise ToolError(f"{dataset.label} has no items of the policy {model.policy} that {model.label} judges.")
    limit = call.workspace.limits.second_person_above_items
    card = store(
        call,
        Draft(
            kind="evaluation",
            title=f"Evaluate {model.label} on {dataset.label}",
            arguments={"model": model.id, "dataset": dataset.id, "run": run_id(model, dataset), "shards": shards},
            facts={
                "Model": f"{model.label} at the operating threshold {model.threshold:g}",
                "Dataset": f"{dataset.label} (gold {dataset.gold_version}, guideline {dataset.guideline_version})",
                "Items": f"{count(items)} of policy {model.policy}, in {shards} shards",
                "Run": run_id(model, dataset),
            },
            cost_items=items,
        ),
    )
    who = (
        f"More than {count(limit)} items: someone other than you must approve."
        if card.needs_second_person
        else "No cost above the limit: any strategist, QA lead or admin may approve, also you if you are one."
    )
    return Result(
        tool="propose_eval",
        headline=f"**Proposed: {dataset.label} ({count(items)} items) on {model.label}.** Nothing runs until a person"
        f" approves it. {who}",
        provenance=(
            Provenance(
                dataset=dataset.label,
                gold_version=dataset.gold_version,
                guideline_version=dataset.guideline_version,
                as_of=dataset.as_of.isoformat(),
            ),
        ),
        proposal=card,
        defaults=tuple(resolver.defaults),
        query=query,
    )


def _runnable(model: ModelEntry, dataset: DatasetEntry) -> None:
    """Refuse what cannot be scored here, because only predictions or only labels were imported."""
    lacking = f"of {model.label} only predictions were imported, there is no model file" if not model.artifact else ""
    lacking = lacking or ("" if dataset.features else f"{dataset.label} was imported without features")
    if lacking:
        raise ToolError(
            f"This cannot be run here: {lacking}. An operator can import the predictions on {dataset.label} with"
            " `steward import predictions`."
        )


def _items(call: Call, model: ModelEntry, dataset: DatasetEntry) -> int:
    statement = select(DatasetCell.values, DatasetCell.n).where(DatasetCell.dataset_id == dataset.id)
    with reading(call.workspace.engine) as session:
        return sum(n for values, n in session.execute(statement) if values.get("policy") == model.policy)


PROPOSE_EVAL = ToolSpec(
    name="propose_eval",
    summary="Propose to run an evaluation of a model version on a dataset or suite; a person must approve it.",
    topic="start an evaluation (a person approves it)",
    arguments=ProposeEval,
    run=_propose,
    effect="propose",
    roles=OPERATORS,
    examples=(
        Example("run the evasion suite on bullying-text v8-rc1",
                {"dataset": "evasion 2", "model": "bullying-text v8-rc1"}),
        Example("start an eval of challenge-video v5-rc1 on golden 2026-10",
                {"model": "challenge-video v5-rc1", "dataset": "golden 2026-10"}),
        Example("evaluate bullying-text v6 against the july golden set please",
                {"model": "bullying-text v6", "dataset": "golden 2026-07"}),
        Example("kick off the golden set for v7 and ping me when done",
                {"model": "bullying-text v7", "dataset": "golden"}),
        Example("can you launch an evaluation"),
        Example("please run v4 on evasion again", {"model": "challenge-video v4", "dataset": "evasion 2"}),
        Example("score the candidate on the evasion set", {"model": "candidate", "dataset": "evasion 2"}),
        Example("i want to test v8-rc1 on golden", {"model": "bullying-text v8-rc1", "dataset": "golden"}),
        Example("rerun the eval for the prod model", {}),
        Example("trigger evaluation of challenge-video v3", {"model": "challenge-video v3"}),
        Example("start the evaluation now", {}),
        Example("queue an eval run of v6 on evasion", {"model": "bullying-text v6", "dataset": "evasion 2"}),
        Example("make an evaluation of the candidate on golden", {"model": "candidate", "dataset": "golden"}),
        Example("i need fresh numbers for v8-rc1 on evasion, can you run it",
                {"model": "bullying-text v8-rc1", "dataset": "evasion 2"}),
        Example("could you begin an eval of v3 with the golden set",
                {"model": "challenge-video v3", "dataset": "golden"}),
        Example("benchmark v5-rc1 on the evasion suite", {"model": "challenge-video v5-rc1", "dataset": "evasion 2"}),
        Example(
            "test challenge-video v4 on the july golden please",
            {"model": "challenge-video v4", "dataset": "golden 2026-07"},
        ),
        Example("re-evaluate v6 on golden 2026-10", {"model": "bullying-text v6", "dataset": "golden 2026-10"}),
        Example("could v3 be evaluated on the evasion suite", {"model": "challenge-video v3", "dataset": "evasion 2"}),
        Example(
            "get me an evaluation of bullying-text prod over evasion",
            {"model": "bullying-text prod", "dataset": "evasion 2"},
        ),
        Example(
            "v8-rc1 needs to be run on the july golden",
            {"model": "bullying-text v8-rc1", "dataset": "golden 2026-07"},
        ),
        Example(
            "new run: challenge-video candidate, golden",
            {"model": "challenge-video candidate", "dataset": "golden"},
        ),
        Example("start v5-rc1 on evasion 2", {"model": "challenge-video v5-rc1", "dataset": "evasion 2"}),
        Example(
            "start the eval of v8-rc1 over golden 2026-07",
            {"model": "bullying-text v8-rc1", "dataset": "golden 2026-07"},
        ),
        Example("rerun challenge-video prod", {"model": "challenge-video prod"}),
        Example("launch v6 on evasion 2", {"model": "bullying-text v6", "dataset": "evasion 2"}),
        Example(
            "please run an evaluation for challenge-video v3 with golden 2026-10",
            {"model": "challenge-video v3", "dataset": "golden 2026-10"},
        ),
        Example(
            "can you score v7 on the july golden again",
            {"model": "bullying-text v7", "dataset": "golden 2026-07"},
        ),
        Example("trigger a run of v5-rc1 on evasion", {"model": "challenge-video v5-rc1", "dataset": "evasion 2"}),
        Example("i want v4 evaluated on evasion", {"model": "challenge-video v4", "dataset": "evasion 2"}),
    ),
)  # fmt: skip

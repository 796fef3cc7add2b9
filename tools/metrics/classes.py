"""`class_metrics`: which class is called which: precision, recall and F1 of each, their means, the confusion table."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Engine, select

from tools.arguments import Arguments, DatasetName, ModelName, SliceFilters
from tools.catalog import DatasetEntry, Filters
from tools.errors import ToolError
from tools.measures import MEASURES, Estimate, Measure
from tools.metrics.answers import LOW_SUPPORT, Asked, sentence, shown
from tools.metrics.clusters import load_dependence
from tools.resolution import Resolver, provenance
from tools.results import Column, Result
from tools.slices import Slice, describe_filters, load_slices, within
from tools.spec import Example, ToolSpec
from tools.stats.formats import count, interval
from tools.stats.intervals import drawn_interval, wilson
from tools.stats.multiclass import PARTS, Bounded, Confusion
from tools.stats.rates import cells_of, f_beta
from tools.store.session import reading
from tools.store.tables import ConfusionCell
from tools.workspace import Call

MOST_CONFUSED = 3  # pairs named in the headline; all of them are in the rows
_F1 = f_beta(1)
_MACRO = Measure(
    "macro_f1",
    "Macro F1",
    (),
    "The mean of the F1 of the positives and of the F1 of the negatives.",
    from_counts=lambda cells: (_F1(cells) + _F1(cells[..., ::-1])) / 2,  # backwards, the labels change places
)
_OF_TWO = (*(MEASURES[name] for name in ("recall", "precision", "fpr", "accuracy")), _MACRO)


class ClassMetrics(Arguments):
    """Per class precision, recall and F1 with macro and weighted means, and which classes are confused."""

    model: ModelName = None
    dataset: DatasetName = None
    filters: SliceFilters = {}  # noqa: RUF012


@dataclass(frozen=True)
class Answer:
    """What a table of confusions says: sentences, the table with its columns, and what to doubt."""

    headline: str
    columns: tuple[Column, ...]
    rows: list[dict[str, Any]]
    caveats: list[str]


def _class_metrics(arguments: ClassMetrics, call: Call) -> Result:
    resolver = Resolver(call)
    model = resolver.model(arguments.model, arguments.filters)
    dataset = resolver.dataset(arguments.dataset)
    filters = call.catalog.filters(arguments.filters, dataset)
    run = resolver.run(model, dataset)
    source = provenance(model, dataset, run, model.threshold)
    if len(dataset.classes) > 2:
        source = source.model_copy(update={"threshold": None})
        answer = _of_classes(_stored(call.workspace.engine, run.id, filters, len(dataset.classes)), dataset)
    else:
        whole = load_slices(call.workspace.engine, run.id, filters, [])
        dependence = load_dependence(call.workspace, run.id, dataset, model.threshold, filters, [[]])
        asked = Asked(list(_OF_TWO), model.threshold, dependence, None)
        answer = _of_two(asked, whole[0]) if whole else None
    if answer is None:
        raise ToolError(f"No item of {dataset.label} with {describe_filters(filters)} belongs to {model.label}.")
    trained = dataset.kind == "train" or model.trained_on == dataset.id
    flattered = [f"{model.label} was trained on this set: these numbers flatter it."] if trained else []
    where = f" on {describe_filters(filters)}" if filters else ""
    more = (f"recall of {model.label}{dataset.breakdown}", f"f1 of {model.label}")
    return Result(
        tool="class_metrics",
        headline=f"{model.label}{where}: {answer.headline}",
        columns=answer.columns,
        rows=tuple(answer.rows),
        provenance=(source,),
        caveats=(*flattered, *answer.caveats),
        defaults=tuple(resolver.defaults),
        query={"model": model.label, "dataset": dataset.label, "filters": filters},
        suggestions=more if len(dataset.classes) == 2 else (f"what is {dataset.label}?",),
    )


def _stored(engine: Engine, run: str, filters: Filters, classes: int) -> Confusion:
    """The confusion table of a run, summed over the cells that pass."""
    counts = np.zeros((classes, classes), np.int64)
    statement = select(ConfusionCell.values, ConfusionCell.gold, ConfusionCell.predicted, ConfusionCell.n)
    with reading(engine) as session:
        for values, gold, called, n in session.execute(statement.where(ConfusionCell.run_id == run)):
            if within(values, filters):
                counts[gold, called] += n
    return Confusion(counts)


def _of_two(asked: Asked, whole: Slice) -> Answer:
    """The table of four counts at the operating threshold, and the rates that follow from it."""
    counts = whole.histogram.at(asked.threshold)
    lines = [
        f"of {count(counts.positives)} positives **{count(counts.tp)} flagged, {count(counts.fn)} missed**; of"
        f" {count(counts.negatives)} negatives **{count(counts.fp)} flagged, {count(counts.tn)} left alone**, at the"
        f" operating threshold {asked.threshold:g}.",
        *asked.lines(whole, "", ""),
    ]
    rows = [
        {"gold": "positive", "flagged": counts.tp, "not_flagged": counts.fn, "n": counts.positives},
        {"gold": "negative", "flagged": counts.fp, "not_flagged": counts.tn, "n": counts.negatives},
    ]
    columns = (
        Column(key="gold", label="gold"),
        Column(key="flagged", label="flagged", unit="count"),
        Column(key="not_flagged", label="not flagged", unit="count"),
        Column(key="n", label="n", unit="count"),
    )
    caveats = asked.caveats(whole, [], grouped=False, dropped=0, floor=0)
    return Answer("\n".join(lines), columns, rows, caveats)


def _of_classes(table: Confusion, dataset: DatasetEntry) -> Answer | None:
    """Accuracy and the means, the classes with the worst first, the pairs confused most often; None of no item."""
    if not table.n:
        return None
    names = dataset.classes
    accuracy = Estimate(table.right / table.n, *wilson(table.right, table.n), table.right, table.n)
    lines = [f"{sentence(MEASURES['accuracy'], accuracy)}, which is also micro F1."]
    for kind, means in (("Macro", table.macro), ("Weighted", table.weighted)):
        parts = [f"{'F1' if part == 'f1' else part} {_bounded(means(part))}" for part in reversed(PARTS)]
        lines.append(f"**{kind}**: {', '.join(parts)}.")
    lines += _confusions(table, names)
    rows = [_row(table, int(class_), names) for class_ in table.classes]
    rows.sort(key=lambda row: (row["f1"], row["class"]))
    few = [row["class"] for row in rows if row["recall_n"] < LOW_SUPPORT]
    caveats = [f"Low support, read with care (under {LOW_SUPPORT} items): {', '.join(few)}."] if few else []
    if absent := len(names) - len(table.classes):
        caveats.append(f"{absent} of {len(names)} classes do not occur here and are in no mean.")
    if clusters := int(dataset.traits.get("clusters") or 0):
        caveats.append(f"The set has {count(clusters)} clusters of dependent items: these intervals are too narrow.")
    if dataset.traits.get("weighted"):
        caveats.append("The items' weights are not applied here: these are plain counts.")
    return Answer("\n".join(lines), _columns(), rows, caveats)


def _confusions(table: Confusion, names: tuple[str, ...]) -> list[str]:
    """`Most confused: a called b 12 of 80 (95 % 0.088-0.243)`; of the items of class a."""
    said = []
    for gold, called, k in table.confused()[:MOST_CONFUSED]:
        n = int(table.counts[gold].sum())
        said.append(f"{names[gold]} called {names[called]} {count(k)} of {count(n)} (95 % {interval(*wilson(k, n))})")
    return [f"Most confused: {'; '.join(said)}."] if said else []


def _row(table: Confusion, class_: int, names: tuple[str, ...]) -> dict[str, Any]:
    """One class that occurs: each metric with its bounds, k and n, and what its items were called (`called`)."""
    own = table.of(class_)
    row: dict[str, Any] = {"class": names[class_]}
    for part, n in (("recall", own.positives), ("precision", own.tp + own.fp)):
        low, high = wilson(own.tp, n) if n else (None, None)
        row |= {part: own.tp / n if n else None, f"{part}_low": low, f"{part}_high": high}
        row |= {f"{part}_k": own.tp, f"{part}_n": n}
    cells = cells_of(own)
    low, high = drawn_interval(cells, _F1)
    row |= {"f1": float(_F1(cells)), "f1_low": low, "f1_high": high}
    return row | {"called": {names[other]: int(n) for other, n in enumerate(table.counts[class_]) if n}}


def _columns() -> tuple[Column, ...]:
    columns = [Column(key="class", label="class")]
    for part in ("recall", "precision"):
        columns += [
            Column(key=part, label=part, unit="rate"),
            Column(key=f"{part}_k", label="k/n", unit="share", other=f"{part}_n"),
            Column(key=f"{part}_low", label="95 %", unit="interval", other=f"{part}_high"),
        ]
    return (*columns, Column(key="f1", label="F1", unit="rate"))


def _bounded(found: Bounded | None) -> str:
    return "not defined" if found is None else f"{shown(*found)} (95 % {interval(*found[1:])})"


CLASS_METRICS = ToolSpec(
    name="class_metrics",
    summary="The confusion matrix, and precision, recall and F1 of each class with their macro and weighted means.",
    topic="confusion matrix and metrics per class",
    arguments=ClassMetrics,
    run=_class_metrics,
    examples=(
        Example("confusion matrix of bullying-text v7", {"model": "bullying-text v7"}),
        Example("show the confusion matrix for challenge-video v4 on golden 2026-07",
                {"model": "challenge-video v4", "dataset": "golden 2026-07"}),
        Example("which classes does it mix up"),
        Example("per class precision and recall for the candidate", {"model": "candidate"}),
        Example("macro f1 of bullying-text v8-rc1", {"model": "bullying-text v8-rc1"}),
        Example("macro-averaged recall for challenge-video v4", {"model": "challenge-video v4"}),
        Example("micro f1, v6", {"model": "bullying-text v6"}),
        Example("macro and micro averages please"),
        Example("what are the most confused labels of v6", {"model": "bullying-text v6"}),
        Example("f1 per class on the evasion suite", {"dataset": "evasion 2"}),
        Example("tp fp fn tn for bullying-text prod", {"model": "bullying-text prod"}),
        Example("2x2 table for v7 on spanish",
                {"model": "bullying-text v7", "filters": {"language": ["es"]}}),
        Example("confusion table of challenge-video v5-rc1 on live titles",
                {"model": "challenge-video v5-rc1", "filters": {"surface": ["live-title"]}}),
        Example("which label is predicted instead of which"),
        Example("classification report for bullying-text v7", {"model": "bullying-text v7"}),
        Example("confusoin matrix prod hindi", {"model": "prod", "filters": {"language": ["hi-Latn"]}}),
        Example("how many true positives and true negatives does v7 have", {"model": "bullying-text v7"}),
        Example("weighted f1 over all classes, july golden", {"dataset": "golden 2026-07"}),
        Example("class by class results for challenge-video", {"model": "challenge-video"}),
        Example("multi-class metrics of the production model", {"model": "prod"}),
        Example("what gets confused with what in comments", {"filters": {"surface": ["comment"]}}),
        Example("breakdown of hits and misses as a matrix, challenge-video v3", {"model": "challenge-video v3"}),
        Example("precision, recall and f1 class by class for v7", {"model": "bullying-text v7"}),
        Example("macro recall and the figures of each class, challenge-video v3", {"model": "challenge-video v3"}),
        Example(
            "per-class scores of v8-rc1 on golden 2026-07",
            {"model": "bullying-text v8-rc1", "dataset": "golden 2026-07"},
        ),
        Example("tp and fp counts of challenge-video v5-rc1", {"model": "challenge-video v5-rc1"}),
        Example("fp and fn in absolute numbers, v6", {"model": "bullying-text v6"}),
        Example("metrics for each class separately, candidate", {"model": "candidate"}),
        Example("macro average over the classes v4", {"model": "challenge-video v4"}),
        Example("counts in the four cells for bullying-text v8-rc1", {"model": "bullying-text v8-rc1"}),
        Example("per label f1 v6", {"model": "bullying-text v6"}),
        Example(
            "confusion between the classes, v6 on spanish",
            {"model": "bullying-text v6", "filters": {"language": ["es"]}},
        ),
        Example("show tp, fp, fn and tn"),
        Example("classification report challenge-video prod", {"model": "challenge-video prod"}),
        Example("what is mistaken for what, v7", {"model": "bullying-text v7"}),
        Example("true and false negatives of v4 as counts", {"model": "challenge-video v4"}),
    ),
)  # fmt: skip

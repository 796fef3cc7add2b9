"""`describe`: what a model, dataset, dimension or metric is; without a name, what is registered."""

from tools.arguments import Arguments, Subject
from tools.catalog import DatasetEntry, ModelEntry, nearest, short
from tools.dimension_values import DIMENSIONS
from tools.errors import ToolError
from tools.measures import MEASURES, Measure
from tools.results import Column, Provenance, Result
from tools.spec import Example, ToolSpec
from tools.stats.formats import count
from tools.workspace import Call


class Describe(Arguments):
    """What is known of one model, dataset, dimension or metric, or the list of everything."""

    subject: Subject = None


def _describe(arguments: Describe, call: Call) -> Result:
    catalog = call.catalog
    subject = (arguments.subject or "").strip()
    if not subject or subject.lower() in {"models", "datasets", "everything", "all", "model", "dataset"}:
        return _everything(call, subject.lower().rstrip("s"))
    try:
        return _measure(catalog.measure(subject))
    except ToolError:
        pass
    for name, also in DIMENSIONS.items():
        if subject.lower() in {name, *also}:
            return _dimension(name, call)
    try:
        return _dataset(catalog.dataset(subject))
    except ToolError:
        pass
    try:
        return _model(catalog.model(subject)[0])
    except ToolError as error:
        if error.nearest and "could be" in str(error):
            raise
    names = [m.label for m in catalog.models] + [d.label for d in catalog.datasets] + list(MEASURES) + list(DIMENSIONS)
    close = nearest(subject, names)
    raise ToolError(
        f"I don't know “{short(subject)}”. Nearest: {', '.join(close)}."
        " For words of the guidelines, ask what the guideline says about it.",
        tried=subject,
        nearest=close,
    )


def _measure(measure: Measure) -> Result:
    also = f" Also called: {', '.join(measure.also)}." if measure.also else ""
    good = {True: " Higher is better.", False: " Lower is better.", None: ""}[measure.higher_is_better]
    return Result(
        tool="describe",
        headline=f"**{measure.title}** (`{measure.name}`): {measure.meaning}{good}{also}",
        query={"subject": measure.name},
        suggestions=(f"{measure.title.lower()} of the prod model by language",),
    )


def _dimension(name: str, call: Call) -> Result:
    sets = [entry for entry in call.catalog.datasets if name in entry.dimensions]
    if not sets:
        raise ToolError(f"No dataset has the dimension {name}.")
    values = list(dict.fromkeys(value for entry in sets for value in entry.dimensions[name]))
    return Result(
        tool="describe",
        headline=f"**{name}** is a dimension of {', '.join(entry.label for entry in sets)}, with the values"
        f" {', '.join(values)}. Break a metric down “by {name}”, or name a value to filter on it.",
        query={"subject": name},
    )


def _model(model: ModelEntry) -> Result:
    aliases = f", alias {', '.join(model.aliases)}" if model.aliases else ""
    trained = f" Trained on {model.trained_on.replace('@', ' ')}." if model.trained_on else ""
    return Result(
        tool="describe",
        headline=f"**{model.label}** judges {model.policy}{aliases}; operating threshold {model.threshold:g},"
        f" guideline {model.guideline_version}, released {model.released.isoformat()}.{trained}",
        provenance=(
            Provenance(
                model=model.label,
                threshold=model.threshold,
                guideline_version=model.guideline_version,
                as_of=model.released.isoformat(),
            ),
        ),
        query={"subject": model.label, "model": model.label},
        suggestions=(f"recall of {model.label}", f"which runs are there of {model.label}?"),
    )


def _dataset(entry: DatasetEntry) -> Result:
    return Result(
        tool="describe",
        headline=f"**{entry.label}** is a {entry.kind} set of {count(entry.rows)} items"
        f" (gold {entry.gold_version}, guideline {entry.guideline_version}, as of {entry.as_of.isoformat()}),"
        f" sliced by {', '.join(entry.dimensions)}. Its card, in Croissant RAI terms:",
        columns=(Column(key="field", label="field"), Column(key="value", label="says")),
        rows=tuple({"field": name, "value": str(value)} for name, value in entry.card.items()),
        provenance=(
            Provenance(
                dataset=entry.label,
                gold_version=entry.gold_version,
                guideline_version=entry.guideline_version,
                as_of=entry.as_of.isoformat(),
            ),
        ),
        query={"subject": entry.label, "dataset": entry.label},
        suggestions=(f"how many items are in {entry.label}{entry.breakdown}?",),
    )


def _everything(call: Call, kind: str) -> Result:
    catalog = call.catalog
    rows = []
    if kind != "dataset":
        rows += [
            {
                "name": m.label,
                "kind": "model",
                "about": ", ".join((m.policy, *m.aliases)),
                "date": m.released.isoformat(),
            }
            for m in catalog.models
        ]
    if kind != "model":
        rows += [
            {"name": d.label, "kind": f"{d.kind} set", "about": f"{count(d.rows)} items", "date": d.as_of.isoformat()}
            for d in catalog.datasets
        ]
    return Result(
        tool="describe",
        headline=f"I know {len(catalog.models)} model versions and {len(catalog.datasets)} dataset versions."
        if rows
        else "Nothing is registered yet. `steward init --sample` sets up a sample workspace to try.",
        columns=(
            Column(key="name", label="name"),
            Column(key="kind", label="kind"),
            Column(key="about", label="about"),
            Column(key="date", label="date"),
        ),
        rows=tuple(rows),
        query={"subject": None},
    )


DESCRIBE = ToolSpec(
    name="describe",
    summary="What a model, dataset, dimension or metric is; without a name, the list of what is registered.",
    topic="what a model, dataset, dimension or metric is",
    arguments=Describe,
    run=_describe,
    examples=(
        Example("what is bullying-text v7?", {"subject": "bullying-text v7"}),
        Example("what does fpr mean", {"subject": "fpr"}),
        Example("define precision", {"subject": "precision"}),
        Example("explain auc to me", {"subject": "auc"}),
        Example("tell me about the golden 2026-10 dataset", {"subject": "golden 2026-10"}),
        Example("what is the evasion suite", {"subject": "evasion 2"}),
        Example("which models do you know?"),
        Example("list the datasets"),
        Example("which datasets are there"),
        Example("what is recall", {"subject": "recall"}),
        Example("who trained challenge-video v4 and when was it released", {"subject": "challenge-video v4"}),
        Example("what values does surface have", {"subject": "surface"}),
        Example("describe the dataset card of train", {"subject": "train 2026-06"}),
        Example("what's the operating threshold of challenge-video v4", {"subject": "challenge-video v4"}),
        Example("what datasets and models are available"),
        Example("what does prevalence mean", {"subject": "prevalence"}),
        Example("who or what is challenge-video", {"subject": "challenge-video"}),
        Example("which guideline version was golden 2026-07 labelled under", {"subject": "golden 2026-07"}),
        Example("is v7 the production model", {"subject": "bullying-text v7"}),
        Example("what is the difference between precision and recall", {"subject": "precision"}),
        Example("which threshold is bullying-text v7 running with", {"subject": "bullying-text v7"}),
        Example("meaning of mcc", {"subject": "mcc"}),
        Example("what languages do we have", {"subject": "language"}),
        Example("remind me what f2 is", {"subject": "f2"}),
        Example("when did v6 come out", {"subject": "bullying-text v6"}),
        Example("info on train 2026-06", {"subject": "train 2026-06"}),
        Example("explain balanced accuracy", {"subject": "balanced_accuracy"}),
        Example("what is the july golden set", {"subject": "golden 2026-07"}),
        Example("which surfaces exist", {"subject": "surface"}),
        Example("what does the technique dimension mean", {"subject": "technique"}),
        Example("difference between fpr and fnr", {"subject": "fpr"}),
    ),
    needs="nothing",
)

"""The work behind `steward import predictions`."""

import csv
from pathlib import Path

from bot.commands.asking import who
from bot.commands.progress import progress
from bot.settings import load
from bot.terminal import console
from bot.wiring import opened
from tools.errors import SetupError
from tools.importers.predictions import import_predictions
from tools.importers.request import Columns, PredictionsImport, ScoredModel
from tools.importers.scores import read_scaling


def run_import_predictions(
    file: Path, models: list[str], versions: list[str], scores: list[str], decisions: list[str], *,
    dataset: tuple[str, str], ids: str, label: str, slices: str, cluster: str, weight: str, where: str, classes: str,
    threshold: float | None, scale: str, policy: str, gold_version: str, guideline: str, partial: bool,
) -> None:  # fmt: skip
    """Import, then say what was made and what to ask of it."""
    wanted = PredictionsImport(
        file=file,
        models=_models(models, versions, scores, decisions),
        columns=Columns(names(ids), label, names(slices), cluster or None, weight or None),
        dataset=dataset[0],
        dataset_version=dataset[1],
        classes=names(classes),
        threshold=threshold,
        where=where,
        scaling=read_scaling(scale),
        partial=partial,
        policy=policy,
        gold_version=gold_version,
        guideline_version=guideline,
    )
    with opened(load()) as steward:
        by = who(steward, "")
        with progress() as tell:
            made = import_predictions(steward.engine, steward.workspace.root, wanted, steward.now, by, tell)
        runs = [run.run for run in made if run.new]
        steward.audit.append(by, "private", "import", {"what": "predictions", "file": file.name, "runs": runs})
    for run in made:
        name = run.model.replace("@", " ")
        state = "Imported" if run.new else "Nothing new, it is there already"
        console.print(
            f"{state}: {name} on {run.dataset.replace('@', ' ')}, {run.rows:,} items, threshold {run.threshold:g},"
            f" run {run.run}.",
            highlight=False,
            markup=False,
        )
    console.print(
        f"Now ask, for instance: steward ask “recall of {name} on {' '.join(dataset)}”", highlight=False, markup=False
    )


def names(text: str) -> tuple[str, ...]:
    """The names in a list separated by commas; one with a comma in it stands in double quotes."""
    return tuple(name.strip() for name in next(csv.reader([text], skipinitialspace=True), []) if name.strip())


def _models(models: list[str], versions: list[str], scores: list[str], decisions: list[str]) -> tuple[ScoredModel, ...]:
    """One model a version; a single name is the name of all."""
    n = len(versions)
    named = models * n if len(models) == 1 else models
    for option, given in (("--model", named), ("--score", scores), ("--decision", decisions)):
        if given and len(given) != n:
            raise SetupError(f"There are {n} versions, but {option} is given {len(given)} times. Give one for each.")
    return tuple(
        ScoredModel(named[at], versions[at], scores[at] if scores else None, decisions[at] if decisions else None)
        for at in range(n)
    )

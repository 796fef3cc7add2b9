"""Importing predictions: scores or decisions that models made elsewhere become runs like any other; all or nothing.

The items are those of a registered dataset, else the file makes one. Several models may stand in one file: it is
checked and read once for all of them.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, delete
from sqlalchemy.exc import IntegrityError

from tools.catalog import DatasetEntry, load
from tools.errors import SetupError
from tools.evals.items_file import resolve
from tools.importers.aside import set_aside
from tools.importers.dataset import DatasetImport, import_dataset
from tools.importers.dataset_request import check_request as check_dataset_request
from tools.importers.joined import join_items
from tools.importers.operating import operating_threshold
from tools.importers.request import PredictionsImport, check_request
from tools.importers.row_checks import Check, class_checks, id_checks, missing, number_checks
from tools.importers.runs import ImportedRun, Writing
from tools.importers.source import open_source
from tools.store.session import writing
from tools.store.tables import Dataset, DatasetCell

Tell = Callable[[str, int, int], None]


def import_predictions(
    engine: Engine,
    root: Path,
    wanted: PredictionsImport,
    now: Callable[[], datetime],
    by: str,
    tell: Tell = lambda what, done, total: None,
) -> list[ImportedRun]:
    """Check a file of predictions, then write its runs, one a model; nothing is written unless all is well.

    Raises:
        SetupError: names what is wrong with the file by column, row number and count, never a value; or the dataset
            holds other items or labels, or another run of the same model on it is there already.
    """
    check_request(wanted)
    registered = _registered(engine, wanted)
    made = _made(wanted)
    if registered is None:
        check_dataset_request(made)
    models = [name for model in wanted.models for name in model.columns]
    with (
        set_aside(root) as aside,
        open_source(wanted.file, [*wanted.columns.all, *models], wanted.where, also=[root]) as source,
    ):
        tell("checking", 0, 2)
        source.check(_checks(wanted))
        tell("checking", 1, 2)
        if registered is None:  # a new dataset's ids are looked through when it is made
            source.check_slices(wanted.columns.slices, items=True)
        else:
            source.check_duplicates(wanted.columns.ids)
        known = {model.id: model for model in load(engine).models}
        thresholds = [operating_threshold(source, wanted, model, known.get(model.id)) for model in wanted.models]
        tell("checking", 2, 2)
        new = registered is None and import_dataset(engine, root, made, tell=tell).new
        dataset = next(entry for entry in load(engine).datasets if entry.id == made.id)
        try:
            tell("joining", 0, 1)
            joined = join_items(root, wanted, dataset, source, aside)
            tell("joining", 1, 1)
            work = Writing(engine, root, joined, thresholds, known)
            planned = work.plan()
            fresh = [run for run in planned if run.new]
            prepared = []
            for at, run in enumerate(fresh):
                tell("counting", at, len(fresh))
                prepared.append(work.prepare(run, aside))
            tell("counting", len(fresh), len(fresh))
            work.commit(planned, prepared, now(), by)
        except BaseException:
            if new:
                _withdraw(engine, root, dataset)
            raise
        return [work.result(run) for run in planned]


def _registered(engine: Engine, wanted: PredictionsImport) -> DatasetEntry | None:
    """The dataset named, if there is one, and these can be predictions on it."""
    found = next((entry for entry in load(engine).datasets if entry.id == wanted.dataset_id), None)
    if found is None:
        return None
    if not found.path:
        raise SetupError(f"Of {found.label} only counts are known. Import these predictions under another dataset.")
    if found.classes != wanted.classes:
        raise SetupError(
            f"{found.label} has other labels than this import names. Name its own: --classes {','.join(found.classes)}."
        )
    unknown = [name for name in wanted.columns.slices if name not in found.dimensions]
    if unknown:
        raise SetupError(
            f"{found.label} has no slice {', '.join(unknown)}; it has {', '.join(found.dimensions) or 'none'}. Leave"
            " --slices out: the slices of a registered dataset are taken from it."
        )
    for option, column, trait in (
        ("--cluster", wanted.columns.cluster, "clusters"),
        ("--weight", wanted.columns.weight, "weighted"),
    ):
        if column and not found.traits.get(trait):
            raise SetupError(
                f"{found.label} was registered without {option}, and answers about it would not allow for it. Register"
                f" it with {option} under a new version, or leave {option} out."
            )
    return found


def _checks(wanted: PredictionsImport) -> list[Check]:
    """What no row of the file may be, in the order in which one would mend it."""
    columns = wanted.columns
    checks = [*id_checks(columns.ids), *class_checks(columns.label, wanted.classes)]
    if columns.weight:
        checks += number_checks(columns.weight, 1e-12, 1e12, "A weight is above zero.")
    if columns.cluster:
        checks.append(Check(columns.cluster, missing(columns.cluster), "has no cluster", "Give every row its cluster."))
    for model in wanted.models:
        if model.score:
            checks += wanted.scaling.checks(model.score)
        if model.decision:
            checks += class_checks(model.decision, wanted.classes)
    return checks


def _made(wanted: PredictionsImport) -> DatasetImport:
    """The dataset that the file itself makes."""
    columns = wanted.columns
    return DatasetImport(
        file=wanted.file, name=wanted.dataset, version=wanted.dataset_version, kind=wanted.kind, slices=columns.slices,
        ids=columns.ids, label=columns.label, classes=wanted.classes, cluster=columns.cluster, weight=columns.weight,
        where=wanted.where, gold_version=wanted.gold_version, guideline_version=wanted.guideline_version,
        beside=tuple(name for model in wanted.models for name in model.columns),
    )  # fmt: skip


def _withdraw(engine: Engine, root: Path, dataset: DatasetEntry) -> None:
    """Take a dataset back that this import made, unless something refers to it by now."""
    with suppress(IntegrityError):
        with writing(engine) as session:
            session.execute(delete(DatasetCell).where(DatasetCell.dataset_id == dataset.id))
            session.execute(delete(Dataset).where(Dataset.id == dataset.id))
        resolve(root, dataset.path).unlink(missing_ok=True)

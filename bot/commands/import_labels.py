"""`steward import labels`: rater labels, from which agreement is answered."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.failures import friendly

if TYPE_CHECKING:
    from tools.importers.label_request import LabelsImport


@friendly
def labels(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Parquet, CSV or JSON lines; empty: not asked.")],
    item: Annotated[str, typer.Option("--item", metavar="COL", help="The item's opaque id.")],
    rater_columns: Annotated[
        str, typer.Option("--rater-columns", metavar="A,B", help="One row an item: a column for each rater.")
    ] = "",
    rater: Annotated[str, typer.Option("--rater", metavar="COL", help="One row a label: who gave it.")] = "",
    label: Annotated[str, typer.Option("--label", metavar="COL", help="One row a label: the label.")] = "",
    gold: Annotated[str, typer.Option("--gold", metavar="COL", help="The gold label; default: the dataset's.")] = "",
    slices: Annotated[
        str, typer.Option("--slices", metavar="A,B", help="The columns to slice by; default: the dataset's.")
    ] = "",
    name: Annotated[str, typer.Option("--name", help="What the labels are called.")] = "raters",
    version: Annotated[str, typer.Option("--version", metavar="V", help="Their version, such as 2026-09.")] = "1",
    dataset: Annotated[str, typer.Option("--dataset", metavar="NAME", help="Whose items were labelled.")] = "",
    dataset_version: Annotated[str, typer.Option("--dataset-version", metavar="V", help="Its version.")] = "",
    classes: Annotated[
        str, typer.Option("--classes", metavar="A,B,C", help="The label vocabulary; default: what the file holds.")
    ] = "",
    ordinal: Annotated[bool, typer.Option("--ordinal", help="The classes are ordered, lowest first.")] = False,
    judge: Annotated[
        str, typer.Option("--judge", metavar="RATER", help="The rater that is a model: compared with the people.")
    ] = "",
    guideline: Annotated[
        str, typer.Option("--guideline", metavar="V", help="The guideline version; default: the dataset's.")
    ] = "",
    where: Annotated[str, typer.Option("--where", metavar="COL=VALUE", help="Keep only such rows.")] = "",
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="DATE", help="When they labelled; default: today."),
    ] = None,
) -> None:
    """Import who labelled what how: counts by slice and opaque ids. All or nothing; the same again changes nothing.

    Example: steward import labels raters.csv --item item_id --rater-columns rater_1,rater_2,rater_3 --gold gold
    --slices language,surface --name raters --version 2026-09
    """
    from tools.importers.label_request import LabelColumns, LabelsImport

    run_import_labels(
        LabelsImport(
            file=file,
            columns=LabelColumns(item, _names(rater_columns), rater, label, gold, _names(slices)),
            name=name,
            version=version,
            dataset=_dataset(dataset, dataset_version),
            classes=_names(classes),
            ordinal=ordinal,
            judge=judge,
            guideline_version=guideline,
            where=where,
            as_of=as_of.date() if as_of else None,
        )
    )


def run_import_labels(wanted: "LabelsImport") -> None:
    """Import, then say what was made and what to ask of it."""
    from bot.commands.asking import who
    from bot.commands.progress import progress
    from bot.settings import load
    from bot.terminal import console
    from bot.wiring import opened
    from tools.importers.labels import import_labels

    with opened(load()) as steward:
        by = who(steward, "")
        with progress() as tell:
            made = import_labels(steward.engine, steward.workspace.root, wanted, steward.now, tell)
        steward.audit.append(by, "private", "import", {"what": "labels", "labels": wanted.id, "new": made.new})
    state = "Imported" if made.new else "Nothing new, it is there already"
    gold = "with gold" if made.has_gold else "without gold"
    sliced = f", by {', '.join(made.dimensions)}" if made.dimensions else ""
    console.print(
        f"{state}: {made.label}, {made.labels:,} labels of {made.items:,} items by {made.raters} raters, {gold}"
        f"{sliced}. Labels are {', '.join(made.classes)}.",
        highlight=False, markup=False,
    )  # fmt: skip
    by_slice = f" by {made.dimensions[0]}" if made.dimensions else ""
    console.print(f"Now ask, for instance: steward ask “rater agreement of {made.label}{by_slice}”", highlight=False)


def _dataset(name: str, version: str) -> str:
    """The id of a dataset; a name without version is refused, for a default would tie the labels to a guess."""
    if bool(name) != bool(version):
        from tools.errors import SetupError

        raise SetupError("Name the dataset and its version: --dataset and --dataset-version go together.")
    return f"{name}@{version}" if name else ""


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())

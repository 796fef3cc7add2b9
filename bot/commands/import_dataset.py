"""`steward import dataset`: register items, or counts of items, as a version of a dataset."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.failures import friendly

if TYPE_CHECKING:
    from tools.importers.dataset_request import DatasetImport


@friendly
def dataset(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Parquet, CSV or JSON lines, one row an item.")],
    name: Annotated[str, typer.Option("--name", help="What the dataset is called, such as golden.")],
    version: Annotated[str, typer.Option("--version", metavar="V", help="Its version, such as 2026-11.")],
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="What it is for: train, golden or suite.")],
    slices: Annotated[str, typer.Option("--slices", metavar="A,B", help="The columns to slice by.")] = "",
    ids: Annotated[
        str, typer.Option("--id", metavar="COL", help="The item's opaque id; several columns make one.")
    ] = "item_id",
    label: Annotated[str, typer.Option("--label", metavar="COL", help="The label.")] = "label",
    classes: Annotated[
        str, typer.Option("--classes", metavar="A,B,C", help="The label vocabulary; of two, the positive class last.")
    ] = "0,1",
    count: Annotated[
        str, typer.Option("--count", metavar="COL", help="A row is not an item but so many of a slice and label.")
    ] = "",
    cluster: Annotated[
        str, typer.Option("--cluster", metavar="COL", help="What ties items together; kept as a keyed hash.")
    ] = "",
    weight: Annotated[str, typer.Option("--weight", metavar="COL", help="What an item counts for.")] = "",
    near_duplicate: Annotated[
        str, typer.Option("--near-duplicate", metavar="COL", help="The near-duplicate group; kept as a keyed hash.")
    ] = "",
    where: Annotated[str, typer.Option("--where", metavar="COL=VALUE", help="Keep only such rows.")] = "",
    card: Annotated[
        Path | None, typer.Option("--card", metavar="FILE", help="YAML of Croissant RAI fields; missing ones: unknown.")
    ] = None,
    gold_version: Annotated[str, typer.Option("--gold-version", metavar="V", help="The gold of its labels.")] = "1",
    guideline: Annotated[
        str, typer.Option("--guideline", metavar="V", help="The guideline version of its labels.")
    ] = "unknown",
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="DATE", help="The day it describes; default: today."),
    ] = None,
) -> None:
    """Register a file as a version of a dataset. All or nothing; the same again changes nothing but the card.

    Example: steward import dataset items.parquet --name golden --version 2026-11 --kind golden --slices policy,language
    --near-duplicate group --card card.yaml --gold-version 7 --guideline 4.4
    """
    from tools.importers.dataset_request import DatasetImport

    _run(
        DatasetImport(
            file=file,
            name=name,
            version=version,
            kind=kind,
            slices=_names(slices),
            ids=_names(ids),
            label=label,
            classes=_names(classes),
            cluster=cluster or None,
            weight=weight or None,
            near_duplicate=near_duplicate or None,
            count=count or None,
            where=where,
            card=card,
            gold_version=gold_version,
            guideline_version=guideline,
            as_of=as_of.date() if as_of else None,
        )
    )


def _run(wanted: "DatasetImport") -> None:
    """Import, then say what was made and what to ask of it."""
    from bot.commands.asking import who
    from bot.commands.progress import progress
    from bot.settings import load
    from bot.terminal import console
    from bot.wiring import opened
    from tools.importers.dataset import import_dataset

    with opened(load()) as steward:
        by = who(steward, "")
        with progress() as tell:
            made = import_dataset(steward.engine, steward.workspace.root, wanted, steward.now().date(), tell)
        what = {"what": "dataset", "file": wanted.file.name, "dataset": made.id, "new": made.new}
        steward.audit.append(by, "private", "import", what)
    state = "Imported" if made.new else "Nothing new, it is there already"
    if not made.new and wanted.card:
        state = "No new item; the card is as given now"
    console.print(f"{state}: {made.label}, {made.rows:,} items in {made.cells:,} cells.", highlight=False, markup=False)
    console.print(f"Now ask, for instance: steward ask “how big is {made.label}?”", highlight=False, markup=False)


def _names(text: str) -> tuple[str, ...]:
    """The names in a list separated by commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())

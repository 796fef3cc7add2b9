"""`steward import`: bring in predictions, datasets and rater labels that exist already."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.failures import friendly
from bot.commands.import_dataset import dataset
from bot.commands.import_labels import labels

app = typer.Typer(no_args_is_help=True, help="Import predictions, datasets and rater labels: counts, never content.")
app.command()(dataset)
app.command()(labels)

Several = "several: separated by commas"


@app.command()
@friendly
def predictions(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Parquet, CSV or JSON lines, one row an item.")],
    model: Annotated[list[str], typer.Option("--model", metavar="NAME", help="The model; once for all, or once each.")],
    version: Annotated[list[str], typer.Option("--version", metavar="V", help="Its version; repeat for more models.")],
    dataset: Annotated[str, typer.Option("--dataset", metavar="NAME", help="The set of items.")],
    dataset_version: Annotated[str, typer.Option("--dataset-version", metavar="V", help="Its version.")],
    ids: Annotated[str, typer.Option("--id", metavar="COL", help=f"The item's opaque id ({Several} make one).")],
    label: Annotated[str, typer.Option("--label", metavar="COL", help="The gold label.")],
    score: Annotated[
        list[str] | None, typer.Option("--score", metavar="COL", help="The score; repeat as --version.")
    ] = None,
    decision: Annotated[
        list[str] | None, typer.Option("--decision", metavar="COL", help="The decision, 0 or 1 or a class.")
    ] = None,
    slices: Annotated[str, typer.Option("--slices", metavar="A,B", help="The columns to slice by.")] = "",
    cluster: Annotated[
        str, typer.Option("--cluster", metavar="COL", help="What ties rows together, such as the base item.")
    ] = "",
    weight: Annotated[str, typer.Option("--weight", metavar="COL", help="What a row counts for.")] = "",
    where: Annotated[str, typer.Option("--where", metavar="COL=VALUE", help="Keep only such rows.")] = "",
    classes: Annotated[
        str, typer.Option("--classes", metavar="A,B,C", help="The label vocabulary; default 0,1.")
    ] = "0,1",
    threshold: Annotated[
        float | None, typer.Option("--threshold", min=0, max=1, help="The operating threshold.")
    ] = None,
    scale: Annotated[str, typer.Option("--scale", metavar="LOW:HIGH", help="Bring scores to 0 to 1; or: logit.")] = "",
    policy: Annotated[str, typer.Option("--policy", help="The policy the model judges; default: its name.")] = "",
    gold_version: Annotated[str, typer.Option("--gold-version", help="Of a dataset that this import makes.")] = "1",
    guideline: Annotated[str, typer.Option("--guideline", help="The guideline version of the labels.")] = "unknown",
    partial: Annotated[bool, typer.Option("--partial", help="The file has only part of the dataset's items.")] = False,
) -> None:
    """Import what one or more models predicted on a set of items. All or nothing; the same again changes nothing.

    Example: steward import predictions p.csv --model m --version 3 --dataset d --dataset-version 1 --id i --label y
    --score p --slices language,surface --threshold 0.4
    """
    from bot.commands.import_predictions import run_import_predictions

    run_import_predictions(
        file, model, version, score or [], decision or [], dataset=(dataset, dataset_version), ids=ids, label=label,
        slices=slices, cluster=cluster, weight=weight, where=where, classes=classes, threshold=threshold, scale=scale,
        policy=policy, gold_version=gold_version, guideline=guideline, partial=partial,
    )  # fmt: skip

"""Builds the sample workspace: `python -m tools.sample.build [OUT]` (by default over the shipped one).

Needs the extra `sample`. The data follow from the seed alone; the models also from the versions of scikit-learn
and skl2onnx. Takes about ten seconds.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import yaml

from tools.sample import datasets, folder, raters
from tools.sample.planted import planted
from tools.sample.recipes import recipes
from tools.sample.registry import artifact, data_file, labels_file, workspace
from tools.sample.shards import write
from tools.sample.signatures import Workspace
from tools.sample.training import THRESHOLD_RULE, train

_REGISTRY_HEAD = """\
# The registry of the sample workspace. Paths are relative to this file. Made by tools/sample/build.py; do not edit.
# planted.yaml states the rule behind the operating thresholds, and where it was not kept.
"""
_PLANTED_HEAD = """\
# The causes planted in the sample workspace, with the figures each shows in the shipped files.
# Made by tools/sample/build.py; do not edit.
"""


def build(out: Path) -> None:
    """Writes data, models, workspace.yaml and planted.yaml under a folder."""
    built = [datasets.train(), *datasets.golden(), datasets.evasion()]
    (out / "data").mkdir(parents=True, exist_ok=True)
    (out / "models").mkdir(exist_ok=True)
    for dataset in built:
        write(out / data_file(dataset), dataset.items, dataset.as_of)
        _say(f"{dataset.name}@{dataset.version}: {len(dataset.items)} items")
    labels = raters.rated()
    raters.write(out / labels_file(), labels)
    _say(f"{raters.NAME}@{raters.VERSION}: {len(labels.items)} items")
    trained = []
    for recipe in recipes():
        trained.append(train(recipe, built[0].items))
        (out / artifact(trained[-1])).write_bytes(trained[-1].onnx)
        _say(f"{recipe.name}@{recipe.version}: threshold {trained[-1].threshold:g}")
    registry = workspace(out, trained, built, labels)
    _write_yaml(out / "workspace.yaml", _REGISTRY_HEAD, registry)
    by_rule = {"@".join(model.recipe.key): model.threshold_by_rule for model in trained}
    _write_yaml(out / "planted.yaml", _PLANTED_HEAD, planted(Workspace(out, registry), THRESHOLD_RULE, by_rule))
    _say(f"written to {out}")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.sample.build", description="Builds the sample workspace.")
    parser.add_argument("out", nargs="?", type=Path, default=folder(), help="folder to write to")
    build(parser.parse_args().out)


def _write_yaml(path: Path, head: str, content: dict[str, Any]) -> None:
    path.write_text(head + yaml.dump(content, Dumper=_Plain, sort_keys=False, width=110), encoding="utf-8")


class _Plain(yaml.SafeDumper):
    """Writes every value in full: no anchors; short lists and figures on one line."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:
        flat = all(not isinstance(value, dict | list) for value in sequence)
        return super().represent_sequence(tag, sequence, flow_style=flat)

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        values = mapping.values() if isinstance(mapping, dict) else ()
        figures = bool(values) and all(isinstance(value, int | float) for value in values)
        return super().represent_mapping(tag, mapping, flow_style=figures)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    main()

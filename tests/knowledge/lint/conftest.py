"""Linting a folder written for the test, on a fixed day."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from knowledge.lint import Finding, Limits, lint, read_drafts
from knowledge.sources.folders import Folder
from tests.knowledge.conftest import Write

TODAY = date(2026, 11, 22)
Lint = Callable[..., list[Finding]]


def document(name: str, body: str, version: str = "1.0", effective: str = "2026-06-01", **more: str) -> str:
    """A document with complete front matter."""
    fields = {"id": name, "title": name.capitalize(), "version": f'"{version}"', "effective": effective}
    fields |= {"owner": '"@owner"', "sensitivity": "general"} | more
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in fields.items()) + f"---\n# {name}\n\n{body}\n"


GLOSSARY = document("glossary", "## 1 Words\n\nThe words of the team.\n\n- Item: one unit to label.\n")


@pytest.fixture
def linted(write: Write) -> Lint:
    """Writes the files and gives the findings, of one rule if it is named."""

    def run(files: Mapping[str, str | bytes], rule: str = "", limits: Limits | None = None) -> list[Finding]:
        folder = write(files)
        return [one for one in lint_folder(folder, limits) if rule in ("", one.rule)]

    return run


def lint_folder(folder: Path, limits: Limits | None = None) -> list[Finding]:
    given = Folder("guidelines", str(folder), "docs")
    return lint(read_drafts([given], [], TODAY, limits or Limits()))

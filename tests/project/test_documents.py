"""What the documents name exists: targets, files, variables; the changelog has its form."""

import re
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.project.tree import ROOT
from tools.toolbox import TOOLS

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Dockerfile", "Makefile")
every_document = pytest.mark.parametrize("name", DOCUMENTS)
TARGETS = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
PATH = re.compile(
    r"`(\.?[\w-]+(?:/[\w.-]+)*(?:/|\.(?:py|md|toml|yaml|txt)))`|(?<=[\s`])((?:bot|tools|tests|knowledge)/[\w./-]+\w)"
)


def read(name: str) -> str:
    """A document of the top level."""
    return (ROOT / name).read_text("utf-8")


def targets(text: str) -> set[str]:
    """The targets of `make …` that a text names as code, several on a line included."""
    lines = re.findall(r"`make ([^`]+)`", text)
    return {word for line in lines for word in line.split() if "=" not in word}


def paths(text: str) -> set[str]:
    """The files and folders of this project that a text names."""
    return {one or other for one, other in PATH.findall(text)}


def variables(text: str) -> set[str]:
    """The environment variables of Steward that a text names."""
    return set(re.findall(r"\bSTEWARD_[A-Z_]+[A-Z]\b", text))


@every_document
def test_every_make_target_named_exists(name: str) -> None:
    """In backquotes, as people copy them."""
    assert targets(read(name)) <= TARGETS


@every_document
def test_every_file_named_exists(name: str) -> None:
    """With its folder, from the top level; a home and a virtual environment are made, not part of the project."""
    made = (".venv", ".steward")
    assert [path for path in paths(read(name)) if not path.startswith(made) and not (ROOT / path).exists()] == []


@every_document
def test_every_variable_named_is_a_setting(name: str) -> None:
    """`STEWARD_…` as the settings read it; one more belongs to the tests."""
    known = {f"STEWARD_{field.upper()}" for field in Settings.model_fields} | {"STEWARD_TEST_POSTGRES"}
    assert variables(read(name)) - known == set()


def test_the_guide_lists_every_target() -> None:
    """What `make help` shows, but help itself."""
    assert targets(read("CONTRIBUTING.md")) | {"help"} == TARGETS


def test_what_is_named_and_does_not_exist_is_found() -> None:
    """A target, a file, a variable."""
    text = "Run `make all test`, see `tools/nowhere.py` and tools/stats/none.py in `docs/`; set STEWARD_NOPE=1."
    assert targets(text) - TARGETS == {"all"}
    assert paths(text) == {"tools/nowhere.py", "tools/stats/none.py", "docs/"}
    assert variables(text) == {"STEWARD_NOPE"}


def test_the_changelog_names_every_tool() -> None:
    """A tool that nobody hears of is not used."""
    text = read("CHANGELOG.md")
    assert [tool.name for tool in TOOLS if f"`{tool.name}`" not in text] == []


def test_the_changelog_keeps_its_form() -> None:
    """Unreleased comes first; versions are dated; entries stand under the six headings of the format."""
    lines = read("CHANGELOG.md").splitlines()
    assert lines[0] == "# Changelog"
    releases = [line for line in lines if line.startswith("## ")]
    assert releases[0] == "## [Unreleased]"
    dated = re.compile(r"## \[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}")
    assert [line for line in releases[1:] if not dated.fullmatch(line)] == []
    kinds = {line.removeprefix("### ") for line in lines if line.startswith("### ")}
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_between_documents_lead_somewhere(name: str) -> None:
    """Relative links of Markdown, without their anchors."""
    links = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", read(name))
    assert [link for link in links if not Path(ROOT, link).exists()] == []

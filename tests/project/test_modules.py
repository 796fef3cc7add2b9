"""Modules are small, say what they are, and bear names that say what the product does."""

import ast
import re

from tests.project.tree import RINGS, ROOT, SCRIPTS, modules

MOST_LINES = 400
EMPTY_WORDS = frozenset(
    {"utils", "util", "helpers", "helper", "common", "base", "manager", "managers", "core", "misc", "shared"}
)


def test_no_module_is_over_400_lines() -> None:
    """One noun a file; what grows has a second noun in it."""
    lengths = {module.shown: len(module.path.read_text("utf-8").splitlines()) for module in modules()}
    assert {shown: lines for shown, lines in lengths.items() if lines > MOST_LINES} == {}


def test_every_module_says_what_it_is() -> None:
    """A docstring comes first; a package's is a sentence."""
    said = {module.shown: (ast.get_docstring(module.tree) or "").splitlines() or [""] for module in modules()}
    assert [shown for shown, lines in said.items() if not re.search(r"\w", lines[0])] == []
    packages = {shown: lines[0] for shown, lines in said.items() if shown.endswith("__init__.py")}
    assert {shown: line for shown, line in packages.items() if len(line.split()) < 4 or line[-1] not in ".:"} == {}


def test_every_folder_with_code_is_a_package() -> None:
    """So that it has a place to say what it is; Alembic's scripts are read from a folder of their own."""
    folders = {path.parent for ring in RINGS for path in (ROOT / ring).rglob("*.py")}
    bare = [folder for folder in folders if not (folder / "__init__.py").is_file()]
    assert [folder for folder in bare if SCRIPTS not in (folder, *folder.parents)] == []


def test_names_are_words_a_user_would_use() -> None:
    """A folder listing read aloud says what the product does; these words say nothing."""
    words = {module.shown: set(re.split(r"[._]", module.name)) for module in modules()}
    assert {shown: found & EMPTY_WORDS for shown, found in words.items() if found & EMPTY_WORDS} == {}

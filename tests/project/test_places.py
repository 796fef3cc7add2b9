"""What must have one place has one: reading the environment, and putting the parts together."""

import ast

import pytest

from tests.project.tree import imports_of, inside, modules

# Who may put the parts together, and who may hold the whole.
# A notebook is its own wiring: it opens the same parts without the bot.
BUILDERS = ("bot.wiring", "bot.guidelines", "bot.home", "bot.commands", "tools.notebook")
HOLDERS = (*BUILDERS, "bot.terminal")
PARTS = {
    "bot.access.audit.Audit",
    "bot.agent.assistant.Assistant",
    "bot.agent.models.load_model",
    "bot.agent.planner.Planner",
    "bot.agent.understanding.reader.Reader",
    "bot.approvals.Approvals",
    "bot.settings.Settings",
    "bot.settings.load",
    "bot.wiring.Steward",
    "bot.wiring.opened",
    "knowledge.Knowledge",
    "knowledge.index.embeddings.load",
    "sqlalchemy.create_engine",
    "tools.jobs.dbos_engine.DbosEngine",
    "tools.store.database.connect",
    "tools.store.database.migrate",
    "tools.workspace.Workspace",
}
# The job engine's own database is opened like the application's; the store is where opening is defined.
EXCEPTIONS = {
    ("tools.jobs.dbos_engine", "tools.store.database.connect"),
    ("tools.store.database", "sqlalchemy.create_engine"),
}

# The settings; and git is handed its environment without what would lead it to another repository.
READERS = ["bot.settings", "knowledge.sources.checkout"]
ENVIRONMENT = frozenset({"environ", "environb", "getenv", "getenvb", "putenv", "expandvars", "expanduser"})


def environment_reads(tree: ast.Module) -> list[str]:
    """Where a source reads the environment, the home folder or the login name."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            text = ast.unparse(node)
            if node.attr in ENVIRONMENT or text.endswith("Path.home"):
                found.append(f"{node.lineno}: {text}")
    taken = [one for one in imports_of(tree) if one.package in ("getpass", "dotenv") or one.name in ENVIRONMENT]
    return found + [f"{one.line}: import of {one.full}" for one in taken]


def built(tree: ast.Module) -> set[str]:
    """The parts of Steward that a source puts up: calls of what it imports, under any name."""
    names = {one.alias: one.full for one in imports_of(tree)}
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            first, _, rest = ast.unparse(node.func).partition(".")
            found.add(".".join(part for part in (names.get(first, first), rest) if part))
    return found & PARTS


def test_only_the_settings_read_the_environment() -> None:
    """Nothing else asks for variables, the home folder or who is logged in."""
    found = {module.name: environment_reads(module.tree) for module in modules()}
    assert sorted(name for name, reads in found.items() if reads) == READERS, found
    passing = [read for read in found["knowledge.sources.checkout"] if "os.environ" in read]
    assert len(passing) == len(found["knowledge.sources.checkout"]) == 1


@pytest.mark.parametrize(
    "source",
    [
        "import os\nx = os.environ['X']",
        "import os\nx = os.getenv('X')",
        "from os import environ as e\nx = e['X']",
        "import os as o\nx = o.environ.get('X')",
        "from pathlib import Path\nx = Path.home()",
        "from pathlib import Path\nx = Path('~').expanduser()",
        "import getpass",
    ],
)
def test_reading_the_environment_is_found(source: str) -> None:
    """Under any name it is imported by."""
    assert environment_reads(ast.parse(source)) != []


def test_only_the_wiring_puts_the_parts_together() -> None:
    """The wiring, the making of a home and the commands; everyone else is handed what it needs."""
    found = {
        (module.name, part)
        for module in modules()
        if not inside(module.name, BUILDERS)
        for part in built(module.tree)
        if not part.startswith(f"{module.name}.")
    }
    assert found == EXCEPTIONS


@pytest.mark.parametrize(
    "source",
    [
        "from tools.store.database import connect\nx = connect('u')",
        "from tools.store.database import connect as c\nx = c('u')",
        "from tools.store import database\nx = database.connect('u')",
        "import tools.store.database\nx = tools.store.database.connect('u')",
    ],
)
def test_putting_a_part_together_is_found(source: str) -> None:
    """Under any name."""
    assert built(ast.parse(source)) == {"tools.store.database.connect"}


def test_naming_a_part_as_a_type_is_not_building_it() -> None:
    """Whoever is handed a part must be able to say what it is."""
    assert built(ast.parse("from bot.access.audit import Audit\n\ndef f(audit: Audit) -> None: ...")) == set()


def test_only_the_outermost_modules_hold_the_whole() -> None:
    """The wiring is known to the commands, the home and the terminal; nobody reaches for it from within."""
    holders = {m.name for m in modules() if any(inside(one.full, ("bot.wiring",)) for one in m.imports)}
    assert {name for name in holders if not inside(name, HOLDERS)} == set()
    assert "bot.home" in holders


def test_every_name_watched_here_exists() -> None:
    """A part that was renamed would otherwise be watched no more."""
    known = {one.full for module in modules() for one in module.imports}
    for module in modules():
        nodes = [node for node in module.tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)]
        known |= {module.name, *(f"{module.name}.{node.name}" for node in nodes)}
    assert {*PARTS, *HOLDERS} - known == set()

"""The rings point one way, `bot -> tools -> knowledge`, and inside `bot` each folder keeps to its own."""

import ast

import pytest

from tests.project.tree import RINGS, Import, imports_of, inside, modules

# What people talk to, and where it is configured, is none of the inner rings' business: they work in a notebook.
OUTER_ONLY = ("langchain", "langgraph", "langsmith", "slack_bolt", "slack_sdk", "pydantic_settings", "typer", "click")

# Inside `bot`: what each folder may know of the rest of `bot`. The playground stands for Slack and knows nothing.
FOLDERS = {
    "bot.playground": (),
    "bot.access": ("bot.team",),
    "bot.agent": ("bot.access", "bot.team", "bot.settings"),
    "bot.slack": ("bot.agent.question", "bot.agent.answer", "bot.approvals"),
}


def backward(ring: str, imports: list[Import]) -> list[str]:
    """The imports of a module of this ring that lead outwards, or into the tests."""
    outer = {*RINGS[RINGS.index(ring) + 1 :], "tests"}
    return [found.full for found in imports if found.package in outer]


def outer_libraries(imports: list[Import]) -> list[str]:
    """The imports of libraries that belong to `bot` alone; LangChain has many packages with one beginning."""
    return [
        found.package for found in imports if found.package.split("_")[0] == "langchain" or found.package in OUTER_ONLY
    ]


def strays(name: str, imports: list[Import]) -> list[str]:
    """The imports of a module of `bot` that its folder does not allow."""
    folder = next((folder for folder in FOLDERS if inside(name, (folder,))), None)
    if folder is None:
        return []
    allowed = (folder, *FOLDERS[folder])
    return [found.full for found in imports if found.package == "bot" and not inside(found.full, allowed)]


def test_no_import_runs_outwards() -> None:
    """`knowledge` knows neither `tools` nor `bot`, `tools` does not know `bot`, and nobody knows the tests."""
    found = {module.shown: backward(module.ring, module.imports) for module in modules()}
    assert {shown: names for shown, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("ring", "source"),
    [
        ("knowledge", "from tools.results import Result"),
        ("knowledge", "def f():\n    import bot.settings"),
        ("tools", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from bot import team"),
        ("tools", "import importlib\nimportlib.import_module('bot.settings')"),
        ("bot", "from tests.clock import Clock"),
    ],
)
def test_an_arrow_that_runs_back_is_found(ring: str, source: str) -> None:
    """At the top, inside a function, for the type checker alone, or by a name in a string."""
    assert len(backward(ring, imports_of(ast.parse(source)))) == 1


def test_a_relative_import_is_followed_to_where_it_leads() -> None:
    """However many dots; a package counts from itself."""
    source = ast.parse("from ..results import Result\nfrom . import scan")
    assert [one.full for one in imports_of(source, "tools.evals.joint")] == ["tools.results.Result", "tools.evals.scan"]
    package = imports_of(ast.parse("from . import scan"), "tools.evals", is_package=True)
    assert [one.full for one in package] == ["tools.evals.scan"]


def test_the_inner_rings_know_no_surface_and_no_agent() -> None:
    """No LangChain, Bolt, settings or command line in `tools` and `knowledge`."""
    found = {module.shown: outer_libraries(module.imports) for module in modules() if module.ring != "bot"}
    assert {shown: names for shown, names in found.items() if names} == {}


def test_a_library_of_the_outer_ring_is_found() -> None:
    """Each package of LangChain counts, not only the one of that name."""
    source = "import langchain_core.tools\nfrom slack_sdk.web import client\nimport typer, numpy\nimport langgraph"
    found = outer_libraries(imports_of(ast.parse(source)))
    assert sorted(found) == ["langchain_core", "langgraph", "slack_sdk", "typer"]


def test_inside_bot_each_folder_keeps_to_its_own() -> None:
    """The agent knows no surface, Slack knows questions and answers only, the playground knows nobody."""
    found = {module.shown: strays(module.name, module.imports) for module in modules()}
    assert {shown: names for shown, names in found.items() if names} == {}


def test_a_folder_of_bot_that_strays_is_found() -> None:
    """A surface inside the agent, the agent inside the playground."""
    surface = imports_of(ast.parse("from bot.slack import cards\nfrom bot.team import Team\nimport tools.spec"))
    assert strays("bot.agent.assistant", surface) == ["bot.slack.cards"]
    assert strays("bot.playground.chat", imports_of(ast.parse("from bot.agent.answer import Answer"))) != []


def test_every_folder_named_here_exists() -> None:
    """A folder that was renamed would otherwise be watched no more."""
    named = {*FOLDERS, *(name for names in FOLDERS.values() for name in names)}
    assert named <= {module.name for module in modules()}

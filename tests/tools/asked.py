"""A tool asked by its arguments, as the toolbelt asks it; and what may not stand in a headline."""

import re
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from knowledge import Knowledge
from tests.clock import Clock
from tools.results import Result
from tools.spec import ToolSpec
from tools.workspace import Call, Caller, Defaults, Workspace

# 1, 1.000, 0, 0.0 or 100 % standing alone: not in "1 of 17", "0.816-1", "v1" or "0.5".
CERTAINTY = re.compile(r"(?<![\w.,/-])(?:[01](?:\.0+)?|100 ?%)(?![\w,/-]|\.\d|\s*of\b)")


def ask(tool: ToolSpec[Any], call: Call, **arguments: Any) -> Result:
    """The result of a tool."""
    return tool.run(tool.arguments(**arguments), call)


def asking(engine: Engine, root: Path) -> Call:
    """Ana, a strategist, asking about a bench; there are no guidelines."""
    workspace = Workspace(engine, root, _no_guidelines, Clock(), Defaults(dataset="gold@1"))
    return Call(workspace, Caller("ana", frozenset({"strategist"})))


def certainty(text: str) -> str | None:
    """A rate of 1, 0 or 100 % in a text, None where there is none."""
    found = CERTAINTY.search(text.replace("**", ""))
    return found.group() if found else None


def _no_guidelines() -> Knowledge:
    raise AssertionError("nobody asks for guidelines here")

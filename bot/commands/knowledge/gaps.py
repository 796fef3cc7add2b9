"""`steward knowledge gaps`."""

import json
import sys
from typing import Annotated

import typer

from bot.commands.failures import friendly


@friendly
def gaps(
    as_json: Annotated[bool, typer.Option("--json", help="Print the topics as JSON.")] = False,
    person: Annotated[str, typer.Option("--as", metavar="PERSON", help="Who asks; default: as in ask.")] = "",
) -> None:
    """List by topic what people ask and the guidelines do not answer; for policy, QA leads and admins.

    Example: steward knowledge gaps
    """
    from rich.markdown import Markdown

    from bot.agent.rendering import render
    from bot.agent.toolbelt import run_tool
    from bot.agent.turn import Turn
    from bot.commands.asking import who
    from bot.settings import load
    from bot.terminal import console
    from bot.wiring import opened
    from tools.errors import Refusal
    from tools.guidelines.gaps import GUIDELINE_GAPS
    from tools.workspace import Call, Caller

    with opened(load()) as steward:
        name = who(steward, person)
        known = steward.team().person(name)
        caller = Caller(known.id if known else name, frozenset[str](known.roles if known else ()))
        turn = Turn(Call(steward.workspace, caller), "", known is not None, outsiders=False)
        detail = {"surface": "terminal"}
        try:
            result = run_tool(GUIDELINE_GAPS, {}, turn)
        except Refusal as refusal:
            steward.audit.append(caller.person, "private", GUIDELINE_GAPS.name, detail | {"refused": refusal.rule})
            raise
        steward.audit.append(caller.person, "private", GUIDELINE_GAPS.name, detail)
    if as_json:
        sys.stdout.write(
            json.dumps({"topics": result.rows, "notes": result.caveats}, ensure_ascii=True, indent=2) + "\n"
        )
    else:
        console.print(Markdown(render(result)))

"""`steward knowledge terms`."""

import json
import sys
from typing import Annotated

import typer

from bot.commands.knowledge.opening import opened
from bot.commands.knowledge.saying import say


def terms(
    word: Annotated[str | None, typer.Argument(help="What people write; without it, all words are listed.")] = None,
    stands_for: Annotated[
        list[str] | None, typer.Argument(metavar="MEANING...", help="Words of the guidelines.")
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the word out of this home's list.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """Say what the team's short forms and everyday words stand for; the next question is searched with them.

    Without a meaning, say what a word stands for now. Folders may bring words of their own in `terms.yaml`.

    Example: steward knowledge terms dbl "double label"
    """
    with opened() as knowledge:
        if word and (stands_for or remove):
            knowledge.set_term(word, () if remove else stands_for or ())
        found = knowledge.team_terms()
    if word:
        kept = found.get(" ".join(word.lower().split()), ())
        found = {word: kept} if kept else {}
    if as_json:
        sys.stdout.write(json.dumps(found, ensure_ascii=True, indent=2) + "\n")
        return
    for name, meanings in sorted(found.items()):
        say(f"{name} = {', '.join(meanings)}")
    if not found:
        say(f"{word} stands for nothing else." if word else "No word stands for another yet.")

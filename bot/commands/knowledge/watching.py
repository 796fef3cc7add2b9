"""Watching: added folders followed as they change, a line a change."""

from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from bot.commands.knowledge.saying import say, say_changes, say_oddities

if TYPE_CHECKING:
    from knowledge import Knowledge

_QUIET = 600  # ms; an editor writes a file in several steps
_TURN = 500  # ms after which the watcher says that nothing happened


def watch(knowledge: "Knowledge", folders: Sequence[Path], stop: Event | None = None) -> None:
    """Follow the folders until Ctrl-C, or until `stop` is set.

    A file that cannot be read for a moment keeps what it held; it is read again with its next change.
    """
    from watchfiles import watch as changes

    there = [folder for folder in folders if folder.is_dir()]
    if not there:
        say("None of the folders is there; nothing to watch.")
        return
    watching = False
    for batch in changes(
        *there, debounce=_QUIET, step=100, stop_event=stop, raise_interrupt=False, rust_timeout=_TURN,
        yield_on_timeout=True,
    ):  # fmt: skip
        touched = [Path(path) for _, path in batch]
        if not watching:  # what changed before the first turn was seen by nobody
            touched, watching = there, True
            say(f"Watching {', '.join(map(str, there))}; Ctrl-C ends.")
        for folder in there:
            if any(path.is_relative_to(folder) for path in touched):
                _follow(knowledge, folder)


def _follow(knowledge: "Knowledge", folder: Path) -> None:
    from knowledge import KnowledgeError

    try:
        report = knowledge.sync(folder=folder)
    except KnowledgeError as problem:  # another process writes, the disk is full: the next change tries again
        say(f"not read: {problem}")
        return
    say_changes(report)
    say_oddities(report)

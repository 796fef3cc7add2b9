"""Imports every module of the rings and prints, as JSON, what the process did meanwhile. Run as a script of its own.

An audit hook sees what Python code does to files, sockets and processes, whichever library does it.
"""

import importlib
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

from tests.project.tree import ROOT, SCRIPTS, modules

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Opening a socket is not reaching out: urllib3 binds one to the loopback to learn whether there is IPv6.
REACHING = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname")
CHANGING = ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod")
STARTING = ("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.chdir")
WATCHED = frozenset((*REACHING, *CHANGING, *STARTING, "sqlite3.connect", "tempfile.mkstemp", "tempfile.mkdtemp"))


def main() -> None:
    """Import all, then report."""
    seen: list[str] = []
    sys.addaudithook(lambda event, arguments: seen.extend(_notable(event, arguments)))
    done: dict[str, list[str]] = {}
    for module in modules():
        if SCRIPTS in module.path.parents or module.name == "bot.__main__":
            continue  # run by Alembic; `python -m bot` itself
        seen.clear()
        importlib.import_module(module.name)
        done[module.name] = list(seen)
    threads = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    sys.stdout.write(json.dumps({"done": done, "threads": threads}))


def _notable(event: str, arguments: tuple[Any, ...]) -> list[str]:
    if event in WATCHED:
        return [f"{event} {arguments!r}"]
    if event != "open" or isinstance(arguments[0], int):
        return []
    path, _, flags = arguments
    if flags & WRITING:
        return [f"write {os.fsdecode(path)}"]
    place = Path(os.fsdecode(path))
    ours = any(place.is_relative_to(ROOT / ring) for ring in ("bot", "tools", "knowledge"))
    return [f"read {place}"] if ours and place.suffix not in (".py", ".pyc") else []


if __name__ == "__main__":
    main()

"""Wall and CPU seconds of commands and of answers in the process; the operating system's own accounting."""

import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.agent.question import Question
from bot.settings import Settings
from bot.wiring import opened

QUESTION = "recall for bullying-text v7 on the oct golden set?"
WARM = (
    QUESTION,
    "hows it on tagalog?",
    "compare bullying-text v7 and v6 on golden",
    "training examples per language for bullying",
    "what does fpr mean",
    "rule for repeated exclusion from a group chat",
)


@dataclass(frozen=True)
class Figure:
    """One measured thing: all its runs, and the goal it is held against."""

    what: str
    values: list[float]
    unit: str = "s"
    goal: str = ""

    def row(self) -> tuple[str, ...]:
        """The cells of its line."""
        shown = [statistics.median(self.values), min(self.values), max(self.values)]
        return (self.what, *(f"{value:.3g} {self.unit}" for value in shown), str(len(self.values)), self.goal)


def start_up(home: Path) -> Figure:
    """`steward init --sample` into an empty folder, once."""
    return Figure("init --sample, from nothing", [_command(home, ["init", "--sample"])[0]], goal="(once)")


def cold(home: Path, runs: int = 7) -> list[Figure]:
    """Whole commands, each in a new process, after one that is not counted."""
    figures = []
    for arguments, goal in ((["--help"], "0.4 s"), (["ask", QUESTION], "2.5 s")):
        _command(home, arguments)
        measured = [_command(home, arguments) for _ in range(runs)]
        name = f"steward {arguments[0]}, cold"
        figures.append(Figure(f"{name}: wall", [wall for wall, _, _ in measured], goal=goal))
        figures.append(Figure(f"{name}: CPU", [cpu for _, cpu, _ in measured]))
        if arguments[0] == "ask":  # of a smaller process the system reports the memory of this one, that started it
            figures.append(Figure(f"{name}: peak memory", [peak for _, _, peak in measured], "MB"))
    return figures


def warm(home: Path, rounds: int = 8) -> list[Figure]:
    """Answers in one process, after a first round that is not counted."""
    walls: list[float] = []
    cpus: list[float] = []
    with opened(Settings(home=home)) as steward:
        for number in range(rounds + 1):
            for text in WARM:
                ask = _timed(lambda t=text, n=number: steward.answer(Question(t, "ana", f"bench:{n}")))  # type: ignore[misc]
                if number:
                    walls.append(ask[0])
                    cpus.append(ask[1])
    return [
        Figure("an answer in the process: wall", walls, goal="0.15 s"),
        Figure("an answer in the process: CPU", cpus),
        Figure("the process: peak memory", [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024], "MB"),
    ]


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _command(home: Path, arguments: list[str]) -> tuple[float, float, float]:
    """Wall and CPU seconds and peak memory (MB) of one command of its own process."""
    command = [sys.executable, "-m", "bot", *arguments]
    started = time.perf_counter()
    silent = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
    environment = {**os.environ, "STEWARD_HOME": str(home), "STEWARD_MODEL": ""}
    child = os.posix_spawn(sys.executable, command, environment, file_actions=silent)
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(arguments)} failed")
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

"""Scoring: questions asked of an installation in their threads, and what was wrong with each answer.

What counts is the first result: what a model tries after that does not. `filters` and `group_by` are compared exactly,
so a question that expects none must have none; of the other arguments those that the file names.
"""

import json
import math
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bot.agent.answer import Answer
from bot.agent.middleware.grounding import ungrounded
from bot.agent.question import Question
from bot.agent.rendering import render
from bot.scorecard.questions import Entry, Expectation

THREADS = "score:"  # every thread of a scorecard begins so
OFFERED = 3  # choices that count as offered: what every surface shows

Ask = Callable[[Question], Answer]
Fork = Callable[[str, str], None]


@dataclass(frozen=True)
class Scored:
    """One question, the answer it got, and what was wrong with it.

    Attributes:
        wrong: what was given instead; empty where it was right at first.
        tool: whether the right tool ran first; None where the question expects none.
        offered: the choice of an answer that asked back which, asked in the same thread, was right; else empty.
        loose: numbers of the answer that stand neither in its results nor in the question (R15); None without results.
    """

    entry: Entry
    answer: Answer
    wrong: str
    tool: bool | None
    offered: str = ""
    loose: tuple[str, ...] | None = None

    @property
    def group(self) -> str:
        """The question's group."""
        return self.entry.group

    @property
    def ask(self) -> str:
        """The question as written."""
        return self.entry.ask


def score(
    entries: Iterable[Entry],
    answer: Ask,
    asker: str,
    fork: Fork | None = None,
    *,
    session: str = "",
    told: Callable[[], None] = lambda: None,
) -> list[Scored]:
    """Ask every question; those of one thread in the order of the file, threads apart from each other.

    Args:
        fork: makes a second thread that begins as the first stands. With it, the choices of an answer that asks
            back are tried, each in a thread of its own; where one is right the conversation goes on there, as it does
            for a person who pressed that button.
        session: how the threads begin; made up where it is not given.
        told: called after each question.
    """
    salt = session or new_session()
    threads: dict[str, str] = {}
    scored = []
    for number, entry in enumerate(entries):
        thread = threads.setdefault(entry.thread, f"{salt}:{entry.thread}")
        given = answer(Question(entry.ask, asker, thread))
        wrong, offered = mistake(entry, given), ""
        if fork is not None and wrong and given.kind == "clarify" and entry.tools:
            for at, choice in enumerate(given.choices[:OFFERED]):
                chosen = f"{salt}:{number}:{at}:{entry.thread}"
                fork(thread, chosen)
                if not mistake(entry, answer(Question(choice, asker, chosen))):
                    offered, threads[entry.thread] = choice, chosen
                    break
        tool = bool(given.results and given.results[0].tool in entry.tools) if entry.tools else None
        scored.append(Scored(entry, given, wrong, tool, offered, loose(entry.ask, given)))
        told()
    return scored


def new_session() -> str:
    """A beginning of threads that no other scorecard has."""
    return f"{THREADS}{secrets.token_hex(4)}"


def mistake(entry: Entry, given: Answer) -> str:
    """What an answer gave instead of what was expected; empty where one of the expectations is met."""
    found = [_mistake(expected, given) for expected in entry.expect]
    return "" if "" in found else found[0]


def loose(ask: str, given: Answer) -> tuple[str, ...] | None:
    """The numbers, codes and quotes of an answer that stand neither in its results nor in the question."""
    if not given.results:
        return None
    queries = [json.dumps(result.query, ensure_ascii=False) for result in given.results]
    return tuple(ungrounded(given.text, [ask, *map(render, given.results), *queries]))


def _mistake(expected: Expectation, given: Answer) -> str:
    names = ", ".join(call.name for call in given.tool_calls) or "none"
    if expected.kind:
        right = given.kind == expected.kind and not given.results
        return "" if right else f"kind {given.kind}, tools {names}"
    if not given.results:
        return f"no result; kind {given.kind}, tools {names}: {given.text[:90]!r}"
    result = given.results[0]
    if result.tool != expected.tool:
        return f"tool {result.tool}"
    exact: dict[str, Any] = {
        key: nothing for key, nothing in (("filters", {}), ("group_by", [])) if key in result.query
    }
    for key, value in {**exact, **expected.query}.items():
        if not _same(key, result.query.get(key), value):
            return f"{key} {result.query.get(key)!r} instead of {value!r}"
    return ""


def _same(key: str, found: Any, wanted: Any) -> bool:
    """Numbers to twelve digits, as 0.2 % may be 0.2 / 100; a model without a version is any version of it."""
    if isinstance(found, int | float) and isinstance(wanted, int | float):
        return math.isclose(found, wanted, rel_tol=1e-12)
    if key == "model" and isinstance(found, str) and isinstance(wanted, str):
        return found == wanted or found.startswith(f"{wanted} ")
    return bool(found == wanted)

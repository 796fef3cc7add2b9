"""Scores a file of questions against an installation: right tool and arguments, by group."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.agent.answer import Answer
from bot.agent.question import Question


@dataclass(frozen=True)
class Scored:
    """One question, the answer it got, and what was wrong with it (empty: right)."""

    group: str
    ask: str
    answer: Answer
    wrong: str


def read_questions(path: Path) -> list[dict[str, Any]]:
    """The questions of a file, in order."""
    questions: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))
    return questions


def score(questions: Iterable[dict[str, Any]], answer: Callable[[Question], Answer], asker: str) -> list[Scored]:
    """Ask every question; those of one thread in the order of the file, threads apart from each other."""
    salt = secrets.token_hex(4)
    scored = []
    for entry in questions:
        given = answer(Question(entry["ask"], asker, f"score:{salt}:{entry['thread']}"))
        scored.append(Scored(entry["group"], entry["ask"], given, _wrong(entry["expect"], given)))
    return scored


def _wrong(expect: dict[str, Any], given: Answer) -> str:
    names = [call.name for call in given.tool_calls]
    if "kind" in expect:
        return "" if given.kind == expect["kind"] and not given.results else f"kind {given.kind}, tools {names}"
    if not given.results:
        return f"no result; kind {given.kind}, tools {names}: {given.text[:90]!r}"
    result = given.results[0]  # right at first: what a model tries after that does not count
    if result.tool != expect["tool"]:
        return f"tool {result.tool}"
    wanted = expect.get("query", {})
    strict = [key for key in ("filters", "group_by") if key in result.query]
    exact: dict[str, Any] = {key: {} if key == "filters" else [] for key in strict}
    for key, value in {**exact, **wanted}.items():
        if result.query.get(key) != value:
            return f"{key} {result.query.get(key)!r} instead of {value!r}"
    return ""

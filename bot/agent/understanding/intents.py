"""Intents without a tool: help, refusals, and what Steward knows nothing about. Declared in `intents.yaml`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from bot.access.phrases import Phrases, read_phrases
from bot.access.wording import plain
from tools.spec import ToolSpec

FILE = Path(__file__).with_name("intents.yaml")

REPLIES = {
    "content": "I don't show or write content, to anyone: it protects the people in it and you. What I can give is"
    " the pattern: ask for recall or misses by language, surface or technique. The case tool opens items for those"
    " with access.",
    "verdict": "I give no verdict on a live item; that decision is yours. Describe the case in abstract factors (who,"
    " to whom, where, which act) and I quote the section that governs it. Unsure? Use the case tool's escalate button.",
    "action": "I can't do that. I look things up, and I propose evaluations that a person then approves; I change"
    " nothing else, and no message can allow me to.",
    "people": "I don't score or rank people. A person's own results go to them, their mentor and their lead, not here."
    " I can compare label sources, or say what the guideline on quality sampling asks for.",
    "unknown": "I don't have that. I know the evaluation runs, datasets, labels and guidelines of this workspace.",
}


@dataclass(frozen=True)
class Intent:
    """A kind of question that no tool answers, with what is said instead."""

    name: str
    kind: Literal["help", "refusal"]
    say: str
    examples: tuple[str, ...]
    signs: tuple[Phrases, ...] = ()

    def plain(self, text: str) -> bool:
        """Whether a text says this so plainly that likeness to examples need not be asked."""
        message = plain(text)
        return any(sign.found("signs", message) and not sign.found("unless", message) for sign in self.signs)


@cache
def load_intents() -> tuple[Intent, ...]:
    """The declared intents."""
    entries = yaml.safe_load(FILE.read_text("utf-8"))
    return tuple(
        Intent(
            entry["name"], entry["kind"], entry["say"], tuple(str(ask) for ask in entry["examples"]),
            tuple(read_phrases(FILE.with_name(f"{name}.yaml")) for name in entry.get("signs", ())),
        )
        for entry in entries
    )  # fmt: skip


def reply(intent: Intent, specs: list[ToolSpec[Any]]) -> str:
    """What is said for an intent; what can be asked is listed from the tools themselves."""
    text = REPLIES.get(intent.say)
    if text is None:
        return help_text(specs)
    return f"{text}\n\n{help_text(specs)}" if intent.say == "unknown" else text


def help_text(specs: list[ToolSpec[Any]]) -> str:
    """What can be asked, a line a tool, each with an example."""
    lines = [f"- {spec.topic}: “{spec.examples[0].ask}”" for spec in specs]
    return "You can ask me about:\n" + "\n".join(lines)

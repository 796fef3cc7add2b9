"""Phrases: what the gates look for, written in YAML so that people can read and mend it.

    words:
      saw: saw | watched | came across
    signs:
      seen: |
        <saw> .. (?:horrible|awful)

A line is a regular expression over `wording.plain` text. `<name>` stands for a list of words, which may name others;
` .. ` for up to 45 characters of the same sentence, so that reading stays linear. Words are matched whole.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import yaml

_NAME = re.compile(r"<([a-z_]+)>")
_GAP = r"(?!\w)(?:[^.;!?]|[.;!?](?=\w)){0,45}(?<!\w)"  # a point inside a number ends no sentence
_UNSPACED = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")  # Chinese and Japanese have no edges of words


class Phrases:
    """Kinds of phrases by name, ready to be looked for."""

    def __init__(self, signs: Mapping[str, str], words: Mapping[str, str]) -> None:
        """`signs` are lines by kind, `words` alternatives by name; a name must be listed before it is used."""
        known: dict[str, str] = {}
        for name, listed in words.items():
            known[name] = f"(?:{'|'.join(part.strip() for part in _filled(listed, known).split(' | '))})"
        self._kinds = {
            kind: tuple(_compiled(line, known) for line in lines.splitlines() if line and not line.startswith("#"))
            for kind, lines in signs.items()
        }

    def found(self, kind: str, message: str) -> bool:
        """Whether a message, as `wording.plain` gives it, has a phrase of this kind."""
        return any(pattern.search(message) for pattern in self._kinds.get(kind, ()))


def read_phrases(path: Path) -> Phrases:
    """The phrases of a file with `words` and `signs`."""
    entries = yaml.safe_load(path.read_text("utf-8"))
    return Phrases(entries["signs"], entries["words"])


def _filled(text: str, known: Mapping[str, str]) -> str:
    return _NAME.sub(lambda match: known[match.group(1)], text)


def _compiled(line: str, known: Mapping[str, str]) -> re.Pattern[str]:
    pattern = _filled(line.strip(), known).replace(" .. ", _GAP)
    return re.compile(pattern if _UNSPACED.search(line) else rf"(?:\b|(?=\W))(?:{pattern})(?:\b|(?<=\W))")

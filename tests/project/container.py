"""The Dockerfile and `.dockerignore` as data."""

import json
import re
import shlex
from dataclasses import dataclass
from fnmatch import fnmatchcase
from io import BytesIO
from pathlib import PurePosixPath

from dockerfile_parse import DockerfileParser


@dataclass(frozen=True)
class Instruction:
    """One instruction: its name in capitals and the rest, continuation lines joined."""

    name: str
    value: str

    @property
    def words(self) -> list[str]:
        """The rest as a shell splits it, or as the JSON list it is."""
        return list(json.loads(self.value)) if self.value.startswith("[") else shlex.split(self.value)

    @property
    def options(self) -> dict[str, str]:
        """What stands before the rest as `--name=value`."""
        return dict(re.findall(r"(?:^|(?<=\s))--([a-z-]+)=(\S+)", self.value))

    @property
    def operands(self) -> list[str]:
        """The words that are no option."""
        return [word for word in self.words if not word.startswith("--")]


@dataclass(frozen=True)
class Stage:
    """One stage: the image it starts from, its name, and what it does."""

    image: str
    name: str
    instructions: tuple[Instruction, ...]

    def all(self, name: str) -> list[Instruction]:
        """The instructions of this name, in order."""
        return [found for found in self.instructions if found.name == name]

    @property
    def environment(self) -> dict[str, str]:
        """The variables it sets."""
        return dict(word.split("=", 1) for found in self.all("ENV") for word in found.words)


def stages(text: str) -> list[Stage]:
    """The stages of a Dockerfile."""
    found: list[tuple[str, list[Instruction]]] = []
    for part in DockerfileParser(fileobj=BytesIO(text.encode())).structure:
        if part["instruction"] == "FROM":
            found.append((part["value"], []))
        elif part["instruction"] != "COMMENT":
            found[-1][1].append(Instruction(part["instruction"], re.sub(r"\s+", " ", part["value"])))
    return [
        Stage(start.split()[0], start.split()[2] if " AS " in start else "", tuple(instructions))
        for start, instructions in found
    ]


def ignored(path: str, patterns: str) -> bool:
    """Whether `.dockerignore` keeps a path from the builder: the last pattern that fits it or a parent decides."""
    verdict = False
    parts = PurePosixPath(path).parts
    places = ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
    for line in patterns.splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        wanted, pattern = pattern.startswith("!"), pattern.removeprefix("!")
        if any(_fits(place, pattern) for place in places):
            verdict = not wanted
    return verdict


def _fits(path: str, pattern: str) -> bool:
    parts, wanted = path.split("/"), pattern.split("/")
    if wanted[0] == "**":  # any number of folders, none included
        return any(_fits("/".join(parts[start:]), "/".join(wanted[1:])) for start in range(len(parts)))
    if len(parts) != len(wanted):
        return False
    return all(fnmatchcase(part, glob) for part, glob in zip(parts, wanted, strict=True))

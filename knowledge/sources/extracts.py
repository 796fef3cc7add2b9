"""Extracts: what a reader takes from one file, whatever its format."""

from collections.abc import Mapping
from dataclasses import dataclass, field


class BrokenError(Exception):
    """This file is left out; the message is the reason and what to do."""


@dataclass(frozen=True)
class Extract:
    """Markdown text, and what the file says of itself.

    `stated` are fields its author wrote for us (front matter); `found` are those of the format (the title of a page,
    the author of a PDF), which anything stated overrides.
    """

    body: str
    stated: Mapping[str, str] = field(default_factory=dict, hash=False)
    found: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Unreadable:
    """A file that was left out, and why."""

    path: str
    reason: str

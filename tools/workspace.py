"""Workspace: all that a tool may use, handed over as plain values; and who is calling."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

from knowledge import Knowledge
from tools.catalog import Catalog, load


@dataclass(frozen=True)
class Limits:
    """What needs a second person, and how long a proposal stands (R12)."""

    second_person_above_items: int = 100_000
    proposal_hours: int = 24


@dataclass(frozen=True)
class Defaults:
    """What a question means when it leaves something out; empty means: ask."""

    model: str = ""
    dataset: str = ""


@dataclass(frozen=True)
class Workspace:
    """The database, the data root, the guidelines, the clock and the team's defaults.

    `people` gives ids and names of the team's people, so that they are never kept as words.
    """

    engine: Engine
    root: Path
    knowledge: Callable[[], Knowledge]
    now: Callable[[], datetime]
    defaults: Defaults = field(default_factory=Defaults)
    limits: Limits = field(default_factory=Limits)
    people: Callable[[], frozenset[str]] = frozenset

    @property
    def catalog(self) -> Catalog:
        """What is registered now."""
        return load(self.engine)


@dataclass(frozen=True)
class Caller:
    """Who asks, as the configuration knows them, and in which thread.

    `scope` names the documents or policy areas that the channel is about; they are preferred, and nothing is left out.
    """

    person: str
    roles: frozenset[str]
    thread: str = ""
    scope: tuple[str, ...] = ()


@dataclass(frozen=True)
class Call:
    """What a tool runs with: the workspace and the caller; the catalogue is read once a call."""

    workspace: Workspace
    caller: Caller

    @cached_property
    def catalog(self) -> Catalog:
        """The catalogue at the time of the call."""
        return self.workspace.catalog

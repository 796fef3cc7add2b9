"""A bench, an engine with tables, and the sample workspace as a tool sees it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.settings import Settings
from bot.wiring import data_root
from knowledge import Knowledge
from tests.clock import Clock
from tests.databases import Kind, scratch
from tests.knowledge.bags import alone
from tests.tools.bench import Bench, furnished
from tools.registry import register
from tools.store.database import connect
from tools.workspace import Call, Caller, Defaults, Workspace


@pytest.fixture
def engine(migrated: dict[Kind, str], tmp_path: Path) -> Iterator[Engine]:
    """An SQLite database with its tables, for what does not depend on which database it is."""
    with scratch("sqlite", tmp_path, migrated["sqlite"]) as url:
        opened = connect(url)
        yield opened
        opened.dispose()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Two models that say what their features say, and a dataset of 400 items."""
    return furnished(tmp_path / "root")


@pytest.fixture(scope="session")
def sample(sample_home: Path) -> Iterator[Workspace]:
    """The sample workspace, shared: read only."""
    opened = connect(Settings(home=sample_home).database)
    guidelines = Knowledge(sample_home / "knowledge", embedder=alone)
    yield Workspace(opened, data_root(sample_home), lambda: guidelines, Clock(), Defaults(dataset="golden@2026-10"))
    guidelines.close()
    opened.dispose()


@pytest.fixture
def call(sample: Workspace) -> Call:
    """A strategist asking about the sample."""
    return Call(sample, Caller("ana", frozenset({"strategist"}), "terminal:test"))


@pytest.fixture
def own_sample(own_sample_home: Path, sample: Workspace, clock: Clock) -> Iterator[Workspace]:
    """A copy of the sample workspace that a test may write to."""
    opened = connect(Settings(home=own_sample_home).database)
    yield Workspace(opened, data_root(own_sample_home), sample.knowledge, clock, Defaults(dataset="golden@2026-10"))
    opened.dispose()


@pytest.fixture
def own_call(own_sample: Workspace) -> Call:
    """A strategist at work in a copy of the sample."""
    return Call(own_sample, Caller("ana", frozenset({"strategist"}), "terminal:test"))


@pytest.fixture
def registered(engine: Engine, bench: Bench) -> Bench:
    """The bench, registered: 400 items in four shards."""
    register(engine, bench.root, bench.registry)
    return bench

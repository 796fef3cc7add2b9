"""What every test may ask for: a database of its own, the sample workspace, a clock; and no network for anybody."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine

from bot.home import create
from bot.settings import Settings
from knowledge import Knowledge
from tests.clock import Clock
from tests.databases import Kind, kinds, scratch
from tests.knowledge.bags import alone
from tests.network import guard
from tools.store.database import connect, migrate

# A console keeps the width it had when it was made, which is in whichever test comes first.
os.environ["COLUMNS"] = "240"

# The same examples every time, and no deadline: on a shared machine it fails by chance.
settings.register_profile("steward", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("steward")


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Nothing leaves this machine while tests run."""
    guard.close()
    yield
    guard.open()


@pytest.fixture
def clock() -> Clock:
    """20 November 2026, 10:00 UTC, until moved."""
    return Clock()


@pytest.fixture(params=kinds())
def database_kind(request: pytest.FixtureRequest) -> Kind:
    """Each database that is there; a test that asks for any of these fixtures runs once on each."""
    kind: Kind = request.param
    return kind


@pytest.fixture
def database_url(database_kind: Kind, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    with scratch(database_kind, tmp_path) as url:
        yield url


@pytest.fixture
def jobs_url(database_kind: Kind, tmp_path: Path) -> Iterator[str]:
    """The address of another empty database, for the job engine."""
    with scratch(database_kind, tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Kind, str]]:
    """The addresses of a database with its tables of each kind, to be copied: migrating costs more than most tests."""
    with ExitStack() as stack:
        addresses: dict[Kind, str] = {}
        for kind in kinds():
            addresses[kind] = stack.enter_context(scratch(kind, tmp_path_factory.mktemp(kind)))
            engine = connect(addresses[kind])
            migrate(engine)
            engine.dispose()
        yield addresses


@pytest.fixture
def database(database_kind: Kind, migrated: dict[Kind, str], tmp_path: Path) -> Iterator[Engine]:
    """A database with its tables; its address is `database.url`."""
    with scratch(database_kind, tmp_path, migrated[database_kind]) as url:
        engine = connect(url)
        yield engine
        engine.dispose()


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample workspace, its guidelines found by words alone. Shared: read it, never write to it."""
    home = tmp_path_factory.mktemp("sample") / "home"
    create(
        Settings(home=home), sample=True, tell=lambda what, done, of: None,
        knowledge=lambda folder: Knowledge(folder / "knowledge", embedder=alone),
    )  # fmt: skip
    return home


@pytest.fixture
def own_sample_home(sample_home: Path, tmp_path: Path) -> Path:
    """A copy of the sample workspace that a test may change."""
    return Path(shutil.copytree(sample_home, tmp_path / "home"))

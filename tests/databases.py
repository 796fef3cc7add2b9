"""Scratch databases: a new one for each test, on SQLite and, where there is one to use, on Postgres.

Postgres is used where `STEWARD_TEST_POSTGRES` says so (a SQLAlchemy address without a database), and where one
listens on the usual port of this machine and lets `postgres` in without a password, as the machines of CI do.
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Literal

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

Kind = Literal["sqlite", "postgres"]
VARIABLE, USUAL = "STEWARD_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432"


@cache
def server() -> str | None:
    """The address of the Postgres to use, without a database; None where there is none.

    Raises:
        OperationalError: the environment names one that cannot be reached: then skipping would hide it.
    """
    named = os.environ.get(VARIABLE, "").rstrip("/")
    try:
        _administer(named or USUAL, "SELECT 1")
    except (OperationalError, ImportError):
        if named:
            raise
        return None
    return named or USUAL


def kinds() -> list[Kind]:
    """The databases that tests run on here."""
    return ["sqlite", "postgres"] if server() else ["sqlite"]


@contextmanager
def scratch(kind: Kind, folder: Path, like: str = "") -> Iterator[str]:
    """The address of a database that is gone after the block: an empty one, or a copy of the one at `like`."""
    name = f"steward_test_{secrets.token_hex(6)}"
    if kind == "sqlite":
        path = folder / f"{name}.db"
        if like:
            shutil.copy(like.removeprefix("sqlite:///"), path)
        yield f"sqlite:///{path}"
        return
    address = server()
    assert address is not None
    _administer(address, f"CREATE DATABASE {name} TEMPLATE {like.rpartition('/')[2] or 'template1'}")
    try:
        yield f"{address}/{name}"
    finally:
        _administer(address, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(address: str, statement: str) -> None:
    url = f"{address}/postgres"
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 2})
    with engine.connect() as connection:
        connection.execute(text(statement))

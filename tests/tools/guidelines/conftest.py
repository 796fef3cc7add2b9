"""A workspace in which questions can be asked in vain: an empty database, and the guidelines of the sample."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.clock import Clock
from tools.workspace import Call, Caller, Workspace


@pytest.fixture
def vain(database: Engine, sample: Workspace, clock: Clock, tmp_path: Path) -> Call:
    """A policy manager asking, on each database there is."""
    workspace = Workspace(database, tmp_path / "home" / "data", sample.knowledge, clock)
    return Call(workspace, Caller("dora", frozenset({"policy"}), "terminal:test"))

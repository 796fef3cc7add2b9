"""Desks on a copy of the sample workspace, with the planner alone or with a scripted language model."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Protocol

import pytest

from bot.settings import Settings
from bot.wiring import Steward
from tests.agent.desks import Desk, open_desk
from tests.agent.scripted import ScriptedModel, Step
from tests.clock import Clock


class OpenWithModel(Protocol):
    """Opens a desk whose language model takes these steps."""

    def __call__(self, *steps: Step, forever: bool = False) -> tuple[Desk, ScriptedModel]: ...


@pytest.fixture
def desk(own_sample_home: Path, clock: Clock) -> Iterator[Desk]:
    """The planner alone, on words."""
    with open_desk(own_sample_home, clock) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared_desk(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """As `desk`, one for all tests of a file: for those that leave nothing which another would notice."""
    home = Path(shutil.copytree(sample_home, tmp_path_factory.mktemp("shared") / "home"))
    with open_desk(home, Clock()) as opened:
        yield opened


@pytest.fixture(scope="session")
def whole_home(sample_home: Path) -> Path:
    """The sample as it is installed: guidelines found by meaning, too, and the planner's examples embedded.

    Shared: read it, never write to it.
    """
    return _whole(sample_home)


@pytest.fixture
def open_with_model(own_sample_home: Path, clock: Clock) -> Iterator[OpenWithModel]:
    """A desk with a scripted language model; all are closed at the end."""
    with ExitStack() as stack:

        def start(*steps: Step, forever: bool = False) -> tuple[Desk, ScriptedModel]:
            model = ScriptedModel(steps=list(steps), forever=forever)
            return stack.enter_context(open_desk(own_sample_home, clock, model)), model

        yield start


@cache  # pytest makes a fixture that two folders import once for each
def _whole(sample_home: Path) -> Path:
    home = Path(shutil.copytree(sample_home, sample_home.with_name("whole")))
    steward = Steward(Settings(home=home))
    steward.knowledge.reindex()
    steward.warm()
    steward.close()
    return home

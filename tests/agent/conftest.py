"""Desks on a copy of the sample workspace, with the planner alone or with a scripted language model."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

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


@pytest.fixture
def open_with_model(own_sample_home: Path, clock: Clock) -> Iterator[OpenWithModel]:
    """A desk with a scripted language model; all are closed at the end."""
    with ExitStack() as stack:

        def start(*steps: Step, forever: bool = False) -> tuple[Desk, ScriptedModel]:
            model = ScriptedModel(steps=list(steps), forever=forever)
            return stack.enter_context(open_desk(own_sample_home, clock, model)), model

        yield start

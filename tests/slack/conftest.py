"""A playground, a database and bots on both."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import Engine

from bot.playground.server import Playground
from bot.playground.web_api import APP_TOKEN, BOT_TOKEN
from bot.playground.workspace import Workspace
from bot.slack.app import SlackApp
from bot.slack.timing import Timing
from tests.slack.scripted import QUICK, ScriptedDesk, database


class StartBot(Protocol):
    """Starts a bot on a desk."""

    async def __call__(self, desk: ScriptedDesk, timing: Timing = QUICK) -> SlackApp:
        """Start it and wait until it is connected."""
        ...


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    """A running simulated Slack."""
    async with Playground() as running:
        yield running


@pytest.fixture
def slack(playground: Playground) -> Workspace:
    """Its workspace."""
    return playground.workspace


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A database of its own for each test."""
    return database(tmp_path / "steward.db")


@pytest.fixture
async def start_bot(playground: Playground) -> AsyncIterator[StartBot]:
    """Start a bot; any number of them. All are stopped at the end."""
    running: list[SlackApp] = []
    desks: list[ScriptedDesk] = []

    async def start(desk: ScriptedDesk, timing: Timing = QUICK) -> SlackApp:
        app = SlackApp(desk, BOT_TOKEN, APP_TOKEN, playground.base_url, timing)
        await app.start()
        running.append(app)
        playground.workspace.watched.append(lambda: app.under_way)
        playground.workspace.settle = 0.05
        desks.append(desk)
        return app

    yield start
    for desk in desks:
        desk.gate.set()
    for app in running:
        await app.stop()


@pytest.fixture
async def desk(engine: Engine, start_bot: StartBot) -> ScriptedDesk:
    """The desk of one running bot."""
    scripted = ScriptedDesk(engine)
    await start_bot(scripted)
    return scripted

"""A bot in a process of its own, so that a test can kill it: `python -m tests.slack.bot_process URL DATABASE MODE`."""

import asyncio
import sys
import time
from pathlib import Path

from bot.agent.answer import Answer
from bot.agent.question import Question
from bot.playground.web_api import APP_TOKEN, BOT_TOKEN
from bot.slack.app import serve
from tests.slack.scripted import QUICK, ScriptedDesk, database, said


def hang(question: Question) -> Answer:
    """Never come to an answer."""
    time.sleep(3600)
    return said("too late")


def main() -> None:
    """Serve until killed."""
    url, path, mode = sys.argv[1:]
    desk = ScriptedDesk(database(Path(path)), hang if mode == "hang" else None)
    asyncio.run(serve(desk, BOT_TOKEN, APP_TOKEN, url, QUICK))


if __name__ == "__main__":
    main()

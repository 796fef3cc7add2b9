"""`steward serve` and `steward manifest`."""

import asyncio
import json
import signal
import sys
from contextlib import suppress

from bot.settings import Settings, load
from bot.slack.app import SlackUnavailable, serve
from bot.slack.manifest import manifest
from bot.terminal import notes
from bot.wiring import Steward, opened
from tools.errors import SetupError


def run_serve() -> None:
    """Answer in Slack until stopped; approved runs are done in this process."""
    settings = load()
    if not (settings.slack_bot_token.get_secret_value() and settings.slack_app_token.get_secret_value()):
        raise SetupError(
            "Slack needs two tokens: STEWARD_SLACK_BOT_TOKEN (xoxb-…) and STEWARD_SLACK_APP_TOKEN (xapp-…, with"
            " connections:write). Create the app from the manifest that `steward manifest` prints, then set both."
        )
    with opened(settings, lasting=True) as steward:
        if not steward.jobs.start():
            notes.print("Another process of this home runs the evaluations; this one answers only.")
        with suppress(asyncio.CancelledError, KeyboardInterrupt):
            asyncio.run(_until_stopped(steward, settings))


def print_manifest() -> None:
    """The app manifest as JSON."""
    sys.stdout.write(json.dumps(manifest(), indent=2) + "\n")


async def _until_stopped(steward: Steward, settings: Settings) -> None:
    task = asyncio.current_task()
    assert task is not None
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, task.cancel)
    # The agent's imports and the embedding model cost two CPU seconds: better now than on the first question.
    await asyncio.to_thread(steward.warm)
    notes.print("Steward answers in Slack. Ctrl-C stops it.")
    try:
        await serve(
            steward,
            settings.slack_bot_token.get_secret_value(),
            settings.slack_app_token.get_secret_value(),
            settings.slack_base_url or None,
        )
    except SlackUnavailable as error:
        raise SetupError(str(error)) from error

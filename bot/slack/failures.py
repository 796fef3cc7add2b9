"""Failures: what an error of the Slack Web API means for the next step, and a log of errors without any text."""

import asyncio
import secrets
import traceback
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

REFUSED_BLOCKS = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "block_mismatch", "invalid_attachments"}
)
PASSING = frozenset(
    {"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
)


def code(error: BaseException) -> str:
    """Slack's error code; `unreachable` for a failed or cut connection or an answer that is no JSON; else empty."""
    if isinstance(error, SlackApiError):
        data: Any = getattr(error.response, "data", None)
        found = data.get("error") if isinstance(data, dict) else None
        return str(found or "unreachable")
    return "unreachable" if isinstance(error, (aiohttp.ClientError, asyncio.TimeoutError, OSError)) else ""


def passing(error: BaseException) -> bool:
    """Whether the same call may work later; then it is not known whether this one arrived."""
    return code(error) == "unreachable" or code(error) in PASSING


def report(event: str, error: BaseException, **facts: object) -> str:
    """Log an error and return the id under which a person can be told of it.

    The log holds the kind of the error and where it was raised, not its message: that may quote what somebody wrote.
    """
    error_id = secrets.token_hex(4)
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    logger = structlog.get_logger("steward.slack")
    logger.error(event, error_id=error_id, kind=type(error).__name__, code=code(error), frames=frames[-12:], **facts)
    return error_id

"""Logs: to the error stream, so that what a command prints can be piped. Never the text of a question (R3)."""

import sys

import structlog


def to_error_stream() -> None:
    """Send the log of this process to the error stream, whichever it is when something is logged."""
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr), cache_logger_on_first_use=False)

"""Faults: what the simulated Slack does wrong on purpose, a chosen number of times."""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong with one call of a method.

    Args:
        error: answer `{"ok": false, "error": …}` instead of acting.
        retry_after: answer 429 with this `Retry-After`, in seconds, instead of acting.
        status: answer this HTTP status with no usable body instead of acting.
        hold: act, and answer only once this event is set.
        drop: act, and close the connection without an answer.
    """

    error: str = ""
    retry_after: int = 0
    status: int = 0
    hold: asyncio.Event | None = None
    drop: bool = False


@dataclass
class Faults:
    """The faults still to come: by method for the Web API, by count for the socket.

    `duplicate` is how many of the next events are delivered twice, under the same event id, as Slack does
    when it is in doubt.
    """

    duplicate: int = 0
    _by_method: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))

    def add(self, method: str, fault: Fault, times: int = 1) -> None:
        """Make the next `times` calls of a method go wrong in this way; faults of one method queue up."""
        self._by_method[method].extend([fault] * times)

    def next(self, method: str) -> Fault | None:
        """Take the fault that is due for this call, if any."""
        waiting = self._by_method.get(method)
        return waiting.popleft() if waiting else None

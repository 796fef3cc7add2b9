"""Halt: stops workflows between two steps, and waits for those that are in one, so that nothing is cut in half."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Halted(BaseException):
    """The engine closes. No `Exception`, so that it is neither a failure of the run nor recorded as its outcome."""


class Halt:
    """Asked for once; shared by all workflows of an engine."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._asked, self._under_way = False, 0

    def ask(self, patience: float) -> bool:
        """Let no further step begin and wait for those under way; False when they take longer than `patience`."""
        with self._changed:
            self._asked = True
            return self._changed.wait_for(lambda: self._under_way == 0, patience)

    def check(self) -> None:
        """Called before each step.

        Raises:
            Halted: the engine closes; the next start goes on from here.
        """
        if self._asked:
            raise Halted

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Around a whole workflow."""
        with self._changed:
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

"""Every error that a person may see, by who must act.

    StewardError
    ├── ToolError      the question can be mended: says what was tried and the nearest valid names
    ├── SetupError     the operator must act: says the command that mends it
    └── Refusal        a rule forbids it: names the rule

Anything else is a bug: the person sees a sentence and an id, the log sees the cause.
"""


class StewardError(Exception):
    """The root of all expected errors; `str(error)` is one or two finished sentences for a person."""


class ToolError(StewardError):
    """A tool could not use an argument. `tried` is the offending text, `nearest` the valid names closest to it."""

    def __init__(self, message: str, *, tried: str = "", nearest: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.tried = tried
        self.nearest = nearest


class SetupError(StewardError):
    """Something must be set up or mended first; `remedy` is the command that does it, also part of the text."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(f"{message} Run: {remedy}" if remedy else message)
        self.remedy = remedy


class Refusal(StewardError):
    """A hard rule says no; `rule` is its number in the rule book, such as `R1`."""

    def __init__(self, message: str, *, rule: str) -> None:
        super().__init__(message)
        self.rule = rule

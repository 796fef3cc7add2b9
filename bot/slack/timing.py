"""Timing: how long things may take and how often they are looked at, in seconds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """The waits of the Slack surface; tests shorten them, nobody else needs to.

    Args:
        lease: how long a claim lasts without a sign of life; renewed at a third of it.
        sweep: how often claims that lost their process are looked for.
        answer: after this long an answer is given up and an error reply is sent.
        poll: how often the progress of a run is read.
        edit: how often a card is edited at most.
        retry: the first wait after a post that may or may not have arrived; it doubles, up to `retry_most`.
        drain: how long a stop waits for the work under way.
        ping: how often the socket is checked; also how soon it is opened again.
        cache: how long what is known about a person or a channel stays good.
        status: how often "is working" is shown again (Slack clears it after two minutes).
    """

    lease: float = 30.0
    sweep: float = 10.0
    answer: float = 300.0
    poll: float = 2.0
    edit: float = 4.0
    retry: float = 1.0
    retry_most: float = 30.0
    drain: float = 20.0
    ping: float = 10.0
    cache: float = 300.0
    status: float = 90.0

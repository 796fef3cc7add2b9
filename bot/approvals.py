"""Approvals: the only door to an effect. A person presses a button; one compare-and-set decides, once."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["approve", "reject"]


@dataclass(frozen=True)
class Decision:
    """What a button press did.

    `status` is `approved` or `rejected` for the one press that decided, `already` for any later one, `expired`,
    `forbidden` (this person may not; the card stays) or `unknown`. `sentence` is ready to show; `run_id` is set once approved.
    """

    status: Literal["approved", "rejected", "already", "expired", "forbidden", "unknown"]
    sentence: str
    run_id: str | None = None


@dataclass(frozen=True)
class Progress:
    """How far a run is: shards done of all, and a finished Markdown report once `status` is `done` or `failed`."""

    run_id: str
    status: Literal["queued", "running", "done", "failed"]
    done: int
    total: int
    sentence: str

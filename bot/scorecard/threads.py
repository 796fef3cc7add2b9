"""The threads of a scorecard: begun again from where another stands, and taken away at the end.

The second control against a scorecard that leaves something to approve: what it proposed is expired, not only unseen.
"""

import secrets

from sqlalchemy import Engine, delete, select, update

from tools.store.session import reading, writing
from tools.store.tables import Proposal, Turn


def fork(engine: Engine, thread: str, other: str) -> None:
    """Begin the thread `other` with the turns of `thread`, so that what is asked there leaves `thread` as it is."""
    with reading(engine) as session:
        turns = list(session.scalars(select(Turn).where(Turn.thread == thread)))
    with writing(engine) as session:
        for turn in turns:
            session.add(
                Turn(
                    id=secrets.token_hex(8),
                    thread=other,
                    asker=turn.asker,
                    at=turn.at,
                    question=turn.question,
                    calls=turn.calls,
                    answer=turn.answer,
                )
            )


def clear(engine: Engine, beginning: str) -> None:
    """Forget the threads that begin so, and let what was proposed there expire."""
    proposed = Proposal.thread.startswith(beginning, autoescape=True)
    with writing(engine) as session:
        session.execute(delete(Turn).where(Turn.thread.startswith(beginning, autoescape=True)))
        session.execute(update(Proposal).where(proposed, Proposal.status == "pending").values(status="expired"))

"""Unanswered: what the guidelines do not answer, counted by topic. No word of a question is kept (R2, R3).

Two independent controls. First, a question comes here only from a tool, and so only after the paste gate and the
content gate have let it pass. Second, nothing of it is stored but what equals a word of the guidelines' own (`topics`),
and counts; people and unknown words are stored as hashes with a key that is not in the database, and a word itself only
once three people have used it on three days.
"""

import hashlib
import hmac
import json
import logging
import os
import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from knowledge import Passage
from knowledge.search.languages import GUIDELINE_WORDS, language_of, read_lists
from tools.guidelines.topics import topic_of, unknown_words, vocabulary
from tools.store.session import insert_missing, writing
from tools.store.tables import GuidelineAsker, GuidelineQuestion, GuidelineWord
from tools.workspace import Call

Outcome = Literal["not found", "low score"]

KEPT = timedelta(days=90)  # R21
PEOPLE = 3  # people and days until a word itself is kept
KEY = "guideline-gaps.key"  # under the data root, beside the files that no database holds
COLLECTION = "guidelines"  # where nothing is near
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?")


@dataclass(frozen=True)
class _Seen:
    """All that is kept of one question."""

    topic: str
    collection: str
    section: str
    language: str
    outcome: Outcome
    words: tuple[str, ...]


def record_unanswered(
    call: Call,
    query: str,
    nearest: Sequence[Passage],
    outcome: Outcome = "not found",
    *,
    names: Collection[str] | None = None,
    language: str = "",
) -> None:
    """Count a question that found no good section. Never raises: a failure is logged by its kind and swallowed.

    Args:
        nearest: the sections that came nearest, best first; their ids are kept, not their text.
        outcome: `not found` where the answer was that the guidelines do not say, `low score` where it was in doubt.
        names: ids and names of the team's people, which are never kept as words; without them no word is kept at all.
        language: the code of the question's language, told from its words where it is not given; words are kept of
            English questions only.
    """
    try:
        now = call.workspace.now()
        known = vocabulary(call.workspace.knowledge(), now.date())
        first = nearest[0] if nearest else None
        spoken = language or _language(query)
        seen = _Seen(
            topic=topic_of(query, first, known),
            collection=first.collection if first else COLLECTION,
            section=first.section[:300] if first else "",
            language=spoken if _LANGUAGE.fullmatch(spoken) else "",
            outcome=outcome,
            words=unknown_words(query, known, names) if names is not None and spoken == "en" else (),
        )
        _store(call.workspace.engine, _key(call.workspace.root), seen, call.caller.person, now)
    except Exception as error:
        # Its text could repeat the question.
        logging.getLogger("steward.guidelines").error("unanswered question not counted: %s", type(error).__name__)


def forget(engine: Engine, now: datetime) -> None:
    """Purge what is older than 90 days (R21), and the words that too few people are left to have used."""
    with writing(engine) as session:
        _forget(session, now)


def _language(query: str) -> str:
    """The language that the words of a question tell; English, too, where they tell none."""
    told = language_of(query, read_lists(GUIDELINE_WORDS))
    return told.language if told else "en"


def _store(engine: Engine, key: bytes, seen: _Seen, person: str, now: datetime) -> None:
    today, week = now.date(), now.date() - timedelta(days=now.weekday())
    with writing(engine) as session:
        _forget(session, now)
        question = {
            "week": week,
            "topic": seen.topic,
            "collection": seen.collection[:100],
            "section": seen.section,
            "language": seen.language,
            "outcome": seen.outcome,
        }
        _upsert(session, GuidelineQuestion, question | {"n": 1}, tuple(question), {"n": GuidelineQuestion.n + 1})
        asker = {"topic": seen.topic, "asker": _hash(key, "asker", seen.topic, person)}
        _upsert(session, GuidelineAsker, asker | {"week": week}, tuple(asker), {"week": week})
        for word in sorted(seen.words):
            _sight(session, key, word, seen.topic, person, today)


def _sight(session: Session, key: bytes, word: str, topic: str, person: str, today: date) -> None:
    """A word seen once more: a person counts once, a day counts once."""
    hashed = _hash(key, "word", word)
    row = {"hash": hashed, "asker": _hash(key, "asker", word, person), "day": today, "topic": topic, "word": None}
    insert_missing(session, GuidelineWord, [row])
    people = select(func.count()).select_from(GuidelineWord).where(GuidelineWord.hash == hashed)
    if (session.scalar(people) or 0) >= PEOPLE:
        session.execute(update(GuidelineWord).where(GuidelineWord.hash == hashed).values(word=word))


def _forget(session: Session, now: datetime) -> None:
    before = (now - KEPT).date()
    session.execute(delete(GuidelineQuestion).where(GuidelineQuestion.week <= before))
    session.execute(delete(GuidelineAsker).where(GuidelineAsker.week <= before))
    if session.connection().execute(delete(GuidelineWord).where(GuidelineWord.day <= before)).rowcount:
        few = select(GuidelineWord.hash).group_by(GuidelineWord.hash).having(func.count() < PEOPLE)
        session.execute(update(GuidelineWord).where(GuidelineWord.hash.in_(few)).values(word=None))


def _upsert(session: Session, table: type[Any], row: dict[str, Any], keys: tuple[str, ...], set_: Any) -> None:
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(table).values(row).on_conflict_do_update(index_elements=keys, set_=set_))


def _hash(key: bytes, *what: str) -> str:
    return hmac.new(key, json.dumps(what).encode(), hashlib.sha256).hexdigest()[:32]


def _key(root: Path) -> bytes:
    """The key of the hashes, made at first use. Whoever has the database alone cannot try words or names."""
    path = root / KEY
    if not path.exists():
        root.mkdir(parents=True, exist_ok=True)
        partial = root / f"{KEY}.{secrets.token_hex(4)}"
        descriptor = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
        try:
            os.link(partial, path)  # whole, or not at all; of two processes the first one's stays
        except FileExistsError:
            pass
        finally:
            partial.unlink()
    return path.read_bytes()

"""Asked: the questions people ask of a section, indexed as further chunks of it, by words and by vector."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from knowledge.index.rows import text_hash
from knowledge.sources.questions import marked


def follow_questions(
    connection: sqlite3.Connection, folder: int, listed: Mapping[str, Sequence[str]] | None
) -> list[str]:
    """Make the question chunks of a folder equal to its `questions.yaml` and its sections' marks.

    `listed` is None where the file cannot be read: then those of the file stay as they are. Returns the ids listed that
    no section of the folder has.
    """
    wanted: dict[tuple[int, str], tuple[int, str]] = {}  # (section, question) -> (document, heading)
    known: set[str] = set()
    for key, document, identity, path, marks, title in connection.execute(
        "SELECT s.key, s.document, s.id, s.path, s.marks, d.title FROM sections s JOIN documents d"
        " ON d.key = s.document WHERE d.folder = ?",
        (folder,),
    ):
        known.add(identity)
        own = marked(json.loads(marks)) if '"questions"' in marks else ()
        for question in (*(listed or {}).get(identity, ()), *own):
            wanted[key, question] = (document, " > ".join(dict.fromkeys([title, *json.loads(path)])))
    have = {
        (section, text): key
        for key, section, text in connection.execute(
            "SELECT key, section, text FROM chunks WHERE kind = 'question'"
            " AND document IN (SELECT key FROM documents WHERE folder = ?)",
            (folder,),
        )
    }
    if listed is not None:
        gone = [(key,) for place, key in have.items() if place not in wanted]
        connection.executemany("DELETE FROM words WHERE rowid = ?", gone)
        connection.executemany("DELETE FROM chunks WHERE key = ?", gone)
    for (section, question), (document, full) in wanted.items():
        if (section, question) not in have:
            _insert(connection, section, document, full, question)
    return sorted((listed or {}).keys() - known)


def question_texts(questions: Iterable[str]) -> dict[str, str]:
    """The texts to embed by their hash: a question stands alone, as those it is compared with do."""
    return {text_hash(question): question for question in questions}


def _insert(connection: sqlite3.Connection, section: int, document: int, full: str, question: str) -> None:
    row = connection.execute(
        "SELECT heading FROM chunks WHERE section = ? AND kind = 'text' ORDER BY key LIMIT 1", (section,)
    ).fetchone()
    heading = row[0] if row else full
    key = connection.execute(
        "INSERT INTO chunks (section, document, heading, first, after, hash, kind, text)"
        " VALUES (?, ?, ?, 0, 0, ?, 'question', ?)",
        (section, document, heading, text_hash(question), question),
    ).lastrowid
    connection.execute("INSERT INTO words (rowid, heading, body) VALUES (?, ?, ?)", (key, heading, question))

"""Passages: a section as it is handed out, with everything a citation needs (R17)."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from knowledge.errors import DamagedIndexError
from knowledge.index.rows import text_hash
from knowledge.versions import Filed, Standing


@dataclass(frozen=True)
class Passage:
    """One section of one version of a document.

    `document` is the path as added, `section` the stable id, `heading` the full heading path joined by ` > `, `name`
    its last part. `text` is verbatim; a section that is only a heading above others has none. `owner` and `sensitivity`
    are the section's own where its marks name them (R6), else the document's; `link` is where people read the
    document, empty where nobody said.
    """

    document: str
    title: str
    document_id: str
    section: str
    number: str
    heading: str
    name: str
    version: str
    effective: date | None
    standing: Standing
    owner: str
    sensitivity: str
    scope: str
    collection: str
    text: str
    link: str
    marks: Mapping[str, str] = field(hash=False)

    @property
    def superseded(self) -> bool:
        """A later version of the document is in force."""
        return self.standing == "superseded"


@dataclass(frozen=True)
class Hit(Passage):
    """A passage that was found. `score` orders one search's hits and says nothing across searches.

    `similarity` is the cosine of its nearest chunk to the query, None where vectors did not find it; `snippet` is the
    sentence of `text` that shares most with the query, a literal part of it.
    """

    score: float
    similarity: float | None
    snippet: str

    def as_json(self) -> dict[str, Any]:
        """Plain values for `--json`."""
        effective = self.effective.isoformat() if self.effective else None
        return {**asdict(self), "effective": effective, "superseded": self.superseded}


def passages(
    connection: sqlite3.Connection,
    sections: Sequence[int],
    filed: Mapping[int, Filed],
    standing: Mapping[int, Standing],
) -> list[Passage]:
    """The sections of these keys, in the order given; a text that is not the one stored means a damaged index."""
    rows = connection.execute(
        "SELECT key, document, id, number, path, text, digest, marks FROM sections"
        " WHERE key IN (SELECT value FROM json_each(?))",
        (json.dumps(list(sections)),),
    )
    by_key = {row[0]: row[1:] for row in rows}
    if len(by_key) != len(set(sections)):
        raise DamagedIndexError("lacks sections that it lists")
    return [_passage(by_key[key], filed, standing) for key in sections]


def _passage(
    row: tuple[int, str, str, str, str, str, str], filed: Mapping[int, Filed], standing: Mapping[int, Standing]
) -> Passage:
    document, section, number, path, text, digest, noted = row
    if document not in filed or text_hash(text) != digest:
        raise DamagedIndexError("does not hold what was written into it")
    d = filed[document]
    names, marks = json.loads(path), json.loads(noted)
    return Passage(
        document=d.path,
        title=d.title,
        document_id=d.id,
        section=section,
        number=number,
        heading=" > ".join(names),
        name=names[-1],
        version=d.version,
        effective=d.effective,
        standing=standing[document],
        owner=marks.get("owner") or d.owner,
        sensitivity=marks.get("sensitivity") or d.sensitivity,
        scope=d.scope,
        collection=d.collection,
        text=text,
        link=d.link,
        marks=marks,
    )

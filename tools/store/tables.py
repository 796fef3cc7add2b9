"""Every table, one metadata (SQLite and Postgres). No content anywhere: ids, counts, versions, decisions."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time; SQLite forgets the zone, so it is put back on reading. A naive time is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must carry its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(DeclarativeBase):
    """The declarative root of all tables."""

    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy reads it from the class)
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[dict[str, Any]]: JSON,
        datetime: UtcDateTime,
        date: Date,
        bytes: LargeBinary,
        float: Float,
    }


class Model(Table):
    """One version of a classifier. `id` is `name@version`.

    `artifact` is a key under the data root; empty where only its predictions were imported.
    """

    __tablename__ = "models"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    version: Mapped[str] = mapped_column(String(100))
    policy: Mapped[str] = mapped_column(String(100))
    aliases: Mapped[list[str]]
    artifact: Mapped[str] = mapped_column(String(500))
    sha256: Mapped[str] = mapped_column(String(64))
    threshold: Mapped[float]
    guideline_version: Mapped[str] = mapped_column(String(50))
    trained_on: Mapped[str | None] = mapped_column(String(200))
    released: Mapped[date]


class Dataset(Table):
    """One version of a set of items. `dimensions` maps each dimension to its allowed values.

    Without features its items cannot be scored here; with an empty path only their counts are known.
    """

    __tablename__ = "datasets"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    version: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20))
    path: Mapped[str] = mapped_column(String(500))
    digest: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int]
    features: Mapped[list[str]]
    dimensions: Mapped[dict[str, Any]]
    gold_version: Mapped[str] = mapped_column(String(50))
    guideline_version: Mapped[str] = mapped_column(String(50))
    counts_of: Mapped[str] = mapped_column(String(20))  # "items" or "people": which small-cell rule applies (R8)
    as_of: Mapped[date]
    card: Mapped[dict[str, Any]]
    classes: Mapped[list[str]] = mapped_column(server_default='["0", "1"]')  # what a cell's label is an index of
    traits: Mapped[dict[str, Any]] = mapped_column(server_default="{}")  # what else the file holds: clusters, weights


class DatasetCell(Table):
    """How many items of one label stand in one cell (one value for every dimension) of a dataset."""

    __tablename__ = "dataset_cells"

    dataset_id: Mapped[str] = mapped_column(ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True)
    cell: Mapped[str] = mapped_column(String(500), primary_key=True)
    label: Mapped[int] = mapped_column(primary_key=True)
    values: Mapped[dict[str, Any]]
    n: Mapped[int]


class Run(Table):
    """One evaluation of one model version on one dataset; `id` hashes what is evaluated."""

    __tablename__ = "runs"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    model_id: Mapped[str] = mapped_column(ForeignKey("models.id"))
    dataset_id: Mapped[str] = mapped_column(ForeignKey("datasets.id"))
    threshold: Mapped[float]
    parameters: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(20))  # queued, running, done, failed
    rows: Mapped[int]
    shards: Mapped[int]
    error: Mapped[str | None] = mapped_column(Text)
    requested_by: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class RunShard(Table):
    """The counts of one shard, an upsert on (run, shard): a step that runs twice counts once."""

    __tablename__ = "run_shards"

    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    shard: Mapped[int] = mapped_column(primary_key=True)
    rows: Mapped[int]
    counts: Mapped[bytes]


class RunCell(Table):
    """The sufficient statistics of one slice cell of one run: label counts, score histograms, sums of scores."""

    __tablename__ = "run_cells"

    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    cell: Mapped[str] = mapped_column(String(500), primary_key=True)
    values: Mapped[dict[str, Any]]
    positives: Mapped[int]
    negatives: Mapped[int]
    histogram: Mapped[bytes]
    moments: Mapped[bytes | None]  # runs of before this column have none: bins stand in for the scores


class ConfusionCell(Table):
    """How often one class of one slice cell was called which, for a run of more than two classes."""

    __tablename__ = "confusion_cells"

    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    cell: Mapped[str] = mapped_column(String(500), primary_key=True)
    gold: Mapped[int] = mapped_column(primary_key=True)  # both are indexes into the dataset's classes
    predicted: Mapped[int] = mapped_column(primary_key=True)
    values: Mapped[dict[str, Any]]
    n: Mapped[int]


class ClusterCell(Table):
    """Decisions of one slice cell by bucket of clusters, at one threshold: what intervals of dependent rows need."""

    __tablename__ = "cluster_cells"

    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    threshold: Mapped[int] = mapped_column(primary_key=True)  # in units of 1/10,000
    cell: Mapped[str] = mapped_column(String(500), primary_key=True)
    values: Mapped[dict[str, Any]]
    counts: Mapped[bytes]


class JointCell(Table):
    """For two runs on the same items: how often each pair of decisions occurs, by cell and label."""

    __tablename__ = "joint_cells"

    run_a: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    run_b: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    threshold_a: Mapped[int] = mapped_column(primary_key=True)  # in units of 1/10,000
    threshold_b: Mapped[int] = mapped_column(primary_key=True)
    cell: Mapped[str] = mapped_column(String(500), primary_key=True)
    label: Mapped[int] = mapped_column(primary_key=True)
    values: Mapped[dict[str, Any]]
    both: Mapped[int]
    only_a: Mapped[int]
    only_b: Mapped[int]
    neither: Mapped[int]


class LabelSet(Table):
    """What several raters said of the same cases; `raters` are opaque names, `classes` the labels they chose from."""

    __tablename__ = "label_sets"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    version: Mapped[str] = mapped_column(String(100))
    dataset_id: Mapped[str | None] = mapped_column(ForeignKey("datasets.id"))
    raters: Mapped[list[str]]
    classes: Mapped[list[str]]
    ordinal: Mapped[bool]
    has_gold: Mapped[bool]
    dimensions: Mapped[dict[str, Any]]
    rows: Mapped[int]
    path: Mapped[str] = mapped_column(String(500))
    digest: Mapped[str] = mapped_column(String(64))
    guideline_version: Mapped[str] = mapped_column(String(50))
    as_of: Mapped[date]
    traits: Mapped[dict[str, Any]]


class PatternCell(Table):
    """How many cases of one slice cell got one pattern of labels; `3,2` is three raters for class 0, two for 1."""

    __tablename__ = "pattern_cells"

    label_set_id: Mapped[str] = mapped_column(ForeignKey("label_sets.id", ondelete="CASCADE"), primary_key=True)
    cell: Mapped[str] = mapped_column(String(500), primary_key=True)
    gold: Mapped[int] = mapped_column(primary_key=True)  # -1: no gold label
    pattern: Mapped[str] = mapped_column(String(200), primary_key=True)
    values: Mapped[dict[str, Any]]
    n: Mapped[int]


class RaterCell(Table):
    """How often two raters of one slice cell chose which pair of labels; rater `gold` is the gold label."""

    __tablename__ = "rater_cells"

    label_set_id: Mapped[str] = mapped_column(ForeignKey("label_sets.id", ondelete="CASCADE"), primary_key=True)
    cell: Mapped[str] = mapped_column(String(500), primary_key=True)
    rater_a: Mapped[str] = mapped_column(String(100), primary_key=True)
    rater_b: Mapped[str] = mapped_column(String(100), primary_key=True)
    label_a: Mapped[int] = mapped_column(primary_key=True)
    label_b: Mapped[int] = mapped_column(primary_key=True)
    values: Mapped[dict[str, Any]]
    n: Mapped[int]


class Proposal(Table):
    """Something a person may approve: the exact arguments, their hash, and what became of it."""

    __tablename__ = "proposals"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(50))
    arguments: Mapped[dict[str, Any]]
    arguments_hash: Mapped[str] = mapped_column(String(64))
    summary: Mapped[str] = mapped_column(Text)
    cost_items: Mapped[int]
    needs_second_person: Mapped[bool]
    proposer: Mapped[str] = mapped_column(String(100))
    thread: Mapped[str | None] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(20))  # pending, approved, rejected, expired
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(String(100))
    decided_at: Mapped[datetime | None]
    run_id: Mapped[str | None] = mapped_column(String(16))


class GuidelineQuestion(Table):
    """How many questions of one topic found no good section in one week: no text, no person, no time of day (R3).

    `topic` is made of closed vocabularies, `section` is the nearest one's id, `outcome` says what became of the search.
    """

    __tablename__ = "guideline_questions"

    week: Mapped[date] = mapped_column(primary_key=True)  # its Monday
    topic: Mapped[str] = mapped_column(String(200), primary_key=True)
    collection: Mapped[str] = mapped_column(String(100), primary_key=True)
    section: Mapped[str] = mapped_column(String(300), primary_key=True)
    language: Mapped[str] = mapped_column(String(10), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(20), primary_key=True)  # not found, low score
    n: Mapped[int]


class GuidelineAsker(Table):
    """That somebody asked about a topic, to count people. The keyed hash is of person and topic: it links no two."""

    __tablename__ = "guideline_askers"

    topic: Mapped[str] = mapped_column(String(200), primary_key=True)
    asker: Mapped[str] = mapped_column(String(32), primary_key=True)
    week: Mapped[date]  # the last in which they did


class GuidelineWord(Table):
    """A word that no section knows, seen from one person on one day; a keyed hash until enough people have used it.

    `word` is filled at the third person on a third day. One row a person and one a day, so rows are both.
    """

    __tablename__ = "guideline_words"
    __table_args__ = (UniqueConstraint("hash", "day"),)

    hash: Mapped[str] = mapped_column(String(32), primary_key=True)
    asker: Mapped[str] = mapped_column(String(32), primary_key=True)  # a keyed hash of person and word
    day: Mapped[date]
    topic: Mapped[str] = mapped_column(String(200))
    word: Mapped[str | None] = mapped_column(String(24))


class GuidelineIssue(Table):
    """An approved issue to the owner of a guideline, written once; `id` is its proposal's."""

    __tablename__ = "guideline_issues"

    id: Mapped[str] = mapped_column(ForeignKey("proposals.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(200), index=True)
    section: Mapped[str] = mapped_column(String(300))
    version: Mapped[str] = mapped_column(String(50))
    owner: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    approved_by: Mapped[str] = mapped_column(String(100))
    approved_at: Mapped[datetime]
    written_at: Mapped[datetime | None]  # when its file was there; until then a press on the card writes it


class Turn(Table):
    """One question and its answer in a thread: what follow-ups refer to. Kept for a week (R21)."""

    __tablename__ = "turns"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    thread: Mapped[str] = mapped_column(String(200), index=True)
    asker: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    question: Mapped[str] = mapped_column(Text)
    calls: Mapped[list[dict[str, Any]]]
    answer: Mapped[str] = mapped_column(Text)


class Message(Table):
    """An accepted message of a surface, claimed before work; no text, it is fetched again after a crash."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("messages_by_thread", "channel", "thread"),
        Index("messages_by_lease", "status", "lease_until"),
    )

    team: Mapped[str] = mapped_column(String(50), primary_key=True)
    event: Mapped[str] = mapped_column(String(100), primary_key=True)
    channel: Mapped[str] = mapped_column(String(50))
    ts: Mapped[str] = mapped_column(String(50))
    thread: Mapped[str] = mapped_column(String(50))
    user: Mapped[str] = mapped_column(String(50))
    status: Mapped[str] = mapped_column(String(20))  # claimed, answered
    attempt: Mapped[int]
    lease_until: Mapped[datetime]
    reply_ts: Mapped[str | None] = mapped_column(String(50))


class AuditRow(Table):
    """One append-only, hash-chained line of the audit (R20)."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(100))
    channel: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(50))
    detail: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64), unique=True)  # two heirs of one row cannot both be written
    hash: Mapped[str] = mapped_column(String(64))

"""What the guidelines do not answer: counts by topic, unknown words as hashes, and issues to their owners."""

import sqlalchemy as sa
from alembic import op

from tools.store.tables import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guideline_questions",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("collection", sa.String(length=100), nullable=False),
        sa.Column("section", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week", "topic", "collection", "section", "language", "outcome"),
    )
    op.create_table(
        "guideline_askers",
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("asker", sa.String(length=32), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "asker"),
    )
    op.create_table(
        "guideline_words",
        sa.Column("hash", sa.String(length=32), nullable=False),
        sa.Column("asker", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("word", sa.String(length=24), nullable=True),
        sa.PrimaryKeyConstraint("hash", "asker"),
        sa.UniqueConstraint("hash", "day"),
    )
    op.create_table(
        "guideline_issues",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("section", sa.String(length=300), nullable=False),
        sa.Column("version", sa.String(length=50), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.String(length=100), nullable=False),
        sa.Column("approved_at", UtcDateTime(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["proposals.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_guideline_issues_topic"), "guideline_issues", ["topic"], unique=False)

"""What imports bring: several classes, rater labels, clusters, and the sums of scores that calibration needs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "label_sets",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("version", sa.String(length=100), nullable=False),
        sa.Column("dataset_id", sa.String(length=200), nullable=True),
        sa.Column("raters", sa.JSON(), nullable=False),
        sa.Column("classes", sa.JSON(), nullable=False),
        sa.Column("ordinal", sa.Boolean(), nullable=False),
        sa.Column("has_gold", sa.Boolean(), nullable=False),
        sa.Column("dimensions", sa.JSON(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("guideline_version", sa.String(length=50), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("traits", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"],
            ["datasets.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name", "version"),
    )
    op.create_table(
        "cluster_cells",
        sa.Column("run_id", sa.String(length=16), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(length=500), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "threshold", "cell"),
    )
    op.create_table(
        "confusion_cells",
        sa.Column("run_id", sa.String(length=16), nullable=False),
        sa.Column("cell", sa.String(length=500), nullable=False),
        sa.Column("gold", sa.Integer(), nullable=False),
        sa.Column("predicted", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "cell", "gold", "predicted"),
    )
    op.create_table(
        "pattern_cells",
        sa.Column("label_set_id", sa.String(length=200), nullable=False),
        sa.Column("cell", sa.String(length=500), nullable=False),
        sa.Column("gold", sa.Integer(), nullable=False),
        sa.Column("pattern", sa.String(length=200), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["label_set_id"], ["label_sets.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("label_set_id", "cell", "gold", "pattern"),
    )
    op.create_table(
        "rater_cells",
        sa.Column("label_set_id", sa.String(length=200), nullable=False),
        sa.Column("cell", sa.String(length=500), nullable=False),
        sa.Column("rater_a", sa.String(length=100), nullable=False),
        sa.Column("rater_b", sa.String(length=100), nullable=False),
        sa.Column("label_a", sa.Integer(), nullable=False),
        sa.Column("label_b", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["label_set_id"], ["label_sets.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("label_set_id", "cell", "rater_a", "rater_b", "label_a", "label_b"),
    )
    op.add_column("datasets", sa.Column("classes", sa.JSON(), server_default='["0", "1"]', nullable=False))
    op.add_column("datasets", sa.Column("traits", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("run_cells", sa.Column("moments", sa.LargeBinary(), nullable=True))

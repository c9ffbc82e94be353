"""Keep which file of which model has which digest."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digests",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("ref", sa.String(length=1100), nullable=False),
        sa.Column("file", sa.String(length=1000), nullable=False),
        sa.Column("license", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "ref", "file", name=op.f("pk_digests")),
    )


def downgrade() -> None:
    op.drop_table("digests")

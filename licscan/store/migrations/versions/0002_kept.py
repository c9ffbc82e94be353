"""Keep the bytes that facts were read from, what references were pinned to, and which bases an assessment rests on."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("models", schema=None) as batch_op:
        batch_op.add_column(sa.Column("run_id", sa.Integer(), server_default="0", nullable=False))
        batch_op.drop_constraint("uq_models_ref_revision", type_="unique")
        batch_op.create_unique_constraint("uq_models_ref_revision_digest", ["ref", "revision", "digest"])
    with op.batch_alter_table("run_models", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "bodies",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_bodies")),
    )
    op.create_table(
        "pins",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("validator", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_pins")),
    )
    op.create_table(
        "model_bodies",
        sa.Column("model_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=1100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name=op.f("fk_model_bodies_model_id_models")),
        sa.ForeignKeyConstraint(["sha256"], ["bodies.sha256"], name=op.f("fk_model_bodies_sha256_bodies")),
        sa.PrimaryKeyConstraint("model_id", "name", name=op.f("pk_model_bodies")),
    )
    op.create_table(
        "run_bases",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("model_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name=op.f("fk_run_bases_model_id_models")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_bases_run_id_runs")),
        sa.PrimaryKeyConstraint("run_id", "position", "ref", name=op.f("pk_run_bases")),
    )


def downgrade() -> None:
    # Several facts at one revision have no place in the older tables, and which of them to lose is nobody's to say.
    raise NotImplementedError

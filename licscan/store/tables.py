"""The tables. Alembic's migrations make them; a test compares the two.

What is looked up again lies in `models` and `assessments` as the JSON of the values, by content; the other tables
repeat its parts in columns, so that a question can be asked in SQL. Evidence and texts are kept once, by their digest.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

# Names that are the same on every database, so that a migration can address a constraint.
METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

RUNS = Table(
    "runs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("request", Text, nullable=False),
    Column("request_key", String(64), nullable=False, index=True),
    Column("directory", Text, nullable=False),
    Column("process", Text, nullable=False),
    Column("tool", String(40), nullable=False),
    Column("rules", String(60), nullable=False),
    Column("started", DateTime(timezone=True), nullable=False),
    Column("finished", DateTime(timezone=True)),
)

MODELS = Table(
    "models",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("ref", Text, nullable=False),
    Column("revision", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("source", String(40), nullable=False),
    Column("reader", String(40), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("document", Text, nullable=False),
    # The run that came to these facts last: of several at one revision, its are the newest.
    Column("run_id", Integer, nullable=False, server_default="0"),
    UniqueConstraint("ref", "revision", "digest"),
)

# What facts were read from: bytes by their digest (zlib), and which model has them under which name.
BODIES = Table(
    "bodies",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
MODEL_BODIES = Table(
    "model_bodies",
    METADATA,
    Column("model_id", ForeignKey("models.id"), primary_key=True),
    Column("name", String(1100), primary_key=True),
    Column("sha256", ForeignKey("bodies.sha256"), nullable=False),
)

# Which revision a reference meant the last time, and what the source is to be shown to say whether it still does.
PINS = Table(
    "pins",
    METADATA,
    Column("ref", Text, primary_key=True),
    Column("revision", Text, nullable=False),
    Column("validator", Text, nullable=False),
)

TEXTS = Table(
    "texts",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("text", Text, nullable=False),
)

EVIDENCE = Table(
    "evidence",
    METADATA,
    Column("digest", String(32), primary_key=True),
    Column("source", String(40), nullable=False),
    Column("path", Text),
    Column("url", Text),
    Column("revision", Text),
    Column("sha256", String(64)),
    Column("section", Text),
    Column("first_line", Integer),
    Column("last_line", Integer),
    Column("quote", Text),
)

ASSESSMENTS = Table(
    "assessments",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("model_id", ForeignKey("models.id"), nullable=False, index=True),
    Column("digest", String(64), nullable=False),
    Column("level", String(40), nullable=False, index=True),
    Column("unknown_reason", String(40)),
    Column("license_id", Text),
    Column("expression", Text),
    Column("freedom", String(20), nullable=False),
    Column("reciprocity", String(20), nullable=False),
    Column("match", String(20), nullable=False),
    Column("document", Text, nullable=False),
    UniqueConstraint("model_id", "digest"),
)

RUN_MODELS = Table(
    "run_models",
    METADATA,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("assessment_id", ForeignKey("assessments.id"), nullable=False, index=True),
    Column("asked", Text, nullable=False, server_default=""),
)

# The facts of the bases that the assessment at that place of the run rests on.
RUN_BASES = Table(
    "run_bases",
    METADATA,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("model_id", ForeignKey("models.id"), nullable=False),
)


def _part(name: str, *columns: Column[object]) -> Table:
    """A table of parts of assessments, in their order."""
    owner: Column[int] = Column("assessment_id", ForeignKey("assessments.id"), primary_key=True)
    return Table(name, METADATA, owner, Column("position", Integer, primary_key=True), *columns)


def _evidence(*, nullable: bool = False) -> "Column[object]":
    return Column("evidence", ForeignKey("evidence.digest"), nullable=nullable)


CLAIMS = _part(
    "claims",
    Column("subject", String(20), nullable=False),
    Column("role", String(20), nullable=False),
    Column("place", String(20), nullable=False),
    Column("stated", Text, nullable=False),
    Column("expression", Text),
    Column("confidence", Float, nullable=False),
    _evidence(),
)
CLAUSES = _part(
    "clauses",
    Column("clause", String(40), nullable=False, index=True),
    Column("values", Text, nullable=False),
    Column("activities", Text, nullable=False),
    Column("quote", Text),
    _evidence(),
)
OBLIGATIONS = _part(
    "obligations",
    Column("clause", String(40), nullable=False),
    Column("activity", String(40)),
    Column("status", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("inherited_from", Text),
    _evidence(),
)
FILES = _part(
    "files",
    Column("path", Text, nullable=False),
    Column("format", String(20), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), index=True),
    Column("promised", Text),
    Column("status", String(20), nullable=False),
)
LINEAGE = _part(
    "lineage",
    Column("base", Text, nullable=False, index=True),
    Column("relation", String(20), nullable=False),
    Column("level", String(40)),
    _evidence(),
)
CONFLICTS = _part(
    "conflicts",
    Column("conflict", String(40), nullable=False),
    Column("subject", String(20), nullable=False),
    Column("statements", Text, nullable=False),
)
GAPS = _part(
    "gaps",
    Column("gap", String(40), nullable=False, index=True),
    Column("what", Text, nullable=False),
    Column("why", Text, nullable=False),
)

# Which file of which model has which digest: from listings of hubs, and from tables that were imported.
DIGESTS = Table(
    "digests",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("ref", String(1100), primary_key=True),
    Column("file", String(1000), primary_key=True),
    Column("license", Text, nullable=False),
    Column("origin", String(100), nullable=False),
)

# What people decided about models: nothing is ever changed or taken away here.
REVIEWS = Table(
    "reviews",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("ref", Text, nullable=False, index=True),
    Column("revision", Text),
    Column("license", Text),
    Column("text_sha256", String(64)),
    Column("decision", String(20), nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("conditions", Text, nullable=False),
    Column("expires", Date),
    Column("decided", DateTime(timezone=True), nullable=False),
    Column("concluded", Text),
    # A number, not a key: a decision outlives the run that it was made after.
    Column("run_id", Integer),
)

RUN_GAPS = Table(
    "run_gaps",
    METADATA,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("gap", String(40), nullable=False),
    Column("what", Text, nullable=False),
    Column("why", Text, nullable=False),
)

MENTIONS = Table(
    "mentions",
    METADATA,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("path", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("ref", Text, nullable=False, index=True),
)

FINDINGS = Table(
    "findings",
    METADATA,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("rule", String(60), nullable=False),
    Column("severity", String(20), nullable=False),
    Column("ref", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("path", Text),
    Column("line", Integer),
    Column("fingerprint", String(64), nullable=False),
    Column("waiver", Text),
    _evidence(nullable=True),
    Index(None, "fingerprint"),
)

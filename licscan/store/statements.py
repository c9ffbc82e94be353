"""The statements that are executed for every model, built once: building one costs more than executing it."""

from functools import cache
from typing import Any, cast

from sqlalchemy import Insert, Table, bindparam, delete, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from licscan.store.tables import (
    ASSESSMENTS,
    BODIES,
    FINDINGS,
    MODEL_BODIES,
    MODELS,
    PINS,
    RUN_BASES,
    RUN_MODELS,
    RUNS,
    TEXTS,
)

_DIALECTS = {"postgresql": postgresql, "sqlite": sqlite}

_NEWEST = (MODELS.c.run_id.desc(), MODELS.c.id.desc())

# Parameters: ref, revision, reader.
FACTS = (
    select(MODELS.c.document)
    .where(
        MODELS.c.ref == bindparam("ref"),
        MODELS.c.revision == bindparam("revision"),
        MODELS.c.reader == bindparam("reader"),
    )
    .order_by(*_NEWEST)
    .limit(8)
)

# Parameters: ref, revision, reader. Facts of servers, only those whose bytes are kept: others cannot be read again.
FACTS_KEPT = FACTS.where(exists().where(MODEL_BODIES.c.model_id == MODELS.c.id))

# Parameters: id.
FACTS_BY_ID = select(MODELS.c.document).where(MODELS.c.id == bindparam("id"))

# Parameters: ref, revision, digest.
MODEL = select(MODELS.c.id).where(
    MODELS.c.ref == bindparam("ref"),
    MODELS.c.revision == bindparam("revision"),
    MODELS.c.digest == bindparam("digest"),
)

# Parameters: known, its_reader, its_run.
SEEN_AGAIN = (
    update(MODELS)
    .where(MODELS.c.id == bindparam("known"))
    .values(reader=bindparam("its_reader"), run_id=bindparam("its_run"))
)

# Parameters: model.
KEPT = (
    select(MODEL_BODIES.c.name, BODIES.c.data)
    .join_from(MODEL_BODIES, BODIES)
    .where(MODEL_BODIES.c.model_id == bindparam("model"))
)

# Parameters: model.
KEPT_NAMES = select(MODEL_BODIES.c.name).where(MODEL_BODIES.c.model_id == bindparam("model"))

# Parameters: ref.
PIN = select(PINS.c.revision, PINS.c.validator).where(PINS.c.ref == bindparam("ref"))

# Parameters: digest.
TEXT = select(TEXTS.c.text).where(TEXTS.c.sha256 == bindparam("digest"))

# Parameters: model, digest.
ASSESSMENT = select(ASSESSMENTS.c.id).where(
    ASSESSMENTS.c.model_id == bindparam("model"), ASSESSMENTS.c.digest == bindparam("digest")
)

# Parameters: its_run, first, last. The findings at some places of a run.
FINDINGS_GONE = delete(FINDINGS).where(
    FINDINGS.c.run_id == bindparam("its_run"),
    FINDINGS.c.position >= bindparam("first"),
    FINDINGS.c.position < bindparam("last"),
)

# Parameters: number.
ASSESSED = select(ASSESSMENTS.c.document).where(ASSESSMENTS.c.id == bindparam("number"))

# Parameters: its_ref, its_run. What the last run before that one found of a model.
BEFORE = (
    select(ASSESSMENTS.c.document)
    .join_from(MODELS, ASSESSMENTS, ASSESSMENTS.c.model_id == MODELS.c.id)
    .join(RUN_MODELS, RUN_MODELS.c.assessment_id == ASSESSMENTS.c.id)
    .where(MODELS.c.ref == bindparam("its_ref"), RUN_MODELS.c.run_id < bindparam("its_run"))
    .order_by(RUN_MODELS.c.run_id.desc())
    .limit(1)
)

# Parameters: its_ref, its_run, here. Only runs that were made from one folder.
BEFORE_HERE = BEFORE.join(RUNS, RUNS.c.id == RUN_MODELS.c.run_id).where(RUNS.c.directory == bindparam("here"))


# Parameters: its_run. Whether an earlier run found anything.
ANY_BEFORE = select(RUN_MODELS.c.run_id).where(RUN_MODELS.c.run_id < bindparam("its_run")).limit(1)

# Parameters: its_run, its_ref, its_revision, nobody. The facts of a model of a run, where somebody here read them.
FACTS_OF = (
    select(RUN_MODELS.c.position, RUN_MODELS.c.asked, MODELS.c.document)
    .join_from(RUN_MODELS, ASSESSMENTS, ASSESSMENTS.c.id == RUN_MODELS.c.assessment_id)
    .join(MODELS, MODELS.c.id == ASSESSMENTS.c.model_id)
    .where(
        # By the model, of which there are few: without the sum SQLite goes through all of the run, each time.
        RUN_MODELS.c.run_id + 0 == bindparam("its_run"),
        MODELS.c.ref == bindparam("its_ref"),
        MODELS.c.revision == bindparam("its_revision"),
        MODELS.c.reader != bindparam("nobody"),
    )
    .limit(1)
)

# Parameters: its_run, its_position. The facts of the bases that the assessment at that place of a run rests on.
FACTS_OF_BASES = (
    select(RUN_BASES.c.ref, MODELS.c.document)
    .join_from(RUN_BASES, MODELS, MODELS.c.id == RUN_BASES.c.model_id)
    .where(RUN_BASES.c.run_id == bindparam("its_run"), RUN_BASES.c.position == bindparam("its_position"))
)


@cache
def adding(table: Table) -> Insert:
    """Insert rows."""
    return insert(table)


@cache
def keeping(table: Table, dialect: str, replace: tuple[str, ...] = ()) -> Insert:
    """Insert rows that may be there already: leave those alone, or replace the named columns."""
    # One of two classes with the same methods, which share no type that names them.
    statement: Any = _DIALECTS[dialect].insert(table)
    if replace:
        keys = list(table.primary_key.columns)
        values = {name: statement.excluded[name] for name in replace}
        statement = statement.on_conflict_do_update(index_elements=keys, set_=values)
    else:
        statement = statement.on_conflict_do_nothing()
    return cast("Insert", statement)

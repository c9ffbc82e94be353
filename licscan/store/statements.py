"""The statements that are executed for every model, built once: building one costs more than executing it."""

from functools import cache
from typing import Any, cast

from sqlalchemy import Insert, Table, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from licscan.store.tables import ASSESSMENTS, MODELS

_DIALECTS = {"postgresql": postgresql, "sqlite": sqlite}

# Parameters: ref, revision, reader.
FACTS = select(MODELS.c.document).where(
    MODELS.c.ref == bindparam("ref"),
    MODELS.c.revision == bindparam("revision"),
    MODELS.c.reader == bindparam("reader"),
)

# Parameters: ref, revision.
MODEL = select(MODELS.c.id, MODELS.c.digest, MODELS.c.reader).where(
    MODELS.c.ref == bindparam("ref"), MODELS.c.revision == bindparam("revision")
)

# Parameters: model, digest.
ASSESSMENT = select(ASSESSMENTS.c.id).where(
    ASSESSMENTS.c.model_id == bindparam("model"), ASSESSMENTS.c.digest == bindparam("digest")
)


@cache
def adding(table: Table) -> Insert:
    """Insert rows."""
    return insert(table)


@cache
def keeping(table: Table, dialect: str, replace: tuple[str, ...] = (), key: tuple[str, ...] = ()) -> Insert:
    """Insert rows that may be there already, by their key: leave those alone, or replace the named columns."""
    # One of two classes with the same methods, which share no type that names them.
    statement: Any = _DIALECTS[dialect].insert(table)
    if replace:
        keys = [table.c[name] for name in key] or list(table.primary_key.columns)
        values = {name: statement.excluded[name] for name in replace}
        statement = statement.on_conflict_do_update(index_elements=keys, set_=values)
    else:
        statement = statement.on_conflict_do_nothing()
    return cast("Insert", statement)

"""What was found of one model, run by run."""

import datetime
from typing import NamedTuple

from sqlalchemy import Connection, or_, select

from licscan.errors import UsageError
from licscan.model import ModelRef
from licscan.store.tables import ASSESSMENTS, MODELS, RUN_MODELS, RUNS


class Episode(NamedTuple):
    """What one run found of a model.

    Attributes:
        run: The run's number.
        started: When it began.
        directory: Where it was made from.
        ref: The reference as it was looked at, without revision.
        revision: The revision that was looked at.
        level: What was found.
        license: The license that was found, as an expression.
        rules: The rule base that it rests on.
        digest: Changes whenever anything in the assessment does.
        number: The number under which the assessment is kept.
    """

    run: int
    started: datetime.datetime
    directory: str
    ref: str
    revision: str | None
    level: str
    license: str | None
    rules: str
    digest: str
    number: int


def history(connection: Connection, ref: ModelRef, directory: str | None = None) -> list[Episode]:
    """All runs that looked at a model, oldest first; of one revision, where the reference names one.

    Args:
        connection: The database.
        ref: The model.
        directory: Where the runs were made from. A relative path means another folder elsewhere.

    Raises:
        UsageError: No run did.
    """
    name = str(ref.at(None))
    query = (
        select(
            RUNS.c.id,
            RUNS.c.started,
            RUNS.c.directory,
            MODELS.c.ref,
            MODELS.c.revision,
            ASSESSMENTS.c.level,
            ASSESSMENTS.c.expression,
            RUNS.c.rules,
            ASSESSMENTS.c.digest,
            ASSESSMENTS.c.id,
        )
        .join_from(RUN_MODELS, RUNS)
        .join(ASSESSMENTS, ASSESSMENTS.c.id == RUN_MODELS.c.assessment_id)
        .join(MODELS, MODELS.c.id == ASSESSMENTS.c.model_id)
        .where(MODELS.c.ref == name)
        .order_by(RUNS.c.id)
    )
    if ref.revision:
        query = query.where(or_(MODELS.c.revision == ref.revision, MODELS.c.revision.startswith(ref.revision)))
    if directory is not None:
        query = query.where(RUNS.c.directory == directory)
    found = [Episode._make([*row[:4], row[4] or None, *row[5:]]) for row in connection.execute(query)]
    if not found:
        here = f" from {directory}" if directory else ""
        raise UsageError(f"no run{here} has looked at it", where=str(ref), remedy=f"licscan scan {ref}")
    return found

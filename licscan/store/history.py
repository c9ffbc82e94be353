"""What was found of one model, run by run."""

import datetime
import json
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


class Begun(NamedTuple):
    """A run, and what it was asked.

    Attributes:
        run: Its number.
        started: When it began.
        directory: Where it was made from.
        request: What it was asked for.
        tool: The version that made it.
        rules: The rule base that it rests on.
    """

    run: int
    started: datetime.datetime
    directory: str
    request: str
    tool: str
    rules: str

    @property
    def collected(self) -> bool:
        """Whether it was made of reports of others, who have judged."""
        asked = json.loads(self.request)
        # A scan says besides whether it was offline, whatever its targets are called.
        return asked[:1] == ["collect"] and not any(one.startswith("offline=") for one in asked)


_BEGUN = select(RUNS.c.id, RUNS.c.started, RUNS.c.directory, RUNS.c.request, RUNS.c.tool, RUNS.c.rules)


def begun(connection: Connection, run: int) -> Begun:
    """What is known of a run itself.

    Raises:
        UsageError: There is no such run.
    """
    row = connection.execute(_BEGUN.where(RUNS.c.id == run)).first()
    if row is None:
        raise UsageError("no such run", where=f"run {run}", remedy="licscan history says which there are")
    return _aware(Begun._make(row))


def begun_before(connection: Connection, run: Begun, until: datetime.datetime | None) -> Begun | None:
    """The last finished run before another one, and before some time: of the same request, else of any of its models.

    Args:
        connection: The database.
        run: The run.
        until: The time; None where any run before that one is meant.
    """
    query = _BEGUN.where(RUNS.c.id < run.run, RUNS.c.finished.is_not(None)).order_by(RUNS.c.id.desc()).limit(1)
    query = query.where(RUNS.c.started < until) if until else query
    mine = select(MODELS.c.ref).join_from(RUN_MODELS, ASSESSMENTS).join(MODELS).where(RUN_MODELS.c.run_id == run.run)
    theirs = select(RUN_MODELS.c.run_id).join_from(RUN_MODELS, ASSESSMENTS).join(MODELS).where(MODELS.c.ref.in_(mine))
    same = (RUNS.c.directory == run.directory, RUNS.c.request == run.request)
    row = (
        connection.execute(query.where(*same)).first() or connection.execute(query.where(RUNS.c.id.in_(theirs))).first()
    )
    return _aware(Begun._make(row)) if row else None


def _aware(run: Begun) -> Begun:
    """SQLite keeps no time zone; what was written was UTC."""
    return run if run.started.tzinfo else run._replace(started=run.started.replace(tzinfo=datetime.UTC))


def models_of(connection: Connection, run: int) -> dict[str, int]:
    """The models of a run, by reference without revision, each with the number of its assessment; the last of each."""
    query = (
        select(MODELS.c.ref, RUN_MODELS.c.assessment_id)
        .join_from(RUN_MODELS, ASSESSMENTS)
        .join(MODELS)
        .where(RUN_MODELS.c.run_id == run)
        .order_by(RUN_MODELS.c.position)
    )
    return {str(row.ref): int(row.assessment_id) for row in connection.execute(query)}


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

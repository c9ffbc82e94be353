"""Reports that others made, kept as one run: what they found, without the facts that they found it in."""

import contextlib
import datetime
import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import DataError

from licscan import __version__
from licscan.errors import UsageError
from licscan.model import Assessment, Model, Report
from licscan.store import rows, statements, tables
from licscan.store.process import this_process
from licscan.store.save import add, keep, save_assessment

# Who read the facts of such models: nobody here did, so they are never taken for facts.
READER = "collected"


class Part(NamedTuple):
    """A report to keep, and how it is called where it cannot be kept."""

    name: str
    report: Report


class UnkeepableError(UsageError):
    """A report with values that a database cannot hold; `where` is its name."""


def collect(
    connection: Connection,
    parts: Iterable[Part],
    *,
    request: Sequence[str],
    directory: str,
    rules: str,
    now: datetime.datetime,
) -> int:
    """Keep reports as one finished run; its number.

    Args:
        connection: The database, in a transaction.
        parts: The reports, one at a time; their models are told apart by reference and revision.
        request: What was collected.
        directory: Where from.
        rules: Version of the rule base.
        now: The time.

    Raises:
        UnkeepableError: One of them cannot be kept.
    """
    asked = json.dumps(list(request))
    values = {
        "request": asked,
        "request_key": hashlib.sha256(asked.encode()).hexdigest(),
        "directory": directory,
        "process": this_process(),
        "tool": __version__,
        "rules": rules,
        "started": now,
        "finished": now,
    }
    run = add(connection, statements.adding(tables.RUNS), values)
    counters = _Counters(*(itertools.count() for _ in _Counters._fields))
    for part in parts:
        with _keepable(part.name):
            _keep_part(connection, run, part.report, counters)
    return run


class _Counters(NamedTuple):
    """The next position of each kind of part."""

    models: "itertools.count[int]"
    findings: "itertools.count[int]"
    mentions: "itertools.count[int]"
    gaps: "itertools.count[int]"


@contextlib.contextmanager
def _keepable(name: str) -> Iterator[None]:
    try:
        yield
    except (DataError, OverflowError) as error:
        what = "holds a number or a name that no database keeps"
        raise UnkeepableError(what, where=name, remedy="make the report anew") from error


def _keep_part(connection: Connection, run: int, report: Report, counters: _Counters) -> None:
    for model in report.models:
        number = save_assessment(connection, _model(connection, run, model), model)
        place = {"run_id": run, "position": next(counters.models), "assessment_id": number, "asked": str(model.ref)}
        keep(connection, tables.RUN_MODELS, [place])
    evidences = rows.Evidences()
    # One at a time: the positions go on from report to report.
    found = [
        row
        for one, at in zip(report.findings, counters.findings, strict=False)
        for row in rows.findings(run, [one], evidences, at)
    ]
    keep(connection, tables.EVIDENCE, list(evidences.rows.values()))
    mentions = [
        {"run_id": run, "position": at, **rows.mention(one)}
        for one, at in zip(report.mentions, counters.mentions, strict=False)
    ]
    gaps = [
        {"run_id": run, "position": at, **rows.gap(one)} for one, at in zip(report.gaps, counters.gaps, strict=False)
    ]
    for table, some in ((tables.FINDINGS, found), (tables.MENTIONS, mentions), (tables.RUN_GAPS, gaps)):
        if some:
            connection.execute(statements.adding(table), some)


def _model(connection: Connection, run: int, found: Assessment) -> int:
    """The number of a model of which only an assessment is known."""
    ref = found.ref.at(found.revision)
    document = Model(ref=ref, name=found.name, source=found.source, seen=False).model_dump_json()
    digest = hashlib.sha256(f"{READER}\0{document}".encode()).hexdigest()
    place = {"ref": str(ref.at(None)), "revision": found.revision or "", "digest": digest}
    known = connection.execute(statements.MODEL, place).scalar()
    if known is not None:
        return int(known)
    named = {"name": rows.plain(found.name), "source": found.source}
    return add(
        connection,
        statements.adding(tables.MODELS),
        {**place, **named, "reader": READER, "run_id": run, "document": document},
    )

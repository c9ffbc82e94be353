"""A run read back as the report that it was."""

import datetime

from sqlalchemy import Connection, Row, select

from licscan.errors import UsageError
from licscan.model import Assessment, Evidence, Finding, Gap, Mention, ModelRef, Report, Tool
from licscan.store import tables


def load_report(connection: Connection, run: int | None) -> Report:
    """What a run found; the last one where none is named.

    Raises:
        UsageError: There is no such run.
    """
    runs = tables.RUNS
    wanted = select(runs).order_by(runs.c.id.desc()).limit(1)
    row = connection.execute(wanted.where(runs.c.id == run) if run is not None else wanted).first()
    if row is None:
        raise UsageError("no such run", where=f"run {run}" if run else "the database", remedy="licscan scan makes one")
    return Report(
        tool=Tool(name="licscan", version=row.tool, rules=row.rules),
        created=_aware(row.started),
        run=row.id,
        models=_assessments(connection, row.id),
        findings=_findings(connection, row.id),
        mentions=_mentions(connection, row.id),
        gaps=_gaps(connection, row.id),
    )


def _aware(time: datetime.datetime) -> datetime.datetime:
    """SQLite keeps no time zone; what was written was UTC."""
    return time if time.tzinfo else time.replace(tzinfo=datetime.UTC)


def _assessments(connection: Connection, run: int) -> tuple[Assessment, ...]:
    kept, places = tables.ASSESSMENTS, tables.RUN_MODELS
    query = (
        select(kept.c.document)
        .join_from(places, kept, places.c.assessment_id == kept.c.id)
        .where(places.c.run_id == run)
        .order_by(places.c.position)
    )
    return tuple(Assessment.model_validate_json(row.document) for row in connection.execute(query))


def _mentions(connection: Connection, run: int) -> tuple[Mention, ...]:
    kept = tables.MENTIONS
    query = select(kept).where(kept.c.run_id == run).order_by(kept.c.position)
    return tuple(
        Mention(path=row.path, line=row.line, ref=ModelRef.parse(row.ref)) for row in connection.execute(query)
    )


def _gaps(connection: Connection, run: int) -> tuple[Gap, ...]:
    kept = tables.RUN_GAPS
    query = select(kept).where(kept.c.run_id == run).order_by(kept.c.position)
    return tuple(Gap(id=row.gap, what=row.what, why=row.why) for row in connection.execute(query))


def _findings(connection: Connection, run: int) -> tuple[Finding, ...]:
    kept, evidence = tables.FINDINGS, tables.EVIDENCE
    query = (
        select(kept, *(column.label(f"evidence_{column.name}") for column in evidence.c))
        .join_from(kept, evidence, isouter=True)
        .where(kept.c.run_id == run)
        .order_by(kept.c.position)
    )
    return tuple(_finding(row) for row in connection.execute(query))


def _finding(row: "Row[tuple[object, ...]]") -> Finding:
    return Finding(
        rule=row.rule,
        severity=row.severity,
        model=ModelRef.parse(row.ref),
        message=row.message,
        remedy=row.remedy,
        path=row.path,
        line=row.line,
        evidence=_evidence(row) if row.evidence else None,
        fingerprint=row.fingerprint,
        waiver=row.waiver,
    )


def _evidence(row: "Row[tuple[object, ...]]") -> Evidence:
    first = row.evidence_first_line
    return Evidence(
        source=row.evidence_source,
        path=row.evidence_path,
        url=row.evidence_url,
        revision=row.evidence_revision,
        sha256=row.evidence_sha256,
        section=row.evidence_section,
        lines=(first, row.evidence_last_line) if first is not None else None,
        quote=row.evidence_quote,
    )

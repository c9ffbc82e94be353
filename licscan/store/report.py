"""A run read back as the report that it was."""

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, overload

from sqlalchemy import Connection, Engine, Row, func, select

from licscan.errors import UsageError
from licscan.model import Assessment, Evidence, Finding, Gap, Level, Mention, ModelRef, Report, Tool
from licscan.store import tables
from licscan.store.database import show
from licscan.store.documents import read_assessment

_AT_ONCE = 50
_MOST_TWINS = 1000


class Assessments(Sequence[Assessment]):
    """The assessments of a run, read from the database each time they are gone through: never all of them at hand."""

    def __init__(self, engine: Engine, run: int, number: int) -> None:
        self._engine = engine
        self._shown = show(engine.url)
        self._run = run
        self._number = number

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[Assessment]:
        last = -1
        while documents := self._documents(last, _AT_ONCE):
            for last, document in documents:  # noqa: B007 - the last one is where the next lot begins
                yield read_assessment(document, self._shown)

    @overload
    def __getitem__(self, index: int) -> Assessment: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Assessment, ...]: ...
    def __getitem__(self, index: int | slice) -> Assessment | tuple[Assessment, ...]:
        return tuple(self)[index]

    def _documents(self, after: int, number: int) -> list[tuple[int, str]]:
        kept, places = tables.ASSESSMENTS, tables.RUN_MODELS
        query = (
            select(places.c.position, kept.c.document)
            .join_from(places, kept, places.c.assessment_id == kept.c.id)
            .where(places.c.run_id == self._run, places.c.position > after)
            .order_by(places.c.position)
            .limit(number)
        )
        with self._engine.connect() as connection:
            return [(row.position, row.document) for row in connection.execute(query)]


def load_report(engine: Engine, run: int | None) -> Report:
    """What a run found; the last one where none is named.

    Raises:
        UsageError: There is no such run.
    """
    with engine.connect() as connection:
        return _report(engine, connection, run)


def summary(levels: Counter[str], gaps: Counter[str], conflicts: Counter[str]) -> dict[str, Any]:
    """How many models have each level, each gap, each conflict, in the order in which they are shown."""
    found = {level.value: levels[level.value] for level in reversed(Level)}
    return {"models": levels.total(), "levels": found, "gaps": _ranked(gaps), "conflicts": _ranked(conflicts)}


def _ranked(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _report(engine: Engine, connection: Connection, run: int | None) -> Report:
    runs = tables.RUNS
    wanted = select(runs).order_by(runs.c.id.desc()).limit(1)
    row = connection.execute(wanted.where(runs.c.id == run) if run is not None else wanted).first()
    if row is None:
        raise UsageError("no such run", where=f"run {run}" if run else "the database", remedy="licscan scan makes one")
    counted = _summary(connection, row.id)
    # Not validated again: that would read all the models.
    return Report.model_construct(
        tool=Tool(name="licscan", version=row.tool, rules=row.rules),
        created=_aware(row.started),
        run=row.id,
        models=Assessments(engine, row.id, counted["models"]),
        findings=_findings(connection, row.id),
        mentions=_mentions(connection, row.id),
        gaps=_gaps(connection, row.id),
        summary=counted,
    )


def _aware(time: datetime.datetime) -> datetime.datetime:
    """SQLite keeps no time zone; what was written was UTC."""
    return time if time.tzinfo else time.replace(tzinfo=datetime.UTC)


def _summary(connection: Connection, run: int) -> dict[str, Any]:
    kept, places = tables.ASSESSMENTS, tables.RUN_MODELS
    levels = (
        select(kept.c.level, func.count())
        .join_from(places, kept, places.c.assessment_id == kept.c.id)
        .where(places.c.run_id == run)
        .group_by(kept.c.level)
    )
    counted: list[Counter[str]] = [Counter({str(name): number for name, number in connection.execute(levels)})]
    for column in (tables.GAPS.c.gap, tables.CONFLICTS.c.conflict):
        owner = column.table.c.assessment_id
        query = (
            select(column, func.count(places.c.position.distinct()))
            .join_from(places, column.table, owner == places.c.assessment_id)
            .where(places.c.run_id == run)
            .group_by(column)
        )
        counted.append(Counter({str(name): number for name, number in connection.execute(query)}))
    twins = _twins(connection, run)
    return {**summary(*counted), **({"same_weights": twins} if twins else {})}


def _twins(connection: Connection, run: int) -> list[list[str]]:
    """Weight files that are the same, byte for byte, in several models of a run: by their own digests."""
    kept, places = tables.FILES, tables.RUN_MODELS
    query = (
        select(kept.c.sha256, places.c.position, kept.c.path, places.c.asked)
        .join_from(places, kept, kept.c.assessment_id == places.c.assessment_id)
        .where(places.c.run_id == run, kept.c.sha256.is_not(None))
        .order_by(places.c.position, kept.c.path)
    )
    found: dict[str, dict[int, str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.sha256, {}).setdefault(row.position, f"{row.asked}: {row.path}")
    return [list(one.values()) for one in found.values() if len(one) > 1][:_MOST_TWINS]


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
        model=ModelRef.parse(row.ref) if row.ref else None,
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

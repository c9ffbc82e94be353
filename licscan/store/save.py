"""One model and what is so about it, put into the tables, each part once."""

import hashlib
import zlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Insert, Table

from licscan import __version__
from licscan.model import Assessment, Finding, Loaded, Model
from licscan.store import rows, statements, tables

# So many findings a model may have in a run: a rule of a policy for each place that names it.
EACH = 1_000
# Who read the facts. The number grows whenever more is read: facts of before are no longer all that there is.
READ_BY = f"{__version__}+2"


def save_facts(connection: Connection, run: int, loaded: Loaded) -> int:
    """Keep the facts of a model, what they were read from, and what was asked; the number under which they are kept."""
    number = save_model(connection, run, loaded.model)
    there = set(connection.execute(statements.KEPT_NAMES, {"model": number}).scalars()) if loaded.kept else set()
    digests = {
        name: hashlib.sha256(data).hexdigest() for name, data in loaded.kept.items() if rows.plain(name) not in there
    }
    bodies = {sha256: zlib.compress(loaded.kept[name]) for name, sha256 in digests.items()}
    keep(connection, tables.BODIES, [{"sha256": sha256, "data": data} for sha256, data in bodies.items()])
    named = [{"model_id": number, "name": rows.plain(name), "sha256": sha256} for name, sha256 in digests.items()]
    keep(connection, tables.MODEL_BODIES, named)
    ref, origin = loaded.model.ref, loaded.model.origin
    asked = ref.at(None) if loaded.current else loaded.asked
    if asked and asked != ref and ref.revision and origin and not loaded.besides:
        pin = {"revision": ref.revision, "validator": rows.plain(loaded.validator)}
        keep(connection, tables.PINS, [{"ref": f"{origin} {asked}", **pin}], replace=tuple(pin))
    return number


def save_model(connection: Connection, run: int, model: Model) -> int:
    """Keep the facts of a model at its revision; the number under which they are kept."""
    document = model.model_dump_json(exclude={"texts": {"__all__": {"text"}}})
    digest = _digest(document)
    place = {"ref": str(model.ref.at(None)), "revision": model.ref.revision or "", "digest": digest}
    found = connection.execute(statements.MODEL, place).scalar()
    if found is not None:
        connection.execute(statements.SEEN_AGAIN, {"known": found, "its_reader": READ_BY, "its_run": run})
        return int(found)
    texts = {text.sha256: text.text for text in model.texts if text.text is not None}
    keep(connection, tables.TEXTS, [{"sha256": sha256, "text": rows.plain(text)} for sha256, text in texts.items()])
    values = {
        "name": rows.plain(model.name),
        "source": model.source,
        "reader": READ_BY,
        "run_id": run,
        "document": document,
    }
    # Another process may have come to the same meanwhile.
    keep(connection, tables.MODELS, [{**place, **values}])
    return int(connection.execute(statements.MODEL, place).scalar_one())


def save_assessment(connection: Connection, model: int, assessment: Assessment) -> int:
    """Keep what is so about a model, where that very thing is not kept yet; the number under which it is kept."""
    document = assessment.model_dump_json()
    digest = _digest(document)
    found = connection.execute(statements.ASSESSMENT, {"model": model, "digest": digest}).scalar()
    if found is not None:
        return int(found)
    evidences = rows.Evidences()
    parts = rows.parts(assessment, evidences)
    whole = {"model_id": model, "digest": digest, "document": document, **rows.assessment(assessment)}
    number = add(connection, statements.adding(tables.ASSESSMENTS), whole)
    keep(connection, tables.EVIDENCE, list(evidences.rows.values()))
    for table, some in parts.items():
        if some:
            connection.execute(statements.adding(table), [{"assessment_id": number, **row} for row in some])
    return number


def save_findings(connection: Connection, run: int, position: int, findings: Sequence[Finding]) -> None:
    """Keep the findings of one model of a run, in place of those that it had.

    Args:
        connection: The database.
        run: The run's number.
        position: The model's place in the run.
        findings: What a policy objects to in it; beyond `EACH` they are left out.
    """
    first = position * EACH
    connection.execute(statements.FINDINGS_GONE, {"its_run": run, "first": first, "last": first + EACH})
    if findings:
        evidences = rows.Evidences()
        values = rows.findings(run, findings[:EACH], evidences, first)
        keep(connection, tables.EVIDENCE, list(evidences.rows.values()))
        connection.execute(statements.adding(tables.FINDINGS), values)


def replace_parts(connection: Connection, table: Table, run: int, values: list[dict[str, Any]]) -> None:
    """Keep the parts of a run in one table, in place of those that it had."""
    connection.execute(table.delete().where(table.c.run_id == run))
    if values:
        connection.execute(statements.adding(table), values)


def keep(connection: Connection, table: Table, values: list[dict[str, Any]], replace: tuple[str, ...] = ()) -> None:
    """Insert rows that may be there already; of those that are, replace the named columns."""
    if values:
        connection.execute(statements.keeping(table, connection.dialect.name, replace), values)


def add(connection: Connection, statement: Insert, values: dict[str, Any]) -> int:
    """Insert a row; the number that it was given."""
    key = connection.execute(statement, values).inserted_primary_key
    return int(key[0]) if key else 0


def _digest(document: str) -> str:
    return hashlib.sha256(document.encode()).hexdigest()

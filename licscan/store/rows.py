"""From values to the rows of their tables."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Table

from licscan.model import (
    Assessment,
    Claim,
    Clause,
    Conflict,
    Evidence,
    Finding,
    Gap,
    Lineage,
    Mention,
    Obligation,
    WeightFile,
)
from licscan.store import tables

Row = dict[str, object]


class Evidences:
    """The evidence that some rows refer to, each once."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}

    def add(self, evidence: Evidence) -> str:
        """The digest under which an evidence is kept."""
        first, last = evidence.lines or (None, None)
        row = {
            "source": evidence.source,
            "path": plain(evidence.path),
            "url": plain(evidence.url),
            "revision": plain(evidence.revision),
            "sha256": evidence.sha256,
            "section": plain(evidence.section),
            "first_line": first,
            "last_line": last,
            "quote": plain(evidence.quote),
        }
        digest = hashlib.blake2b("\0".join(map(str, row.values())).encode(), digest_size=16).hexdigest()
        if digest not in self.rows:
            self.rows[digest] = {"digest": digest, **row}
        return digest


def plain(text: str | None) -> str | None:
    """Text as every database can keep it: PostgreSQL refuses the null character."""
    return text.replace("\0", "\\0") if text and "\0" in text else text


def assessment(found: Assessment) -> Row:
    """The columns of an assessment itself."""
    return {
        "level": found.level,
        "unknown_reason": found.unknown_reason,
        "license_id": found.license.id,
        "expression": plain(found.license.spdx),
        "freedom": found.license.freedom,
        "reciprocity": found.license.reciprocity,
        "match": found.license.match,
    }


def parts(found: Assessment, evidences: Evidences) -> dict[Table, list[Row]]:
    """The rows of an assessment's parts, by table, without the assessment's own number."""
    return {
        tables.CLAIMS: _numbered(_claim(one, evidences) for one in found.license.claims),
        tables.CLAUSES: _numbered(_clause(one, evidences) for one in found.clauses),
        tables.OBLIGATIONS: _numbered(_obligation(one, evidences) for one in found.obligations),
        tables.FILES: _numbered(map(_file, found.files)),
        tables.LINEAGE: _numbered(_link(one, evidences) for one in found.lineage),
        tables.CONFLICTS: _numbered(map(_conflict, found.conflicts)),
        tables.GAPS: _numbered(map(gap, found.gaps)),
    }


def gap(one: Gap) -> Row:
    """The columns of a gap."""
    return {"gap": one.id, "what": plain(one.what), "why": plain(one.why)}


def mention(one: Mention) -> Row:
    """The columns of a mention."""
    return {"path": plain(one.path), "line": one.line, "ref": plain(str(one.ref))}


def findings(run: int, values: Iterable[Finding], evidences: Evidences, first: int = 0) -> list[Row]:
    """The rows of findings."""
    return [
        {
            "run_id": run,
            "position": position,
            "rule": finding.rule,
            "severity": finding.severity,
            "ref": plain(str(finding.model)) if finding.model else "",
            "message": plain(finding.message),
            "remedy": plain(finding.remedy),
            "path": plain(finding.path),
            "line": finding.line,
            "fingerprint": finding.fingerprint,
            "waiver": plain(finding.waiver),
            "evidence": evidences.add(finding.evidence) if finding.evidence else None,
        }
        for position, finding in enumerate(values, first)
    ]


def of_run(run: int, values: Iterable[Row]) -> list[Row]:
    """Rows that belong to a run, in order."""
    return [{"run_id": run, **row} for row in _numbered(values)]


def _claim(one: Claim, evidences: Evidences) -> Row:
    return {
        "subject": one.subject,
        "role": one.role,
        "place": one.place,
        "stated": plain(one.stated),
        "expression": plain(one.expression),
        "confidence": one.confidence,
        "evidence": evidences.add(one.evidence),
    }


def _clause(one: Clause, evidences: Evidences) -> Row:
    return {
        "clause": one.id,
        "values": _json(one.values),
        "activities": ",".join(one.on),
        "quote": plain(one.quote),
        "evidence": evidences.add(one.evidence),
    }


def _obligation(one: Obligation, evidences: Evidences) -> Row:
    return {
        "clause": one.clause,
        "activity": one.activity,
        "status": one.status,
        "text": plain(one.text),
        "inherited_from": plain(one.inherited_from),
        "evidence": evidences.add(one.evidence),
    }


def _file(one: WeightFile) -> Row:
    return {
        "path": plain(one.path),
        "format": one.format,
        "size": one.size,
        "sha256": one.sha256,
        "promised": plain(one.promised),
        "status": one.status,
    }


def _link(one: Lineage, evidences: Evidences) -> Row:
    return {
        "base": plain(one.base),
        "relation": one.relation,
        "level": one.level,
        "evidence": evidences.add(one.declared_by),
    }


def _conflict(one: Conflict) -> Row:
    statements = [statement.model_dump(mode="json") for statement in one.statements]
    return {"conflict": one.id, "subject": one.subject, "statements": _json(statements)}


def _numbered(rows: Iterable[Row]) -> list[Row]:
    return [{"position": position, **row} for position, row in enumerate(rows)]


def _json(value: Mapping[str, object] | Sequence[object]) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True)

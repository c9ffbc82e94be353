"""The JSON of an audit (`docs/schema/audit.schema.json`), written model by model."""

import datetime
import json
from typing import Literal, TextIO

from pydantic import Field, JsonValue

from licscan.audit.dossier import Contract, Dossier, Entry, Exemption
from licscan.model import (
    Amount,
    Assessment,
    Change,
    Evidence,
    Finding,
    Gap,
    License,
    Mention,
    Organisation,
    Review,
    Reviewed,
    Tool,
    Value,
)
from licscan.text import printable

_SCHEMA = "https://json-schema.org/draft/2020-12/schema"


class Record(Value):
    """A license record that terms come from, and who looked at it."""

    id: str
    title: str
    version: str | None
    url: str | None
    complete: bool
    reviewed: Review | None
    evidence: Evidence


class Model(Value):
    """One model of an audit; `licscan.audit.dossier.Entry` says what the fields are."""

    number: int
    key: str
    assessment: Assessment
    findings: tuple[Finding, ...]
    mentions: tuple[Mention, ...]
    review: Reviewed
    text: Evidence | None
    records: tuple[Record, ...]
    changes: tuple[Change, ...] | None


class Waiver(Value):
    """A waiver of the configuration, and what it does here."""

    rule: str
    model: str
    reason: str
    approver: str
    expires: datetime.date | None
    revision: str | None
    license: str | None
    where: str
    ended: bool
    used: int


class Agreement(Value):
    """An agreement of the configuration, and what it does here."""

    licensor: str
    models: tuple[str, ...]
    reference: str
    replaces: tuple[str, ...]
    expires: datetime.date | None
    ended: bool
    used: int


class Number(Value):
    """A number of the organisation's."""

    value: int
    currency: str | None
    on: datetime.date | None
    affiliates: bool | None


class Asking(Value):
    """What the organisation that asks said of itself; None for what it did not say."""

    name: str | None
    amounts: dict[str, tuple[Number, ...]]
    territories: tuple[str, ...] | None
    activities: tuple[str, ...] | None
    purposes: tuple[str, ...] | None
    fields: tuple[str, ...] | None


class Earlier(Value):
    """The run that an audit is compared with."""

    run: int
    started: datetime.datetime
    tool: Tool
    gone: tuple[str, ...]


class Rule(Value):
    """A rule that found something."""

    title: str
    severity: str
    remedy: str


class Audit(Value):
    """An audit. `looked` is when the models were looked at, and `tool` what that rests on; `writer` wrote the audit."""

    schema_version: Literal[1] = 1
    notice: str = "licscan informs; it gives no legal advice."
    tool: Tool
    writer: Tool
    created: datetime.datetime
    looked: datetime.datetime
    run: int | None
    policy: str
    policy_title: str
    organisation: Asking
    filters: tuple[str, ...]
    total: int
    earlier: Earlier | None
    waivers: tuple[Waiver, ...]
    agreements: tuple[Agreement, ...]
    rules: dict[str, Rule]
    gaps: tuple[Gap, ...]
    findings: tuple[Finding, ...] = Field(description="Those that belong to no model.")
    summary: dict[str, JsonValue]
    models: tuple[Model, ...]


def write(dossier: Dossier, stream: TextIO) -> None:
    """Write an audit as one JSON object; its text is as it was found, control characters escaped as JSON does.

    Args:
        dossier: The audit; its entries are read once.
        stream: Where to.
    """
    head = _plain(_audit(dossier).model_dump_json(exclude={"models"}, indent=1))
    stream.write(head.rstrip().removesuffix("}").rstrip() + ',\n "models": [')
    between = "\n"
    for entry in dossier.entries:
        stream.write(between + _plain(_model(entry).model_dump_json()))
        between = ",\n"
    stream.write("\n ]\n}\n")


def schema() -> str:
    """The JSON schema of an audit, as it is kept in `docs/schema/audit.schema.json`."""
    made = Audit.model_json_schema(mode="serialization")
    head = {"$schema": _SCHEMA, "title": "licscan audit, version 1"}
    return json.dumps({**head, **{key: value for key, value in made.items() if key not in head}}, indent=2) + "\n"


def _plain(text: str) -> str:
    """JSON in which nothing moves a cursor or turns words around, where somebody shows it as it is.

    Every such character stands in a string, where JSON has an escape of its own for it.
    """
    return "\n".join(_escaped(line) for line in text.split("\n"))


def _escaped(line: str) -> str:
    if line.isascii() and line.isprintable():
        return line
    return "".join(one if printable(one) == one else f"\\u{ord(one):04x}" for one in line)


def _audit(dossier: Dossier) -> Audit:
    report, earlier = dossier.report, dossier.earlier
    return Audit(
        tool=report.tool,
        writer=dossier.writer,
        created=dossier.created,
        looked=report.created,
        run=report.run,
        policy=dossier.policy,
        policy_title=dossier.policy_title,
        organisation=_asking(dossier.organisation),
        filters=dossier.filters,
        total=dossier.total,
        earlier=Earlier(run=earlier.run, started=earlier.started, tool=earlier.tool, gone=earlier.gone)
        if earlier
        else None,
        waivers=tuple(map(_waiver, dossier.waivers)),
        agreements=tuple(map(_agreement, dossier.contracts)),
        rules={
            key: Rule(title=one.title, severity=one.severity, remedy=one.remedy) for key, one in dossier.rules.items()
        },
        gaps=dossier.gaps,
        findings=dossier.general,
        summary=report.summary,
        models=(),
    )


def _model(entry: Entry) -> Model:
    return Model.model_construct(
        number=entry.number,
        key=entry.key,
        assessment=entry.model,
        findings=entry.findings,
        mentions=entry.mentions,
        review=entry.review,
        text=entry.text,
        records=tuple(map(_record, entry.records)),
        changes=entry.changes,
    )


def _record(one: License) -> Record:
    return Record(
        id=one.id,
        title=one.title,
        version=one.version,
        url=one.url,
        complete=one.complete,
        reviewed=one.reviewed,
        evidence=one.evidence,
    )


def _waiver(one: Exemption) -> Waiver:
    waiver = one.waiver
    return Waiver(
        rule=waiver.rule,
        model=waiver.model,
        reason=waiver.reason,
        approver=waiver.approver,
        expires=waiver.expires,
        revision=waiver.revision,
        license=waiver.license,
        where=waiver.where,
        ended=one.ended,
        used=one.used,
    )


def _agreement(one: Contract) -> Agreement:
    return Agreement.model_validate({**one.agreement.plain, "ended": one.ended, "used": one.used})


def _asking(one: Organisation) -> Asking:
    return Asking(
        name=one.name,
        amounts={metric: tuple(map(_number, some)) for metric, some in one.amounts.items()},
        territories=one.territories,
        activities=one.activities,
        purposes=one.purposes,
        fields=one.fields,
    )


def _number(one: Amount) -> Number:
    return Number(value=one.value, currency=one.currency, on=one.on, affiliates=one.affiliates)

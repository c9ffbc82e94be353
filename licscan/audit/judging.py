"""What is objected to in the models of an audit, and what lets it pass: as the gate has it."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from licscan import judge as judging
from licscan.audit.dossier import Contract, Exemption
from licscan.changes import since
from licscan.config import Configuration, Waiver
from licscan.gate.finding import Finding as Objection
from licscan.gate.waivers import covers, waived
from licscan.model import Agreement, Assessment, Finding, Mention
from licscan.policy import Judge
from licscan.reviews import text_of

Known = dict[str, dict[str, Any]]
Before = Callable[[Assessment], Assessment | None]


class Judging:
    """Judges models one by one, and lets pass at the end.

    Args:
        judge: What is objected to.
        told: What the configuration says.
        before: What the run before found of a model, for rules about changes; None where nothing was.
    """

    def __init__(self, judge: Judge, told: Configuration, before: Before) -> None:
        self._judge = judge
        self._told = told
        self._before = before
        self._objections: list[Objection] = []

    def see(self, model: Assessment, places: Iterable[Mention]) -> None:
        """Judge one model, once for each place that names it."""
        changed = since(lambda: self._before(model), model) or ()
        found = judging.findings(self._judge, model, changed, places)
        self._objections += filter(None, (self._as_told(_plain(one)) for one in found))

    def findings(self, known: Known, today: datetime.date) -> Iterator[Finding]:
        """What is objected to in all of them, with who let it pass, and what is wrong with waivers."""
        # What is audited need not be all that waivers are for: none of them can be called unused.
        for one in waived(self._objections, self._told.waivers, (), known, today, whole=False):
            if (told := self._as_told(one)) is not None:
                yield Finding.model_validate(told._asdict())

    def _as_told(self, one: Objection) -> Objection | None:
        severity = self._told.severity.get(one.rule, one.severity)
        return None if severity == "off" else one._replace(severity=severity)


def known_of(model: Assessment) -> dict[str, Any]:
    """What waivers ask of a model: its commit and its license, as a lock holds them."""
    text = text_of(model)
    license_ = {"id": model.license.id, "spdx": model.license.spdx, "text": text.sha256 if text else None}
    return {"commit": model.revision, "license": license_}


def exemptions(
    waivers: Sequence[Waiver], findings: Iterable[Finding], known: Mapping[str, Any], today: datetime.date
) -> tuple[Exemption, ...]:
    """Waivers, each with how many findings it is about."""
    plain = [_plain(one) for one in findings if one.model]
    return tuple(
        Exemption(
            waiver,
            ended=waiver.expires is not None and waiver.expires < today,
            used=sum(covers(waiver, one, known.get(one.model or "")) for one in plain),
        )
        for waiver in waivers
    )


def contracts(
    agreements: Sequence[Agreement], findings: Iterable[Finding], today: datetime.date
) -> tuple[Contract, ...]:
    """Agreements, each with how many findings it covers."""
    covered = [part for one in findings if one.waiver for part in one.waiver.split("; ")]
    return tuple(
        Contract(
            one,
            ended=one.expires is not None and one.expires < today,
            used=covered.count(f"agreement {one.reference} with {one.licensor}"),
        )
        for one in agreements
    )


def _plain(one: Finding) -> Objection:
    evidence = one.evidence.model_dump(mode="json") if one.evidence else None
    return Objection(
        one.rule,
        one.severity,
        str(one.model) if one.model else None,
        one.message,
        one.remedy,
        one.path,
        one.line,
        evidence,
        one.fingerprint,
        one.waiver,
    )

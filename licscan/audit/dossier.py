"""What an audit is written from: one frozen value, the same for every format, whose models come one by one."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from licscan.config import Waiver
from licscan.model import (
    Agreement,
    Assessment,
    Change,
    Evidence,
    Finding,
    Gap,
    GapId,
    License,
    Mention,
    Organisation,
    Report,
    Reviewed,
    Tool,
)
from licscan.quotations import Altered
from licscan.rulebook import ClauseRule


@dataclass(frozen=True, slots=True)
class Entry:
    """All that an audit says of one model.

    Attributes:
        number: Its place in the audit, from 1.
        key: A short name of letters, digits and hyphens, unique in the audit and the same in the next: an anchor.
        model: What is so about it, for the organisation that asks.
        findings: What the policy objects to in it, what somebody let pass included (`Finding.waiver`).
        mentions: Where code names it.
        review: Where it stands with those who review models.
        text: Where the license text that was looked at lies: path, revision, sha256; None where there was no text.
        altered: Where its license texts differ from the licenses that they are copies of.
        records: The license records that its terms come from, its own first, with who reviewed each.
        changes: What changed since the earlier run; None where that run did not look at it, or none was asked for.
    """

    number: int
    key: str
    model: Assessment
    findings: tuple[Finding, ...] = ()
    mentions: tuple[Mention, ...] = ()
    review: Reviewed = field(default_factory=Reviewed)
    text: Evidence | None = None
    altered: tuple[Altered, ...] = ()
    records: tuple[License, ...] = ()
    changes: tuple[Change, ...] | None = None


class Entries(Protocol):
    """The entries of an audit, made anew each time they are gone through: never all of them at hand."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Entry]: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that findings come from, of the policy or of the gate.

    Attributes:
        title: What it is called.
        severity: How bad it is.
        remedy: What to do.
    """

    title: str
    severity: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Exemption:
    """A waiver of the configuration, and what it does here.

    Attributes:
        waiver: The waiver: rule, model, reason, approver, expires.
        ended: Whether its last day is over.
        used: How many findings of this audit it lets pass; of one that has ended, how many it would.
    """

    waiver: Waiver
    ended: bool
    used: int


@dataclass(frozen=True, slots=True)
class Contract:
    """An agreement of the configuration, and what it does here.

    Attributes:
        agreement: The agreement: licensor, models, reference, replaces, expires.
        ended: Whether its last day is over.
        used: How many findings of this audit it covers.
    """

    agreement: Agreement
    ended: bool
    used: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """The run that an audit is compared with.

    Attributes:
        run: Its number.
        started: When it began.
        tool: The version and rule base that it rests on.
        gone: Models that it looked at and that are no longer there, without revision.
    """

    run: int
    started: datetime.datetime
    tool: Tool
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    """An audit, whatever it is written as.

    Attributes:
        report: The report: `tool` (version and rule base that the facts rest on), `run`, `created` (when the models
            were looked at), all findings with those that belong to no model, `gaps` that belong to no model, mentions,
            summary. Its `models` are those of the entries.
        entries: The models, one by one.
        created: When the audit was written.
        writer: The version and rule base that wrote it.
        organisation: Who asks.
        policy: The id of the policy, or the path of its file.
        policy_title: What the policy is called.
        rules: By id, the rules of the policy and of the gate that found something.
        clauses: By id, the clause types, with titles and why they matter.
        waivers: Those of the configuration.
        contracts: The agreements of the configuration.
        earlier: The run that it is compared with; None for none.
        filters: What was left out, in words; empty where nothing was.
        total: How many models there are without the filters.
        others: Findings about models that are named somewhere and that nothing is known of: not locked, named in part.
    """

    report: Report
    entries: Entries
    created: datetime.datetime
    writer: Tool
    organisation: Organisation
    policy: str
    policy_title: str
    rules: Mapping[str, Rule] = field(default_factory=dict)
    clauses: Mapping[str, ClauseRule] = field(default_factory=dict)
    waivers: tuple[Exemption, ...] = ()
    contracts: tuple[Contract, ...] = ()
    earlier: Earlier | None = None
    filters: tuple[str, ...] = ()
    total: int = 0
    others: tuple[Finding, ...] = ()

    @property
    def general(self) -> tuple[Finding, ...]:
        """The findings that belong to no entry."""
        return (*(one for one in self.report.findings if one.model is None), *self.others)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The gaps that belong to no model."""
        return tuple(self.report.gaps)

    @property
    def gap_ids(self) -> set[GapId]:
        """Every kind of gap that there is, of the models and of none."""
        counted = self.report.summary.get("gaps")
        kinds = {GapId(str(kind)) for kind in (counted if isinstance(counted, dict) else ())}
        return {gap.id for gap in self.report.gaps} | kinds

"""What is so: everything that can be said of one model, with its evidence, and the report that collects it."""

import datetime
from collections.abc import Sequence
from enum import StrEnum
from typing import Literal

from pydantic import Field, JsonValue

from licscan.model.evidence import Conflict, Evidence, Gap
from licscan.model.facts import Property, Relation, WeightFile
from licscan.model.framework import OpennessFramework
from licscan.model.license import Activity, Claim, Clause, Freedom, Reciprocity, Review
from licscan.model.ref import Mention, ModelRef
from licscan.model.value import Value


class Level(StrEnum):
    """How open a model is, from least to most; the order is the order of members."""

    CLOSED = "closed"
    UNKNOWN = "unknown"
    RESTRICTIVE = "restrictive"
    PERMISSIVE = "permissive-open-weights"
    FULLY_OPEN = "fully-open"


class UnknownReason(StrEnum):
    """Why a level is unknown."""

    NONE_STATED = "none-stated"
    UNRECOGNISED = "unrecognised"
    CONFLICTING = "conflicting"
    NOT_LOOKED_AT = "not-looked-at"


class Openness(StrEnum):
    """How open an artefact is; `unknown` where nothing was found that says so."""

    OPEN = "open"
    PARTIAL = "partial"
    NONE = "none"
    UNKNOWN = "unknown"


class Artefact(Value):
    """One thing that a model is made of, and whether others can have it.

    Attributes:
        state: How open it is.
        note: Which thing it is: a dataset, a repository.
        license: The SPDX id that it is under, where that is recorded.
        evidence: Where that stands; None where nothing was found.
    """

    state: Openness = Openness.UNKNOWN
    note: str | None = None
    license: str | None = None
    evidence: Evidence | None = None


class Artefacts(Value):
    """The five artefacts of a model."""

    weights: Artefact = Artefact()
    data: Artefact = Artefact()
    data_information: Artefact = Artefact()
    code: Artefact = Artefact()
    recipe: Artefact = Artefact()


class Licensing(Value):
    """The license that the weights are under, as far as the claims establish it.

    Attributes:
        id: The record, where it is one record.
        title: The record's title, or the expression in words.
        spdx: SPDX id or expression; `LicenseRef-<record id>` where SPDX lists none.
        freedom: How free it leaves its users.
        reciprocity: What must be given back.
        match: How it was recognised: word for word, altered, by name only, not at all.
        confidence: How surely, 0 to 1.
        candidate: What an unknown license may turn out to be, where its text speaks for it.
        reviewed: Who looked at the record.
        claims: Everything that was stated, resolved as far as it goes.
    """

    id: str | None = None
    title: str | None = None
    spdx: str | None = None
    freedom: Freedom = Freedom.UNKNOWN
    reciprocity: Reciprocity = Reciprocity.NONE
    match: Literal["exact", "modified", "tag", "none"] = "none"
    confidence: float = 0.0
    candidate: Freedom | None = None
    reviewed: Review | None = None
    claims: tuple[Claim, ...] = ()


class Lineage(Value):
    """A link from a model to one that it comes from.

    Attributes:
        base: The base: a reference, or the words where they are none.
        relation: How it comes from it.
        declared_by: Where that is declared.
        level: The base's own level; None where it could not be resolved.
        child: The model that comes from it, where that is another base of the model; None for the model itself.
        license: The base's license, as far as it is established.
        binds: Whether its terms reach the child; not so where only its outputs were learned from, unless its license
            counts that as deriving.
    """

    base: str
    relation: Relation
    declared_by: Evidence
    level: Level | None = None
    child: str | None = None
    license: str | None = None
    binds: bool = True


class Dataset(Value):
    """Data that a model says it was trained on.

    Attributes:
        name: The reference, or the words where they are none.
        license: SPDX id or expression, as far as it is established.
        freedom: How free that leaves its users.
        seen: Whether anybody could look at it.
        evidence: Where the model declares it.
    """

    name: str
    license: str | None = None
    freedom: Freedom = Freedom.UNKNOWN
    seen: bool = False
    evidence: Evidence


class Obligation(Value):
    """Something that the user must do.

    Attributes:
        id: Clause and activity, unique within a model.
        text: What to do, as a sentence.
        clause: The clause that asks for it.
        activity: The activity that triggers it; None where every use does.
        status: Whether it is owed once one does that, is not, or depends on a fact that nobody gave.
        because: What makes it so, where the clause alone does not.
        words: The exact words that the license dictates, where it does.
        carried: Of a name that a derivative must carry: whether this model's name does.
        inherited_from: The base whose license asks for it; None for the model's own.
        evidence: Where the clause stands.
    """

    id: str
    text: str
    clause: str
    activity: Activity | None = None
    status: Literal["owed", "not-owed", "tell-us"]
    because: str | None = None
    words: str | None = None
    carried: bool | None = None
    inherited_from: str | None = None
    evidence: Evidence


class Threshold(Value):
    """A number from which a license changes.

    Attributes:
        clause: The clause that sets it.
        metric: What is counted.
        limit: The number, with its comparator and unit, in words.
        yours: The organisation's number, where it is known.
        status: What follows.
        because: Why it cannot be said, where a number is known and does not tell.
        effect: What happens there: `separate-license`, `prohibited`, `registration`, `duty`, `other`.
        inherited_from: The base whose license sets it; None for the model's own.
        evidence: Where the clause stands.
    """

    clause: str
    metric: str
    limit: str
    yours: str | None = None
    status: Literal["below", "reached", "tell-us"]
    because: str | None = None
    effect: str = "other"
    inherited_from: str | None = None
    evidence: Evidence


class Limitation(Value):
    """What a license does not grant, held against what the organisation does and where it is.

    Attributes:
        clause: The clause that says so.
        text: What is not granted, in words.
        yours: What the organisation said of itself that decides; None where it said nothing.
        status: Whether the organisation comes under it.
        inherited_from: The base whose license says so; None for the model's own.
        evidence: Where the clause stands.
    """

    clause: str
    text: str
    yours: str | None = None
    status: Literal["applies", "does-not-apply", "tell-us"]
    inherited_from: str | None = None
    evidence: Evidence


class OpenSourceAI(Value):
    """The three requirements of the Open Source AI Definition 1.0, each met, not met, or None where not established."""

    data_information: bool | None = None
    code: bool | None = None
    parameters: bool | None = None


class Assessment(Value):
    """Everything that is so about one model: facts only, conflicts and gaps included.

    `notes` is what a reader must know besides: of the license's record, of the family's, and whether consent is asked.
    """

    ref: ModelRef
    name: str
    source: str
    revision: str | None
    modality: str | None
    level: Level
    level_reasons: tuple[str, ...]
    unknown_reason: UnknownReason | None
    license: Licensing
    clauses: tuple[Clause, ...]
    obligations: tuple[Obligation, ...]
    thresholds: tuple[Threshold, ...]
    limitations: tuple[Limitation, ...] = ()
    artefacts: Artefacts
    osaid: OpenSourceAI
    mof: OpennessFramework
    notes: tuple[str, ...] = ()
    lineage: tuple[Lineage, ...]
    datasets: tuple[Dataset, ...]
    files: tuple[WeightFile, ...]
    properties: tuple[Property, ...] = ()
    conflicts: tuple[Conflict, ...]
    gaps: tuple[Gap, ...]


class Change(Value):
    """What is no longer as it was.

    Attributes:
        id: What changed: `license`, `freedom`, `level-lowered`, `level-raised`, `clause`, `base`, `dataset`, `file`,
            `conflict`, `gap`; `looked-at` where nobody could look one of the two times.
        before: What was so; None for what is new.
        after: What is so; None for what is gone.
        evidence: Where what is so stands, or what was.
    """

    id: str
    before: str | None = None
    after: str | None = None
    evidence: Evidence | None = None


class Finding(Value):
    """What a policy objects to.

    Attributes:
        rule: The rule of the policy.
        severity: How bad it is.
        model: The model that it is about; None where it is about a lock, a waiver or a file.
        message: What is wrong.
        remedy: What to do.
        path: The file that names the model, where one does.
        line: The line there.
        evidence: Where that which is objected to stands.
        fingerprint: Stays the same from run to run.
        waiver: Who let it pass and why, if anybody.
    """

    rule: str
    severity: Literal["error", "warning", "note"]
    model: ModelRef | None
    message: str
    remedy: str
    path: str | None = None
    line: int | None = None
    evidence: Evidence | None = None
    fingerprint: str
    waiver: str | None = None


class Tool(Value):
    """Which program and which rules a report rests on."""

    name: str
    version: str
    rules: str


class Report(Value):
    """What one run found. Its JSON is the contract kept in `docs/schema/report.schema.json`."""

    schema_version: Literal[1] = 1
    tool: Tool
    created: datetime.datetime
    run: int | None = None
    models: Sequence[Assessment]
    findings: Sequence[Finding] = ()
    mentions: Sequence[Mention] = ()
    gaps: Sequence[Gap] = ()
    summary: dict[str, JsonValue] = Field(default_factory=dict)

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The errors that nobody let pass: what makes a gate fail."""
        return tuple(one for one in self.findings if one.severity == "error" and one.waiver is None)

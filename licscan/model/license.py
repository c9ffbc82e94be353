"""Licenses: what is claimed, what the rule base knows of it, and what it asks for."""

import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field, JsonValue

from licscan.model.evidence import Evidence
from licscan.model.value import Value


class Freedom(StrEnum):
    """How free a license leaves its users, from freest to strictest; `stricter` compares."""

    FREE = "free"
    NOTICE = "notice"
    CONDITIONAL = "conditional"
    NONCOMMERCIAL = "noncommercial"
    UNKNOWN = "unknown"


_FREEDOM = list(Freedom)


class Reciprocity(StrEnum):
    """What must be given back, from nothing to most."""

    NONE = "none"
    SHARE_ALIKE = "share-alike"
    NETWORK = "network"


class Subject(StrEnum):
    """What a license is stated for."""

    WEIGHTS = "weights"
    CODE = "code"
    DATA = "data"
    DOCS = "docs"


class Role(StrEnum):
    """What kind of terms a claim names."""

    LICENSE = "license"
    POLICY = "policy"
    EXCEPTION = "exception"


class Place(StrEnum):
    """Where a license can be stated; `licscan.licenses.rank` says which place outranks which."""

    LICENSE_FILE = "license-file"
    CARD_TAG = "card-tag"
    CARD_PROSE = "card-prose"
    GATE_PROMPT = "gate-prompt"
    WEIGHT_HEADER = "weight-header"
    PACKAGE = "package"
    BOM = "bom"
    RECORD = "record"
    REVIEW = "review"  # somebody looked, and says what it is: see `licscan review`


class Activity(StrEnum):
    """What a user does with a model; each duty is triggered by some of these."""

    INTERNAL = "internal"
    HOST = "host"
    DISTRIBUTE_WEIGHTS = "distribute-weights"
    SHIP_PRODUCT = "ship-product"
    PUBLISH_DERIVATIVE = "publish-derivative"
    TRAIN_ON_OUTPUTS = "train-on-outputs"


class Claim(Value):
    """A license stated somewhere.

    Attributes:
        subject: What it is stated for.
        role: License, policy or exception.
        place: Where it is stated.
        stated: The words as they stand there.
        expression: SPDX-style expression over SPDX ids and `LicenseRef-<record id>`; None while it is not recognised.
        confidence: How surely the words mean the expression, 0 to 1 (see `licscan.licenses.names`).
        evidence: Where it stands.
    """

    subject: Subject
    role: Role = Role.LICENSE
    place: Place
    stated: str
    expression: str | None = None
    confidence: float = 0.0
    evidence: Evidence


class Clause(Value):
    """A term found in a text, or recorded for a license.

    Attributes:
        id: The clause type, a file name of `rules/clauses`.
        values: Its numbers, words, places; which ones, the clause type says.
        on: The activities that trigger it; empty for what is no duty.
        quote: The words of the text, where a text was at hand.
        inherited_from: The base whose license says so, in what is said of a model; None for the model's own.
        evidence: Text and place, or the rule record.
    """

    id: str
    values: dict[str, JsonValue] = Field(default_factory=dict)
    on: tuple[Activity, ...] = ()
    quote: str | None = None
    inherited_from: str | None = None
    evidence: Evidence


class Review(Value):
    """Who looked at a rule record.

    Attributes:
        by: Name of the person or program.
        role: How far that goes.
        on: The day.
    """

    by: str
    role: Literal["machine", "person", "counsel"]
    on: datetime.date


class Aliases(Value):
    """Other ways in which a license is named.

    Attributes:
        hub: Ids of the Hugging Face Hub's license field.
        spdx: SPDX ids that mean this record besides its own (`-or-later` and deprecated ones).
        names: Names and spellings.
        urls: Addresses of the text, without scheme.
    """

    hub: tuple[str, ...] = ()
    spdx: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()


class Kind(StrEnum):
    """What a record of `rules/licenses` describes."""

    LICENSE = "license"
    POLICY = "policy"
    EXCEPTION = "exception"
    FAMILY = "family"  # several licenses under one id; `members` names them
    STATEMENT = "statement"  # words that limit or free, but no license text: "research only", "public domain"
    NOT_A_LICENSE = "not-a-license"  # "other", "unknown", "see base model": says nothing by itself


class Fingerprint(Value):
    """What is kept of a license's text: hashes, never words (see `licscan.prints`).

    Attributes:
        words: How many words it has.
        letters: How many letters these have.
        digest: Of all letters: words without anything between them.
        credit: Of its copyright lines, where another record has the same words.
        terms: Of the letters without title and appendix.
        sentences: A hash of each sentence, in order, packed.
        runs: Hashes of runs of words, packed.
        around: Whether it is that of a usual copy with other words around the same terms: an appendix, a preface.
        title: How many letters stand before the terms.
        quotes: Where the words stand that say its clauses, `threshold 300-340 -, no-endorsement 510-522`: of each type,
            in the order of the record's clauses, the first letter and the last, counted from 0; `-` where unknown.
    """

    words: int
    letters: int = 0
    digest: str
    credit: str = ""
    terms: str
    sentences: str
    runs: str
    around: bool = False
    title: int = 0
    quotes: str = Field(default="", pattern=r"^(?:[a-z-]+(?: (?:\d+-\d+|-))+(?:, |$))*$")


class License(Value):
    """A record of `rules/licenses`: what a license says, never its text.

    Attributes:
        id: File name of the record.
        title: The title that the text bears.
        kind: What the record describes.
        version: The license's own version.
        family: The group that it belongs to.
        spdx: Its id on the SPDX list, where it has one.
        aliases: Other names.
        steward: Who publishes the text.
        url: Where the steward publishes it.
        released: The day of publication.
        supersedes: The record that it replaces.
        incorporates: Records of policies that it makes part of itself.
        members: For a family: the records that its name may mean.
        fingerprints: Hashes by which the text is recognised, one for each form of it; none while none was made.
        freedom: How free it leaves its users.
        reciprocity: What must be given back.
        approved: Who has found it free: OSI, FSF, or the Open Definition for data.
        clauses: Its terms, with the values that the text gives.
        complete: Whether all terms were recorded, or only those that decide the freedom.
        note: What a reader must know besides.
        copy_of: For what was made of a text that is nearly a license's: the record of that license.
        reviewed: Who looked at the record; None for what was made of a text.
        evidence: The record itself: file and first line.
    """

    id: str
    title: str
    kind: Kind = Kind.LICENSE
    version: str | None = None
    family: str | None = None
    spdx: str | None = None
    aliases: Aliases = Aliases()
    steward: str | None = None
    url: str | None = None
    released: datetime.date | None = None
    supersedes: str | None = None
    incorporates: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    fingerprints: tuple[Fingerprint, ...] = ()
    freedom: Freedom
    reciprocity: Reciprocity = Reciprocity.NONE
    approved: tuple[Literal["osi", "fsf", "open-data"], ...] = ()
    clauses: tuple[Clause, ...] = ()
    complete: bool = True
    note: str | None = None
    copy_of: str | None = None
    reviewed: Review | None = None
    evidence: Evidence


def stricter(one: Freedom, other: Freedom) -> Freedom:
    """The stricter of two freedoms, `unknown` counting as stricter than all."""
    return _FREEDOM[max(_FREEDOM.index(one), _FREEDOM.index(other))]

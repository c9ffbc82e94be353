"""The bill of materials that every format is written from: models, what they are under, and what is owed for them."""

import datetime
import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from licscan.model import (
    Activity,
    Assessment,
    Claim,
    Evidence,
    Gap,
    Level,
    Model,
    Relation,
    Tool,
    WeightFile,
)


@dataclass(frozen=True, slots=True)
class Text:
    """A license, policy or notice that goes with a model.

    Attributes:
        symbol: SPDX id, or `LicenseRef-` with the record's id or the text's digest; None for what is neither the
            license nor a policy of the model: a NOTICE file, a prompt.
        title: What to call it.
        kind: `license`, `policy`, `notice` or `gate-prompt`.
        words: The text; None where it could not be had, and then `gap` says so.
        evidence: Where it stands: the model's repository at the commit, or the data package.
        standard: Whether it is the standard text of a data package, with blanks where an own copy names a holder.
        url: Where the steward publishes it.
        inherited_from: The base whose text it is; None for the model's own.
        gap: Why there are no words.
    """

    symbol: str | None
    title: str
    kind: str
    words: str | None = None
    evidence: Evidence | None = None
    standard: bool = False
    url: str | None = None
    inherited_from: str | None = None
    gap: Gap | None = None

    @property
    def key(self) -> str:
        """The same for the same words; texts are written once."""
        if self.words is None:
            return f"{self.kind} {self.symbol}"
        digest = self.evidence.sha256 if self.evidence else None
        return digest or hashlib.sha256(self.words.encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that is owed for a model, once, whatever the number of activities that trigger it.

    Attributes:
        clause: The clause that asks for it: `attribution-notice`, `attribution-display`, `license-copy`, ...
        text: What to do, as a sentence.
        words: The words that the license dictates, with the blanks filled that could be; None where it dictates none.
        where: Where the words are to stand, or how, as the license says; None where it leaves that open.
        blanks: Blanks that nobody could fill, as they stand in the words.
        activities: What triggers it, in the order of `Activity`; nothing where every use does.
        condition: What decides whether it is owed, where a fact is missing that would; None where it is owed.
        license: The record that asks for it.
        title: What to call that: the title of the license or policy.
        inherited_from: The base whose license asks for it; None for the model's own.
        evidence: Where the clause stands.
    """

    clause: str
    text: str
    words: str | None
    where: str | None
    blanks: tuple[str, ...]
    activities: tuple[Activity, ...]
    condition: str | None
    license: str
    title: str
    inherited_from: str | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Related:
    """A model or dataset that a model comes from.

    Attributes:
        key: Unique within the bill, and that of the component where the bill has it.
        name: The reference, or the words where they are none.
        purl: Its package URL, where it has one.
        relation: How the model comes from it; None for a dataset.
        license: Its license, as far as it is established.
        level: Its level, where it is a model that could be looked at.
        child: The base that comes from it, where that is not the model itself.
        evidence: Where that is declared.
        binds: Whether its terms reach the model.
        facts: What its source knows of it, where somebody looked and that is at hand.
    """

    key: str
    name: str
    purl: str | None
    relation: Relation | None
    license: str | None
    level: Level | None
    child: str | None
    evidence: Evidence
    binds: bool = True
    facts: Model | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """One model of the bill.

    Attributes:
        key: Unique within the bill: letters, digits, `-` and `.`, the same for the same reference at every run.
        name: What to call it: `org/name`, the name of a folder or file, or the reference.
        purl: `pkg:huggingface/org/name@commit`; None where purls have no type for where it is from.
        commit: The commit that was looked at, where it is one.
        url: Its page at that commit, where it has one.
        supplier: Whose repository it is, where its name says so.
        assessment: Everything that is so about it.
        facts: What its source knows of it; None where only the assessment is at hand.
        declared: What its publisher states about the weights, most telling first, each expression once.
        texts: License texts, policies and notices, its own first, then those of bases whose terms bind.
        duties: What is owed, or may be.
        copyrights: Lines that name holders, from its own and its bases' texts.
        changes: Statements that it was made from others by changing them.
        bases: The models that it comes from.
        datasets: The data that it was trained on.
        gaps: What the manifest lacks: texts that could not be had, blanks that nobody could fill.
    """

    key: str
    name: str
    purl: str | None
    commit: str | None
    url: str | None
    supplier: str | None
    assessment: Assessment
    facts: Model | None
    declared: tuple[Claim, ...]
    texts: tuple[Text, ...]
    duties: tuple[Duty, ...]
    copyrights: tuple[str, ...]
    changes: tuple[str, ...]
    bases: tuple[Related, ...]
    datasets: tuple[Related, ...]
    gaps: tuple[Gap, ...]

    @property
    def concluded(self) -> str | None:
        """The license that was concluded, as an SPDX expression; `LicenseRef-` where SPDX lists none."""
        return self.assessment.license.spdx

    @property
    def files(self) -> tuple[WeightFile, ...]:
        """Its files of weights."""
        return self.assessment.files

    def owed(self, *clauses: str) -> Iterator[Duty]:
        """What some clauses ask for."""
        return (duty for duty in self.duties if duty.clause in clauses)


@dataclass(frozen=True, slots=True)
class Author:
    """Whom a document is by.

    Attributes:
        name: The organisation.
        contact: Where to reach it: an email address, or the address of a page.
    """

    name: str
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """What all formats are written from.

    Attributes:
        name: What the document is about.
        tool: Which program and rules made it.
        created: The time that it bears.
        serial: The same for the same input and time.
        draw: Draws up the components, in order, each time anew: a thousand of them need not be at hand at once.
        number: How many there are.
        gaps: What belongs to no model.
        texts: Whether formats for people carry the texts; otherwise they only say where these stand.
        author: Whom the document is by, where somebody says so.
    """

    name: str
    tool: Tool
    created: datetime.datetime
    serial: uuid.UUID
    draw: Callable[[], Iterable[Component]]
    number: int
    gaps: tuple[Gap, ...] = ()
    texts: bool = True
    author: Author | None = None

    @property
    def components(self) -> Iterable[Component]:
        """The models, each time drawn up anew."""
        return self.draw()

    @property
    def namespace(self) -> str:
        """The namespace of the document for SPDX, in the place that it names for creators without their own."""
        return f"https://spdx.org/spdxdocs/licscan-{self.serial}"

    @property
    def serial_number(self) -> str:
        """The serial number of the document, as CycloneDX asks for."""
        return self.serial.urn

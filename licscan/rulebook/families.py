"""What rule files hold of model families: license, artefacts and bases, from a day or until a day."""

import datetime

from licscan.model import Artefacts, Evidence, ModelRef, Relation, Review, Value


class KnownBase(Value):
    """A model that a family comes from."""

    ref: ModelRef
    relation: Relation


class ModelFacts(Value):
    """What is known of some models, from a day or until a day.

    Attributes:
        id: Unique within the rule base.
        title: What to call the family.
        match: Patterns of Hub names (`meta-llama/Llama-3.1-*`, case ignored).
        starting: The first day on which it holds; None from the beginning.
        until: The last day on which it holds; None up to now.
        revisions: Commits for which it holds whatever their date.
        license: SPDX-style expression over SPDX ids and `LicenseRef-<record id>`; None where nothing is licensed.
        modality: text, image, audio, multimodal, ...
        released: Whether the weights can be had at all.
        gated: Whether the Hub asks for consent first.
        artefacts: What else was published.
        bases: What it comes from.
        note: What a reader must know besides.
        reviewed: Who looked at it.
        evidence: The record itself.
    """

    id: str
    title: str
    match: tuple[str, ...]
    starting: datetime.date | None = None
    until: datetime.date | None = None
    revisions: tuple[str, ...] = ()
    license: str | None = None
    modality: str | None = None
    released: bool = True
    gated: bool = False
    artefacts: Artefacts = Artefacts()
    bases: tuple[KnownBase, ...] = ()
    note: str | None = None
    reviewed: Review
    evidence: Evidence

"""From a report, and the facts that it rests on, to the bill that every format is written from."""

import datetime
import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import NamedTuple

from licscan.licenses.resolve import record_of
from licscan.manifest import names
from licscan.manifest.bill import Author, Bill, Component, Duty, Related, Text
from licscan.manifest.duties import duties
from licscan.manifest.holders import blank, copyrights
from licscan.manifest.texts import Texts
from licscan.model import (
    Activity,
    Assessment,
    Claim,
    Gap,
    GapId,
    Kind,
    Loaded,
    Model,
    Place,
    Relation,
    Report,
    Role,
    Subject,
)
from licscan.rulebook import Rulebook

Kept = Callable[[], Iterable[tuple[Loaded, tuple[Loaded, ...]] | None]]

# Documents of the same input have the same number (RFC 9562, version 5), in a namespace of licscan's own.
_NAMESPACE = uuid.UUID("8f9b4d5e-3a0c-5d0e-9c61-5b1f3c4a7e02")
# How a model that comes from another changes it. An adapter changes nothing: it is laid over.
_CHANGED = {
    Relation.FINETUNE: "was made from {} by fine-tuning; its weights are changed from those of that model",
    Relation.QUANTIZED: "was made from {} by quantizing; its weights are changed from those of that model",
    Relation.MERGE: "was made from {} by merging; its weights are changed from those of that model",
}


class Wish(NamedTuple):
    """What a document is to be like.

    Attributes:
        name: What it is about.
        created: The time that it bears.
        activities: The activities whose duties are wanted; None for all.
        texts: Whether formats for people carry the texts.
        author: Whom it is by, where somebody says so.
    """

    name: str
    created: datetime.datetime
    activities: frozenset[Activity] | None = None
    texts: bool = True
    author: Author | None = None


def assemble(report: Report, kept: Kept, rules: Rulebook, wish: Wish) -> Bill:
    """The bill of a report.

    Args:
        report: What was found; its models are gone through again at each use.
        kept: The facts of the models and of their bases, in the same order; nothing where none are at hand.
        rules: The rule base.
        wish: What the document is to be like.
    """
    serial, number = _serial(report, wish)
    texts = Texts(rules)

    def draw() -> Iterator[Component]:
        seen: set[str] = set()
        for model, facts in zip_longest(report.models, kept()):
            if model is not None and str(model.ref) not in seen:
                seen.add(str(model.ref))
                yield _component(model, facts, texts, rules, wish)

    return Bill(wish.name, report.tool, wish.created, serial, draw, number, tuple(report.gaps), wish.texts, wish.author)


def _serial(report: Report, wish: Wish) -> tuple[uuid.UUID, int]:
    """A number that is the same for the same models, rules, wish and time; and how many models there are."""
    whole = hashlib.sha256(f"{report.tool.version}\0{report.tool.rules}\0{wish.name}\0{wish.created}".encode())
    whole.update(",".join(sorted(wish.activities or ())).encode())
    whole.update(repr(wish.author).encode())
    refs: set[str] = set()
    for model in report.models:
        refs.add(str(model.ref))
        whole.update(model.model_dump_json().encode())
    return uuid.uuid5(_NAMESPACE, whole.hexdigest()), len(refs)


def _component(
    model: Assessment, kept: tuple[Loaded, tuple[Loaded, ...]] | None, texts: Texts, rules: Rulebook, wish: Wish
) -> Component:
    facts = kept[0].model if kept else None
    around = _bases(kept[1] if kept else ())
    found = texts.of(model, facts, around)
    # Of a folder its place says less than its name.
    name = model.name if model.ref.scheme == "file" else names.shown(model.ref)
    owed = duties(model, name, rules, wish.activities)
    holders = copyrights(found)
    return Component(
        key=names.key(str(model.ref)),
        name=name,
        purl=names.purl(model.ref),
        commit=names.commit(model.ref),
        url=names.page(model.ref),
        supplier=names.supplier(model.ref),
        assessment=model,
        facts=facts,
        declared=_declared(model, rules),
        texts=found,
        duties=owed,
        copyrights=holders,
        changes=tuple(_changes(model, name)),
        bases=tuple(_bases_of(model, around)),
        datasets=tuple(_datasets_of(model, around)),
        gaps=tuple(dict.fromkeys(_gaps(found, owed, holders))),
    )


def _bases(kept: Iterable[Loaded]) -> Mapping[str, Model]:
    """The facts of bases, by every reference that means them."""
    found: dict[str, Model] = {}
    for one in kept:
        for ref in (one.model.ref, one.asked, one.model.ref.at(None)):
            if ref is not None:
                found.setdefault(str(ref), one.model)
    return found


def _declared(model: Assessment, rules: Rulebook) -> tuple[Claim, ...]:
    """What is stated with the model about its license, each statement once, a text first; not words that name none."""
    subject = Subject.DATA if model.ref.scheme == "dataset" else Subject.WEIGHTS
    said = [one for one in model.license.claims if one.role is Role.LICENSE and one.place is not Place.RECORD]
    said = [one for one in said if one.subject is subject and not _names_none(one, rules)]
    ordered = sorted(said, key=lambda one: one.place is not Place.LICENSE_FILE)
    return tuple({one.expression or one.stated: one for one in reversed(ordered)}.values())[::-1]


def _names_none(claim: Claim, rules: Rulebook) -> bool:
    """Whether a statement says nothing by itself: `other`, `unknown`, "see the base"."""
    record = record_of(claim.expression, rules) if claim.expression else None
    return record is not None and record.kind is Kind.NOT_A_LICENSE


def _changes(model: Assessment, name: str) -> Iterator[str]:
    for link in model.lineage:
        if link.child is None and link.relation in _CHANGED:
            ref = names.reference(link.base)
            base = names.shown(ref) if ref else link.base
            yield f"{name} {_CHANGED[link.relation].format(base)}."


def _bases_of(model: Assessment, around: Mapping[str, Model]) -> Iterator[Related]:
    for link in model.lineage:
        purl = names.purl(names.reference(link.base))
        key = names.key(link.base)
        yield Related(
            key,
            link.base,
            purl,
            link.relation,
            link.license,
            link.level,
            link.child,
            link.declared_by,
            link.binds,
            around.get(link.base),
        )


def _datasets_of(model: Assessment, around: Mapping[str, Model]) -> Iterator[Related]:
    for data in model.datasets:
        key = names.key(data.name)
        facts = around.get(data.name)
        yield Related(key, data.name, None, None, data.license, None, None, data.evidence, facts=facts)


def _gaps(texts: Iterable[Text], owed: Iterable[Duty], holders: tuple[str, ...]) -> Iterator[Gap]:
    for text in texts:
        if text.gap:
            yield text.gap
        elif text.standard and not holders and (line := blank(text)):
            why = f"the standard text has {line!r}, and no text of the model names a holder"
            yield Gap(id=GapId.NOTICE_INCOMPLETE, what=f"the copyright notice of {text.title}", why=why)
    for duty in owed:
        for one in duty.blanks:
            why = f"the words that {duty.license} dictates have a blank: {one}"
            yield Gap(id=GapId.NOTICE_INCOMPLETE, what=f"words for {duty.clause}", why=why)

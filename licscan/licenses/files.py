"""License files that lie with a model: what they are, as claims, and a record of each that none knows by its words."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from licscan.licenses.expression import AllOf, Term, parse, write
from licscan.licenses.pointers import Pointer
from licscan.licenses.resolve import NAMED, symbol_of
from licscan.licenses.texts import TextReading, read_text
from licscan.model import (
    Claim,
    Evidence,
    Freedom,
    Gap,
    GapId,
    Kind,
    License,
    LicenseText,
    Place,
    Role,
    Subject,
)
from licscan.rulebook import Rulebook
from licscan.text import count, excerpt

# Shorter ones are pointers ("see ...") and names, not texts.
_SHORTEST = 60
_SHOWN = 3
# Files that gather the licenses of other people's works.
_OTHERS = frozenset("third 3rd thirdparty party parties dependencies dependency vendor vendored bundled".split())
_REMEMBERED = 256
_SUBJECTS = {"code": Subject.CODE, "software": Subject.CODE, "data": Subject.DATA, "dataset": Subject.DATA}


class FromFiles(NamedTuple):
    """What license files say.

    Attributes:
        claims: A claim for each file that is a license, with its meaning.
        rules: The rule base, and in it a record for each text that no record knows word for word.
        gaps: What the files leave open.
    """

    claims: tuple[Claim, ...]
    rules: Rulebook
    gaps: tuple[Gap, ...]


def from_files(texts: Iterable[LicenseText], subject: Subject, rules: Rulebook) -> FromFiles:
    """What license files, and prompts that users agree to, say.

    Args:
        texts: The files.
        subject: What they are about, where their names say nothing else.
        rules: The rule base.
    """
    claims: list[Claim] = []
    gaps: list[Gap] = []
    records: dict[str, License] = {}
    for text in texts:
        if text.text is None or text.kind == "notice":
            continue
        reading = _read(text, rules)
        pointed = _pointer(text, reading)
        record = None if pointed and pointed.alone else _record(text, reading)
        if record:
            records[record.id] = record
        if pointed:
            claims.append(_named(text, pointed, record, subject))
        elif record:
            claims.append(_claim(text, record, reading.match.confidence, subject))
        if not (pointed and pointed.alone):
            gaps += _gaps(text, reading, taken=record is not None)
    whole = rules.with_licenses(records) if records else rules
    return FromFiles(tuple(claims), whole, tuple(gaps))


def _pointer(text: LicenseText, reading: TextReading) -> Pointer | None:
    """What a license file names, where it is no license itself; files on the works of others name theirs."""
    return None if text.kind != "license" or _words(text.path) & _OTHERS else reading.pointer


def _named(text: LicenseText, pointed: Pointer, record: License | None, subject: Subject) -> Claim:
    """The claim of a file that names a license; what it says besides holds together with that."""
    expression = pointed.reading.expression
    if record and (named := parse(expression)):
        expression = write(AllOf((named, Term(symbol_of(record)))))
    return Claim(
        subject=_subject(text.path, subject),
        place=Place.LICENSE_FILE,
        stated=excerpt(pointed.evidence.quote or pointed.title),
        expression=expression,
        confidence=NAMED,
        evidence=pointed.evidence,
    )


def _claim(text: LicenseText, record: License, confidence: float, subject: Subject) -> Claim:
    policy = text.kind == "policy" or record.kind is Kind.POLICY
    return Claim(
        subject=_subject(text.path, subject),
        role=Role.POLICY if policy else Role.LICENSE,
        place=Place.GATE_PROMPT if text.kind == "gate-prompt" else Place.LICENSE_FILE,
        stated=record.title,
        expression=symbol_of(record),
        confidence=confidence,
        evidence=text.evidence,
    )


def _record(text: LicenseText, reading: TextReading) -> License | None:
    """The record that a text stands for: a known one, or one of what was found in it; None where it decides nothing.

    What a user must agree to, and a few words that name no license, decide only where they limit something.
    """
    known, match = reading.record, reading.match
    if known and (match.match == "exact" or match.same_terms):
        return known
    limits = reading.freedom in {Freedom.CONDITIONAL, Freedom.NONCOMMERCIAL}
    aside = text.kind == "gate-prompt" or _is_short(text)
    if (aside and not limits) or _words(text.path) & _OTHERS:
        return None
    how = "a part of" if match.part else "an altered copy of"
    what = f"{how} {known.title}" if known else "a text that no record knows"
    return License(
        id=f"text-{text.sha256[:12]}",
        title=f"{text.path}, {what}",
        kind=known.kind if known and known.kind is Kind.POLICY else Kind.LICENSE,
        freedom=reading.freedom,
        reciprocity=reading.reciprocity,
        clauses=reading.clauses,
        copy_of=known.id if known else None,
        evidence=text.evidence,
    )


def _gaps(text: LicenseText, reading: TextReading, *, taken: bool) -> Iterator[Gap]:
    match, known = reading.match, reading.record
    if match.match == "exact" or match.same_terms:
        return
    if text.kind == "gate-prompt" and _is_short(text) and not reading.clauses:
        return  # its sentences were searched for names with the card
    found = f"{count(len(reading.clauses), 'clause')} found in it"
    if not reading.language_read:
        found += ", which is in neither English nor Chinese: no others are searched"
    aside = "" if taken else "; it decides nothing by itself"
    if known is None:
        named = f"it names {reading.pointer.title} and says more" if reading.pointer else ""
        why = f"{text.path}: {named or 'no record of the rule base has these words'}; {found}{aside}"
        yield Gap(id=GapId.LICENSE_UNRECOGNISED, what="all terms of the license text", why=why)
        return
    places = [f"line {one.line_start}" for one in match.deviations if one.line_start][:_SHOWN]
    where = f" ({', '.join(places)}, …)" if places else ""
    part = "only a part of" if match.part else "not word for word"
    differs = f"it differs in {count(len(match.deviations), 'place')}{where}"
    twins = f" (or {', '.join(match.twins)}: its words do not tell)" if match.twins else ""
    why = f"{text.path}: {part} {known.title}{twins}: {differs}; {found}{aside}"
    yield Gap(id=GapId.LICENSE_TEXT_ALTERED, what="what the alterations of the license mean", why=why)


def _subject(path: str, otherwise: Subject) -> Subject:
    words = _words(path)
    if words & {"model", "weights", "weight"}:
        return Subject.WEIGHTS
    return next((subject for word, subject in _SUBJECTS.items() if word in words), otherwise)


def _words(path: str) -> set[str]:
    """The words of a path: `LICENSE-third_party.txt` has license, third, party, txt."""
    return set(re.split(r"[\W_]+", path.casefold()))


def _is_short(text: LicenseText) -> bool:
    """Whether a text is too short for a license: a pointer ("see ..."), a name, a sentence or two."""
    words = text.text or ""
    # A script without blanks has no words that could be counted.
    wide = sum("\u4e00" <= character <= "\u9fff" for character in words[:2000])
    return len(words.split()) < _SHORTEST and wide <= _SHORTEST


_READ: dict[tuple[str, str, Evidence], TextReading] = {}


def _read(text: LicenseText, rules: Rulebook) -> TextReading:
    """The reading of a text; bases and their children bring the same ones again and again."""
    key = (rules.version, text.sha256, text.evidence)
    found = _READ.get(key)
    if found is None:
        if len(_READ) >= _REMEMBERED:
            _READ.clear()
        # Of a text that is known word for word, its record says the clauses: their words are not searched for.
        found = _READ[key] = read_text(text.text or "", rules, text.evidence, quotes=False)
    return found

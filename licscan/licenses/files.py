"""License files that lie with a model: what they are, as claims, and a record of each that none knows by its words."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from licscan.licenses.resolve import resolve, symbol_of
from licscan.licenses.texts import TextReading, read_text
from licscan.model import (
    Claim,
    Evidence,
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
from licscan.text import count, excerpt, fold

# Shorter ones are pointers ("see ...") and names, not texts.
_SHORTEST = 60
_SHOWN = 3
# Files that gather the licenses of other people's works.
_OTHERS = re.compile(r"third|3rd|part(?:y|ies)|depend|vendor|attribution", re.IGNORECASE)
_REMEMBERED = 256
_SUBJECTS = {"code": Subject.CODE, "software": Subject.CODE, "data": Subject.DATA, "dataset": Subject.DATA}


class FromFiles(NamedTuple):
    """What license files say.

    Attributes:
        claims: A claim for each file that is a license, with its meaning.
        rules: The rule base, and in it a record for each text, with the places of its clauses.
        gaps: What the files leave open.
    """

    claims: tuple[Claim, ...]
    rules: Rulebook
    gaps: tuple[Gap, ...]


def from_files(
    texts: Iterable[LicenseText], subject: Subject, rules: Rulebook, at: Callable[[LicenseText], Evidence]
) -> FromFiles:
    """What license files say.

    Args:
        texts: The files.
        subject: What they are about, where their names say nothing else.
        rules: The rule base.
        at: A file as evidence.
    """
    claims: list[Claim] = []
    gaps: list[Gap] = []
    records: dict[str, License] = {}
    for text in texts:
        if text.text is None or text.kind == "notice":
            continue
        here = at(text)
        if len(text.text.split()) < _SHORTEST and not _is_wide(text.text):
            claims += _pointer(text, here, subject, rules)
            continue
        reading = _read(text, here, rules)
        record = _record(text, reading, here)
        if record:
            records[record.id] = record
            role = Role.POLICY if text.kind == "policy" or record.kind is Kind.POLICY else Role.LICENSE
            place = Place.GATE_PROMPT if text.kind == "gate-prompt" else Place.LICENSE_FILE
            claims.append(
                Claim(
                    subject=_subject(text.path, subject),
                    role=role,
                    place=place,
                    stated=record.title,
                    expression=symbol_of(record),
                    confidence=reading.match.confidence,
                    evidence=here,
                )
            )
        gaps += _gaps(text, reading)
    whole = rules.model_copy(update={"licenses": {**rules.licenses, **records}}) if records else rules
    return FromFiles(tuple(claims), whole, tuple(gaps))


def _pointer(text: LicenseText, here: Evidence, subject: Subject, rules: Rulebook) -> Iterator[Claim]:
    """A file that only names a license, or says where it is."""
    words = fold(text.text or "")
    meaning = resolve(words, rules)
    if meaning.expression and text.kind == "license":
        claim = Claim(
            subject=_subject(text.path, subject), place=Place.LICENSE_FILE, stated=excerpt(words), evidence=here
        )
        yield claim.model_copy(update={"expression": meaning.expression, "confidence": meaning.confidence})


def _record(text: LicenseText, reading: TextReading, here: Evidence) -> License | None:
    """The record that a text stands for: a known one with the text's own places, or one made of what was found."""
    known, match = reading.record, reading.match
    if known and (match.match == "exact" or match.same_terms):
        return known.model_copy(update={"clauses": reading.clauses})
    if text.kind == "gate-prompt" or _OTHERS.search(text.path):
        return None
    what = (
        f"a part of {known.title}" if known and match.part else f"an altered copy of {known.title}" if known else None
    )
    title = f"{text.path}, {what or 'a text that no record knows'}"
    return License(
        id=f"text-{text.sha256[:12]}",
        title=title,
        kind=known.kind if known and known.kind is Kind.POLICY else Kind.LICENSE,
        freedom=reading.freedom,
        reciprocity=reading.reciprocity,
        clauses=reading.clauses,
        copy_of=known.id if known else None,
        evidence=here,
    )


def _gaps(text: LicenseText, reading: TextReading) -> Iterator[Gap]:
    match, known = reading.match, reading.record
    if match.match == "exact" or match.same_terms or text.kind == "gate-prompt":
        return
    found = count(len(reading.clauses), "clause")
    if known is None:
        why = f"{text.path}: no record of the rule base has these words; {found} found in it"
        yield Gap(id=GapId.LICENSE_UNRECOGNISED, what="all terms of the license text", why=why)
        return
    places = [f"line {one.line_start}" for one in match.deviations if one.line_start][:_SHOWN]
    where = f" ({', '.join(places)}, …)" if places else ""
    part = "only a part of" if match.part else "not word for word"
    differs = f"it differs in {count(len(match.deviations), 'place')}{where}"
    why = f"{text.path}: {part} {known.title}: {differs}; {found} found in it"
    yield Gap(id=GapId.LICENSE_TEXT_ALTERED, what="what the alterations of the license mean", why=why)


def _subject(path: str, otherwise: Subject) -> Subject:
    words = set(path.casefold().replace("-", "_").replace(".", "_").replace("/", "_").split("_"))
    if words & {"model", "weights", "weight"}:
        return Subject.WEIGHTS
    return next((subject for word, subject in _SUBJECTS.items() if word in words), otherwise)


def _is_wide(text: str) -> bool:
    """Whether a text is in a script without blanks, so that words cannot be counted."""
    return sum("\u4e00" <= character <= "\u9fff" for character in text[:2000]) > _SHORTEST


_READ: dict[tuple[str, str, str], TextReading] = {}


def _read(text: LicenseText, here: Evidence, rules: Rulebook) -> TextReading:
    """The reading of a text; bases and their children bring the same ones again and again."""
    key = (rules.version, text.sha256, here.model_dump_json())
    if key not in _READ:
        if len(_READ) >= _REMEMBERED:
            _READ.clear()
        _READ[key] = read_text(text.text or "", rules, here, quotes=False)
    return _READ[key]

"""From all claims to the license that holds: what outranks what, what excludes what, and what stays open."""

import re
from typing import Literal, NamedTuple

from licscan.licenses.claims import PROSE
from licscan.licenses.reading import Reading, read, unread
from licscan.licenses.resolve import MENDED, record_of
from licscan.model import (
    Claim,
    Conflict,
    Freedom,
    Gap,
    GapId,
    Kind,
    License,
    Licensing,
    Place,
    Role,
    Statement,
    Subject,
    UnknownReason,
)
from licscan.rulebook import Rulebook
from licscan.text import name_key

# What templates of cards leave behind: {license}, <your license>, [More Information Needed].
_PLACEHOLDER = re.compile(r"\{.*\}|<.*>|\[.*\]|\$\{.*\}")
# A text that lies with the model outranks what is said about it; what is said with the model outranks the rule base;
# that outranks what others say. Somebody who has looked at all of it outranks everything.
_RANKS = {
    Place.REVIEW: 4,
    Place.LICENSE_FILE: 3,
    Place.CARD_TAG: 2,
    Place.CARD_PROSE: 2,
    Place.GATE_PROMPT: 2,
    Place.WEIGHT_HEADER: 2,
    Place.PACKAGE: 2,
    Place.RECORD: 1,
    Place.BOM: 0,
}


class Conclusion(NamedTuple):
    """What the claims establish.

    Attributes:
        license: The license that holds, as far as it is established.
        reading: The working reading; of several that exclude each other, the strictest.
        unknown: Why the freedom is unknown; None where it is known.
        conflicts: Claims that exclude each other.
        gaps: What the claims leave open.
    """

    license: Licensing
    reading: Reading | None
    unknown: UnknownReason | None
    conflicts: tuple[Conflict, ...]
    gaps: tuple[Gap, ...]


def conclude(claims: tuple[Claim, ...], subject: Subject, rules: Rulebook) -> Conclusion:
    """The license of one subject, from all that is claimed.

    Args:
        claims: All claims, resolved.
        subject: What the license is wanted for.
        rules: The rule base.
    """
    wanted = [claim for claim in claims if claim.subject is subject and claim.role is Role.LICENSE]
    said = [claim for claim in wanted if not _says_nothing(claim, rules)]
    gaps = _gaps(said)
    if not said:
        why = _why_nothing(wanted)
        gaps.append(Gap(id=GapId.LICENSE_NOT_STATED, what=f"the license of the {subject}", why=why))
        return Conclusion(Licensing(claims=claims), None, UnknownReason.NONE_STATED, (), tuple(gaps))
    deciding = _deciding(said)
    if deciding[0].place is Place.REVIEW:
        # Who decided has seen what the others say: it stays among the claims, and contradicts no longer.
        said, gaps = deciding, _gaps(deciding)
    readings = _readings(deciding, rules)
    if all(not reading.records for _, reading in readings):
        return Conclusion(Licensing(claims=claims), None, UnknownReason.UNRECOGNISED, (), tuple(gaps))
    working = max(readings, key=lambda reading: _strictness(reading[1]))
    conflicts = _conflicts(subject, working, _readings(said, rules))
    freedoms = {reading.freedom for _, reading in readings}
    unknown = _unknown(freedoms)
    gaps += _reading_gaps(working[1])
    license_ = _licensing(working, freedoms, claims)
    return Conclusion(license_, working[1], unknown, conflicts, tuple(gaps))


def _says_nothing(claim: Claim, rules: Rulebook) -> bool:
    """Whether a claim's words are among those that name no license: other, unknown, see the base model."""
    if claim.expression is None:
        return bool(_PLACEHOLDER.fullmatch(claim.stated.strip())) or not name_key(claim.stated)
    record = record_of(claim.expression, rules)
    return record is not None and record.kind is Kind.NOT_A_LICENSE


def _why_nothing(wanted: list[Claim]) -> str:
    if not wanted:
        return "no tag, prose, header or package that was read states one"
    words = "; ".join(f"{claim.place} says {claim.stated!r}" for claim in wanted[:3])
    return f"{words}, which names none"


def _deciding(said: list[Claim]) -> list[Claim]:
    """The claims of the highest rank, without unknown ones that are only said by the way."""
    highest = max(_RANKS[claim.place] for claim in said)
    top = [claim for claim in said if _RANKS[claim.place] == highest]
    known = any(claim.expression for claim in top)
    # A card that names something unknown names the license itself; an address, a header or a package that does beside a
    # license that is known is a gap.
    return [claim for claim in top if claim.expression or not (known and _is_aside(claim))]


def _is_aside(claim: Claim) -> bool:
    return claim.place in {Place.WEIGHT_HEADER, Place.PACKAGE, Place.BOM} or "://" in claim.stated


Read = tuple[list[Claim], Reading]


def _readings(claims: list[Claim], rules: Rulebook) -> list[Read]:
    """The different licenses that claims name, each with the claims that name it."""
    found: list[Read] = []
    for claim in claims:
        reading = read(claim.expression, rules) if claim.expression else unread(claim.stated)
        for at, (others, other) in enumerate(found):
            if (same := _agree(reading, other)) is not None:
                found[at] = ([*others, claim], same)
                break
        else:
            found.append(([claim], reading))
    return found


def _agree(one: Reading, other: Reading) -> Reading | None:
    """The more special of two readings where they can both be true: the same records, or a family and its member."""
    ids = {record.id for record in one.records}, {record.id for record in other.records}
    if ids[0] == ids[1] and one.unknown == other.unknown:
        return one if len(one.expression) >= len(other.expression) else other
    if (altered := _copy(one, other) or _copy(other, one)) is not None:
        return altered
    # "Non-commercial" does not contradict a license that is so, nor "public domain" one that asks for nothing.
    for said, full in ((one, other), (other, one)):
        statement = full.records and not said.unknown and all(one.kind is Kind.STATEMENT for one in said.records)
        if statement and said.freedom is full.freedom and _clause_ids(said) <= _clause_ids(full):
            return full
    # Whoever names one license of several that hold together, or may be chosen, does not contradict.
    for whole, part in ((one, other), (other, one)):
        named = {record.id for record in part.records}
        if named and not part.unknown and named < whole.named:
            return whole
    for special, general in ((one, other), (other, one)):
        family = general.records[0] if len(general.records) == 1 and not general.unknown else None
        if family is None or family.kind is not Kind.FAMILY or not special.records or special.unknown:
            continue
        if {record.id for record in special.records} <= set(family.members):
            return special
    return None


def _copy(one: Reading, other: Reading) -> Reading | None:
    """The altered copy of what the other names: that it is altered is said, and is no contradiction."""
    names = {record.id for record in other.records}
    return one if len(one.records) == 1 and one.records[0].copy_of in names else None


def _clause_ids(reading: Reading) -> set[str]:
    return {clause.id for _, clause in reading.clauses}


def _strictness(reading: Reading) -> tuple[int, int, str]:
    """Strictest first; an unknown license comes after every known one, for it tells the reader least."""
    order = [Freedom.UNKNOWN, Freedom.FREE, Freedom.NOTICE, Freedom.CONDITIONAL, Freedom.NONCOMMERCIAL]
    return order.index(reading.freedom), len(reading.clauses), reading.expression


def _unknown(freedoms: set[Freedom]) -> UnknownReason | None:
    if Freedom.UNKNOWN in freedoms:
        return UnknownReason.UNRECOGNISED
    return UnknownReason.CONFLICTING if len(freedoms) > 1 else None


def _conflicts(subject: Subject, working: Read, readings: list[Read]) -> tuple[Conflict, ...]:
    # What nobody recognises cannot be said to exclude anything.
    others = [other for other in readings if other[1].records and _agree(other[1], working[1]) is None]
    if not others:
        return ()
    statements = [_statement(claims[0], reading) for claims, reading in (working, *others)]
    return (Conflict(id="license-claims", subject=subject.value, statements=tuple(statements)),)


def _statement(claim: Claim, reading: Reading) -> Statement:
    return Statement(says=f"{claim.place}: {claim.stated[:200]} ({reading.expression})", evidence=claim.evidence)


def _gaps(said: list[Claim]) -> list[Gap]:
    gaps = []
    for claim in said:
        where = claim.evidence.path or claim.evidence.source
        if claim.expression is None:
            why = f"{where}: {claim.place} says {claim.stated[:120]!r}, which no record of the rule base is called"
            gaps.append(Gap(id=GapId.LICENSE_UNRECOGNISED, what="which license is meant", why=why))
        elif claim.confidence <= MENDED and claim.place not in PROSE:
            why = f"{where}: {claim.stated[:120]!r} was read as {claim.expression}"
            gaps.append(Gap(id=GapId.LICENSE_SPELLING, what="whether that is the license that was meant", why=why))
    return gaps


def _reading_gaps(reading: Reading) -> list[Gap]:
    gaps = []
    for record in reading.records:
        if record.kind is Kind.FAMILY:
            why = f"{record.title} may mean {', '.join(record.members)}; only what they share is shown"
            gaps.append(Gap(id=GapId.LICENSE_VERSION_NOT_STATED, what="which version of the license holds", why=why))
        elif not record.complete:
            why = f"the record of {record.title} was made without its text"
            gaps.append(Gap(id=GapId.LICENSE_TERMS_NOT_RECORDED, what="all terms of the license", why=why))
    for symbol in reading.unknown:
        why = f"{reading.expression} names {symbol}, which has no record"
        gaps.append(Gap(id=GapId.LICENSE_UNRECOGNISED, what="all terms of the license", why=why))
    return gaps


def _licensing(working: Read, freedoms: set[Freedom], claims: tuple[Claim, ...]) -> Licensing:
    deciding, reading = working
    single = reading.records[0] if len(reading.records) == 1 and not reading.unknown and not reading.chosen else None
    known = single if single and single.reviewed else None
    texts = [claim for claim in deciding if claim.place is Place.LICENSE_FILE]
    return Licensing(
        id=known.id if known else None,
        title=single.title if single else reading.expression,
        spdx=reading.expression,
        freedom=reading.freedom if len(freedoms) == 1 else Freedom.UNKNOWN,
        reciprocity=reading.reciprocity,
        match=_match(texts, known) if texts else "tag",
        confidence=max(claim.confidence for claim in deciding),
        reviewed=single.reviewed if single else None,
        claims=claims,
    )


def _match(texts: list[Claim], known: License | None) -> Literal["exact", "modified", "none"]:
    """How a text that decides is known: word for word, altered, or not at all."""
    if known:
        return "exact"
    return "modified" if any("copy of" in claim.stated or "a part of" in claim.stated for claim in texts) else "none"

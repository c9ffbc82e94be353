"""A legal text read: which license it is, what it says, and how free that leaves its users."""

import hashlib
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from licscan.clauses import Found, is_read, locate, search
from licscan.licenses.places import at_places, same
from licscan.licenses.pointers import Pointer, pointer
from licscan.licenses.recognise import Match, recognise
from licscan.licenses.resolve import resolve
from licscan.model import Clause, Evidence, Freedom, License, Reciprocity, stricter
from licscan.prints import Words
from licscan.rulebook import Rulebook, weigh
from licscan.wording import Wording

_CLAUSES = TypeAdapter(tuple[Clause, ...])
# What is kept names no file: the same words lie in many places.
_ANYWHERE = Evidence(source="text")


class TextReading(NamedTuple):
    """What a legal text says.

    Attributes:
        match: What it was recognised as.
        record: The record of that.
        clauses: What it contains: of a text known word for word what its record says, with the quotes of the text.
        freedom: How free it leaves its users; a text that no record knows word for word is never free.
        candidate: The freedom that it would have, were the clauses that were found all of them.
        reciprocity: What must be given back.
        pointer: What it names as the license, where it is none itself.
        language_read: Whether it is in a language that clauses are searched for in, or known without a search.
    """

    match: Match
    record: License | None
    clauses: tuple[Clause, ...]
    freedom: Freedom
    candidate: Freedom | None
    reciprocity: Reciprocity
    pointer: Pointer | None = None
    language_read: bool = True


def read_text(text: str, rules: Rulebook, at: Evidence, *, detect: bool = False, quotes: bool = True) -> TextReading:
    """Read a legal text.

    Args:
        text: The text; lines end in LF.
        rules: The rule base.
        at: The text as evidence.
        detect: Leave records aside, and answer from the words alone.
        quotes: Whether the words of each clause are wanted also where the record knows the text; that takes longer.
    """
    wording = Wording(text)
    words = Words(wording)
    match = Match(None, "none", 0.0) if detect else recognise(words, rules)
    record = rules.licenses[match.id] if match.id else None
    if record and match.known:
        clauses = _recorded(record, match, words, rules, at) if quotes else record.clauses
        return TextReading(match, record, clauses, record.freedom, None, record.reciprocity)
    found = _searched(wording, rules, at)
    named = pointer(wording, found, rules, at) if record is None and not detect else None
    freedom, candidate = _freedom(found, named, rules)
    reciprocity = _reciprocity(found, named)
    return TextReading(match, record, found, freedom, candidate, reciprocity, named, is_read(wording))


def _recorded(record: License, match: Match, words: Words, rules: Rulebook, at: Evidence) -> tuple[Clause, ...]:
    """The clauses of a record in the words of the text, where they are known or found."""
    told = at_places(record.clauses, match, words, at)
    if told is not None or not record.clauses:
        return told or ()
    found = locate(words.wording, rules, at, only={clause.id for clause in record.clauses})
    return tuple(_worded(clause, same(clause, found)) for clause in record.clauses)


def _worded(clause: Clause, found: Found | None) -> Clause:
    words = found.clause if found else None
    return clause.model_copy(update={"quote": words.quote, "evidence": words.evidence}) if words else clause


def _searched(wording: Wording, rules: Rulebook, at: Evidence) -> tuple[Clause, ...]:
    """All clauses of a text, searched for once where the rules remember what was found."""
    memory = rules.memory
    if memory is None:
        return search(wording, rules, at)
    # What was decoded may not be what was hashed: the words themselves are what is read.
    digest = hashlib.sha256(wording.text.encode("utf-8", "surrogatepass")).hexdigest()
    try:
        found = _CLAUSES.validate_json(memory.get(digest) or b"")
    except ValidationError:  # nothing was kept, or what was kept is damaged
        found = search(wording, rules, _ANYWHERE)
        memory.keep(digest, _CLAUSES.dump_json(found))
    return tuple(one.model_copy(update={"evidence": _there(one.evidence, at)}) for one in found)


def _there(words: Evidence, at: Evidence) -> Evidence:
    return at.model_copy(update={"section": words.section, "lines": words.lines, "quote": words.quote})


def _freedom(found: tuple[Clause, ...], named: Pointer | None, rules: Rulebook) -> tuple[Freedom, Freedom | None]:
    """Limitations that were found decide downwards; without any, the text may say what no pattern knows."""
    pointed = named.reading.freedom if named else Freedom.FREE
    freedom: Freedom = Freedom.FREE if pointed is Freedom.UNKNOWN else pointed
    for clause in found:
        freedom = stricter(freedom, weigh(clause, rules.freedom).freedom)
    if freedom in {Freedom.FREE, Freedom.NOTICE}:
        says_something = (found or named) and pointed is not Freedom.UNKNOWN
        return Freedom.UNKNOWN, freedom if says_something else None
    return freedom, None


def _reciprocity(found: tuple[Clause, ...], named: Pointer | None) -> Reciprocity:
    reciprocity = named.reading.reciprocity if named else Reciprocity.NONE
    for clause in found:
        if clause.id == "source-disclosure" and clause.values.get("network") is True:
            return Reciprocity.NETWORK
        if clause.id == "share-alike" and reciprocity is Reciprocity.NONE:
            reciprocity = Reciprocity.SHARE_ALIKE
    return reciprocity


def read_record(name: str, rules: Rulebook) -> TextReading | None:
    """What the record of a license says that is named by its id, as SPDX or the Hub names it, or by its title.

    Args:
        name: The name.
        rules: The rule base.
    """
    record = rules.licenses.get(name) or _named(name, rules)
    if record is None:
        return None
    match = Match(record.id, "none", 1.0)
    return TextReading(match, record, record.clauses, record.freedom, None, record.reciprocity)


def _named(name: str, rules: Rulebook) -> License | None:
    wanted = (resolve(name, rules).expression or "").removeprefix("LicenseRef-")
    return rules.licenses.get(wanted) or rules.licenses.get(rules.names.spdx.get(wanted.casefold(), ""))

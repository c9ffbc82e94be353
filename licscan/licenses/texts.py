"""A legal text read: which license it is, what it says, and how free that leaves its users."""

from typing import NamedTuple

from licscan.clauses import search
from licscan.licenses.recognise import Match, recognise
from licscan.licenses.resolve import resolve
from licscan.model import Clause, Evidence, Freedom, License, Reciprocity, stricter
from licscan.prints import Words
from licscan.rulebook import Rulebook, weigh
from licscan.wording import Wording


class TextReading(NamedTuple):
    """What a legal text says.

    Attributes:
        match: What it was recognised as.
        record: The record of that.
        clauses: What it contains: of a text known word for word what its record says, with the quotes of the text.
        freedom: How free it leaves its users; a text that no record knows word for word is never free.
        candidate: The freedom that it would have, were the clauses that were found all of them.
        reciprocity: What must be given back.
    """

    match: Match
    record: License | None
    clauses: tuple[Clause, ...]
    freedom: Freedom
    candidate: Freedom | None
    reciprocity: Reciprocity


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
    match = Match(None, "none", 0.0) if detect else recognise(Words(wording), rules)
    record = rules.licenses[match.id] if match.id else None
    if record and (match.match == "exact" or match.same_terms) and not quotes:
        return TextReading(match, record, record.clauses, record.freedom, None, record.reciprocity)
    if record and (match.match == "exact" or match.same_terms):
        found = search(wording, rules, at, only={clause.id for clause in record.clauses})
        clauses = tuple(_recorded(clause, found) for clause in record.clauses)
        return TextReading(match, record, clauses, record.freedom, None, record.reciprocity)
    found = search(wording, rules, at)
    freedom, candidate = _freedom(found, rules)
    return TextReading(match, record, found, freedom, candidate, _reciprocity(found))


def _recorded(clause: Clause, found: tuple[Clause, ...]) -> Clause:
    """A recorded clause with the words of the text, where they were found in it."""
    same = [one for one in found if one.id == clause.id]
    if len(same) > 1:
        keys = ("value", "metric", "text")
        same = [one for one in same if all(one.values.get(k) == clause.values.get(k) for k in keys)] or same
    if not same:
        return clause
    return clause.model_copy(update={"quote": same[0].quote, "evidence": same[0].evidence})


def _freedom(found: tuple[Clause, ...], rules: Rulebook) -> tuple[Freedom, Freedom | None]:
    """Limitations that were found decide downwards; without any, the text may say what no pattern knows."""
    freedom = Freedom.FREE
    for clause in found:
        freedom = stricter(freedom, weigh(clause, rules.freedom).freedom)
    if freedom in {Freedom.FREE, Freedom.NOTICE}:
        return Freedom.UNKNOWN, freedom if found else None
    return freedom, None


def _reciprocity(found: tuple[Clause, ...]) -> Reciprocity:
    reciprocity = Reciprocity.NONE
    for clause in found:
        if clause.id == "source-disclosure" and clause.values.get("network") is True:
            return Reciprocity.NETWORK
        if clause.id == "share-alike":
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

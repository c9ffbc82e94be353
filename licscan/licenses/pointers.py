"""Texts that are no license but name one: "the weights are under CC BY-NC 4.0, see https://..."."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from licscan.clauses.quotes import quoted
from licscan.licenses.claims import most_special, read_prose
from licscan.licenses.reading import Reading, read
from licscan.licenses.recognise import is_idle
from licscan.licenses.resolve import Meaning, record_of, resolve, symbol_of
from licscan.model import Clause, Evidence, Freedom, Kind, License
from licscan.rulebook import ClauseGroup, Rulebook
from licscan.text import fold
from licscan.wording import Sentence, Wording

# Longer texts are terms of their own, whatever licenses they mention.
_MOST_WORDS = 400
_MOST_CHARACTERS = 4_000
# What is said of the code beside the weights.
_OF_CODE = re.compile(
    r"^\W*(?:(?:note|please note(?: that)?)\W+)?(?:all |any |the |our |this )?(?:\w+ )?(?:source )?code\b",
    re.IGNORECASE,
)
_OF_WEIGHTS = re.compile(r"\b(?:models?|weights|parameters|checkpoints?|data(?:sets?)?)\b", re.IGNORECASE)
# What only gives, or stands over a list: it takes nothing away.
_GIVES = re.compile(
    r"^\W*(?:you (?:are free to|may|can)|feel free to|(?:full|complete) (?:license|licence|legal)? ?(?:text|code)?)\b"
    r"|:\W*$",
    re.IGNORECASE,
)
_TAKES = re.compile(
    r"\b(?:not|no|never|only|solely|must|shall|provided|if|unless|except|without|non\w*|prohibit\w*|forbid\w*|restrict\w*|"
    r"limit\w*|requir\w+|exclu\w+|agree\w*|approv\w*|permission|consent|contact)\b|n't\b",
    re.IGNORECASE,
)
# Beside the name, what may change what it names.
_ADDS = re.compile(
    r"\b(?:additional(?:ly)?|following|except|but|plus|addend\w+|rider|only|provided|unless|based on|derived|adapted|"
    r"similar|inspired|modif\w+|amend\w*|restrict\w*|limit\w*)\b",
    re.IGNORECASE,
)


class Pointer(NamedTuple):
    """What a text names as the license.

    Attributes:
        reading: The license, or licenses, that it names.
        evidence: The words that name it.
        alone: Whether the text says nothing else that its record does not say.
    """

    reading: Reading
    evidence: Evidence
    alone: bool

    @property
    def title(self) -> str:
        """What it names, for people."""
        reading = self.reading
        alone = len(reading.named) == 1 and len(reading.records) == 1 and not reading.unknown
        return reading.records[0].title if alone else reading.expression


def pointer(wording: Wording, found: Iterable[Clause], rules: Rulebook, at: Evidence) -> Pointer | None:
    """The one license that a text names as what holds.

    Args:
        wording: The text, which is no license that a record knows.
        found: The clauses that were found in it.
        rules: The rule base.
        at: The text as evidence.

    Returns:
        None where it names none, several that exclude each other, or is long enough to have terms of its own.
    """
    text = wording.text.strip()
    if not text or len(text) > _MOST_CHARACTERS or len(text.split()) > _MOST_WORDS:
        return None
    if whole := resolve(fold(text), rules).expression:
        return Pointer(read(whole, rules), quoted(wording, 0, len(wording.plain), at), alone=True)
    named = list(_named(wording, rules))
    chosen = most_special({record for _, record in named}, rules)
    if len(chosen) != 1:
        return None
    record = rules.licenses[chosen.pop()]
    first = next(sentence for sentence, name in named if name == record.id)
    naming = {sentence for sentence, _ in named}
    knows = _knows(record, rules)
    alone = all(_adds_nothing(one, wording, found, knows, naming=one in naming) for one in wording.sentences())
    return Pointer(read(symbol_of(record), rules), quoted(wording, first.start, first.end, at), alone)


class _Known(NamedTuple):
    says: set[str]
    gives: set[str]


def _knows(record: License, rules: Rulebook) -> _Known:
    """The clauses of a license, and those that give no more than it does."""
    says = {clause.id for clause in record.clauses}
    gives = {rule.id for rule in rules.clauses.values() if rule.group is ClauseGroup.PERMISSION}
    # What allows everything allows each thing.
    return _Known(says, gives & says if record.freedom is Freedom.NONCOMMERCIAL else gives)


def _named(wording: Wording, rules: Rulebook) -> Iterator[tuple[Sentence, str]]:
    for sentence in wording.sentences():
        words = wording.plain[sentence.start : sentence.end]
        if _is_of_code(words):
            continue
        meaning = read_prose(words, rules)
        record = record_of(meaning.expression, rules) if isinstance(meaning, Meaning) and meaning.expression else None
        if record and record.kind in {Kind.LICENSE, Kind.FAMILY}:
            yield sentence, record.id


def _is_of_code(words: str) -> bool:
    return _OF_CODE.search(words) is not None and not _OF_WEIGHTS.search(words)


def _adds_nothing(
    sentence: Sentence, wording: Wording, found: Iterable[Clause], knows: _Known, *, naming: bool
) -> bool:
    """Whether a sentence leaves what the named license says as it is."""
    words = wording.plain[sentence.start : sentence.end]
    first, last = (wording.line(place) for place in wording.span(sentence.start, sentence.end))
    lines = [(one.id, one.evidence.lines) for one in found if one.evidence.lines]
    said = {name for name, (start, end) in lines if start <= last and first <= end}
    if naming:
        return said <= knows.says | knows.gives and not _ADDS.search(words)
    if said - knows.gives:
        return said <= knows.says | knows.gives
    gives = bool(said or _GIVES.search(words)) and not _TAKES.search(words)
    return gives or is_idle(words) or _is_of_code(words)

"""Which license a text is, whether it is that word for word, and where it differs."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from licscan.licenses.shares import Index, Near, Print, Shares
from licscan.model import Fingerprint
from licscan.prints import Words, digest_of
from licscan.rulebook import Rulebook
from licscan.text import QUOTE, fold

_MOST_DEVIATIONS = 400
# Beside the terms, a few words that are no sentence, and neither command nor limit: a title, a name, an address.
_LONGEST_ASIDE = 200
_NORMATIVE = re.compile(
    r"\b(?:not|no|non|only|must|shall|may|can|will|should|would|could|is|are|be|has|have|do|does|need\w*|requir\w+|"
    r"prohibit\w*|restrict\w*|forbid\w*|limit\w*|exclu\w+|permi\w+|allow\w*|agree\w*|except|unless|provided|without|if|"
    r"additional\w*|addend\w+|rider|commercial\w*|academic\w*|research\w*|education\w*|polic\w+|guidelines?|subject|evaluation|personal|internal|"
    r"paid|fees?|purchase\w*|contact|cite|citation|credit|attribution|revenue|users?|employees|military)\b|[\u4e00-\u9fff]",
    re.IGNORECASE,
)
# Words beside the license that lead to others, which may limit it.
_LEADS = re.compile(r"\b(?:terms?|conditions?|agreements?|rules|uses?|usage|see|read|http\S*|www\S*)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Deviation:
    """Where a text differs from the license.

    Attributes:
        kind: A sentence that the license has not, one that it has and the text has not, or one that differs.
        quote: The words of the text; None for what is missing.
        index: Which sentence of the license is missing or changed, counted from 0.
        line_start: The line of the text; None for what is missing.
    """

    kind: Literal["added", "missing", "changed"]
    quote: str | None = None
    index: int | None = None
    line_start: int | None = None


class Match(NamedTuple):
    """What a text was recognised as.

    Attributes:
        id: The record; None where it is none.
        match: Whether it is that word for word.
        confidence: How much of both is the same, 0 to 1; 1 for word for word.
        deviations: Where it differs.
        part: Whether only a part of the license stands there.
        same_terms: Whether it differs only outside the terms: in the title, or in what follows their end.
        also: Other licenses that stand in the same text, whole.
        twins: Other licenses that a changed copy, or a part, may as well have been taken from.
        known: The fingerprint whose terms the text has, word for word.
        moved: How many letters further on they stand there than in the text that the fingerprint was made of.
        inside: The first letter of what is the license's, and the one behind the last.
    """

    id: str | None
    match: Literal["exact", "modified", "none"]
    confidence: float
    deviations: tuple[Deviation, ...] = ()
    part: bool = False
    same_terms: bool = False
    also: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()
    known: Fingerprint | None = None
    moved: int = 0
    inside: tuple[int, int] = (0, 0)


def recognise(words: Words, rules: Rulebook) -> Match:
    """The license that a text is, a changed copy of, or a part of.

    Args:
        words: The text.
        rules: The rule base.
    """
    index = _index(rules)
    if known := index.digests.get(words.digest):
        chosen = known.get(words.credit, next(iter(known.values())))
        first = index.prints[chosen]
        also = tuple(index.prints[one].id for one in known.values() if one != chosen)
        return Match(first.id, "exact", 1.0, also=also, known=first.of, inside=(0, len(words.letters)))
    return _same_terms(words, index) or _nearest(words, index)


def _same_terms(words: Words, index: Index) -> Match | None:
    """A copy without the title or the appendix; what is said there besides must not be able to change the terms."""
    if (copy := index.copies.get(words.digest)) is not None:
        first = index.prints[copy]
        return Match(first.id, "modified", 1.0, same_terms=True, known=first.of, inside=(0, len(words.letters)))
    alike = _by_credit([index.prints[one] for one in index.terms.get(words.terms, ())], words)
    if not alike:
        return None
    if framed := next(filter(None, (_framed(words, one) for one in alike)), None):
        return framed
    # The terms are the same: where their first sentence differs, it is by the title that no full stop ends.
    at, title = words.above()
    theirs = _deviation("changed", words, at).quote
    first = alike[0]
    found = tuple(one for one in deviations(words, first.sentences) if one.quote != theirs)
    said = [title, *(one.quote for one in found if one.quote)]
    if any(len(quote) > _LONGEST_ASIDE or _NORMATIVE.search(quote) for quote in said):
        return None
    moved = words.inside[0] - first.of.title
    same = Match(first.id, "modified", 1.0, found, same_terms=True)
    return same._replace(known=first.of, moved=moved, inside=words.inside)


def _nearest(words: Words, index: Index) -> Match:
    shares = Shares(words, index)
    if near := shares.copied():
        alike = _by_credit([near.best, *near.others], words)
        if framed := next(filter(None, (_framed(words, one) for one in alike)), None):
            return framed
        also = tuple(name for name in shares.held if name != near.best.id)
        return _altered(near, words)._replace(also=also)
    if near := shares.part():
        return _altered(near, words)._replace(part=True)
    likeness = round(shares.likeness, 3)
    if shares.held:
        first = next(one for one in index.prints if one.id == shares.held[0])
        return Match(first.id, "modified", likeness, deviations(words, first.sentences), also=shares.held[1:])
    return Match(None, "none", likeness)


def _altered(near: Near, words: Words) -> Match:
    found = deviations(words, near.best.sentences)
    return Match(near.best.id, "modified", near.share, found, twins=near.twins)


def _by_credit(near: Sequence[Print], words: Words) -> list[Print]:
    """The nearest first; of those with the same words the one with the same copyright lines."""
    return sorted(near, key=lambda one: one.of.credit != words.credit)


def _framed(words: Words, one: Print) -> Match | None:
    """A copy with a few words before it or behind: a heading, a name, a key of a file that it stands in."""
    size = one.of.letters
    more = len(words.letters) - size
    if not (size and words.spans and 0 < more <= _LONGEST_ASIDE):
        return None
    for at, start in enumerate(words.starts):
        if start > more:
            return None
        if digest_of(words.letters[start : start + size]) == one.of.digest:
            return _around(words, one, at)
    return None


def _around(words: Words, one: Print, at: int) -> Match | None:
    """The license's words from one on: what stands around them must not be able to change the terms."""
    start, end = words.starts[at], words.starts[at] + one.of.letters
    behind = bisect_left(words.starts, end)
    places = [(0, at), (behind, len(words.all))]
    said = [(first, words.between(first, last)) for first, last in places if first < last]
    if not all(is_idle(quote) for _, quote in said):
        return None
    # A title is no alteration.
    told = [(first, quote) for first, quote in said if first or words.spans[at - 1][1] > words.begins]
    found = tuple(Deviation("added", quote[:QUOTE], None, words.line(first)) for first, quote in told)
    same = Match(one.id, "modified", 1.0, found, same_terms=True)
    return same._replace(known=one.of, moved=start, inside=(start, end))


def is_idle(quote: str) -> bool:
    """Whether words beside a license cannot change it: a title, a name, an address; no sentence, command or limit."""
    return len(quote) <= _LONGEST_ASIDE and not _NORMATIVE.search(quote) and not _LEADS.search(quote)


def deviations(words: Words, theirs: tuple[int, ...]) -> tuple[Deviation, ...]:
    """Where a text differs from a license, sentence by sentence.

    Args:
        words: The text.
        theirs: The hashes of the license's sentences.
    """
    found: list[Deviation] = []
    matcher = SequenceMatcher(None, theirs, words.hashes, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            continue
        pairs = min(last - first, end - start)
        found += (_deviation("changed", words, start + at, first + at) for at in range(pairs))
        found += (_deviation("added", words, at) for at in range(start + pairs, end))
        found += (Deviation("missing", index=at) for at in range(first + pairs, last))
    return tuple(found[:_MOST_DEVIATIONS])


def _deviation(kind: Literal["added", "changed"], words: Words, at: int, index: int | None = None) -> Deviation:
    start, end = words.wording.span(*words.places[at])
    return Deviation(kind, fold(words.wording.text[start:end])[:QUOTE], index, words.wording.line(start))


_MADE: dict[str, Index] = {}


def _index(rules: Rulebook) -> Index:
    found = _MADE.get(rules.version)
    if found is None:
        found = _MADE[rules.version] = Index(rules)
    return found

"""Which license a text is, whether it is that word for word, and where it differs."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from licscan.model import Fingerprint
from licscan.prints import SAMPLE, Words, digest_of, unpack
from licscan.rulebook import Rulebook
from licscan.text import QUOTE, fold

# So much of both texts must be the same runs of words for one to be a changed copy of the other.
_COPY = 0.6
# What is so much less alike is as near: the same words under other copyright lines.
_AS_NEAR = 0.01
# So much of a text must lie in a license for it to be a part of that, and so many runs it must have.
_PART = 0.85
_LEAST_RUNS = 8
# Fewer that are kept of it say nothing.
_FEW = 3
# So much of a license must lie in a text for the text to hold it among other things.
_HELD = 0.9
_WORTH_RANKING = 0.2
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
    known: Fingerprint | None = None
    moved: int = 0
    inside: tuple[int, int] = (0, 0)


class _Print(NamedTuple):
    id: str
    of: Fingerprint
    sentences: tuple[int, ...]
    kept: int  # runs that are kept
    share: int  # of so many runs of the text one is kept


class _Index:
    """The fingerprints of a rule base, to be searched."""

    def __init__(self, rules: Rulebook) -> None:
        self.prints: list[_Print] = []
        # Two publishers may give the same words: their copyright lines tell them apart.
        self.digests: dict[str, dict[str, int]] = {}
        self.terms: dict[str, list[int]] = {}
        self.copies: dict[str, int] = {}
        self.runs: dict[int, list[int]] = {}
        for record in rules.licenses.values():
            for one in record.fingerprints:
                number = len(self.prints)
                runs = unpack(one.runs)
                share = 1 if any(run % SAMPLE for run in runs) else SAMPLE
                self.prints.append(_Print(record.id, one, unpack(one.sentences), len(runs), share))
                if one.around:
                    self.copies.setdefault(one.digest, number)
                else:
                    self.digests.setdefault(one.digest, {}).setdefault(one.credit, number)
                self.terms.setdefault(one.terms, []).append(number)
                for run in runs:
                    self.runs.setdefault(run, []).append(number)


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


def _same_terms(words: Words, index: _Index) -> Match | None:
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


def _nearest(words: Words, index: _Index) -> Match:
    shared: Counter[int] = Counter()
    for run in words.runs:
        shared.update(index.runs.get(run, ()))
    ranked = sorted(_ranked(shared, index, words), reverse=True)
    likeness, number = (ranked[0][0], ranked[0][2]) if ranked else (0.0, 0)
    held = tuple(dict.fromkeys(_held(shared, index)))
    if likeness >= _COPY:
        best = index.prints[number]
        near = [index.prints[one] for other, _, one in ranked if likeness - other < _AS_NEAR]
        if framed := next(filter(None, (_framed(words, one) for one in _by_credit(near, words))), None):
            return framed
        also = tuple(name for name in held if name != best.id)
        return Match(best.id, "modified", round(min(1.0, likeness), 3), deviations(words, best.sentences), also=also)
    if len(words.runs) >= _LEAST_RUNS and shared:
        runs = _runs(words)
        # Of licenses that all have it, the shortest: others quote that whole.
        inside, _, number = max(
            (count / max(_FEW, runs[index.prints[one].share]), -index.prints[one].kept, one)
            for one, count in shared.items()
        )
        if inside >= _PART:
            part = index.prints[number]
            found = deviations(words, part.sentences)
            return Match(part.id, "modified", round(min(1.0, inside), 3), found, part=True)
    if held:
        first = next(one for one in index.prints if one.id == held[0])
        return Match(held[0], "modified", round(likeness, 3), deviations(words, first.sentences), also=held[1:])
    return Match(None, "none", round(likeness, 3))


def _by_credit(near: list[_Print], words: Words) -> list[_Print]:
    """The nearest first; of those with the same words the one with the same copyright lines."""
    return sorted(near, key=lambda one: one.of.credit != words.credit)


def _framed(words: Words, one: _Print) -> Match | None:
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


def _around(words: Words, one: _Print, at: int) -> Match | None:
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


def _ranked(shared: Counter[int], index: _Index, words: Words) -> Iterator[tuple[float, int, int]]:
    """The nearest licenses: how much is the same, how many sentences are, and which."""
    ours = set(words.hashes)
    runs = _runs(words)
    for number, count in shared.items():
        one = index.prints[number]
        likeness = 2 * count / (runs[one.share] + one.kept)
        if likeness > _WORTH_RANKING:
            # Twins differ in a word: of two that are as near, the one with more of the same sentences.
            yield round(likeness, 3), len(ours.intersection(one.sentences)), number


def _runs(words: Words) -> dict[int, int]:
    """How many runs of a text are held against a license of which all are kept, and against one of which some are."""
    return {1: len(words.runs), SAMPLE: sum(not run % SAMPLE for run in words.runs)}


def _held(shared: Counter[int], index: _Index) -> Iterator[str]:
    """The licenses that stand in the text whole, the longest first."""
    sizes = {number: index.prints[number].kept for number in shared}
    whole = [number for number, size in sizes.items() if size >= _LEAST_RUNS and shared[number] / size >= _HELD]
    for number in sorted(whole, key=lambda one: -sizes[one]):
        yield index.prints[number].id


_MADE: dict[str, _Index] = {}


def _index(rules: Rulebook) -> _Index:
    found = _MADE.get(rules.version)
    if found is None:
        found = _MADE[rules.version] = _Index(rules)
    return found

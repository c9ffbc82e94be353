"""Where the words of a known license stand that say its clauses: by their number, which no layout changes.

A record keeps no text. A copy that is the license word for word has the same words in the same places, so that what the
patterns found once, in one copy, is found again in any other without a search.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from unicodedata import category

from licscan.clauses import Found, quoted
from licscan.model import Clause, Evidence, Fingerprint
from licscan.prints import Words

Place = tuple[int, int]

# Signs that end a sentence or a quotation: their Unicode classes, closing and other punctuation.
_CLOSING = frozenset({"Pe", "Pf", "Po"})


def at_places(clauses: Iterable[Clause], known: Fingerprint, words: Words, at: Evidence) -> tuple[Clause, ...] | None:
    """The clauses of a record in the words of a copy, where those are known; None where nobody found their places.

    Args:
        clauses: The clauses.
        known: The fingerprint that the copy has: of all its words, or of its terms alone.
        words: The copy.
        at: The copy as evidence.
    """
    if not (known.quotes and words.spans):
        return None
    first, last = (0, len(words.spans)) if words.digest == known.digest else words.inside
    # A copy under another title has the same words, all so many places further on.
    moved = 0 if words.digest == known.digest else first - known.title
    quotes = _unpacked(known.quotes)
    told: list[Clause] = []
    seen: Counter[str] = Counter()
    for clause in clauses:
        places = quotes.get(clause.id, ())
        place = places[seen[clause.id]] if seen[clause.id] < len(places) else None
        seen[clause.id] += 1
        if place and first <= place[0] + moved and place[1] + moved < last:
            evidence = quoted(words.wording, *_extent(words, place[0] + moved, place[1] + moved), at)
            clause = clause.model_copy(update={"quote": evidence.quote, "evidence": evidence})  # noqa: PLW2901
        told.append(clause)
    return tuple(told)


def places_of(clauses: Iterable[Clause], found: Sequence[Found], words: Words) -> str:
    """Where the words of a record's clauses stand in a text of it, as `Fingerprint.quotes` keeps it.

    Args:
        clauses: The clauses of the record, in their order.
        found: What was found in the text.
        words: The text.
    """
    made: dict[str, list[str]] = {}
    for clause in clauses:
        one = same(clause, found)
        place = _place(one, words) if one else None
        made.setdefault(clause.id, []).append(f"{place[0]}-{place[1]}" if place else "-")
    return ", ".join(f"{name} {' '.join(places)}" for name, places in made.items() if set(places) != {"-"})


def _unpacked(quotes: str) -> dict[str, list[Place | None]]:
    made: dict[str, list[Place | None]] = {}
    for said in quotes.split(", "):
        name, *places = said.split(" ")
        ends = (one.split("-") for one in places)
        made[name] = [(int(first), int(last)) if first else None for first, last in ends]
    return made


def same(clause: Clause, found: Iterable[Found]) -> Found | None:
    """What was found of a clause: of several of its type the one with its values."""
    some = [one for one in found if one.clause.id == clause.id]
    if len(some) > 1:
        keys = ("value", "metric", "text")
        alike = (one for one in some if all(one.clause.values.get(key) == clause.values.get(key) for key in keys))
        return next(alike, some[0])
    return some[0] if some else None


def _place(found: Found, words: Words) -> Place | None:
    starts = [start for start, _ in words.spans]
    first, behind = bisect_left([end for _, end in words.spans], found.start + 1), bisect_left(starts, found.end)
    return (first, behind - 1) if first < behind else None


def _extent(words: Words, first: int, last: int) -> tuple[int, int]:
    """Where some words stand, with the numbering before them, and the signs and addresses behind that are no words."""
    plain, spans = words.wording.plain, words.spans
    start, end = spans[first][0], spans[last][1]
    sentence = words.wording.sentence(start, end)
    if first == 0 or spans[first - 1][1] <= sentence.start:
        start = sentence.start
    if last + 1 == len(spans) or spans[last + 1][0] >= sentence.end:
        return start, sentence.end
    while end < len(plain) and category(plain[end]) in _CLOSING:
        end += 1
    return start, end

"""Where the words of a known license stand that say its clauses: by the number of the letter, which no layout changes.

A record keeps no text. A copy that is the license word for word has the same words in the same places, so that what the
patterns found once, in one copy, is found again in any other without a search.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from unicodedata import category

from licscan.clauses import Found, quoted
from licscan.licenses.recognise import Match
from licscan.model import Clause, Evidence
from licscan.prints import Words

Place = tuple[int, int]

# Signs that end a sentence or a quotation: their Unicode classes, closing and other punctuation.
_CLOSING = frozenset({"Pe", "Pf", "Po"})


def at_places(clauses: Iterable[Clause], match: Match, words: Words, at: Evidence) -> tuple[Clause, ...] | None:
    """The clauses of a record in the words of a copy, where those are known; None where nobody found their places.

    Args:
        clauses: The clauses.
        match: What the copy was recognised as: a known text, with other words before or behind it.
        words: The copy.
        at: The copy as evidence.
    """
    known = match.known
    if known is None or not (known.quotes and words.spans):
        return None
    first, last = match.inside
    quotes = _unpacked(known.quotes)
    told: list[Clause] = []
    seen: Counter[str] = Counter()
    for clause in clauses:
        places = quotes.get(clause.id, ())
        place = places[seen[clause.id]] if seen[clause.id] < len(places) else None
        seen[clause.id] += 1
        if place and first <= place[0] + match.moved and place[1] + match.moved < last:
            evidence = quoted(words.wording, *_extent(words, place[0] + match.moved, place[1] + match.moved), at)
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
    if first >= behind:
        return None
    return words.starts[first], words.starts[behind - 1] + len(words.all[behind - 1]) - 1


def _extent(words: Words, one: int, other: int) -> tuple[int, int]:
    """Where some letters stand, with the numbering before them, and signs and addresses behind that are no words."""
    first, last = (bisect_right(words.starts, letter) - 1 for letter in (one, other))
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

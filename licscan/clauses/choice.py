"""Which finds of a text are kept: each clause type once, thresholds once a number, quoted where a text says it best."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

from licscan.clauses.sieve import Bits
from licscan.rulebook import ClauseRule
from licscan.rulebook.detectors import Detector, Detectors
from licscan.wording import Wording

# Types of which a text may have several, told apart by these values.
_SEVERAL = {"threshold": ("metric", "value"), "attribution-display": ("text",), "naming-requirement": ("text",)}
_EFFECT, _FORBIDDEN, _LICENSED = "effect", "prohibited", "separate-license"
# Sentences that define, describe or explain: where another sentence says the same, that one is quoted.
_TELLING = re.compile(
    r'^\W*(?:\w{1,3}[.)] )?["\u201c][^"\u201c\u201d]{1,60}["\u201d] (?:means?|shall mean|refers to|includes?)\b'
    r"|\b(?:even if|includes|intended|designed|developed|may require|whereas|for example|in short|summary|know"
    r"|agree to be bound|(?:please|carefully) read|read carefully|for (?:the sake of )?clarity"
    r"|open[- ]source licen[cs]e|is licensed under the terms)\b",
    re.IGNORECASE,
)
# A title says of a license what its sentences make so.
_LONGEST_TITLE = 200
_LONG = 3
_CAPITALS = 0.8
_ENDS = frozenset(".;:!?,")
_WORD = re.compile(r"[A-Za-z][\w'-]*")
_BINDS = re.compile(
    r"\b(?:shall|must|may|will|cannot|can not|hereby|agrees?|grants?|granted|prohibited|forbidden|permitted|allowed|"
    r"requires?|required|solely|only|subject to|provided that|not use|reserves|governed|undertakes?|ensure|entitled|"
    r"terminates?|do not|does not|you)\b",
    re.IGNORECASE,
)
_WIDE = re.compile("[\u4e00-\u9fff]")
_GROUP = re.compile(r"\(\?P<(\w+)>")


class Find(NamedTuple):
    """A place where a text states a clause, with the values that it gives; of an item, where its list has its head."""

    rule: ClauseRule
    values: dict[str, Any]
    start: int
    end: int
    head: int | None = None


# What obliges goes before what tells of it, and what more readers know before what fewer do: the least is quoted.
Rank = tuple[bool, bool]
Ranks = Callable[[int, int], Rank]
# Then what shows more of the clause's values, and what is said in so many ways that its sentence is about it.
Weight = tuple[Rank, int, bool]
# What is found in a sentence in so many ways, or more, is what the sentence is about.
_SURE = 2


def ranks(wording: Wording) -> Ranks:
    """What says which of two places of a text is quoted."""
    return lru_cache(None)(partial(_rank, wording))


class Ways:
    """In how many ways each sentence says each clause.

    Args:
        finds: What was found.
        wording: The text.
    """

    def __init__(self, finds: Iterable[Find], wording: Wording) -> None:
        self._wording = wording
        self._places: dict[tuple[Any, ...], set[tuple[int, int]]] = {}
        for find in finds:
            self._places.setdefault(self._key(find), set()).add((find.start, find.end))

    def few(self, find: Find) -> bool:
        """Whether the sentence of a find may say it in passing."""
        return len(self._places[self._key(find)]) < _SURE

    def _key(self, find: Find) -> tuple[Any, ...]:
        return *_which(find), self._wording.sentence(find.start, find.end).start


def chosen(finds: Iterable[Find], wording: Wording, rank: Ranks) -> list[Find]:
    """Of all finds of a text those that are kept, in the order of their quotes; with the values of all that say it."""
    finds = list(finds)
    ways = Ways(finds, wording)
    found: dict[tuple[Any, ...], Find] = {}
    quoted: dict[tuple[Any, ...], Find] = {}
    # Of a text in two languages the Latin half is quoted, which more readers know; otherwise what stands first.
    for find in sorted(finds, key=lambda one: _order(one, wording)):
        key = _which(find)
        known = found.get(key)
        if known is None:
            found[key] = quoted[key] = find
            continue
        found[key] = known._replace(values=_together(known.values, find.values))
        if _weight(find, rank, ways) < _weight(quoted[key], rank, ways):
            quoted[key] = find
    _drop_emptier(found)
    kept = [quoted[key]._replace(values=find.values) for key, find in found.items()]
    return sorted(kept, key=lambda one: _order(one, wording))


class Yields:
    """What patterns can still add to what was found: once a text says something as well as can be, fewer are tried.

    Args:
        detectors: The patterns.
    """

    def __init__(self, detectors: Detectors) -> None:
        # Of each clause type the patterns that give some values and no others; apart those that find Chinese alone.
        self._giving: dict[str, dict[tuple[frozenset[str], bool], Bits]] = {}
        for number, pattern in enumerate(detectors.patterns):
            if pattern.clause not in _SEVERAL:
                theirs = self._giving.setdefault(pattern.clause, {})
                key = _given(pattern, detectors), _is_chinese(pattern, detectors)
                theirs[key] = theirs.get(key, 0) | 1 << number

    def spent(self, clause: str, values: Mapping[str, Any], *, wide: bool) -> Bits:
        """The patterns that a find makes needless further down: they could not give anything that is not there.

        Args:
            clause: The clause type.
            values: What the sentence says of it that is quoted so far.
            wide: Whether only Chinese words say it yet; those of the other half of the text are still wanted then.
        """
        theirs = self._giving.get(clause, {}).items()
        return sum(bits for (given, chinese), bits in theirs if given <= values.keys() and (chinese or not wide))


class Wanted:
    """The patterns that can still add to the finds of a text, read from its first sentence to its last.

    Args:
        yields: What patterns can add.
        rank: What says which place of the text is quoted.
        wording: The text.
    """

    def __init__(self, yields: Yields, rank: Ranks, wording: Wording) -> None:
        self._yields = yields
        self._rank = rank
        self._wording = wording
        self._best: dict[str, tuple[Weight, Mapping[str, Any]]] = {}
        self.bits: Bits = -1

    def without(self, finds: Sequence[Find]) -> None:
        """Leave out what is needless behind a sentence in which something was found.

        Args:
            finds: All that was found in the sentence.
        """
        ways = Ways(finds, self._wording)
        for find in finds:
            clause = find.rule.id
            if clause in _SEVERAL:
                continue
            weight = _weight(find, self._rank, ways)
            if clause not in self._best or weight < self._best[clause][0]:
                self._best[clause] = weight, find.values
        for clause in {find.rule.id for find in finds} - _SEVERAL.keys():
            ((wide, telling), _, few), values = self._best[clause]
            if not telling and not few:
                self.bits &= ~self._yields.spent(clause, values, wide=wide)


def _which(find: Find) -> tuple[Any, ...]:
    """The clause, and of those that a text may have several of, which one."""
    return find.rule.id, *(_key(find.values.get(name)) for name in _SEVERAL.get(find.rule.id, ()))


def _weight(find: Find, rank: Ranks, ways: Ways) -> Weight:
    return rank(find.start, find.end), -len(find.values), ways.few(find)


def _given(pattern: Detector, detectors: Detectors) -> frozenset[str]:
    """The names of the values that a pattern may give."""
    named = {name for part in pattern.parts for name in _GROUP.findall(detectors.parts[part].text)}
    return frozenset(named | pattern.values.keys())


def _is_chinese(pattern: Detector, detectors: Detectors) -> bool:
    """Whether a pattern needs a word in Chinese."""
    groups = [detectors.groups[group] for part in pattern.parts for group in detectors.parts[part].needles]
    return any(all(_WIDE.search(needle) for needle in group) for group in groups)


def _together(first: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    """A later place may say what the first leaves open, and which license is needed where the first only forbids."""
    values = {**later, **first}
    if first.get(_EFFECT) == _FORBIDDEN and later.get(_EFFECT) == _LICENSED:
        values[_EFFECT] = _LICENSED
    return values


def _order(find: Find, wording: Wording) -> tuple[bool, int, int, int]:
    # Of two that begin together the longer one has seen more: "of 20 million", "of 20 million or more".
    return _is_wide(wording, find.start, find.end), find.start, -len(find.values), -find.end


def _rank(wording: Wording, start: int, end: int) -> Rank:
    sentence = wording.plain[slice(*wording.sentence(start, end))]
    return _is_wide(wording, start, end), bool(_TELLING.search(sentence)) or _is_title(sentence.strip())


def _is_title(words: str) -> bool:
    """Whether words are no sentence: short, without an end, and without a verb that binds, or in capitals."""
    if words[-1:] in _ENDS or len(words) > _LONGEST_TITLE:
        return False
    long = [word for word in _WORD.findall(words) if len(word) > _LONG]
    capitals = sum(word[0].isupper() for word in long)
    return bool(long) and (capitals >= _CAPITALS * len(long) or not _BINDS.search(words))


def _is_wide(wording: Wording, start: int, end: int) -> bool:
    return not wording.plain.isascii() and bool(_WIDE.search(wording.plain, start, end))


def _drop_emptier(found: dict[tuple[Any, ...], Find]) -> None:
    """A find without the words that another of its type has adds nothing."""
    for name in _SEVERAL:
        keys = [key for key in found if key[0] == name]
        empty = [key for key in keys if key[-1] is None]
        if len(keys) > len(empty):
            for key in empty:
                del found[key]


def _key(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value

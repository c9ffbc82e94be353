"""Patterns in a sentence: the parts of each found once, joined by the distances between them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain, islice
from operator import itemgetter
from typing import Any

from licscan.clauses.joins import Join, Link, linked, whole
from licscan.clauses.passages import Passage, Spot, Stretch
from licscan.clauses.sieve import Bits, Sieve, numbers
from licscan.rulebook.detectors import Chain, Detectors, Reach
from licscan.rulebook.expressions import Expression, Loose

# A part found more often in one sentence than this is no sentence of a license.
_MOST = 400
# So many sentences, and of those together, are kept with what was found in them, up to so many characters each.
_PASSAGES = 800
_STRETCHES = 1_500
_LONGEST_KEPT = 2_000
_UNKNOWN = object()
_NUMBER = itemgetter(0)


class _Known:
    """What was found in sentences so far, and of which patterns: texts differ in what they still want there.

    Args:
        _passages: The sentences.
        _listed: Whether the last is an item of a list.
    """

    __slots__ = ("said",)

    def __init__(self, _passages: tuple[Passage, ...], _listed: bool) -> None:  # noqa: FBT001
        # One thing, so that threads see it whole.
        self.said: tuple[Bits, tuple[tuple[int, Spot], ...]] = (0, ())


class Chains:
    """All patterns, cut into parts that they share.

    Args:
        detectors: The patterns.
    """

    def __init__(self, detectors: Detectors) -> None:
        parts = detectors.parts
        self._patterns = detectors.patterns
        self._guards = detectors.guards
        self._expressions = [Loose(part.text) if part.loose else Expression(part.text) for part in parts]
        self.sieve = Sieve(detectors.groups, parts, [pattern.parts for pattern in self._patterns])
        self._rarest = [
            sorted(self._alone(number), key=lambda part: parts[part].share) for number in range(len(self._patterns))
        ]
        self._links = [linked(pattern) for pattern in self._patterns]
        self._gaps: dict[str, Callable[[str], bool]] = {}
        # Licenses are made of each other's sentences: what was found in one is kept for the next.
        self._kept = lru_cache(_PASSAGES)(partial(Passage, sieve=self.sieve))
        self._long = lru_cache(1)(partial(Passage, sieve=self.sieve))
        self._found = lru_cache(_STRETCHES)(_Known)

    def passage(self, words: str) -> Passage:
        """The words of a sentence, to be searched."""
        return (self._kept if len(words) <= _LONGEST_KEPT else self._long)(words)

    def found(self, passages: tuple[Passage, ...], among: Bits, *, listed: bool) -> tuple[tuple[int, Spot], ...]:
        """What patterns find in sentences: the number of each pattern, with the place.

        Args:
            passages: The sentences, as `Stretch` takes them.
            among: The patterns that are wanted.
            listed: Whether the last is an item of a list, and the others its heads.
        """
        if any(len(passage.words) > _LONGEST_KEPT for passage in passages):
            return tuple(self._all(passages, among, listed=listed))
        known = self._found(passages, listed)
        tried, spots = known.said
        if more := among & ~tried:
            spots = tuple(sorted((*spots, *self._all(passages, more, listed=listed)), key=_NUMBER))
            known.said = tried | more, spots
        return tuple(one for one in spots if among >> one[0] & 1)

    def _all(self, passages: tuple[Passage, ...], among: Bits, *, listed: bool) -> Iterator[tuple[int, Spot]]:
        stretch = Stretch(passages, listed=listed)
        for number in self.possible(stretch, among):
            for spot in self.matches(number, stretch):
                yield number, spot

    def _alone(self, number: int) -> list[int]:
        """The parts of a pattern that are looked for by themselves, not behind another."""
        pattern = self._patterns[number]
        return [part for at, part in enumerate(pattern.parts) if not at or pattern.gaps[at - 1].most]

    def possible(self, stretch: Stretch, among: Bits) -> list[int]:
        """The patterns of which every part stands somewhere in a stretch of text.

        Args:
            stretch: The text.
            among: The patterns that are wanted.
        """
        first, missing, needed = self._first, stretch.missing, self.sieve.patterns
        found: list[int] = []
        for number in numbers(stretch.candidates & among):
            if needed[number] & missing or not self._bounded(number, stretch):
                continue
            # The rarest part first: most patterns are given up there.
            for part in self._rarest[number]:
                for passage in stretch.passages:
                    if first(part, passage) is not None:
                        break
                else:
                    break
            else:
                found.append(number)
        return found

    def matches(self, number: int, stretch: Stretch) -> Iterator[Spot]:
        """What a pattern finds in a stretch of text, from left to right, none overlapping another.

        Args:
            number: The pattern.
            stretch: The text.
        """
        links = self._links[number]
        chains = list(self._joined(links, stretch, loose=False))
        if not chains and any(isinstance(self._expressions[part], Loose) for part in self._patterns[number].parts):
            chains = list(self._joined(links, stretch, loose=True))
        end = -1
        for spot in chains:
            if spot.start >= end and stretch.holds(spot):
                end = max(spot.end, spot.start + 1)
                yield spot

    def _bounded(self, number: int, stretch: Stretch) -> bool:
        """Whether a match can begin and end where one of this stretch must."""
        if len(stretch.passages) == 1:
            return True
        if not stretch.listed:
            return self._first(self._patterns[number].parts[0], stretch.first) is not None
        return self._first(self._alone(number)[-1], stretch.last) is not None

    def guarded(self, guard: int, passage: Passage) -> bool:
        """Whether one way of what must stand beside a pattern, or must not, stands in a sentence."""
        known = passage.guards.get(guard)
        if known is None:
            known = passage.guards[guard] = any(self._leads(way, passage) for way in self._guards[guard])
        return known

    def _leads(self, way: Chain, passage: Passage) -> bool:
        """Whether a chain is found in a sentence."""
        parts = way.parts
        if len(parts) == 1:
            return self._first(parts[0], passage) is not None
        if any(self.sieve.parts[part] & passage.missing for part in parts):
            return False
        stretch, links = Stretch((passage,)), linked(way)
        return any(next(self._joined(links, stretch, loose=loose), None) for loose in (False, True))

    def _first(self, part: int, passage: Passage) -> Any:
        """The first match of a part in a sentence; None where there is none."""
        known = passage.standing.get(part, _UNKNOWN)
        if known is _UNKNOWN:
            form = passage.form
            lacks = self.sieve.parts[part] & passage.missing
            known = passage.standing[part] = None if lacks else self._expressions[part].of(form).search(form)
        return known

    def _followed(self, part: int, then: int, passage: Passage, *, loose: bool) -> list[Spot]:
        key = (part, then, loose)
        known = passage.pairs.get(key)
        if known is None:
            expression = self._expressions[then].of(passage.form)
            known = [
                Spot(spot.start, match.end(), (*spot.matches, match))
                for spot in self._within(part, passage, loose=loose)
                if (match := expression.match(passage.form, spot.end))
            ]
            passage.pairs[key] = known
        return known

    def _within(self, part: int, passage: Passage, *, loose: bool) -> list[Spot]:
        """Where a part stands in a sentence."""
        expression = self._expressions[part]
        # Most have one way to match, however they are wanted.
        key = part, loose and isinstance(expression, Loose)
        known = passage.spots.get(key)
        if known is None:
            first = self._first(part, passage)
            matches: Iterable[Any] = ()
            if first is not None and key[1]:
                matches = expression.variants(passage.form)
            elif first is not None:
                matches = chain((first,), expression.each(passage.form, first.end()))
            found = islice(matches, _MOST)
            known = passage.spots[key] = [Spot(start, end, (one,)) for one in found for start, end in (one.span(),)]
        return known

    def _joined(self, links: Sequence[Link], stretch: Stretch, *, loose: bool) -> Iterator[Spot]:
        """Spots with nothing between them but gaps: each that begins where one may, joined to its nearest next."""
        join = Join(partial(self._places, loose=loose), self._is_gap, links, stretch)
        begins = stretch.pieces[:-1] if stretch.listed else stretch.pieces[:1]
        for passage, offset in begins:
            for spot in self._places(links[0], passage, loose=loose):
                if found := join.led(0, spot.moved(offset) if offset else spot):
                    yield found

    def _places(self, link: Link, passage: Passage, *, loose: bool) -> list[Spot]:
        """Where a part stands in a sentence, together with what must follow it at once."""
        if link.then is None:
            return self._within(link.part, passage, loose=loose)
        return self._followed(link.part, link.then, passage, loose=loose)

    def _is_gap(self, gap: Reach, words: str) -> bool:
        if not words:
            return True
        known = self._gaps.get(gap.unit)
        if known is None:
            known = self._gaps[gap.unit] = whole(gap.unit)
        return known(words)

"""Patterns in a sentence: the parts of each found once, joined by the distances between them."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache, partial
from itertools import accumulate, chain, islice
from typing import Any, NamedTuple

from licscan.clauses.sieve import Bits, Sieve, numbers
from licscan.rulebook.detectors import Chain, Detectors, Reach
from licscan.rulebook.expressions import Expression, Loose, form_of, said

# A part found more often in one sentence than this is no sentence of a license.
_MOST = 400
# So many sentences, and of those together, are kept with what was found in them, up to so many characters each.
_PASSAGES = 800
_STRETCHES = 1_500
_LONGEST_KEPT = 2_000
_UNKNOWN = object()
_NUMBERED = re.compile(r"^\W*(?:\d{1,2}\.)+(?=\s)")


class Spot(NamedTuple):
    """Where a pattern, or a part of one, was found, in the characters of what was searched; and its matches."""

    start: int
    end: int
    matches: tuple[Any, ...]

    def moved(self, offset: int) -> "Spot":
        """The same, further on."""
        return Spot(self.start + offset, self.end + offset, self.matches)

    def group(self, name: str) -> str | None:
        """What a named group matched; None where no part has it, or it matched nothing."""
        for match in self.matches:
            groups = match.re.groupindex
            # What was compiled from bytes names its groups in bytes.
            index = groups.get(name) or groups.get(name.encode())
            if index:
                words = match.group(index)
                return said(words).strip(" \"'.,:;") if words else None
        return None


class Passage:
    """The words of a sentence, with what was found in them so far: sentences of many texts share them.

    Args:
        words: The words.
        sieve: What the words make possible.
    """

    __slots__ = ("form", "guards", "look", "missing", "pairs", "spots", "standing", "words")

    def __init__(self, words: str, sieve: Sieve) -> None:
        self.words = words
        self.form = form_of(words)
        self.look = sieve.look(words)
        self.missing = ~self.look.groups
        self.guards: dict[int, bool] = {}
        self.standing: dict[int, Any] = {}  # of each part its first match, or None
        self.spots: dict[tuple[int, bool], list[Spot]] = {}
        self.pairs: dict[tuple[int, int, bool], list[Spot]] = {}


class Stretch:
    """What a pattern is looked for in: a sentence, with those behind it, or with the heads of the lists above it.

    Args:
        passages: Its sentences.
        listed: Whether the last is an item of lists whose heads are the others; otherwise each follows the one before.
    """

    def __init__(self, passages: Sequence[Passage], *, listed: bool = False) -> None:
        self.listed = listed
        self.first, self.last = passages[0], passages[-1]
        self.passages = passages
        if len(passages) == 1:
            self.missing, self.candidates = self.first.missing, self.first.look.patterns
            return
        missing, patterns, begun = self.last.missing, self.last.look.patterns, 0
        for passage in passages[:-1]:
            missing &= passage.missing
            patterns |= passage.look.patterns
            begun |= passage.look.first
        self.missing = missing
        self.candidates = patterns & (begun & self.last.look.last if listed else self.first.look.first)

    @cached_property
    def pieces(self) -> list[tuple[Passage, int]]:
        """Its sentences, each with its place."""
        return list(zip(self.passages, accumulate((len(one.words) for one in self.passages), initial=0), strict=False))

    @cached_property
    def text(self) -> str:
        """The words of all of them; of a list without the points behind its numbers, which end no sentence."""
        words = [one.words for one in self.passages]
        if self.listed:
            words[1:] = [_NUMBERED.sub(lambda found: " " * len(found[0]), item, count=1) for item in words[1:]]
        return "".join(words)

    def holds(self, spot: Spot) -> bool:
        """Whether a match is one of this stretch: of the first sentence, or of the head and the item together."""
        if self.listed:
            return spot.start < self.pieces[-1][1] < spot.end
        return spot.start < len(self.first.words)


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
        self._gaps: dict[str, Expression] = {}
        # Licenses are made of each other's sentences: what was found in one is kept for the next.
        self._kept = lru_cache(_PASSAGES)(partial(Passage, sieve=self.sieve))
        self._long = lru_cache(1)(partial(Passage, sieve=self.sieve))
        self._found = lru_cache(_STRETCHES)(self._all)

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
        short = all(len(passage.words) <= _LONGEST_KEPT for passage in passages)
        return (self._found if short else self._all)(passages, among, listed)

    def _all(self, passages: tuple[Passage, ...], among: Bits, listed: bool) -> tuple[tuple[int, Spot], ...]:  # noqa: FBT001
        stretch = Stretch(passages, listed=listed)
        return tuple(
            (number, spot) for number in self.possible(stretch, among) for spot in self.matches(number, stretch)
        )

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
        parts, gaps = self._patterns[number].parts, self._patterns[number].gaps
        chains = self._joined(parts, gaps, stretch, loose=False)
        if not chains and any(isinstance(self._expressions[part], Loose) for part in parts):
            chains = self._joined(parts, gaps, stretch, loose=True)
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
        stretch = Stretch((passage,))
        return bool(
            self._joined(parts, way.gaps, stretch, loose=False) or self._joined(parts, way.gaps, stretch, loose=True)
        )

    def _first(self, part: int, passage: Passage) -> Any:
        """The first match of a part in a sentence; None where there is none."""
        known = passage.standing.get(part, _UNKNOWN)
        if known is _UNKNOWN:
            form = passage.form
            lacks = self.sieve.parts[part] & passage.missing
            known = passage.standing[part] = None if lacks else self._expressions[part].of(form).search(form)
        return known

    def _spots(self, part: int, stretch: Stretch, then: int | None, *, loose: bool) -> list[Spot]:
        """Where a part stands in a stretch, together with what must follow it at once."""
        found: list[Spot] = []
        for passage, offset in stretch.pieces:
            spots = (
                self._within(part, passage, loose=loose)
                if then is None
                else self._followed(part, then, passage, loose=loose)
            )
            if spots:
                found = [*found, *(spot.moved(offset) for spot in spots)] if offset else spots
        return found

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

    def _joined(self, parts: Sequence[int], gaps: Sequence[Reach], stretch: Stretch, *, loose: bool) -> list[Spot]:
        """Spots with nothing between them but gaps: from the last part backwards, each joined to its nearest next."""
        chains: list[Spot] | None = None
        then: int | None = None
        for at in range(len(parts) - 1, -1, -1):
            if at and not gaps[at - 1].most:
                then = parts[at]
                continue
            spots = self._spots(parts[at], stretch, then, loose=loose)
            reach = gaps[at + (then is not None)] if chains is not None else None
            chains = spots if reach is None else list(self._nearest(spots, reach, chains or [], stretch.text))
            then = None
            if not chains:
                return []
        return chains or []

    def _nearest(self, spots: list[Spot], gap: Reach, chains: list[Spot], text: str) -> Iterator[Spot]:
        starts = [one.start for one in chains]
        for spot in spots:
            for at in range(bisect_left(starts, spot.end + gap.least), len(starts)):
                if starts[at] > spot.end + gap.most:
                    break
                if self._is_gap(gap, text[spot.end : starts[at]]):
                    yield Spot(spot.start, chains[at].end, (*spot.matches, *chains[at].matches))
                    break

    def _is_gap(self, gap: Reach, words: str) -> bool:
        if not words:
            return True
        known = self._gaps.get(gap.unit)
        if known is None:
            known = self._gaps[gap.unit] = Expression(gap.unit)
        form = form_of(words)
        return known.of(form).fullmatch(form) is not None

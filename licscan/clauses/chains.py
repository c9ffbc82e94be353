"""Patterns in a sentence: the parts of each found once, joined by the distances between them."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import accumulate
from operator import or_
from typing import Any, NamedTuple

from licscan.clauses.sieve import Bits, Sieve, numbers
from licscan.rulebook.detectors import Detectors, Reach
from licscan.rulebook.expressions import Expression, Loose, form_of

# A part found more often in one sentence than this is no sentence of a license.
_MOST = 400


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
                said = words.decode() if isinstance(words, bytes) else words
                return said.strip(" \"'.,:;") if said else None
        return None


class Unit:
    """A sentence, with what was found in it so far.

    Args:
        start: Where it stands in the text.
        words: Its words.
        chains: The patterns that are searched for.
    """

    __slots__ = ("end", "form", "look", "missing", "pairs", "spots", "standing", "start", "words")

    def __init__(self, start: int, words: str, chains: "Chains") -> None:
        self.start = start
        self.end = start + len(words)
        self.words = words
        self.form = form_of(words)
        self.look = chains.sieve.look(words)
        self.missing = ~self.look.groups
        self.standing: dict[int, bool] = {}
        self.spots: dict[tuple[int, bool], list[Spot]] = {}
        self.pairs: dict[tuple[int, int, bool], list[Spot]] = {}


class Stretch:
    """What a pattern is looked for in: a sentence, with those behind it, or with the heads of the lists above it.

    Args:
        units: Its sentences.
        heads: The words of the lists' heads that the first sentence is an item of.
        listed: Whether the last is an item of lists whose heads are the others; otherwise each follows the one before.
    """

    def __init__(self, units: Sequence[Unit], heads: str = "", *, listed: bool = False) -> None:
        self.listed = listed
        self.first, self.last = units[0], units[-1]
        self.pieces = list(zip(units, accumulate((len(unit.words) for unit in units), initial=0), strict=False))
        if len(units) == 1:
            self.text, look = self.first.words, self.first.look
            self.candidates = look.patterns
        else:
            self.text = "".join(unit.words for unit in units)
            look = reduce(or_, (unit.look for unit in units))
            first = reduce(or_, (unit.look.first for unit in units[:-1])) if listed else self.first.look.first
            self.candidates = look.patterns & first & (self.last.look.last if listed else ~0)
        self.missing = ~look.groups
        self.heads = self.text[: self.pieces[-1][1]] if listed else heads

    def holds(self, chain: Spot) -> bool:
        """Whether a match is one of this stretch: of the first sentence, or of the head and the item together."""
        if self.listed:
            return chain.start < self.pieces[-1][1] < chain.end
        return chain.start < len(self.first.words)

    def place(self, chain: Spot) -> tuple[int, int]:
        """Where a match stands in the text; of a list, what stands in the item."""
        if self.listed:
            return self.last.start, self.last.start + chain.end - self.pieces[-1][1]
        return self.first.start + chain.start, self.first.start + chain.end


class Chains:
    """All patterns, cut into parts that they share.

    Args:
        detectors: The patterns.
    """

    def __init__(self, detectors: Detectors) -> None:
        parts = detectors.parts
        self._patterns = detectors.patterns
        self._expressions = [Loose(part.text) if part.loose else Expression(part.text) for part in parts]
        self.sieve = Sieve(detectors.groups, parts, [pattern.parts for pattern in self._patterns])
        self._rarest = [
            sorted(self._alone(number), key=lambda part: parts[part].share) for number in range(len(self._patterns))
        ]
        self._gaps: dict[str, Expression] = {}

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
        fits, missing = self.sieve.fits, stretch.missing
        found: list[int] = []
        for number in numbers(stretch.candidates & among):
            if not fits(number, missing) or not self._bounded(number, stretch):
                continue
            # The rarest part first: most patterns are given up there.
            for part in self._rarest[number]:
                if not self._stands(part, stretch):
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
        for chain in chains:
            if chain.start >= end and stretch.holds(chain):
                end = max(chain.end, chain.start + 1)
                yield chain

    def _bounded(self, number: int, stretch: Stretch) -> bool:
        """Whether a match can begin and end where one of this stretch must."""
        if len(stretch.pieces) == 1:
            return True
        if not stretch.listed:
            return self._stands_in(self._patterns[number].parts[0], stretch.first)
        return self._stands_in(self._alone(number)[-1], stretch.last)

    def _stands(self, part: int, stretch: Stretch) -> bool:
        return any(self._stands_in(part, unit) for unit, _ in stretch.pieces)

    def _stands_in(self, part: int, unit: Unit) -> bool:
        known = unit.standing.get(part)
        if known is None:
            form = unit.form
            fits = self.sieve.part_fits(part, unit.missing)
            known = unit.standing[part] = fits and self._expressions[part].of(form).search(form) is not None
        return known

    def _spots(self, part: int, stretch: Stretch, then: int | None, *, loose: bool) -> list[Spot]:
        """Where a part stands in a stretch, together with what must follow it at once."""
        found: list[Spot] = []
        for unit, offset in stretch.pieces:
            spots = (
                self._in_unit(part, unit, loose=loose)
                if then is None
                else self._followed(part, then, unit, loose=loose)
            )
            found += [spot.moved(offset) for spot in spots] if offset else spots
        return found

    def _followed(self, part: int, then: int, unit: Unit, *, loose: bool) -> list[Spot]:
        key = (part, then, loose)
        known = unit.pairs.get(key)
        if known is None:
            known = unit.pairs[key] = []
            expression = self._expressions[then].of(unit.form)
            for spot in self._in_unit(part, unit, loose=loose):
                if match := expression.match(unit.form, spot.end):
                    known.append(Spot(spot.start, match.end(), (*spot.matches, match)))
        return known

    def _in_unit(self, part: int, unit: Unit, *, loose: bool) -> list[Spot]:
        expression = self._expressions[part]
        # Most have one way to match, however they are wanted.
        key = part, loose and isinstance(expression, Loose)
        known = unit.spots.get(key)
        if known is None:
            known = unit.spots[key] = []
            if not self._stands_in(part, unit):
                return known
            wanted = expression.variants if loose and isinstance(expression, Loose) else expression.each
            for match in wanted(unit.form):
                start, end = match.span()
                known.append(Spot(start, end, (match,)))
                if len(known) >= _MOST:
                    break
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
        starts = [chain.start for chain in chains]
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

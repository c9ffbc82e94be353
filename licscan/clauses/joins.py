"""Parts of a pattern joined: from left to right, each to the nearest next one that its gap reaches."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from licscan.clauses.passages import Passage, Spot, Stretch
from licscan.rulebook.detectors import Chain, Reach
from licscan.rulebook.expressions import Expression, form_of

# Most gaps are any characters but some, or more than that: where none of those stands, nothing is left to search.
_ANY_BUT = re.compile(r"(?:\(\?:){1,2}\[\^(?P<but>[^\[\]\\]+)\]\|?.*\)\*", re.DOTALL)


class Link(NamedTuple):
    """Words of a pattern between two gaps.

    Attributes:
        part: What is searched for.
        then: What must follow it at once; None for nothing.
        reach: The gap behind it; None behind the last.
    """

    part: int
    then: int | None
    reach: Reach | None


class Join:
    """A pattern in a stretch, joined from left to right: no part is searched further on than the one before it reaches.

    Args:
        places: Where the words of a link stand in a sentence.
        is_gap: Whether some words are such a gap.
        links: The words of the pattern.
        stretch: The text.
    """

    def __init__(
        self,
        places: Callable[[Link, Passage], list[Spot]],
        is_gap: Callable[[Reach, str], bool],
        links: Sequence[Link],
        stretch: Stretch,
    ) -> None:
        self._places = places
        self._is_gap = is_gap
        self._links = links
        self._stretch = stretch
        self._known: dict[tuple[int, int, int], Spot | None] = {}

    def led(self, at: int, spot: Spot) -> Spot | None:
        """A place of some words joined to the nearest chain of all those behind them; None where there is none.

        Args:
            at: Which words of the pattern.
            spot: Their place.
        """
        reach = self._links[at].reach
        if reach is None:
            return spot
        key = (at, spot.start, spot.end)
        if key not in self._known:
            self._known[key] = next(self._further(at, spot, reach), None)
        return self._known[key]

    def _further(self, at: int, spot: Spot, reach: Reach) -> Iterator[Spot]:
        following = self._links[at + 1]
        first, last = spot.end + reach.least, spot.end + reach.most
        for passage, offset in self._stretch.pieces:
            if offset > last:
                return
            if offset + len(passage.words) < first:
                continue
            for one in self._places(following, passage):
                start = one.start + offset
                if start > last:
                    return
                if start >= first and self._is_gap(reach, self._stretch.text[spot.end : start]):
                    chain = self.led(at + 1, one.moved(offset) if offset else one)
                    if chain:
                        yield Spot(spot.start, chain.end, (*spot.matches, *chain.matches))


def whole(unit: str) -> Callable[[str], bool]:
    """Says of some words whether a gap is made of them."""
    expression = Expression(unit)
    simple = _ANY_BUT.fullmatch(unit)
    stop = re.compile(f"[{simple['but']}]") if simple else None

    def is_whole(words: str) -> bool:
        if stop and not stop.search(words):
            return True
        form = form_of(words)
        return expression.of(form).fullmatch(form) is not None

    return is_whole


def linked(chain: Chain) -> tuple[Link, ...]:
    """The words of a pattern: each with what must follow it at once, and the gap behind."""
    parts, gaps = chain.parts, chain.gaps
    links: list[Link] = []
    for at, part in enumerate(parts):
        if at and not gaps[at - 1].most:
            continue
        follows = at < len(gaps) and not gaps[at].most
        behind = at + follows
        links.append(Link(part, parts[at + 1] if follows else None, gaps[behind] if behind < len(gaps) else None))
    return tuple(links)

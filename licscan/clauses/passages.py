"""What patterns are looked for in: sentences, alone, with those behind them, or with the heads of their lists."""

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple

from licscan.clauses.sieve import Sieve
from licscan.rulebook.expressions import form_of, said

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

"""What the words of a sentence make possible: which patterns may match there, at the cost of a look at each word."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from licscan.rulebook.needles import LEAST, LEAST_WIDE, TOKENS, least
from licscan.rulebook.records import Part

_MOST_WORDS = 50_000

# Numbers of groups and of patterns as the bits of an integer: a whole set is tested at once.
Bits = int


class Look(NamedTuple):
    """What the words of a sentence make possible.

    Attributes:
        groups: The groups of words of which one stands there.
        patterns: Patterns of which the rarest group stands there.
        first: Patterns that may begin there.
        last: Patterns that may end there.
    """

    groups: Bits
    patterns: Bits
    first: Bits
    last: Bits

    def __or__(self, other: tuple[object, ...]) -> "Look":
        """Of both sentences together."""
        return Look(*(one | two for one, two in zip(self, other, strict=True)))  # type: ignore[operator]


_NOTHING = Look(0, 0, 0, 0)


class Sieve:
    """Patterns, and their parts, by the words that they need.

    Args:
        parts: The parts; the number of each is its place.
        patterns: Of each pattern its parts.
    """

    def __init__(self, parts: Sequence[Part], patterns: Sequence[Sequence[int]]) -> None:
        self._bits: dict[frozenset[str], Bits] = {}
        usable = [[frozenset(group) for group in part.needles] for part in parts]
        self._parts = [self._needs(groups) for groups in usable]
        self._patterns = [self._needs(group for part in theirs for group in usable[part]) for theirs in patterns]
        self._known: dict[str, Look] = {}
        for group, bit in self._bits.items():
            self._note(group, Look(bit, 0, 0, 0))
        always = _NOTHING
        for number, theirs in enumerate(patterns):
            bit = 1 << number
            # The rarest group of each says whether the others are worth a look.
            rarest = min(
                (part for part in theirs if usable[part]), key=lambda part: parts[part].share, default=theirs[0]
            )
            for part, look in (
                (rarest, Look(0, bit, 0, 0)),
                (theirs[0], Look(0, 0, bit, 0)),
                (theirs[-1], Look(0, 0, 0, bit)),
            ):
                if usable[part]:
                    self._note(usable[part][0], look)
                else:
                    always |= look
        self._always = always
        self._heads: dict[str, list[str]] = {}
        for word in self._known:
            self._heads.setdefault(word[: least(word)], []).append(word)
        self._tokens: dict[str, Look] = {}

    def _needs(self, groups: Iterable[frozenset[str]]) -> Bits:
        whole = 0
        for group in groups:
            whole |= self._bits.setdefault(group, 1 << len(self._bits))
        return whole

    def _note(self, group: frozenset[str], look: Look) -> None:
        for word in group:
            self._known[word] = self._known.get(word, _NOTHING) | look

    def look(self, text: str) -> Look:
        """What the words of a text make possible."""
        groups, patterns, first, last = self._always
        tokens = self._tokens
        for token in set(TOKENS.findall(text.lower())):
            found = tokens.get(token)
            if found is None:
                found = self._token(token)
            groups |= found[0]
            patterns |= found[1]
            first |= found[2]
            last |= found[3]
        return Look(groups, patterns, first, last)

    def fits(self, pattern: int, missing: Bits) -> bool:
        """Whether nothing that a pattern needs is among the groups that are missing."""
        return not self._patterns[pattern] & missing

    def part_fits(self, part: int, missing: Bits) -> bool:
        """Whether nothing that a part needs is among the groups that are missing."""
        return not self._parts[part] & missing

    def _token(self, token: str) -> Look:
        look = _NOTHING
        for size in (LEAST,) if len(token) >= LEAST and token.isascii() else (LEAST_WIDE, LEAST):
            for at in range(len(token) - size + 1):
                for word in self._heads.get(token[at : at + size], ()):
                    if token.startswith(word, at):
                        look |= self._known[word]
        # A run of a script without blanks is hardly met again.
        if token.isascii():
            if len(self._tokens) >= _MOST_WORDS:
                self._tokens.clear()
            self._tokens[token] = look
        return look


def numbers(bits: Bits) -> list[int]:
    """The places of the bits that are set."""
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found

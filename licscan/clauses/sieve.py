"""What the words of a sentence make possible: which patterns may match there, at the cost of a look at each word."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from licscan.rulebook.detectors import Part
from licscan.rulebook.needles import LEAST, TOKENS, bare, stands_in

_MOST_WORDS = 20_000
_SHORT = 12

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


class Sieve:
    """Patterns, and their parts, by the words that they need.

    Args:
        groups: Groups of words.
        parts: The parts, with their groups by place; the number of each is its place.
        patterns: Of each pattern its parts.

    Attributes:
        parts: Of each part the groups that it needs.
        patterns: Of each pattern the groups that its parts need.
    """

    def __init__(
        self, groups: Sequence[Sequence[str]], parts: Sequence[Part], patterns: Sequence[Sequence[int]]
    ) -> None:
        self.parts = [reduce(or_, (1 << group for group in part.needles), 0) for part in parts]
        self.patterns = [reduce(or_, (self.parts[part] for part in theirs)) for theirs in patterns]
        # All four sets of a look are the bits of one number, which is joined in one step.
        self._places = (len(groups), len(groups) + len(patterns), len(groups) + 2 * len(patterns))
        looks = [1 << number for number in range(len(groups))]
        always = 0
        for number, theirs in enumerate(patterns):
            bit = 1 << number
            # The rarest group of each says whether the others are worth a look.
            rarest = min(
                (part for part in theirs if parts[part].needles), key=lambda part: parts[part].share, default=theirs[0]
            )
            for part, place in zip((rarest, theirs[0], theirs[-1]), self._places, strict=True):
                if needles := parts[part].needles:
                    looks[needles[0]] |= bit << place
                else:
                    always |= bit << place
        self._always = always
        self._looks = looks
        self._known: dict[str, list[int]] = {}  # the groups that a word belongs to
        for number, group in enumerate(groups):
            for needle in group:
                self._known.setdefault(needle, []).append(number)
        # By their first letters, short ones as they are: those stand within words of other letters than ASCII's alone.
        self._heads: dict[str, list[str]] = {}
        for needle in self._known:
            self._heads.setdefault(bare(needle)[:LEAST], []).append(needle)
        self._tokens: dict[str, Bits] = {}

    def look(self, text: str) -> Look:
        """What the words of a text make possible."""
        whole, tokens = self._always, self._tokens
        for token in set(TOKENS.findall(text.lower())):
            found = tokens.get(token)
            whole |= self._token(token) if found is None else found
        patterns, first, last = self._places
        size = first - patterns
        one = (1 << size) - 1
        return Look(whole & ((1 << patterns) - 1), whole >> patterns & one, whole >> first & one, whole >> last)

    def _token(self, token: str) -> Bits:
        known = set(self._known.get(f"<{token}>", ()))
        plain = token.isascii()
        sizes = (LEAST,) if plain else range(1, LEAST + 1)
        for letters in {token[at : at + size] for size in sizes for at in range(len(token) - size + 1)}:
            for needle in self._heads.get(letters, ()):
                if stands_in(needle, token):
                    known.update(self._known[needle])
        look = reduce(or_, map(self._looks.__getitem__, known), 0)
        # A long run of a script without blanks is hardly met again.
        if plain or len(token) <= _SHORT:
            if len(self._tokens) >= _MOST_WORDS:
                self._tokens.clear()
            self._tokens[token] = look
        return look


def numbers(bits: Bits) -> list[int]:
    """The places of the bits that are set."""
    digits = bin(bits)[:1:-1]
    found = []
    at = digits.find("1")
    while at >= 0:
        found.append(at)
        at = digits.find("1", at + 1)
    return found

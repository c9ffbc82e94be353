"""Which patterns can match a sentence at all: by the words that they need, at a fraction of the cost of trying them."""

import re
from collections.abc import Iterable

from licscan.rulebook.needles import LEAST, LEAST_WIDE, least
from licscan.rulebook.records import Pattern

_WIDE = re.compile("[\u4e00-\u9fff]")


class Sieve:
    """Patterns by the words that they need.

    Args:
        patterns: The patterns, each with a number.
    """

    def __init__(self, patterns: Iterable[tuple[int, Pattern]]) -> None:
        self._always: list[int] = []
        self._wide: list[int] = []
        # The first group of a pattern is the rarest: it says which patterns are worth a look at their other groups.
        self._uses: dict[str, list[int]] = {}
        self._others: dict[int, tuple[tuple[str, ...], ...]] = {}
        for number, pattern in patterns:
            if not pattern.needles:
                (self._wide if _WIDE.search(pattern.pattern) else self._always).append(number)
                continue
            for needle in pattern.needles[0]:
                self._uses.setdefault(needle, []).append(number)
            self._others[number] = pattern.needles[1:]
        # Three letters, or two of a script without blanks, say which words are worth looking for.
        self._heads: dict[str, list[str]] = {}
        for needle in self._uses:
            self._heads.setdefault(needle[: least(needle)], []).append(needle)

    def sift(self, text: str) -> list[int]:
        """The numbers of the patterns that may match a text; the others cannot."""
        low = text.lower()
        heads = {low[at : at + LEAST] for at in range(len(low) - LEAST + 1)}
        if not low.isascii():
            heads |= {low[at : at + LEAST_WIDE] for at in range(len(low) - LEAST_WIDE + 1)}
        maybe: set[int] = set()
        for head in heads & self._heads.keys():
            for needle in self._heads[head]:
                if needle in low:
                    maybe.update(self._uses[needle])
        always = self._always if low.isascii() else self._always + self._wide
        return always + [number for number in maybe if _all_stand(self._others[number], low)]


def _all_stand(groups: tuple[tuple[str, ...], ...], low: str) -> bool:
    for group in groups:
        for needle in group:
            if needle in low:
                break
        else:
            return False
    return True

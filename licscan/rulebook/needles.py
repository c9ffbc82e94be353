"""Words that a pattern needs: found once, when the rules are compiled, so that texts can be sifted by them."""

import re
from collections.abc import Sequence
from typing import Any

LEAST = 3
LEAST_WIDE = 1

_MOST = 600
_GROUPS = 8
_MOST_LETTERS = 12

# Words of nearly every sentence of a license tell little, however long.
_COMMON = frozenset(
    "the this that with and any for not may you your use used license licence agreement model models software terms "
    "rights shall must will work works are from all such other under these which licensor licensee distribut "
    "derivative materials provide conditions condition permission copyright".split()
)

# Words of which one at least must stand there.
Needles = frozenset[str]


def least(word: str) -> int:
    """How long a word must be to be looked for: shorter in a script without blanks."""
    return LEAST if word.isascii() else LEAST_WIDE


def needles_of(pattern: str) -> list[Needles]:
    """Groups of words: of each group one at least stands in whatever a pattern matches, in lower case."""
    # The standard library's own parser; what it does not know of RE2 means letters of any kind.
    plain = re.sub(r"\\p(?:\{\w+\}|\w)|\\P(?:\{\w+\}|\w)", r"\\w", pattern)
    try:
        tree = re._parser.parse(plain, re.IGNORECASE)  # type: ignore[attr-defined]  # noqa: SLF001
    except (re.error, OverflowError, RecursionError):
        return []
    return sorted(dict.fromkeys(_groups(tree)), key=worth, reverse=True)[:_GROUPS]


def _groups(parts: Sequence[Any]) -> list[Needles]:
    """What the parts of a sequence require, each by itself."""
    found: list[Needles] = []
    run = ""
    for kind, value in parts:
        name = str(kind)
        if name == "LITERAL":
            run += chr(value)
            continue
        found += _word(run)
        run = ""
        found += _of(name, value)
    return [*found, *_word(run)]


def _of(name: str, value: Any) -> list[Needles]:
    if name == "SUBPATTERN":
        return _groups(value[3])
    if name in {"MAX_REPEAT", "MIN_REPEAT"}:
        return _groups(value[2]) if value[0] >= 1 else []
    if name == "IN" and 0 < len(value) <= _MOST_LETTERS and all(str(kind) == "LITERAL" for kind, _ in value):
        letters = frozenset(chr(letter).lower() for _, letter in value)
        return [letters] if all(len(letter) >= least(letter) for letter in letters) else []
    if name == "BRANCH":
        best = [max(_groups(branch), key=worth, default=None) for branch in value[1]]
        if all(best):
            whole = frozenset(word for part in best if part for word in part)
            return [whole] if len(whole) <= _MOST else []
    return []


def _word(run: str) -> list[Needles]:
    low = run.lower()
    return [frozenset({low})] if len(low) >= least(low) else []


def worth(needles: Needles) -> tuple[int, int]:
    """How much a group of words tells: the more, the fewer sentences have one of them."""
    # Longer words are rarer, up to a length, and a character of a wide script is a word; of two groups, the smaller.
    lengths = (8 if not word.isascii() else 1 if word in _COMMON else min(8, len(word)) for word in needles)
    return min(lengths), -len(needles)

"""Words that a pattern needs: found once, when the rules are compiled, so that texts can be sifted by them."""

import re
from collections.abc import Sequence
from typing import Any

LEAST = 3
LEAST_WIDE = 2

_MOST = 600
_GROUPS = 8

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
    return sorted(dict.fromkeys(_groups(tree)), key=_worth, reverse=True)[:_GROUPS]


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
    if name == "BRANCH":
        best = [max(_groups(branch), key=_worth, default=None) for branch in value[1]]
        if all(best):
            whole = frozenset(word for part in best if part for word in part)
            return [whole] if len(whole) <= _MOST else []
    return []


def _word(run: str) -> list[Needles]:
    low = run.lower()
    return [frozenset({low})] if len(low) >= least(low) else []


def _worth(needles: Needles) -> tuple[int, int]:
    # Longer words are rarer, up to a length; of two groups as long, the smaller.
    return min(8, *map(len, needles)), -len(needles)

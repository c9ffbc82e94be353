"""Words that a pattern needs: found once, when the rules are compiled, so that texts can be sifted by them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

LEAST = 3
LEAST_WIDE = 1
# What a sentence is taken apart into: runs of letters and digits, and the quotes that stand around words to display.
TOKENS = re.compile(r'[^\W_]+|"')

_MOST = 600
_GROUPS = 12
_MOST_LETTERS = 12
_MOST_RUNS = 16

# Words of which one at least must stand there.
Needles = frozenset[str]


def least(word: str) -> int:
    """How long a word must be to be looked for: shorter in a script without blanks."""
    return LEAST if word.isascii() and word != '"' else LEAST_WIDE


class Frequencies:
    """How many sentences of a sample have a word: the rarer, the more it tells.

    Args:
        sentences: The sample.
    """

    def __init__(self, sentences: Iterable[str]) -> None:
        self._tokens: Counter[str] = Counter()
        self.total = 0
        for sentence in sentences:
            self._tokens.update(set(TOKENS.findall(sentence.lower())))
            self.total += 1
        self._heads: dict[str, list[str]] = {}
        for token in self._tokens:
            for head in {token[at : at + size] for size in (LEAST_WIDE, LEAST) for at in range(len(token) - size + 1)}:
                self._heads.setdefault(head, []).append(token)
        self._known: dict[str, int] = {}

    def of(self, word: str) -> int:
        """In how many sentences a word stands, by itself or within another."""
        found = self._known.get(word)
        if found is None:
            tokens = self._heads.get(word[: least(word)], ())
            found = self._known[word] = sum(self._tokens[token] for token in tokens if word in token)
        return found

    def share(self, needles: Needles) -> int:
        """In how many sentences one of some words stands, at most."""
        return min(self.total, sum(map(self.of, needles)))


def needles_of(pattern: str, sample: Frequencies) -> list[Needles]:
    """Groups of words: of each group one at least stands in whatever a pattern matches, in lower case.

    Args:
        pattern: The pattern.
        sample: What says which words are rare.

    Returns:
        The groups, the rarest first.
    """
    # The standard library's own parser; what it does not know of RE2 means letters of any kind.
    plain = re.sub(r"\\p(?:\{\w+\}|\w)|\\P(?:\{\w+\}|\w)", r"\\w", pattern)
    try:
        tree = re._parser.parse(plain, re.IGNORECASE)  # type: ignore[attr-defined]  # noqa: SLF001
    except (re.error, OverflowError, RecursionError):
        return []
    found = dict.fromkeys(_Reader(sample).groups(tree))
    return sorted(found, key=lambda group: (sample.share(group), len(group), sorted(group)))[:_GROUPS]


class _Reader:
    """What the parts of a parsed pattern require."""

    def __init__(self, sample: Frequencies) -> None:
        self._sample = sample

    def groups(self, parts: Sequence[Any]) -> list[Needles]:
        """What a sequence requires, each by itself; letters that may differ belong to the word that they stand in."""
        found: list[Needles] = []
        runs = [""]
        for kind, value in parts:
            name = str(kind)
            if name == "AT":
                continue  # an edge of a word takes no letters
            options = _literals(name, value)
            letters = all(option.isalnum() for option in options if option)
            if options and letters and len(options) * len(runs) <= _MOST_RUNS:
                runs = [run + option for run in runs for option in options]
                continue
            # A word ends here: what follows is required besides.
            found += self._words(runs)
            runs = options if options and letters and len(options) <= _MOST_RUNS else [""]
            if not options:
                found += self._of(name, value)
            elif runs == [""]:
                found += self._words(options)
        return [*found, *self._words(runs)]

    def _of(self, name: str, value: Any) -> list[Needles]:
        if name == "SUBPATTERN":
            return self.groups(value[3])
        if name in {"MAX_REPEAT", "MIN_REPEAT"}:
            return self.groups(value[2]) if value[0] >= 1 else []
        if name == "BRANCH":
            best = [min(self.groups(branch), key=self._sample.share, default=None) for branch in value[1]]
            if all(best):
                whole = frozenset(word for part in best if part for word in part)
                return [whole] if len(whole) <= _MOST else []
        return []

    def _words(self, runs: list[str]) -> list[Needles]:
        """The rarest word of each run, as one group; nothing where a run has none that is long enough."""
        found: set[str] = set()
        for run in runs:
            words = [word for word in TOKENS.findall(run.lower()) if len(word) >= least(word)]
            if not words:
                return []
            found.add(min(words, key=lambda word: (self._sample.of(word), -len(word), word)))
        return [frozenset(found)]


def _literals(name: str, value: Any) -> list[str]:
    """What an item may be, where that is some letters or words; nothing where it may be more."""
    if name == "LITERAL":
        return [chr(value)]
    if name == "IN" and len(value) <= _MOST_LETTERS and all(str(kind) == "LITERAL" for kind, _ in value):
        return [chr(letter) for _, letter in value]
    if name == "SUBPATTERN":
        return _spelled(value[3])
    if name == "BRANCH":
        branches = [_spelled(branch) for branch in value[1]]
        return [one for branch in branches for one in branch] if all(branches) else []
    if name in {"MAX_REPEAT", "MIN_REPEAT"} and (value[0], value[1]) == (0, 1):
        inner = _spelled(value[2])
        return ["", *inner] if inner else []
    return []


def _spelled(parts: Sequence[Any]) -> list[str]:
    runs = [""]
    for kind, value in parts:
        options = _literals(str(kind), value)
        if not options or len(options) * len(runs) > _MOST_RUNS:
            return []
        runs = [run + option for run in runs for option in options]
    return runs if parts else [""]

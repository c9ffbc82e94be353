"""Words that a pattern needs: found once, when the rules are compiled, so that texts can be sifted by them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from licscan.rulebook.parsing import parsed

LEAST = 3
# What a sentence is taken apart into: runs of letters and digits, and the signs that patterns ask for.
TOKENS = re.compile(r"[^\W_]+|[\"'()$€£¥%:;,/「『]")

_MOST = 600
_GROUPS = 12
_MOST_LETTERS = 12
_MOST_RUNS = 16

# Words of which one at least must stand there: `<no>` as a whole, `<licens` at the beginning of a word, `able>` at its
# end, `licens` anywhere.
Needles = frozenset[str]


def bare(needle: str) -> str:
    """The letters of a needle."""
    return needle.strip("<>")


def stands_in(needle: str, token: str) -> bool:
    """Whether a word of a text, in lower case, has what a needle asks for.

    RE2 sees an edge of a word between `é` and `n`, so that a word with other letters than ASCII's may have it anywhere.
    """
    word = bare(needle)
    if not token.isascii():
        return word in token
    if needle[0] == "<":
        return token == word if needle[-1] == ">" else token.startswith(word)
    return token.endswith(word) if needle[-1] == ">" else word in token


def _needle(word: str, *, left: bool, right: bool) -> str | None:
    """A word as a needle; None where it is too short to tell anything."""
    if not word.isascii():
        return word
    if not word.isalnum() or (left and right):
        return f"<{word}>"
    return f"{'<' if left else ''}{word}{'>' if right else ''}" if len(word) >= LEAST else None


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
        self._letters: dict[str, list[str]] = {}
        for token in self._tokens:
            for letters in {
                token[at : at + size] for size in range(1, LEAST + 1) for at in range(len(token) - size + 1)
            }:
                self._letters.setdefault(letters, []).append(token)
        self._known: dict[str, int] = {}

    def of(self, needle: str) -> int:
        """In how many sentences a needle stands."""
        found = self._known.get(needle)
        if found is None:
            tokens = self._letters.get(bare(needle)[:LEAST], ())
            found = self._known[needle] = sum(self._tokens[token] for token in tokens if stands_in(needle, token))
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
    tree = parsed(pattern)
    if tree is None:
        return []
    found = dict.fromkeys(_Reader(sample).groups(tree, _Edges(left=False, right=False)))
    return sorted(found, key=lambda group: (sample.share(group), len(group), sorted(group)))[:_GROUPS]


class _Edges(NamedTuple):
    """Whether a word surely begins where something begins, and ends where it ends."""

    left: bool
    right: bool


class _Reader:
    """What the parts of a parsed pattern require."""

    def __init__(self, sample: Frequencies) -> None:
        self._sample = sample

    def groups(self, parts: Sequence[Any], edges: _Edges) -> list[Needles]:
        """What a sequence requires, each by itself; letters that may differ belong to the word that they stand in.

        Args:
            parts: The sequence.
            edges: Those of the sequence itself.
        """
        found: list[Needles] = []
        runs, begun, ended = [""], 0, 0
        for at, (kind, value) in enumerate(parts):
            name = str(kind)
            if name == "AT":
                continue  # an edge of a word takes no letters
            options = _literals(name, value)
            letters = all(option.isalnum() for option in options if option)
            if options and letters and len(options) * len(runs) <= _MOST_RUNS:
                begun, ended = at if runs == [""] else begun, at + 1
                runs = [run + option for run in runs for option in options]
                continue
            # A word ends here: what follows is required besides.
            found += self._words(runs, _edges(parts, begun, ended, edges))
            begun, ended, here = at, at + 1, _edges(parts, at, at + 1, edges)
            runs = options if options and letters and len(options) <= _MOST_RUNS else [""]
            if not options:
                found += self._of(name, value, here)
            elif runs == [""]:
                found += self._words(options, here)
        return [*found, *self._words(runs, _edges(parts, begun, ended, edges))]

    def _of(self, name: str, value: Any, edges: _Edges) -> list[Needles]:
        if name == "SUBPATTERN":
            return self.groups(value[3], edges)
        if name in {"MAX_REPEAT", "MIN_REPEAT"}:
            return self.groups(value[2], _Edges(left=False, right=False)) if value[0] >= 1 else []
        if name == "BRANCH":
            best = [min(self.groups(branch, edges), key=self._sample.share, default=None) for branch in value[1]]
            if all(best):
                whole = frozenset(word for part in best if part for word in part)
                return [whole] if len(whole) <= _MOST else []
        return []

    def _words(self, runs: list[str], edges: _Edges) -> list[Needles]:
        """The rarest word of each run, as one group; nothing where a run has none that is long enough."""
        found: set[str] = set()
        for run in map(str.lower, runs):
            needles = [
                needle
                for word in TOKENS.finditer(run)
                if (
                    needle := _needle(
                        word.group(),
                        left=edges.left or word.start() > 0,
                        right=edges.right or word.end() < len(run),
                    )
                )
            ]
            if not needles:
                return []
            found.add(min(needles, key=lambda needle: (self._sample.of(needle), -len(needle), needle)))
        return [frozenset(found)]


def _edges(parts: Sequence[Any], first: int, last: int, outer: _Edges) -> _Edges:
    """The edges of some items of a sequence."""
    before = _edge([parts[at] for at in range(first - 1, -1, -1)], -1)
    after = _edge([parts[at] for at in range(last, len(parts))], 1)
    return _Edges(outer.left if before is None else before, outer.right if after is None else after)


def _edge(parts: Sequence[Any], step: int) -> bool | None:
    """Whether no letter stands first in a sequence; None where nothing may stand there at all.

    Args:
        parts: The sequence, what stands first at its head.
        step: 1 to read what is within forwards, -1 backwards.
    """
    for kind, value in parts:
        name, found = str(kind), None
        if name == "AT":
            return "NON_BOUNDARY" not in str(value)
        if name == "LITERAL":
            return not chr(value).isalnum()
        if name == "IN":
            return all(
                (str(one) == "LITERAL" and not chr(what).isalnum())
                or (str(one) == "CATEGORY" and str(what) == "CATEGORY_SPACE")
                for one, what in value
            )
        if name == "SUBPATTERN":
            found = _edge(value[3][::step], step)
        elif name == "BRANCH":
            several = {_edge(branch[::step], step) for branch in value[1]}
            found = False if False in several else None if None in several else True
        elif name in {"MAX_REPEAT", "MIN_REPEAT"}:
            found = _edge(value[2][::step], step)
            if found and not value[0]:
                continue
        else:
            return False
        if found is not None:
            return found
    return None


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

"""How much of a text lies in each license: what names the one that it copies, or the one that it is a part of."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from licscan.model import Fingerprint
from licscan.prints import SAMPLE, Words, unpack
from licscan.rulebook import Rulebook

# So much of both texts must be the same runs of words for one to be a changed copy of the other.
_COPY = 0.6
# What is so much less alike is as near: the same words under other copyright lines.
_AS_NEAR = 0.01
# So much of a text must lie in a license for it to be a part of that, and so many runs it must have.
_PART = 0.85
_LEAST_RUNS = 8
# Fewer that are kept of it say nothing.
_FEW = 3
# A text is a part of what has so much more of it than the license that is about as long as the text.
_MORE = 0.03
# From here on a text is nearly all of the license.
_WHOLE = 0.9
# So much of a license must lie in a text for the text to hold it among other things.
_HELD = 0.9
_WORTH_RANKING = 0.2


class Print(NamedTuple):
    """A fingerprint, opened."""

    id: str
    of: Fingerprint
    sentences: tuple[int, ...]
    kept: int  # runs that are kept
    share: int  # of so many runs of the text one is kept

    @property
    def length(self) -> int:
        """How many runs it has, about."""
        return self.kept * self.share


class Index:
    """The fingerprints of a rule base, to be searched.

    Args:
        rules: The rule base.
    """

    def __init__(self, rules: Rulebook) -> None:
        self.prints: list[Print] = []
        # Two publishers may give the same words: their copyright lines tell them apart.
        self.digests: dict[str, dict[str, int]] = {}
        self.terms: dict[str, list[int]] = {}
        self.copies: dict[str, int] = {}
        self.runs: dict[int, list[int]] = {}
        for record in rules.licenses.values():
            for one in record.fingerprints:
                number = len(self.prints)
                runs = unpack(one.runs)
                share = 1 if any(run % SAMPLE for run in runs) else SAMPLE
                self.prints.append(Print(record.id, one, unpack(one.sentences), len(runs), share))
                if one.around:
                    self.copies.setdefault(one.digest, number)
                else:
                    self.digests.setdefault(one.digest, {}).setdefault(one.credit, number)
                self.terms.setdefault(one.terms, []).append(number)
                for run in runs:
                    self.runs.setdefault(run, []).append(number)


class Near(NamedTuple):
    """The license that a text copies, or is a part of.

    Attributes:
        best: The license.
        share: How much is the same, 0 to 1: of both texts, or of the part.
        others: Licenses that are nearly as near.
        twins: The ids of those that the words of the text do not tell from it.
    """

    best: Print
    share: float
    others: tuple[Print, ...]
    twins: tuple[str, ...]


class Shares:
    """What a text has in common with each license.

    Args:
        words: The text.
        index: The fingerprints.
    """

    def __init__(self, words: Words, index: Index) -> None:
        self._prints = index.prints
        self._ours = set(words.hashes)
        # Held against a license of which all runs are kept, and against one of which some are.
        self._runs = {1: len(words.runs), SAMPLE: sum(not run % SAMPLE for run in words.runs)}
        self._shared: Counter[int] = Counter()
        # The same of those runs alone that are kept of every license: so all are measured alike.
        self._alike: Counter[int] = Counter()
        for run in words.runs:
            theirs = index.runs.get(run, ())
            self._shared.update(theirs)
            if not run % SAMPLE:
                self._alike.update(theirs)

    @cached_property
    def likeness(self) -> float:
        """How much is the same with the nearest license, of both texts."""
        return self._ranked[0][0] if self._ranked else 0.0

    @cached_property
    def held(self) -> tuple[str, ...]:
        """The licenses that stand in the text whole, the longest first."""
        sizes = {number: self._prints[number].kept for number in self._shared}
        whole = [one for one, size in sizes.items() if size >= _LEAST_RUNS and self._shared[one] / size >= _HELD]
        return tuple(dict.fromkeys(self._prints[one].id for one in sorted(whole, key=lambda one: -sizes[one])))

    def copied(self) -> Near | None:
        """The license that the text is a changed copy of; None where it copies none."""
        if self.likeness < _COPY:
            return None
        near = [number for likeness, _, number in self._ranked if self.likeness - likeness < _AS_NEAR]
        # The beginning of a long license is about as long as another of its publisher, which says nearly the same.
        more = self._alike[self._widest[0]] - self._alike[near[0]]
        if more >= max(_FEW, _MORE * self._runs[SAMPLE]):
            return None
        # What ends early, or begins late, may have been longer.
        whole = self.likeness >= _WHOLE or self._inside(near[0]) < _PART
        return self._near(near, self.likeness, near if whole else self._shared)

    def part(self) -> Near | None:
        """The license that the text is a part of; None where it is of none."""
        if self._runs[1] < _LEAST_RUNS or not self._shared:
            return None
        inside = self._inside(self._widest[0])
        return self._near(self._widest, inside, self._widest) if inside >= _PART else None

    def _near(self, numbers: Sequence[int], share: float, among: Iterable[int]) -> Near:
        """The first of some licenses, with the others, and its twins."""
        best, *others = (self._prints[number] for number in numbers)
        twins = {self._prints[one].id for one in among if self._is_twin(one, numbers[0])} - {best.id}
        return Near(best, round(min(1.0, share), 3), tuple(others), tuple(sorted(twins)))

    def _is_twin(self, one: int, other: int) -> bool:
        """Whether no sentence tells two licenses apart by the text, and no run that is kept of both."""
        all_kept = self._prints[one].share == self._prints[other].share == 1
        counts = self._shared if all_kept else self._alike
        return self._sentences(one) == self._sentences(other) and counts[one] == counts[other]

    @cached_property
    def _ranked(self) -> list[tuple[float, int, int]]:
        """The nearest licenses: how much is the same, how many sentences are, and which."""
        found: list[tuple[float, int, int]] = []
        for number, count in self._shared.items():
            one = self._prints[number]
            likeness = 2 * count / (self._runs[one.share] + one.kept)
            if likeness > _WORTH_RANKING:
                # Twins differ in a word: of two that are as near, the one with more of the same sentences.
                found.append((round(likeness, 3), self._sentences(number), number))
        return sorted(found, reverse=True)

    @cached_property
    def _widest(self) -> list[int]:
        """The license that most of the text lies in, and behind it those that as much of it lies in."""
        tied = self._inmost()
        if all(self._prints[one].share == 1 for one in tied):
            most = max(map(self._shared.__getitem__, tied))
            tied = [one for one in tied if self._shared[one] == most]
        # The one with more of the same sentences first, then the shortest: others quote that whole.
        return sorted(tied, key=lambda one: (-self._sentences(one), -self._inside(one), self._prints[one].length, -one))

    def _inmost(self) -> list[int]:
        """The licenses that as much of the text lies in as can be told."""
        if self._runs[SAMPLE] >= _LEAST_RUNS and self._alike:
            most = max(self._alike.values())
            return [one for one, count in self._alike.items() if count > most - _FEW]
        inside = {one: self._inside(one) for one in self._shared}
        return [one for one, share in inside.items() if share == max(inside.values())]

    def _inside(self, number: int) -> float:
        """How much of the text lies in a license."""
        return self._shared[number] / max(_FEW, self._runs[self._prints[number].share])

    def _sentences(self, number: int) -> int:
        return len(self._ours.intersection(self._prints[number].sentences))

"""The clauses of a text: every pattern of every clause type tried in linear time, each find given its values."""

import gc
import re
import threading
from collections.abc import Container, Iterator
from functools import partial
from typing import Any, NamedTuple

from licscan.clauses.chains import Chains
from licscan.clauses.choice import Find, Ranks, Wanted, Yields, chosen, ranks
from licscan.clauses.heads import heads as headed
from licscan.clauses.heads import terse
from licscan.clauses.numbers import read_count
from licscan.clauses.passages import Passage, Spot
from licscan.clauses.quotes import Found, extent, quoted
from licscan.clauses.sieve import Bits
from licscan.clauses.terms import uses
from licscan.model import Clause, Evidence
from licscan.rulebook import Rulebook
from licscan.rulebook.detectors import Cases, Detector
from licscan.rulebook.expressions import Expression
from licscan.rulebook.records import ClauseGroup, ClauseValue, ValueType
from licscan.wording import Sentence, Wording

_BINDING = {ClauseGroup.CONDITION, ClauseGroup.LIMITATION}
# How far a pattern may reach beyond the sentence in which it begins.
_BEYOND = 600
# How long an appendix on how to apply a license is at most.
_APPENDIX = 3_000


def search(wording: Wording, rules: Rulebook, at: Evidence, only: Container[str] | None = None) -> tuple[Clause, ...]:
    """The clauses of a text, in the order in which they stand there; each type once, thresholds once a number.

    Args:
        wording: The text.
        rules: The rule base.
        at: The text as evidence; section, lines and quotes are added.
        only: The clause types that are wanted, where not all are: fewer cost less.
    """
    return tuple(one.clause for one in locate(wording, rules, at, only))


def locate(wording: Wording, rules: Rulebook, at: Evidence, only: Container[str] | None = None) -> tuple[Found, ...]:
    """The same with the place of each quote."""
    rank = ranks(wording)
    finds = _detectors(rules).finds(wording, rank, only)
    return tuple(_found(find, wording, at) for find in chosen(finds, wording, rank))


def _found(find: Find, wording: Wording, at: Evidence) -> Found:
    start, end = extent(wording, find.start, find.end, find.head)
    evidence = quoted(wording, start, end, at)
    section = wording.section(wording.span(find.start, find.end)[0])
    evidence = evidence.model_copy(update={"section": section})
    said = Clause(id=find.rule.id, values=find.values, on=find.rule.on, quote=evidence.quote, evidence=evidence)
    return Found(said, start, end)


class _Unit(NamedTuple):
    """A sentence in its place."""

    start: int
    passage: Passage

    @property
    def end(self) -> int:
        return self.start + len(self.passage.words)


class _Stretch(NamedTuple):
    """Sentences in their places: one with those behind it, or an item of a list behind the heads above it."""

    units: tuple[_Unit, ...]
    heads: str
    listed: bool = False

    @property
    def text(self) -> str:
        return "".join(unit.passage.words for unit in self.units)

    def place(self, spot: Spot) -> tuple[int, int]:
        """Where a match stands in the text; of a list, what stands in the item."""
        if self.listed:
            item = self.units[-1]
            return item.start, item.end + spot.end - len(self.text)
        start = self.units[0].start
        return start + spot.start, start + spot.end


class _Detectors:
    """All patterns of a rule base."""

    def __init__(self, rules: Rulebook) -> None:
        found = rules.detectors
        self._rules = rules.clauses
        self._patterns = found.patterns
        self._chains = Chains(found)
        self._yields = Yields(found)
        # Of a deprecated clause type nothing is searched for.
        kept = [one for one in enumerate(found.patterns) if rules.clauses[one[1].clause].status != "deprecated"]
        self._across = sum(1 << number for number, pattern in kept if pattern.across)
        self._within = sum(1 << number for number, pattern in kept if not pattern.across)
        self._asides = found.asides
        self._ends = [Expression(text) for text in found.ends]
        self._resumes = [Expression(text) for text in found.resumes]
        self._cases: dict[str, Expression] = {}

    def finds(self, wording: Wording, rank: Ranks, only: Container[str] | None = None) -> Iterator[Find]:
        """Every find that its sentence does not rule out, of some clause types or of all; what adds nothing left out.

        Args:
            wording: The text.
            rank: What says which of its places is quoted.
            only: The clause types that are wanted, where not all are.
        """
        units, above = self._units(wording)
        wanted = Wanted(self._yields, rank, wording)
        among = -1 if only is None else self._of(only)
        for at, unit in enumerate(units):
            within, across = self._within & among & wanted.bits, self._across & among & wanted.bits
            heads = "".join(head.passage.words for head in above[at])
            found = [*self._in(_Stretch((unit,), heads), within, wording)]
            found += self._in(_Stretch(_window(units, at), heads), across, wording)
            if above[at]:
                listed = _Stretch((*above[at], unit), heads, listed=True)
                found += self._in(listed, within | across, wording)
            wanted.without(found)
            yield from found

    def _of(self, clauses: Container[str]) -> Bits:
        """The patterns of some clause types."""
        return sum(1 << number for number, pattern in enumerate(self._patterns) if pattern.clause in clauses)

    def _units(self, wording: Wording) -> tuple[list[_Unit], list[list[_Unit]]]:
        """The sentences that may state terms, and of each the heads of its lists."""
        appendices = self._appendices(wording.plain)
        made: dict[Sentence, _Unit] = {}
        units: list[_Unit] = []
        above: list[list[_Unit]] = []
        for sentence, heads in headed(wording):
            if any(start <= sentence.start < end for start, end in appendices):
                continue
            units.append(_Unit(sentence.start, self._chains.passage(wording.plain[slice(*sentence)])))
            for head in heads:
                if head not in made:
                    made[head] = _Unit(head.start, self._chains.passage(terse(wording.plain[slice(*head)])))
            above.append([made[head] for head in heads])
        return units, above

    def _appendices(self, plain: str) -> list[tuple[int, int]]:
        """Where appendices stand that say how to apply a license; what somebody added behind them is read again."""
        found: list[tuple[int, int]] = []
        starts = sorted(match.start() for one in self._ends for match in one.each(plain))
        for start in starts:
            if found and start < found[-1][1]:
                continue
            rest = plain[start : start + _APPENDIX]
            ends = [match.end() for one in self._resumes for match in one.each(rest)]
            found.append((start, start + (max(ends) if ends else len(rest))))
        return found

    def _in(self, stretch: _Stretch, among: Bits, wording: Wording) -> Iterator[Find]:
        passages = tuple(unit.passage for unit in stretch.units)
        for number, spot in self._chains.found(passages, among, listed=stretch.listed):
            if find := self._find(number, spot, stretch, wording):
                yield find

    def _find(self, number: int, spot: Spot, stretch: _Stretch, wording: Wording) -> Find | None:
        pattern = self._patterns[number]
        rule = self._rules[pattern.clause]
        start, end = stretch.place(spot)
        sentence = stretch.text if stretch.listed else wording.plain[slice(*wording.sentence(start, end))]
        passage = self._chains.passage(sentence)
        if not self._needed(pattern, passage):
            # Of an item the head may say that it obliges: "You must: (a) follow our policy".
            above = "" if stretch.listed or rule.group not in _BINDING else stretch.heads
            if not above or not self._needed(pattern, self._chains.passage(above + sentence)):
                return None
        if not pattern.anywhere and self._is_aside(stretch, passage):
            return None
        values: dict[str, Any] = {}
        for name, spec in rule.values.items():
            stated = pattern.values.get(name)
            if isinstance(stated, Cases):
                value = self._case(stated, spec, self._deciding(stated, spot, stretch, wording))
            else:
                said = spot.group(name) if stated is None else stated
                value = None if said is None else _typed(said, spec)
            if isinstance(value, str) and stated is None:
                value = wording.as_written(value, start)
            if value is not None:
                values[name] = value
            elif spec.required:
                return None
        return Find(rule, values, start, end, stretch.units[-2].start if stretch.listed else None)

    def _needed(self, pattern: Detector, passage: Passage) -> bool:
        """Whether a sentence has what must stand beside a find, and nothing that must not."""
        stands = partial(self._chains.guarded, passage=passage)
        return not any(map(stands, pattern.unless)) and all(map(stands, pattern.needs))

    def _is_aside(self, stretch: _Stretch, passage: Passage) -> bool:
        """Whether a sentence states no terms, such as a definition, be it an item of a list."""
        passages = (passage, stretch.units[-1].passage) if stretch.listed else (passage,)
        return any(self._chains.guarded(aside, one) for one in passages for aside in self._asides)

    def _case(self, stated: Cases, spec: ClauseValue, words: str) -> Any:
        found = [case for case, text in stated.cases.items() if self._has(text, words)]
        if spec.type is ValueType.LIST:
            return found or (None if stated.otherwise is None else [stated.otherwise])
        chosen = found[0] if found else stated.otherwise
        return None if chosen is None else _typed(chosen, spec)

    def _deciding(self, stated: Cases, spot: Spot, stretch: _Stretch, wording: Wording) -> str:
        """The words that decide a value: what its own sentence says goes before what its neighbours say."""
        if stated.within == "around":
            sentence = _within("sentence", spot, stretch, wording)
            own = wording.sentence(*stretch.place(spot))
            for words in (sentence, *(wording.plain[slice(*one)] for one in uses(wording, own))):
                # The last case is the weakest: where a defined term is used, and beside it, more may be said.
                if any(self._has(text, words) for text in list(stated.cases.values())[:-1]):
                    return words
        return _within(stated.within, spot, stretch, wording)

    def _has(self, text: str, words: str) -> bool:
        if text not in self._cases:
            self._cases[text] = Expression(text)
        return self._cases[text].search(words) is not None


def _within(where: str, spot: Spot, stretch: _Stretch, wording: Wording) -> str:
    """The words that decide a value: of an item of a list its heads are among them."""
    if where == "match":
        return stretch.text[spot.start : spot.end]
    start, end = wording.sentence(*stretch.place(spot))
    if where == "around":
        start = wording.sentence(max(0, start - 2), max(1, start - 1)).start
        end = wording.sentence(end, min(len(wording.plain), end + 1)).end
    return stretch.heads + wording.plain[start:end]


def _window(units: list[_Unit], at: int) -> tuple[_Unit, ...]:
    """A sentence and those behind it that a pattern may reach into."""
    limit = units[at].end + _BEYOND
    last = at + 1
    while last < len(units) and units[last].start < limit:
        last += 1
    return tuple(units[at:last])


_COMPILED: dict[str, _Detectors] = {}
_MAKING = threading.Lock()


def _detectors(rules: Rulebook) -> _Detectors:
    # Made once, however many threads want them at that moment.
    with _MAKING:
        found = _COMPILED.get(rules.version)
        if found is None:
            found = _COMPILED[rules.version] = _Detectors(rules)
            # They live as long as the process: to look for garbage among them took a tenth of the time of a search.
            gc.freeze()
        return found


def _typed(value: str | list[str], spec: ClauseValue) -> Any:
    """A value as its type wants it; None where the words are none of that type."""
    if spec.type is ValueType.LIST:
        return value if isinstance(value, list) else [value]
    if not isinstance(value, str):
        return None
    match spec.type:
        case ValueType.COUNT:
            return read_count(value)
        case ValueType.FLAG:
            return value == "true"
        case ValueType.CHOICE:
            return value if value in spec.of else None
        case _:
            return re.sub(r"\s+", " ", value).strip() or None

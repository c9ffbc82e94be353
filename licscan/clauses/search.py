"""The clauses of a text: every pattern of every clause type tried in linear time, each find given its values."""

import re
import threading
from collections.abc import Iterator
from typing import Any, NamedTuple

import re2

from licscan.clauses.needles import Sieve
from licscan.clauses.numbers import read_count
from licscan.model import Clause, Evidence
from licscan.rulebook import ClauseRule, Rulebook
from licscan.rulebook.records import Cases, ClauseValue, Pattern, ValueType
from licscan.text import QUOTE, fold
from licscan.wording import Sentence, Wording

# Types of which a text may have several, told apart by these values.
_SEVERAL = {"threshold": ("metric", "value"), "attribution-display": ("text",), "naming-requirement": ("text",)}
_MOST = 400
# How far a pattern may reach beyond the sentence in which it begins.
_BEYOND = 600
_ROOM = 16 << 20
_LEAST_QUOTE = 220
_BEFORE = 20
_WIDE = re.compile("[\u4e00-\u9fff]")


class _Find(NamedTuple):
    rule: ClauseRule
    values: dict[str, Any]
    start: int
    end: int


def search(wording: Wording, rules: Rulebook, at: Evidence) -> tuple[Clause, ...]:
    """The clauses of a text, in the order in which they stand there; each type once, thresholds once a number.

    Args:
        wording: The text.
        rules: The rule base.
        at: The text as evidence; section, lines and quotes are added.
    """
    found: dict[tuple[Any, ...], _Find] = {}
    # Of a text in two languages the Latin half is quoted, which more readers know; otherwise what stands first.
    for find in sorted(_detectors(rules).finds(wording), key=lambda one: _order(one, wording)):
        key = (find.rule.id, *(_key(find.values.get(name)) for name in _SEVERAL.get(find.rule.id, ())))
        known = found.get(key)
        if known is None:
            found[key] = find
        else:
            # A later place may say what the first leaves open.
            found[key] = known._replace(values={**find.values, **known.values})
    _drop_emptier(found)
    return tuple(_clause(find, wording, at) for find in found.values())


def _order(find: _Find, wording: Wording) -> tuple[bool, int, int]:
    return bool(_WIDE.search(wording.plain, find.start, find.end)), find.start, -len(find.values)


def _drop_emptier(found: dict[tuple[Any, ...], _Find]) -> None:
    """A find without the words that another of its type has adds nothing."""
    for name in _SEVERAL:
        keys = [key for key in found if key[0] == name]
        empty = [key for key in keys if key[-1] is None]
        if len(keys) > len(empty):
            for key in empty:
                del found[key]


def _clause(find: _Find, wording: Wording, at: Evidence) -> Clause:
    start, end = _quoted(find, wording)
    first, last = wording.span(start, end)
    quote = fold(wording.text[first:last])
    lines = (wording.line(first), wording.line(max(first, last - 1)))
    section = wording.section(wording.span(find.start, find.end)[0])
    evidence = at.model_copy(update={"section": section, "lines": lines, "quote": quote[:QUOTE]})
    return Clause(id=find.rule.id, values=find.values, on=find.rule.on, quote=quote[:QUOTE], evidence=evidence)


def _quoted(find: _Find, wording: Wording) -> tuple[int, int]:
    """The sentence, where it is short enough; else the words that were found, with some around them."""
    sentence = wording.sentence(find.start, find.end)
    if sentence.end - sentence.start <= QUOTE - 20:
        return sentence.start, sentence.end
    # What a clause says follows the words that show it more often than it goes before them.
    spare = max(0, min(_BEFORE, QUOTE - 20 - (find.end - find.start)))
    start = wording.plain.rfind(" ", sentence.start, max(sentence.start, find.start - spare)) + 1
    start = max(sentence.start, start if start > 0 else find.start)
    end = min(sentence.end, max(find.end, start + _LEAST_QUOTE), start + QUOTE - 20)
    blank = wording.plain.rfind(" ", start, end)
    return start, max(blank if end < sentence.end and blank > find.end else end, start + 1)


def _key(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value


class _Detectors:
    """All patterns of a rule base, compiled."""

    def __init__(self, rules: Rulebook) -> None:
        self._options = re2.Options()
        self._options.case_sensitive = False
        self._options.log_errors = False
        # Room for the automaton of a large pattern: where it does not fit, RE2 goes on much slower.
        self._options.max_mem = _ROOM
        self._patterns: list[tuple[ClauseRule, Pattern]] = [
            (rule, pattern) for rule in rules.clauses.values() if rule.status != "deprecated" for pattern in rule.find
        ]
        numbered = [(number, pattern) for number, (_, pattern) in enumerate(self._patterns)]
        self._inside = Sieve((number, pattern) for number, pattern in numbered if not pattern.across)
        self._across = Sieve((number, pattern) for number, pattern in numbered if pattern.across)
        self._made: dict[int, Any] = {}
        self._asides = [self._compiled(text) for text in rules.asides]
        self._ends = [self._compiled(text) for text in rules.ends]
        self._others: dict[str, Any] = {}

    def finds(self, wording: Wording) -> Iterator[_Find]:
        """Every find that its sentence does not rule out."""
        end = self._end(wording.plain)
        for sentence in wording.sentences():
            if sentence.start >= end:
                return
            inside = wording.plain[sentence.start : min(sentence.end, end)]
            beyond = wording.plain[sentence.start : min(sentence.end + _BEYOND, end)]
            for sieve, words in ((self._inside, inside), (self._across, beyond)):
                for number in sorted(sieve.sift(words)):
                    yield from self._matches(number, words, sentence, wording)

    def _matches(self, number: int, words: str, sentence: Sentence, wording: Wording) -> Iterator[_Find]:
        """What one pattern finds that begins in a sentence, in its words and what follows them."""
        if number not in self._made:
            self._made[number] = self._compiled(self._patterns[number][1].pattern)
        rule, pattern = self._patterns[number]
        for count, match in enumerate(self._made[number].finditer(words)):
            if count >= _MOST or match.start() >= sentence.end - sentence.start:
                return
            if find := self._find(rule, pattern, match, wording, offset=sentence.start):
                yield find

    def _find(self, rule: ClauseRule, pattern: Pattern, match: Any, wording: Wording, *, offset: int) -> _Find | None:
        start, end = (offset + place for place in match.span())
        bounds = wording.sentence(start, end)
        sentence = wording.plain[bounds.start : bounds.end]
        if any(self._has(text, sentence) for text in (*rule.unless, *pattern.unless)):
            return None
        if not all(self._has(text, sentence) for text in pattern.needs):
            return None
        if not pattern.anywhere and any(aside.search(sentence) for aside in self._asides):
            return None
        values: dict[str, Any] = {}
        for name, spec in rule.values.items():
            value = self._value(name, spec, pattern, match, wording, span=(start, end))
            if value is not None:
                values[name] = value
            elif spec.required:
                return None
        return _Find(rule, values, start, end)

    def _value(
        self, name: str, spec: ClauseValue, pattern: Pattern, match: Any, wording: Wording, *, span: tuple[int, int]
    ) -> Any:
        stated = pattern.values.get(name)
        if isinstance(stated, Cases):
            return self._case(stated, spec, span, wording)
        if stated is not None:
            return _typed(stated, spec)
        if name not in match.re.groupindex:
            return None
        words = match.group(match.re.groupindex[name])
        return _typed(words.strip(" \"'.,:;"), spec) if words else None

    def _case(self, stated: Cases, spec: ClauseValue, span: tuple[int, int], wording: Wording) -> Any:
        start, end = span
        if stated.within != "match":
            start, end = wording.sentence(start, end)
        if stated.within == "around":
            start = wording.sentence(max(0, start - 2), max(1, start - 1)).start
            end = wording.sentence(end, min(len(wording.plain), end + 1)).end
        words = wording.plain[start:end]
        found = [case for case, text in stated.cases.items() if self._has(text, words)]
        if spec.type is ValueType.LIST:
            return found or (None if stated.otherwise is None else [stated.otherwise])
        chosen = found[0] if found else stated.otherwise
        return None if chosen is None else _typed(chosen, spec)

    def _end(self, plain: str) -> int:
        return min((found.start() for one in self._ends if (found := one.search(plain))), default=len(plain))

    def _has(self, text: str, words: str) -> bool:
        if text not in self._others:
            self._others[text] = self._compiled(text)
        return self._others[text].search(words) is not None

    def _compiled(self, text: str) -> Any:
        return re2.compile(text, self._options)


_COMPILED: dict[str, _Detectors] = {}
_MAKING = threading.Lock()


def _detectors(rules: Rulebook) -> _Detectors:
    # Made once, however many threads want them at that moment.
    with _MAKING:
        found = _COMPILED.get(rules.version)
        if found is None:
            found = _COMPILED[rules.version] = _Detectors(rules)
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

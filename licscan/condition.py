"""The `when:` language of levels and policies: what must hold of a model, in words that counsel can read.

    when: {level: unknown}                                   # one thing; a list means any of these
    when: {clause: {id: threshold, effect: [prohibited, separate-license]}}
    when: {clause: {value: {below: organisation.monthly_active_users}}}
    applies: {organisation: {territories: {in: this.regions}}}   # of the clause at hand
    when: {all: [...]}, {any: [...]}, {not: {...}}           # several keys in one mapping mean all of them

A leaf holds where one thing of its subject fits all that it says. What would need a fact that nobody gave neither
holds nor fails: it is open, and the facts that would decide it are named.
"""

import fnmatch
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

Scalar: TypeAlias = str | int | float | bool
Thing: TypeAlias = Mapping[str, object]
Facts: TypeAlias = Mapping[str, Sequence[Thing]]
Path: TypeAlias = tuple[str | int, ...]
# The fields of each subject; the first is meant where a leaf names none.
Vocabulary: TypeAlias = Mapping[str, tuple[str, ...]]

ORGANISATION = "organisation"
THIS = "this"
_SIGNS = ("is", "in", "like", "above", "below")
_JOINS = ("all", "any", "not")
_DEEPEST = 20
# Longer digits are no amount of anything.
_LONGEST = 30
# A leading zero is part of a name; an underscore sets off three digits.
_DIGITS = re.compile(r"-?(?:0|[1-9]\d*|[1-9]\d{0,2}(?:_\d{3})+)(?:\.\d+)?", re.ASCII)


class ConditionError(ValueError):
    """A condition that cannot be read.

    Args:
        path: Where in the condition.
        what: What is wrong there.
        remedy: What to write instead.
    """

    def __init__(self, path: Path, what: str, remedy: str) -> None:
        super().__init__(f"{'.'.join(map(str, path))}: {what}; {remedy}")
        self.path = path
        self.what = what
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison: a field, a sign, and what it is compared with."""

    name: str
    sign: str
    operand: object


@dataclass(frozen=True, slots=True)
class Leaf:
    """One thing of a subject must pass all tests."""

    subject: str
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Join:
    """Several conditions: `all`, `any`, or `not` (none) of them."""

    how: str
    parts: tuple["Condition", ...]


Condition: TypeAlias = Leaf | Join


class Outcome(NamedTuple):
    """What became of a condition.

    Attributes:
        holds: Whether it does; None where a fact is missing that would decide it.
        found: Subject and thing, for every thing that made a leaf hold or stay open.
        missing: The facts of the organisation that would decide it, where it is open.
    """

    holds: bool | None
    found: tuple[tuple[str, Thing], ...] = ()
    missing: tuple[str, ...] = ()


_FAILS = Outcome(holds=False)


def parse(data: object, vocabulary: Vocabulary, path: Path = ("when",)) -> Condition:
    """Read a condition from what YAML or TOML gave.

    Args:
        data: Mappings, lists and scalars; numbers and truth values may be text.
        vocabulary: Which subjects there are, and their fields.
        path: Where the condition stands, for messages.

    Raises:
        ConditionError: It says something that the language does not have.
    """
    if len(path) > _DEEPEST:
        raise ConditionError(path, "is nested too deeply", "split it into several rules")
    if not isinstance(data, Mapping) or not data:
        raise ConditionError(path, "is no mapping", f"write one of {', '.join((*_JOINS, *vocabulary))}")
    parts = [_part(str(key), value, vocabulary, (*path, str(key))) for key, value in data.items()]
    return parts[0] if len(parts) == 1 else Join("all", tuple(parts))


def _part(key: str, value: object, vocabulary: Vocabulary, path: Path) -> Condition:
    if key in _JOINS:
        # `not` takes one condition or a list of them, none of which may hold.
        items = value if isinstance(value, list) else [value] if key == "not" else None
        if not items:
            raise ConditionError(path, "is no list of conditions", "write one `- condition` per line")
        return Join(key, tuple(parse(item, vocabulary, (*path, at)) for at, item in enumerate(items)))
    if key not in vocabulary:
        raise ConditionError(path, "is nothing that a condition can speak of", f"write one of {_listed(vocabulary)}")
    if not isinstance(value, Mapping) or set(map(str, value)) <= set(_SIGNS):
        value = {vocabulary[key][0]: value}
    tests = [test for name, said in value.items() for test in _tests(str(name), said, key, vocabulary, path)]
    return Leaf(key, tuple(tests))


def _tests(name: str, said: object, subject: str, vocabulary: Vocabulary, path: Path) -> Iterator[Test]:
    path = (*path, name)
    if name not in vocabulary[subject]:
        raise ConditionError(path, "is no field of it", f"it has {', '.join(vocabulary[subject])}")
    # `field: word` means `is`, and `field: [one, two]` means `in`.
    signs = said if isinstance(said, Mapping) else {"in" if isinstance(said, list) else "is": said}
    if not signs:
        raise ConditionError(path, "says nothing", f"write a value, or one of {', '.join(_SIGNS)}")
    for sign, operand in signs.items():
        at = (*path, str(sign)) if isinstance(said, Mapping) else path
        if sign not in _SIGNS:
            raise ConditionError(at, "is no comparison", f"write one of {', '.join(_SIGNS)}")
        yield Test(name, str(sign), _operand(str(sign), operand, vocabulary, at))


def _operand(sign: str, operand: object, vocabulary: Vocabulary, path: Path) -> object:
    if _refers(operand):
        _known(str(operand), vocabulary, path)
        return operand
    if sign in {"in", "like"}:
        items = operand if isinstance(operand, list) else [operand]
        if not items:
            raise ConditionError(path, "is an empty list", "name at least one value")
        if any(_refers(item) for item in items):
            raise ConditionError(path, "mixes facts and values", f"write the fact alone: {sign}: {ORGANISATION}.<fact>")
        # A pattern is text, whatever it looks like: `2024_01` is no number.
        return tuple(str(item) if sign == "like" and isinstance(item, str) else scalar(item, path) for item in items)
    value = scalar(operand, path)
    if sign in {"above", "below"} and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise ConditionError(path, "is no number", f"write digits, or {ORGANISATION}.<fact>")
    return value


def _known(reference: str, vocabulary: Vocabulary, path: Path) -> None:
    of, _, name = reference.partition(".")
    if name not in vocabulary.get(of, ()):
        facts = [f"{one}.{field}" for one in (ORGANISATION, THIS) for field in vocabulary.get(one, ())]
        remedy = f"use one of {', '.join(facts)}" if facts else "write the value itself"
        raise ConditionError(path, f"{reference!r} is no fact that can be compared with here", remedy)


def scalar(value: object, path: Path) -> Scalar:
    """One value of YAML or TOML, given its type where it is a text that says a number or a truth value.

    Raises:
        ConditionError: It is none.
    """
    if isinstance(value, str):
        return _number(value)
    if isinstance(value, bool | int | float):
        return value
    raise ConditionError(path, "is no single value", "write one word or number")


def _number(text: str) -> Scalar:
    """YAML under `rules/` is read without types: `true` and digits are given theirs here."""
    if text in {"true", "false"}:
        return text == "true"
    if not _DIGITS.fullmatch(text) or len(text) > _LONGEST:
        return text
    plain = text.replace("_", "")
    return float(plain) if "." in plain else int(plain)


def _refers(value: object) -> bool:
    return isinstance(value, str) and value.startswith((f"{ORGANISATION}.", f"{THIS}."))


def _listed(names: Iterable[str]) -> str:
    return ", ".join((*_JOINS, *names))


def holds(condition: Condition, facts: Facts) -> Outcome:
    """Whether a condition holds of some facts, and which of them made it so."""
    if isinstance(condition, Leaf):
        return _leaf(condition, facts)
    outcomes = [holds(part, facts) for part in condition.parts]
    verdicts = [outcome.holds for outcome in outcomes]
    if condition.how == "not":
        open_ = None in verdicts and True not in verdicts
        return Outcome(None if open_ else True not in verdicts, (), _missing(outcomes) if open_ else ())
    decided = condition.how == "any"  # one True decides `any`, one False decides `all`
    if decided in verdicts:
        verdict: bool | None = decided
    else:
        verdict = None if None in verdicts else not decided
    if verdict is False:
        return _FAILS
    # What holds explains itself; what is open, by all that has not failed.
    speaking = [outcome for outcome in outcomes if outcome.holds or (outcome.holds is None and verdict is None)]
    found = tuple(thing for outcome in speaking for thing in outcome.found)
    return Outcome(verdict, found, _missing(outcomes) if verdict is None else ())


def _missing(outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for outcome in outcomes for name in outcome.missing))


@dataclass(slots=True)
class _Found:
    """What one leaf came upon."""

    things: list[tuple[str, Thing]] = field(default_factory=list)
    open: list[tuple[str, Thing]] = field(default_factory=list)
    missing: dict[str, None] = field(default_factory=dict)


def _leaf(leaf: Leaf, facts: Facts) -> Outcome:
    given = {name: next(iter(facts.get(name, ())), {}) for name in (ORGANISATION, THIS)}
    found = _Found()
    for thing in facts.get(leaf.subject, ()):
        verdict = True
        missing: list[str] = []
        for test in leaf.tests:
            one = _passes(test, leaf.subject, thing, given)
            if one is False:
                verdict = False
                break
            if isinstance(one, str):
                missing.append(one)
        if verdict and missing:
            found.open.append((leaf.subject, thing))
            found.missing.update(dict.fromkeys(missing))
        elif verdict:
            found.things.append((leaf.subject, thing))
    if found.things:
        return Outcome(holds=True, found=tuple(found.things))
    if found.open:
        return Outcome(None, tuple(found.open), tuple(found.missing))
    # Nobody said anything of the organisation: what is asked of it is open, not false.
    if leaf.subject == ORGANISATION and not facts.get(ORGANISATION):
        return Outcome(None, (), tuple(f"{ORGANISATION}.{test.name}" for test in leaf.tests))
    return _FAILS


def _passes(test: Test, subject: str, thing: Thing, given: Mapping[str, Thing]) -> bool | str:
    """Whether a thing passes a test; the name of the fact that is missing where that cannot be said."""
    value = thing.get(test.name)
    if value is None:
        # A model that lacks a value lacks it; an organisation that did not give one may have any.
        return f"{ORGANISATION}.{test.name}" if subject == ORGANISATION else False
    operand = test.operand
    if isinstance(operand, str) and _refers(operand):
        of, _, name = operand.partition(".")
        operand = given[of].get(name)
        if operand is None:
            return str(test.operand) if of == ORGANISATION else False
    compare = _COMPARE[test.sign]
    values = value if isinstance(value, list | tuple | frozenset | set) else (value,)
    return any(compare(one, operand) for one in values)


def _same(one: object, other: object) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    if isinstance(one, bool) or isinstance(other, bool):
        return str(one).casefold() == str(other).casefold()
    return one == other or str(one) == str(other)


def _among(one: object, others: object) -> bool:
    return any(_same(one, other) for other in _each(others))


def _like(one: object, patterns: object) -> bool:
    return any(fnmatch.fnmatchcase(str(one).casefold(), str(pattern).casefold()) for pattern in _each(patterns))


def _each(operand: object) -> Iterable[object]:
    return operand if isinstance(operand, tuple | list | frozenset | set) else (operand,)


def _above(one: object, other: object) -> bool:
    return _numeric(one) and _numeric(other) and one > other  # type: ignore[operator]


def _below(one: object, other: object) -> bool:
    return _numeric(one) and _numeric(other) and one < other  # type: ignore[operator]


def _numeric(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_COMPARE: Mapping[str, Callable[[object, object], bool]] = {
    "is": _same,
    "in": _among,
    "like": _like,
    "above": _above,
    "below": _below,
}

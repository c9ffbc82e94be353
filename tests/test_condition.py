"""Conditions: what they mean where facts are missing, what they can say, and what they are refused for."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan import condition_json
from licscan.condition import Condition, ConditionError, Facts, Join, Leaf, Outcome, holds, parse
from licscan.condition import Test as Comparison
from licscan.errors import RuleError
from licscan.rulebook import load
from licscan.rulebook.policies import MODEL, of_limits
from tests.test_rulebook import CLAUSE, rule_base

WORDS = {
    "level": ("id", "unknown"),
    "clause": ("id", "effect", "value", "regions"),
    "model": ("name", "pinned"),
    "organisation": ("activities", "users", "territories"),
    "this": ("regions", "value"),
}
FACTS: Facts = {
    "level": [{"id": "restrictive", "unknown": None}],
    "clause": [
        {"id": "threshold", "effect": "duty", "value": 100},
        {"id": "territory", "regions": ["EU", "UK"]},
    ],
    "model": [{"name": "Org/Model-7B_2024_01", "pinned": True}],
    "organisation": [{"users": 100, "activities": ("host",)}],
    "this": [{"regions": ["EU"], "value": 100}],
}


def ask(when: object, facts: Facts = FACTS) -> bool | None:
    return holds(parse(when, WORDS), facts).holds


TRUE, FALSE, OPEN = {"level": "restrictive"}, {"level": "closed"}, {"organisation": {"territories": "DE"}}
VERDICTS = {True: TRUE, False: FALSE, None: OPEN}


@pytest.mark.parametrize(("one", "other"), list(itertools.product(VERDICTS, repeat=2)))
def test_joins_follow_three_valued_logic(one: bool | None, other: bool | None) -> None:
    """`all` fails with one that fails, `any` holds with one that holds; else what is open leaves them open."""
    parts = [VERDICTS[one], VERDICTS[other]]
    verdicts = [one, other]
    assert ask({"all": parts}) is (False if False in verdicts else None if None in verdicts else True)
    assert ask({"any": parts}) is (True if True in verdicts else None if None in verdicts else False)
    assert ask({"not": parts}) is (False if True in verdicts else None if None in verdicts else True)


def test_keys_of_one_mapping_hold_together() -> None:
    """Several keys in one mapping mean all of them."""
    assert ask({**TRUE, "clause": "threshold"}) is True
    assert ask({**FALSE, "clause": "threshold"}) is False


LEAVES = st.sampled_from([TRUE, FALSE, OPEN, {"clause": {"value": {"above": "organisation.users"}}}])
CONDITIONS = st.recursive(
    LEAVES,
    lambda parts: (
        st.lists(parts, min_size=1, max_size=3).map(lambda some: {"all": some})
        | st.lists(parts, min_size=1, max_size=3).map(lambda some: {"any": some})
        | parts.map(lambda one: {"not": one})
    ),
    max_leaves=8,
)


@given(CONDITIONS)
def test_what_is_denied_twice_is_said(when: dict[str, object]) -> None:
    """`not not x` is x, open ones included, and asks for the same facts."""
    once, twice = (holds(parse(one, WORDS), FACTS) for one in (when, {"not": {"not": when}}))
    assert (once.holds, once.missing) == (twice.holds, twice.missing)


@given(st.lists(CONDITIONS, min_size=1, max_size=3))
def test_denials_change_all_into_any(parts: list[dict[str, object]]) -> None:
    """De Morgan: not all is any not; not any is all not."""
    denied = [{"not": part} for part in parts]
    assert ask({"not": {"all": parts}}) is ask({"any": denied})
    assert ask({"not": {"any": parts}}) is ask({"all": denied})
    assert ask({"not": parts}) is ask({"not": {"any": parts}})


@given(CONDITIONS)
def test_what_is_open_names_what_would_close_it(when: dict[str, object]) -> None:
    """An open condition names missing facts, a decided one names none; given all facts, none is open."""
    outcome = holds(parse(when, WORDS), FACTS)
    assert bool(outcome.missing) == (outcome.holds is None)
    whole = {**FACTS, "organisation": [{"users": 100, "activities": (), "territories": ("DE",)}]}
    assert ask(when, whole) is not None


@pytest.mark.parametrize(
    ("when", "verdict"),
    [
        ({"level": "Restrictive"}, True),
        ({"level": ["closed", "restrictive"]}, True),
        ({"level": {"is": "restrictive"}}, True),
        ({"level": {"in": "restrictive"}}, True),
        ({"level": {"id": {"in": ["closed"]}}}, False),
        ({"level": {"unknown": "none-stated"}}, False),
        ({"model": {"name": {"like": "org/*"}}}, True),
        ({"model": {"like": ["x", "*_2024_01"]}}, True),
        ({"model": {"name": {"like": "org/?"}}}, False),
        ({"model": {"pinned": "true"}}, True),
        ({"model": {"pinned": True}}, True),
        ({"model": {"pinned": 1}}, False),
        ({"model": {"pinned": {"above": 0}}}, False),
        ({"clause": {"value": {"above": 99}}}, True),
        ({"clause": {"value": {"above": 100}}}, False),
        ({"clause": {"value": {"above": "99.5"}}}, True),
        ({"clause": {"value": {"below": "1_000"}}}, True),
        ({"clause": {"value": {"below": 100}}}, False),
        ({"clause": {"value": {"above": "-1", "below": 101}}}, True),
        ({"clause": {"value": "100"}}, True),
        ({"clause": {"value": "0100"}}, False),
        ({"clause": {"effect": {"above": 1}}}, False),
        ({"clause": {"regions": "uk"}}, True),
        ({"clause": {"regions": {"in": "this.regions"}}}, True),
        ({"clause": {"value": {"is": "organisation.users"}}}, True),
        ({"clause": {"value": {"below": "organisation.users"}}}, False),
        ({"clause": {"id": "threshold", "value": {"in": "organisation.territories"}}}, None),
        ({"clause": {"id": "territory", "effect": "duty"}}, False),
        ({"organisation": "host"}, True),
        ({"organisation": {"territories": "DE", "users": {"above": 100}}}, False),
    ],
)
def test_comparisons(when: object, verdict: bool | None) -> None:
    """Each comparison and short form, at its bounds; text ignores case, one of several values is enough."""
    assert ask(when) is verdict


def test_a_comparison_with_what_is_missing() -> None:
    """A fact of the organisation that nobody gave is named; a value that the clause at hand lacks is not there."""
    place, own = {"regions": {"in": "organisation.territories"}}, {"value": {"is": "this.value"}}
    assert holds(parse({"clause": place}, WORDS), FACTS).missing == ("organisation.territories",)
    bare: Facts = {**FACTS, "this": [{}]}
    assert holds(parse({"clause": own}, WORDS), bare) == Outcome(holds=False)
    assert ask({"clause": own}) is True


def test_numbers_and_their_digits_are_the_same() -> None:
    """What one file has as a number another has as text; an amount with decimals is the whole amount."""
    for value, operand, verdict in (("100", 100, True), (100, "100", True), (100.0, 100, True), ("1e2", 100, False)):
        facts: Facts = {"clause": [{"id": "x", "value": value}]}
        assert ask({"clause": {"value": operand}}, facts) is verdict


def test_one_thing_passes_all_tests_of_a_leaf() -> None:
    """Tests of a leaf are not shared out over several things."""
    assert ask({"clause": {"id": "territory", "value": 100}}) is False


def test_nothing_said_of_the_organisation_is_open_and_of_the_model_is_false() -> None:
    """A model that lacks a value lacks it; an organisation that said nothing may have any."""
    assert ask({"clause": "threshold"}, {}) is False
    outcome = holds(parse({"organisation": {"users": {"above": 5}}}, WORDS), {})
    assert outcome == Outcome(None, (), ("organisation.users",))


def test_only_what_made_it_hold_is_found() -> None:
    """Of `any`, what is open beside what holds explains nothing."""
    outcome = holds(parse({"any": [OPEN, {"clause": "threshold"}]}, WORDS), FACTS)
    assert [(subject, thing["id"]) for subject, thing in outcome.found] == [("clause", "threshold")]


@pytest.mark.parametrize(
    ("when", "path", "says"),
    [
        (None, "when", "is no mapping"),
        ([], "when", "is no mapping"),
        ({}, "when", "is no mapping"),
        ("level", "when", "is no mapping"),
        ({"levle": "x"}, "when.levle", "is nothing that a condition can speak of"),
        ({"level": {"ids": "x"}}, "when.level.ids", "it has id, unknown"),
        ({"level": {}}, "when.level", "says nothing"),
        ({"level": {"id": {}}}, "when.level.id", "says nothing"),
        ({"level": []}, "when.level.id", "is an empty list"),
        ({"level": {"in": []}}, "when.level.id.in", "is an empty list"),
        ({"level": {"id": {"over": 3}}}, "when.level.id.over", "is no comparison"),
        ({"level": {"id": [{"a": 1}]}}, "when.level.id", "is no single value"),
        ({"level": None}, "when.level.id", "is no single value"),
        ({"clause": {"value": {"above": "many"}}}, "when.clause.value.above", "is no number"),
        ({"clause": {"value": {"above": "true"}}}, "when.clause.value.above", "is no number"),
        ({"clause": {"value": {"above": [1]}}}, "when.clause.value.above", "is no single value"),
        ({"clause": {"value": {"below": "organisation.usres"}}}, "when.clause.value.below", "organisation.users"),
        ({"clause": {"value": {"in": ["this.value", 3]}}}, "when.clause.value.in", "mixes facts and values"),
        ({"all": []}, "when.all", "is no list of conditions"),
        ({"any": {"level": "x"}}, "when.any", "is no list of conditions"),
        ({"not": []}, "when.not", "is no list of conditions"),
        ({"all": [{"level": "x"}, {"any": [{"x": 1}]}]}, "when.all.1.any.0.x", "nothing that a condition"),
    ],
)
def test_refuses_what_the_language_does_not_have(when: object, path: str, says: str) -> None:
    """What cannot be read is refused with its path and what to write instead; nothing is silently never so."""
    with pytest.raises(ConditionError) as refused:
        parse(when, WORDS)
    assert ".".join(map(str, refused.value.path)).startswith(path)
    assert says in str(refused.value)
    assert refused.value.remedy


def test_depth_is_bounded() -> None:
    """A condition nested without end is refused, not followed."""
    when: dict[str, object] = {"level": "x"}
    for _ in range(2000):
        when = {"not": when}
    with pytest.raises(ConditionError, match="nested too deeply"):
        parse(when, WORDS)


def test_a_fact_must_be_one_that_is_there() -> None:
    """A policy cannot compare with the clause at hand, and a limitation only with values that its clause has."""
    with pytest.raises(ConditionError, match=r"this\.regions"):
        parse({"organisation": {"territories": {"in": "this.regions"}}}, MODEL)
    with pytest.raises(ConditionError, match=r"use one of organisation\."):
        parse({"organisation": {"territories": {"in": "this.region"}}}, of_limits(("regions",)))
    assert parse({"this": {"regions": "EU"}}, of_limits(("regions",))) == Leaf(
        "this", (Comparison("regions", "is", "EU"),)
    )


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: (
    st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["all", "any", "not", "level", "clause", "id", "in", "above", "x"]), inner, max_size=3)
), max_leaves=10))  # fmt: skip
def test_whatever_is_written_is_read_or_refused(data: object) -> None:
    """Odd input is either a condition that can be asked, or refused."""
    condition: Condition
    try:
        condition = parse(data, WORDS)
    except ConditionError:
        return
    assert isinstance(condition, Leaf | Join)
    assert holds(condition, FACTS).holds in {True, False, None}


@given(CONDITIONS)
def test_a_lock_keeps_conditions_as_they_are(when: dict[str, object]) -> None:
    """What a lock keeps of a condition is JSON that reads back as that condition, and compares as the same."""
    condition = parse(when, WORDS)
    kept = condition_json.plain(condition)
    read = json.loads(json.dumps(kept))
    assert (condition_json.restored(read), read) == (condition, kept)


def test_a_lock_keeps_every_kind_of_condition() -> None:
    """Joins by their word, leaves by their subject and comparisons."""
    when = {
        "all": [TRUE, {"clause": {"value": {"above": 1, "below": 5}}}],
        "any": [{"level": ["a", "b"]}],
        "not": [{"model": {"like": ["x*"]}}],
    }
    assert condition_json.plain(parse(when, WORDS)) == [
        "all",
        ["all", ["level", ["id", "is", "restrictive"]], ["clause", ["value", "above", 1], ["value", "below", 5]]],
        ["any", ["level", ["id", "in", ["a", "b"]]]],
        ["not", ["model", ["name", "like", ["x*"]]]],
    ]
    assert condition_json.restored(condition_json.plain(parse(when, WORDS))) == parse(when, WORDS)


@pytest.mark.parametrize(
    "data",
    [None, 3, {}, {"all": []}, [], [3], [["all"]], ["level", "x"], ["level", ["id"]], ["level", ["id", "is"]], ["level", ["id", "over", 3]], ["level", [3, "is", 3]], ["all", ["level", []]], ["not", 3]],
)  # fmt: skip
def test_what_no_lock_keeps_is_refused(data: object) -> None:
    """A condition that was not written by a lock is refused, and nothing is taken for one that always holds."""
    with pytest.raises(ConditionError) as refused:
        condition_json.restored(data)
    assert refused.value.path == ()
    assert refused.value.what == "is no compiled condition"
    assert refused.value.remedy == "write the lock anew with licscan lock"


def test_an_empty_join_is_a_subject_of_that_name() -> None:
    """A join has parts: without any it is read as a leaf, which nothing can ever fit."""
    assert condition_json.restored(["all"]) == Leaf("all", ())
    assert holds(condition_json.restored(["all"]), FACTS).holds is False


POLICY = "id: p\ntitle: T\nwhy: w\nrules:\n  - id: r\n    title: t\n    severity: note\n    message: m\n    remedy: r\n"
ROW = "id: table\ntitle: T\nwhy: w\nrows:\n  - level: unknown\n    because: b\n"


@pytest.mark.parametrize(
    ("changes", "where", "says"),
    [
        ({"policies__p": POLICY + "    when:\n      levle: unknown\n"}, "policies/p.yaml:11", "rules.0.when.levle:"),
        ({"policies__p": POLICY + "    when:\n      level:\n        ids: x\n"}, "policies/p.yaml:12", "rules.0.when.level.ids: is no field"),
        ({"policies__p": POLICY + "    when: {clause: {m: 5}}\n"}, "policies/p.yaml:10", "when.clause.m: is no field"),
        ({"policies__p": POLICY + "    when: {clause: {n: {below: organisation.users}}}\n"}, "policies/p.yaml:10", "organisation.users"),
        ({"clauses__c": CLAUSE.format(id="c") + "applies: {organisation: {actvities: host}}\n", "licenses__l": None, "models__m": None}, "clauses/c.yaml:6", "applies.organisation.actvities"),
        ({"clauses__c": CLAUSE.format(id="c") + "applies: {organisation: {fields: {in: this.fields}}}\n", "licenses__l": None, "models__m": None}, "clauses/c.yaml:6", "this.fields"),
        ({"levels__table": ROW + "    when: {freedon: free}\n"}, "levels/table.yaml:7", "rows.0.when.freedon"),
    ],
)  # fmt: skip
def test_rule_files_are_refused_at_the_line(
    tmp_path: Path, changes: dict[str, str | None], where: str, says: str
) -> None:
    """A misspelt key in a condition is refused with file, line and field, wherever conditions stand."""
    with pytest.raises(RuleError) as refused:
        load(rule_base(tmp_path / "rules", **changes), cache=tmp_path)
    assert where in refused.value.where
    assert says in str(refused.value)

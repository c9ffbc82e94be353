"""Policies proved: the shipped ones by their cases, and what is wrong with one is said."""

from pathlib import Path

import pytest

from licscan.errors import RuleError
from licscan.judge import chosen
from licscan.proving import troubles
from licscan.rulebook import Rulebook
from tests.conftest import Licscan

HEAD = "id: ours\ntitle: Ours\nwhy: ours\n"
RULE = "- {{id: {id}, title: T, severity: error, when: {when}, message: m, remedy: r}}\n"


def test_every_shipped_policy_is_proved(rules: Rulebook) -> None:
    """Each has cases that come out as they say, and every rule of its own objects in one of them."""
    for name, policy in rules.policies.items():
        assert not [one for one in troubles(policy, rules) if one.fails], name
        assert policy.cases
        inherited = rules.policies[policy.extends].by_id if policy.extends else {}
        proved = {rule for case in policy.cases for rule in case.objections}
        if policy.extends:
            assert {rule.id for rule in policy.rules if rule.id not in inherited} <= proved, name


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("{license: {id: lama3}}", "it can never hold that license.id is 'lama3'; did you mean llama3?"),
        ("{all: [{level: unknown}, {level: closed}]}", "a model has one level, and it cannot be both"),
        ("{any: [{level: closed}, {all: [{level: unknown}, {level: closed}]}]}", "a model has one level"),
    ],
)
def test_a_rule_that_can_never_object_is_said(rules: Rulebook, tmp_path: Path, rule: str, says: str) -> None:
    """Values that do not exist, and things that exclude each other."""
    path = tmp_path / "ours.yaml"
    path.write_text(HEAD + "rules:\n" + RULE.format(id="x", when=rule))
    assert says in " ".join(one.what for one in troubles(chosen(str(path), rules), rules) if one.fails)


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("{level: restricted}", "level.id is 'restricted' (did you mean restrictive?)"),
        ("{clause: treshold}", "clause.id is 'treshold' (did you mean threshold?)"),
        ("{any: [{level: closed}, {not: {license: {freedom: fre}}}]}", "license.freedom is 'fre' (did you mean free?)"),
        (
            "{threshold: {effect: [duty, separate-licence]}}",
            "threshold.effect is 'separate-licence' (did you mean separate-license?)",
        ),
        ("{clause: {effect: forbidden}}", "clause.effect is 'forbidden'"),
        ("{base: {relation: fine-tune}}", "base.relation is 'fine-tune' (did you mean finetune?)"),
        ("{integrity: broken}", "integrity.status is 'broken' (write one of changed, "),
    ],
)
def test_a_word_that_a_field_never_is_is_refused(rules: Rulebook, tmp_path: Path, rule: str, says: str) -> None:
    """A slip of the pen would let pass whatever it was meant for, so no policy with one is ever used."""
    path = tmp_path / "ours.yaml"
    path.write_text(HEAD + "rules:\n" + RULE.format(id="x", when=rule))
    with pytest.raises(RuleError, match=r"ours.yaml:5: rules.0.when: it can never hold that") as refused:
        chosen(str(path), rules)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ("{level: closed}", "{level: [closed, unknown]}", True),
        ("{level: closed}", "{any: [{level: closed}, {gap: failed}]}", True),
        ("{all: [{level: closed}, {gap: failed}]}", "{gap: failed}", True),
        ("{clause: {id: threshold, effect: duty}}", "{clause: threshold}", True),
        ("{level: [closed, unknown]}", "{level: closed}", False),
        ("{clause: threshold}", "{limitation: threshold}", False),
    ],
)
def test_a_rule_that_only_repeats_another_is_said(
    rules: Rulebook, tmp_path: Path, one: str, other: str, overlap: bool
) -> None:
    """Where everything that one rule objects to is objected to by another, that is worth knowing, and no fault."""
    path = tmp_path / "ours.yaml"
    path.write_text(HEAD + "rules:\n" + RULE.format(id="one", when=one) + RULE.format(id="other", when=other))
    found = [some for some in troubles(chosen(str(path), rules), rules) if some.about == "one" and "other" in some.what]
    assert bool(found) == overlap
    assert not any(some.fails for some in found)


def test_a_case_that_comes_out_otherwise_fails(licscan: Licscan, tmp_path: Path) -> None:
    """Which rule objects, or does not, is said, and the exit code is 1."""
    path = tmp_path / "ours.yaml"
    case = "cases:\n- {title: c, model: {level: closed}, objections: [y]}\n"
    path.write_text(HEAD + "rules:\n" + RULE.format(id="x", when="{level: closed}") + case)
    done = licscan("policy", "test", path)
    assert done.code == 1
    assert "c: x objects, and the case does not say so" in done.err
    assert "c: y is no rule of this policy" in done.err

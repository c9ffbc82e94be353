"""Policies: what the shipped one objects to, how one extends another, what contracts cover, and what stays the same."""

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from licscan.assess import assess
from licscan.condition import holds, parse
from licscan.config import organisation
from licscan.errors import RuleError, UsageError
from licscan.judge import chosen, findings, judge_of, ready
from licscan.lineage import key
from licscan.model import Agreement, Amount, Assessment, Change, Finding, Mention, ModelRef, Organisation, Relation
from licscan.policy import Judge, Rule, facts
from licscan.rulebook import Rulebook, load
from tests.conftest import Licscan
from tests.test_inheritance import model
from tests.test_rulebook import rule_base

TODAY = datetime.date(2026, 11, 22)
LARGE = Organisation(amounts={"monthly_active_users": (Amount(value=800_000_000),)})
FROZEN = Organisation(
    amounts={"monthly_active_users": (Amount(value=5, on=datetime.date(2024, 1, 1)), replace(LARGE.amounts["monthly_active_users"][0], on=TODAY))}
)  # fmt: skip


def test_the_shipped_policies_prove_themselves(rules: Rulebook) -> None:
    """Every case of every shipped policy has exactly the objections that it names; every rule of its own has one."""
    for policy in rules.policies.values():
        ask = ready(policy, rules)
        named = set()
        for case in policy.cases:
            given = {**case.model, **({"organisation": [case.organisation]} if case.organisation else {})}
            found = [rule.id for rule in ask if holds(rule.condition, given).holds]  # type: ignore[arg-type]
            assert sorted(found) == sorted(case.objections), case.title
            named |= set(case.objections)
        inherited = {rule.id for rule in rules.policies[policy.extends].rules} if policy.extends else set()
        assert named >= {rule.id for rule in policy.rules} - inherited


def judged(
    rules: Rulebook,
    one: Assessment,
    said: Organisation | None = None,
    changes: tuple[Change, ...] = (),
    *mentions: Mention,
) -> dict[str, Finding]:
    judge = judge_of(rules.policies["default"], rules, said or Organisation(), TODAY)
    return {finding.rule: finding for finding in findings(judge, one, changes, mentions)}


def look(rules: Rulebook, license_: str | None, *bases: str, said: Organisation | None = None) -> Assessment:
    others = [model(f"meta-llama/base{number}", base) for number, base in enumerate(bases)]
    child = model("meta-llama/Llama-x", license_, *((other.name, Relation.FINETUNE) for other in others))
    return assess(child, {key(other.ref): other for other in others}, rules, said)


def test_a_permissive_model_is_let_pass(rules: Rulebook) -> None:
    """Nothing is objected to in a model that withholds nothing."""
    assert judged(rules, look(rules, "apache-2.0")) == {}


def test_objections_say_what_where_and_what_to_do(rules: Rulebook) -> None:
    """A conflict with a base is an error that shows both sides, with the place of the first, and leaves no place open."""
    found = judged(rules, look(rules, "mit", "llama3.1"))
    assert set(found) == {"base-license", "level-restrictive"}
    one = found["base-license"]
    assert (one.severity, one.model and one.model.name) == ("error", "meta-llama/Llama-x")
    assert "; against card-tag: mit" in one.message
    assert one.evidence is not None
    assert all("{" not in finding.message + finding.remedy for finding in found.values())


def test_an_unknown_license_fails(rules: Rulebook) -> None:
    """Where no license is stated, that is an error with its reason."""
    found = judged(rules, look(rules, None))
    assert set(found) == {"level-unknown"}
    assert "none is stated" in found["level-unknown"].message


def test_numbers_and_places_of_the_organisation(rules: Rulebook) -> None:
    """A number that is reached fails, one that is below or not told does not, and that of the frozen day counts."""
    assert "threshold" in judged(rules, look(rules, "llama3.1", said=LARGE), LARGE)
    assert "yours: 800 million" in judged(rules, look(rules, "llama3.1", said=LARGE), LARGE)["threshold"].message
    for said in (FROZEN, Organisation()):
        assert "threshold" not in judged(rules, look(rules, "llama3.1", said=said), said)
    trade = Organisation(purposes=("commercial",))
    assert "limitation" in judged(rules, look(rules, "cc-by-nc-4.0", said=trade), trade)
    assert "limitation" not in judged(rules, look(rules, "cc-by-nc-4.0"))


def agreement(**more: Any) -> Agreement:
    plain = Agreement(licensor="Meta", models=("hf:meta-llama/*",), reference="2026-17", replaces=("threshold",))
    return replace(plain, **more)


@pytest.mark.parametrize(
    ("more", "covered"),
    [
        ({}, True),
        ({"models": ["meta-llama/*"]}, True),
        ({"models": ["HF:Meta-Llama/*"]}, True),
        ({"models": ["hf:google/*", "hf:meta-llama/Llama-x"]}, True),
        ({"models": ["hf:google/*"]}, False),
        ({"replaces": ["acceptable-use"]}, False),
        ({"expires": TODAY}, True),
        ({"expires": TODAY - datetime.timedelta(days=1)}, False),
    ],
)
def test_an_agreement_replaces_clauses_while_it_holds(rules: Rulebook, more: dict[str, object], covered: bool) -> None:
    """A contract covers the clauses that it names, of the models that it names, up to its last day."""
    said = replace(LARGE, agreements=(agreement(**more),))
    found = judged(rules, look(rules, "llama3.1", said=said), said)["threshold"]
    assert found.waiver == ("agreement 2026-17 with Meta" if covered else None)


def test_an_agreement_covers_what_inherits(rules: Rulebook) -> None:
    """A contract on a base covers its clauses in all that comes from it, and not the like of another base."""
    for pattern, covered in (("meta-llama/base0", True), ("meta-llama/Llama-x", False)):
        said = replace(LARGE, agreements=(agreement(models=[pattern]),))
        found = judged(rules, look(rules, "mit", "llama3.1", said=said), said)["threshold"]
        assert bool(found.waiver) is covered
    one = replace(LARGE, agreements=(agreement(models=["meta-llama/base0"]),))
    assert judged(rules, look(rules, "mit", "llama3.1", "llama3", said=one), one)["threshold"].waiver is None


def test_an_agreement_must_name_clauses(rules: Rulebook) -> None:
    """A contract that replaces what is no clause type is refused, with its place."""
    said = Organisation(agreements=(agreement(), agreement(replaces=["treshold"])))
    with pytest.raises(UsageError, match="did you mean threshold") as refused:
        judge_of(rules.policies["default"], rules, said, TODAY)
    assert refused.value.where.endswith("agreements.1.replaces")


def test_fingerprints_stay_and_tell_apart(rules: Rulebook) -> None:
    """The same objection keeps its fingerprint at another revision or number of users; another limit has another."""
    first = look(rules, "llama3.1", said=LARGE)
    grown = Organisation(amounts={"monthly_active_users": (Amount(value=900_000_000),)})
    second = look(rules, "llama3.1", said=grown)
    second = second.model_copy(update={"ref": second.ref.at("f" * 40), "revision": "f" * 40})
    one, other = judged(rules, first, LARGE), judged(rules, second, grown)
    assert {rule: found.fingerprint for rule, found in one.items()} == {
        rule: found.fingerprint for rule, found in other.items()
    }
    assert one["threshold"].message != other["threshold"].message
    huge = look(rules, "LicenseRef-bilibili-model-use-2025-09-zh", said=LARGE)
    assert judged(rules, huge, LARGE)["threshold"].fingerprint != one["threshold"].fingerprint
    marks = [
        judged(rules, first, LARGE, (Change(id="license", before="MIT", after=after),))["license-changed"].fingerprint
        for after in ("GPL-3.0-only", "LicenseRef-gemma")
    ]
    assert len({*marks, *(found.fingerprint for found in one.values())}) == len(one) + 2


def test_each_mention_is_a_finding(rules: Rulebook) -> None:
    """A model that is named at two places is found at both."""
    one = look(rules, "cc-by-nc-4.0")
    places = [Mention(path=f"{name}.py", line=3, ref=one.ref) for name in "ab"]
    judge = judge_of(rules.policies["default"], rules, Organisation(), TODAY)
    assert [finding.path for finding in findings(judge, one, (), places)] == ["a.py", "b.py"]


def asked(
    rules: Rulebook, when: object, one: Assessment, said: Organisation | None = None, **more: object
) -> list[Finding]:
    """What a rule with one condition finds."""
    rule = {"id": "r", "title": "t", "severity": "error", "when": when, "message": "{found}|{tell}|{x}", "remedy": "r"}
    policy = rules.policies["default"].model_validate(
        {"id": "p", "title": "t", "why": "w", "rules": [{**rule, **more}]}
    )
    return list(findings(judge_of(policy, rules, said or Organisation(), TODAY), one))


def test_what_is_not_told_is_asked_for(rules: Rulebook) -> None:
    """A rule that needs a fact that nobody gave objects as it is told to: as ever, milder, or not."""
    one = look(rules, "mit")
    when = {"organisation": {"employees": {"above": 100}}}
    (plain,) = asked(rules, when, one)
    assert (plain.severity, plain.message) == (
        "error",
        "|organisation.employees|{x}; this cannot be judged before you say organisation.employees",
    )
    assert asked(rules, when, one, open="note")[0].severity == "note"
    assert asked(rules, when, one, open="pass") == []
    few = Organisation(amounts={"employees": (Amount(value=100),)})
    assert asked(rules, when, one, few, open="note") == []


def test_every_subject_can_be_asked(rules: Rulebook) -> None:
    """What the vocabulary names is there: gaps by whether they are unfinished, clauses by the organisation's numbers."""
    one = look(rules, "llama3.1", "Foo 1.0")
    missing = assess(model("a/Llama-x", "llama3.1", ("no/body", Relation.FINETUNE)), {}, rules)
    assert asked(rules, {"gap": {"unfinished": "true"}}, missing)
    assert not asked(rules, {"gap": {"unfinished": "true", "passing": "true"}}, missing)
    crossed = {"clause": {"id": "threshold", "value": {"below": "organisation.monthly_active_users"}}}
    assert asked(rules, crossed, one, LARGE)
    assert asked(rules, {"model": {"owner": "meta-llama"}, "source": "test", "revision": {"pinned": "false"}}, one)
    assert asked(rules, {"base": {"level": "unknown", "binds": "true"}}, one)
    assert asked(rules, {"obligation": {"activity": "host", "status": "owed"}}, one)


def test_an_agreement_beside_a_fact_of_the_organisation(rules: Rulebook) -> None:
    """A rule that joins a clause with who asks is covered where the clause is."""
    when = {"clause": "threshold", "organisation": {"monthly_active_users": {"above": 5}}}
    said = replace(LARGE, agreements=(agreement(),))
    (found,) = asked(rules, when, look(rules, "llama3.1"), said)
    assert found.waiver == "agreement 2026-17 with Meta"


def test_a_path_with_a_sign_of_revisions(rules: Rulebook) -> None:
    """A folder whose name holds "@" keeps its name, and has no revision by it."""
    one = look(rules, "mit").model_copy(update={"ref": ModelRef.parse("file:models/me@home"), "revision": None})
    told = facts(one.model_dump(mode="json"))
    assert (told["model"][0]["ref"], told["revision"][0]["pinned"]) == ("file:models/me@home", False)


def test_texts_of_others_are_no_places() -> None:
    """What stands in a place is never read as a place again."""
    anything = parse({"model": {"like": "*"}}, {"model": ("name",)})
    rule = Rule("r", "note", anything, "{model}", "{remedy} {")
    plain = {"ref": "hf:a/b", "name": "{quote}", "level": "unknown", "license": {}, "source": "x"}
    (found,) = Judge([rule], {}).objections(plain)
    assert (found.message, found.remedy) == ("{quote}", "{remedy} {")


def test_an_unknown_policy_is_refused(rules: Rulebook) -> None:
    """A policy that is not there is a wrong call that names those that are."""
    with pytest.raises(UsageError, match="did you mean default"):
        chosen("defualt", rules)
    with pytest.raises(UsageError, match=r"use one of .*default"):
        chosen("zzz", rules)


BASE = """id: p
title: P
why: w
rules:
  - {id: one, title: One, severity: error, when: {level: unknown}, message: "{model} one", remedy: mend}
  - {id: two, title: Two, severity: note, when: {level: closed}, message: two, remedy: mend}
"""


def extending(rules: str, id_: str = "q", extends: str = "p") -> str:
    return f"id: {id_}\ntitle: Q\nwhy: w\nextends: {extends}\nrules:\n{rules}"


def test_a_policy_extends_another(tmp_path: Path) -> None:
    """Rules of the same id replace, change severity or words, or are off; the others are taken over, through a chain."""
    changed = (
        "  - {id: one, severity: warning}\n  - {id: two, severity: 'off'}\n"
        "  - {id: three, title: T, severity: note, when: {level: restrictive}, message: m, remedy: r}\n"
    )
    again = "  - {id: one, severity: error, when: {level: closed}}\n  - {id: three, severity: note, message: other}\n"
    whole = load(
        rule_base(
            tmp_path / "rules", policies__p=BASE, policies__q=extending(changed), policies__s=extending(again, "s", "q")
        ),
        cache=tmp_path,
    )
    second, third = whole.policies["q"].by_id, whole.policies["s"].by_id
    assert (second["one"].severity, second["one"].when, second["one"].message) == (
        "warning",
        {"level": "unknown"},
        "{model} one",
    )
    assert [rule.id for rule in ready(whole.policies["q"], whole)] == ["one", "three"]
    assert (third["one"].when, third["one"].title, third["two"].severity) == ({"level": "closed"}, "One", "off")
    assert (third["three"].message, second["three"].message) == ("other", "m")
    assert whole.policies["p"].by_id["one"].severity == "error"


@pytest.mark.parametrize(
    ("changes", "where", "says"),
    [
        ({"policies__p": extending("", "p", "p").replace("rules:\n", "")}, "p.yaml:4", "extends: leads back to itself"),
        ({"policies__p": BASE + "extends: q\n", "policies__q": extending("  - {id: one, severity: note}\n")}, ".yaml:", "leads back to itself"),
        ({"policies__q": extending("", extends="nowhere").replace("rules:\n", "")}, "q.yaml:4", "'nowhere' is no policy"),
        ({"policies__p": BASE, "policies__q": extending("  - {id: tow, severity: note}\n")}, "q.yaml:6", "rules.0.when: tow replaces no rule"),
        ({"policies__p": BASE, "policies__q": extending("  - {id: tow, severity: 'off'}\n")}, "q.yaml:6", "tow replaces no rule"),
        ({"policies__p": BASE, "policies__q": extending("  - {id: one, severity: note, message: '{modle}'}\n")}, "q.yaml:6", "names {modle}"),
        ({"policies__p": BASE.replace("{model} one", "{model} {who}")}, "p.yaml:5", "rules.0.message: names {who}"),
        ({"policies__p": BASE.replace("title: One, ", "")}, "p.yaml:5", "one has no title, message or remedy"),
        ({"policies__p": BASE.replace("id: two", "id: one")}, "p.yaml:6", "'one' stands twice"),
        ({"policies__p": BASE.replace("severity: note", "severity: bad")}, "p.yaml:6", "severity"),
        ({"policies__p": BASE.replace("when: {level: closed}, ", "")}, "p.yaml:6", "two replaces no rule"),
        ({"policies__p": BASE.replace("closed", "[]")}, "p.yaml:6", "is an empty list"),
    ],
)  # fmt: skip
def test_wrong_policies_are_refused(tmp_path: Path, changes: dict[str, str | None], where: str, says: str) -> None:
    """A policy that goes in circles, extends nothing, changes a rule that is not there, or is not whole, is refused."""
    with pytest.raises(RuleError) as refused:
        load(rule_base(tmp_path / "rules", **changes), cache=tmp_path)
    assert where in refused.value.where
    assert says in str(refused.value)


def test_what_if_reaches_the_findings(rules: Rulebook) -> None:
    """A number given for the occasion is judged like one of the configuration."""
    said = organisation(None, ["monthly_active_users=800M"])
    assert "threshold" in judged(rules, look(rules, "llama3.1", said=said), said)


def test_the_command_knows_its_policies(tmp_path: Path, licscan: Licscan) -> None:
    """A policy that does not exist ends the command with exit code 2."""
    (tmp_path / "m").mkdir()
    outcome = licscan("scan", "--policy", "strict", tmp_path / "m")
    assert (outcome.code, "no such policy" in outcome.err) == (2, True)

"""Duties: who owes what, when, in which words, and what would decide where that is open."""

import json
from pathlib import Path

import pytest

from licscan.model import Amount, Clause, Evidence, License, Obligation, Organisation
from licscan.obligations import Duties, carries
from licscan.rulebook import Rulebook
from tests.conftest import Licscan

AT = Evidence(source="test", path="LICENSE")


def owed(rules: Rulebook, record: str | License, said: Organisation | None = None, name: str = "x") -> list[Obligation]:
    license_ = rules.licenses[record] if isinstance(record, str) else record
    clauses = [(license_, clause) for clause in license_.clauses]
    return list(Duties(rules, said or Organisation(), name).owed(clauses))


def displays(rules: Rulebook, record: str | License, **amounts: Amount) -> set[tuple[str, str | None]]:
    said = Organisation(amounts={metric: (amount,) for metric, amount in amounts.items()})
    return {(duty.status, duty.because) for duty in owed(rules, record, said) if duty.clause == "attribution-display"}


def test_what_one_does_not_do_is_not_owed(rules: Rulebook) -> None:
    """A duty is owed for what is done, or may be done where nobody said; not for what is not, and says so."""
    said = Organisation(activities=("host",))
    for duty in owed(rules, "llama3.1", said):
        assert duty.activity is not None
        assert duty.status == ("owed" if duty.activity == "host" else "not-owed")
        assert duty.because is None or duty.because.startswith("you do not ")
        assert "-" not in (duty.because or "")
    assert {duty.status for duty in owed(rules, "llama3.1")} == {"owed"}
    nothing = Organisation(activities=())
    assert {duty.status for duty in owed(rules, "llama3.1", nothing)} == {"not-owed"}


BELOW, ABOVE = Amount(value=1_000_000), Amount(value=100_000_001)
POOR, RICH = Amount(value=1_000_000, currency="USD"), Amount(value=20_000_001, currency="USD")


def test_a_duty_that_waits_for_a_number_is_owed_from_there(rules: Rulebook) -> None:
    """Above 100 million users, or above USD 20 million a month, the name must be shown; one of the two is enough."""
    name = "kimi-k2-modified-mit"
    assert displays(rules, name, monthly_active_users=ABOVE) == {
        ("owed", "applies above 100 million monthly active users; yours: 100,000,001")
    }
    assert displays(rules, name, monthly_active_users=BELOW, monthly_revenue=RICH) == {
        ("owed", "applies above USD 20 million monthly revenue; yours: USD 20,000,001")
    }
    assert displays(rules, name, monthly_active_users=BELOW, monthly_revenue=POOR) == {
        (
            "not-owed",
            (
                "applies above 100 million monthly active users; or above USD 20 million monthly revenue; "
                "yours: 1 million; USD 1 million"
            ),
        )
    }
    assert displays(rules, name, monthly_active_users=BELOW) == {
        ("tell-us", "applies above USD 20 million monthly revenue")
    }
    euros = Amount(value=1, currency="EUR")
    assert displays(rules, name, monthly_active_users=BELOW, monthly_revenue=euros) == {
        ("tell-us", "applies above USD 20 million monthly revenue; yours: EUR 1; it is needed in USD")
    }


def test_a_duty_that_waits_for_all_numbers_waits_for_the_last(rules: Rulebook) -> None:
    """Where a license wants both numbers reached, one that is below settles it, and one that is unknown leaves it open."""
    record = rules.licenses["kimi-k2-modified-mit"]
    both = tuple(
        clause.model_copy(update={"values": {**clause.values, "group": "all"}}) if clause.id == "threshold" else clause
        for clause in record.clauses
    )
    record = record.model_copy(update={"clauses": both})
    assert {status for status, _ in displays(rules, record, monthly_active_users=BELOW)} == {"not-owed"}
    assert {status for status, _ in displays(rules, record, monthly_active_users=ABOVE)} == {"tell-us"}
    (found,) = displays(rules, record, monthly_active_users=ABOVE, monthly_revenue=RICH)
    assert found[0] == "owed"
    assert "users; and above USD" in str(found[1])


def test_numbers_that_end_the_grant_add_no_duty(rules: Rulebook) -> None:
    """A display that is owed by everybody does not wait for the number from which another license is needed."""
    few = Amount(value=5)
    assert {status for status, _ in displays(rules, "llama3.1", monthly_active_users=few)} == {"owed"}


@pytest.mark.parametrize(
    ("name", "words", "position", "carried"),
    [
        ("acme/Llama-3-Acme", "Llama 3", "prefix", True),
        ("acme/llama_3_acme", "Llama 3", "prefix", True),
        ("Llama3", "Llama 3", "prefix", True),
        ("acme/Acme-Llama-3", "Llama 3", "prefix", False),
        ("llama/Acme", "Llama", "prefix", False),
        ("acme/Acme-Llama-3", "Llama 3", "include", True),
        ("acme/Acme", "Llama", "include", False),
    ],
)
def test_a_name_carries_the_words_or_not(name: str, words: str, position: str, carried: bool) -> None:
    """The words are looked for in the model's own name, whatever separates them; a prefix at its beginning."""
    clause = Clause(id="naming-requirement", values={"text": words, "position": position}, evidence=AT)
    assert carries(name, clause) is carried


def test_duties_say_whether_this_name_carries_them(rules: Rulebook) -> None:
    """The duty to name says of this model's name whether it does; other duties say nothing of it."""
    for name, carried in (("acme/Llama-acme", True), ("acme/acme", False)):
        found = {duty.clause: duty.carried for duty in owed(rules, "llama3.1", name=name)}
        assert found.pop("naming-requirement") is carried
        assert set(found.values()) == {None}


def test_every_duty_has_an_id_of_its_own(rules: Rulebook) -> None:
    """No two duties of one license have one id, and inherited ones name the model that they come from."""
    for record in rules.licenses.values():
        ids = [duty.id for duty in owed(rules, record)]
        assert len(ids) == len(set(ids)), record.id
    clauses = [(rules.licenses["llama3.1"], clause) for clause in rules.licenses["llama3.1"].clauses]
    for duty in Duties(rules, Organisation(), "x", "hf:a/b").owed(clauses):
        assert duty.inherited_from == "hf:a/b"
        assert duty.id.startswith("hf:a/b/llama3.1/")


def test_two_notices_of_one_license_are_two_duties(rules: Rulebook) -> None:
    """A license that asks for the like twice, in other words, is owed both, under two ids."""
    record = rules.licenses["mit"]
    notices = [
        (record, Clause.model_validate({"id": "attribution-notice", "values": {"text": text}, "evidence": AT}))
        for text in ("One", "Two", "Two")
    ]
    found = list(Duties(rules, Organisation(), "x").owed(notices))
    assert [duty.words for duty in found] == ["One", "Two"]
    assert len({duty.id for duty in found}) == 2


@pytest.mark.parametrize(
    ("record", "clause", "activity", "text", "words"),
    [
        ("llama3.1", "attribution-display", "ship-product", 'Show "Built with Llama" on', "Built with Llama"),
        ("llama3", "attribution-display", "host", 'Show "Built with Meta Llama 3" on', "Built with Meta Llama 3"),
        ("llama3.1", "naming-requirement", "publish-derivative", '"Llama" (as prefix)', "Llama"),
        ("llama3.1", "output-naming", "train-on-outputs", 'with "Llama" at its beginning', "Llama"),
        ("llama3.1", "attribution-notice", "distribute-weights", "Llama 3.1 is licensed under the", None),
        ("gemma", "attribution-notice", "distribute-weights", "Gemma is provided under and subject to", None),
        ("llama3.1", "license-copy", "distribute-weights", "copy of the license", None),
        ("llama3.1", "acceptable-use", "internal", "https://llama.meta.com/llama3_1/use-policy", None),
        ("apache-2.0", "state-changes", "publish-derivative", "Mark the files that you changed", None),
        ("gemma", "pass-through-restrictions", "publish-derivative", "", None),
        ("bigscience-bloom-rail-1.0", "pass-through-restrictions", "distribute-weights", "", None),
        ("glm-4-license", "registration", "internal", "", None),
    ],
)
def test_what_is_to_be_done_is_said_in_exact_words(
    rules: Rulebook, record: str, clause: str, activity: str, text: str, words: str | None
) -> None:
    """Display, name, notice, copy, changes, policy, terms to pass on, registration: each a sentence with clause and place."""
    found = [duty for duty in owed(rules, record) if duty.clause == clause and duty.activity in {activity, None}]
    assert found, [(duty.clause, duty.activity) for duty in owed(rules, record)]
    duty = found[0]
    assert text in duty.text
    assert words is None or duty.words == words
    assert duty.status == "owed"
    assert duty.evidence.path == f"rules/licenses/{record}.yaml"
    assert duty.evidence.lines


def test_duties_of_a_base_name_the_base(rules: Rulebook) -> None:
    """What a derivative owes because of its base bears the base's name, and says of the derivative's name what it lacks."""
    license_ = rules.licenses["llama3.1"]
    clauses = [(license_, clause) for clause in license_.clauses]
    for name, carried in (("acme/wren-8b", False), ("acme/Llama-wren-8b", True)):
        found = list(Duties(rules, Organisation(), name, "hf:meta-llama/Llama-3.1-8B").owed(clauses))
        assert {duty.inherited_from for duty in found} == {"hf:meta-llama/Llama-3.1-8B"}
        assert [duty.carried for duty in found if duty.clause == "naming-requirement"] == [carried]


@pytest.mark.parametrize(
    ("said", "status", "yours"),
    [
        (None, "tell-us", None),
        ("monthly_active_users=5M", "below", "5 million"),
        ("monthly_active_users=800M", "reached", "800 million"),
    ],
)
def test_the_crossing_point_is_shown(licscan: Licscan, said: str | None, status: str, yours: str | None) -> None:
    """`--what-if` answers a threshold frozen at its day: where it applies, what yours is, and what follows."""
    told = ("--what-if", said) if said else ()
    done = licscan("scan", "--offline", "--format", "json", "meta-llama/Llama-3.1-8B-Instruct", *told)
    (threshold,) = json.loads(done.out)["models"][0]["thresholds"]
    assert (threshold["status"], threshold["yours"]) == (status, yours)
    shown = " ".join(licscan("scan", "--offline", "-v", "meta-llama/Llama-3.1-8B-Instruct", *told).out.split())
    assert "applies above 700 million monthly active users on 2024-07-23: a separate license is needed" in shown
    assert (f"yours: {yours}" if yours else "tell us your monthly active users") in shown


def test_a_frozen_number_is_that_of_its_day(licscan: Licscan, tmp_path: Path) -> None:
    """Users above the number today, and below it on the day that the license names, reach no threshold."""
    config = tmp_path / "us.toml"
    config.write_text('[organisation]\nmonthly_active_users = ["600M@2024-07-01", "900M@2025-07-01"]\n')
    done = licscan("scan", "--offline", "--format", "json", "--config", config, "meta-llama/Llama-3.1-8B-Instruct")
    assert done.code == 0, done.err
    (threshold,) = json.loads(done.out)["models"][0]["thresholds"]
    assert (threshold["status"], threshold["yours"]) == ("below", "600 million on 2024-07-01")


def test_a_license_that_changed_under_the_same_name_is_a_difference(licscan: Licscan) -> None:
    """Two days of one name: another license, what it withholds no longer, and the level that follows."""
    done = licscan("diff", "microsoft/phi-2@2023-12-20", "microsoft/phi-2@2024-06-01", "--offline", "--format", "json")
    assert done.code == 0, done.err
    (model,) = json.loads(done.out)["models"]
    changes = {change["id"]: change for change in model["changes"]}
    assert changes["license"]["after"] == "MIT"
    assert changes["level-raised"]["before"] == "restrictive"
    assert changes["level-raised"]["after"] == "permissive-open-weights"

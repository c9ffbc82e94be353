"""Thresholds, territories and activities of licenses, held against what an organisation said of itself."""

import datetime
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan import measures
from licscan.limits import limitations, thresholds
from licscan.measures import Reached, newest
from licscan.model import Amount, Clause, Evidence, License, Limitation, Organisation
from licscan.rulebook import Rulebook

AT = Evidence(source="test", path="LICENSE")
FROZEN = "2024-07-23"


def threshold(**values: object) -> Clause:
    plain = {"metric": "monthly_active_users", "value": 700, "comparator": ">", "effect": "separate-license"}
    return Clause.model_validate({"id": "threshold", "values": {**plain, **values}, "evidence": AT})


def against(clause: Clause, organisation: Organisation) -> Reached:
    return measures.against(clause.values, organisation)


def limit(clause: Clause) -> str:
    return measures.limit(clause.values)


def amounts(metric: str = "monthly_active_users", *some: Amount) -> Organisation:
    return Organisation(amounts={metric: some})


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def status(clause: Clause, *some: Amount) -> str:
    return against(clause, amounts(str(clause.values["metric"]), *some)).status


@pytest.mark.parametrize(
    ("comparator", "value", "reached"),
    [(">", 699, False), (">", 700, False), (">", 701, True), (">=", 699, False), (">=", 700, True), (">=", 701, True)],
)
def test_the_boundary_belongs_to_the_comparator(comparator: str, value: int, *, reached: bool) -> None:
    """`more than` begins above the number, `at least` on it."""
    assert status(threshold(comparator=comparator), Amount(value=value)) == ("reached" if reached else "below")


def test_nothing_said_is_asked_for() -> None:
    """Where no number was given, none is guessed."""
    assert against(threshold(), Organisation()) == ("tell-us", None, None)
    assert against(threshold(metric="other", subject="copies"), amounts()) == ("tell-us", None, None)


def test_a_frozen_test_takes_the_number_of_its_day() -> None:
    """At a release date the newest number that is no later counts; those of later days do not."""
    frozen = threshold(as_of=FROZEN)
    small, large = Amount(value=5, on=day("2024-06-30")), Amount(value=900, on=day("2025-12-31"))
    assert status(frozen, small, large) == status(frozen, large, small) == "below"
    assert status(threshold(), small, large) == "reached"
    assert status(frozen, replace(large, on=day(FROZEN))) == "reached"
    assert against(frozen, amounts("monthly_active_users", large)).because == (
        "the test is frozen at 2024-07-23, and yours are of later days"
    )
    assert status(frozen, Amount(value=900)) == "reached"


def test_a_day_that_is_not_recorded_is_said() -> None:
    """A test frozen at a day that nobody wrote down is open for dated numbers, and says why."""
    reached = against(threshold(as_of="release date"), amounts("monthly_active_users", Amount(value=5, on=day(FROZEN))))
    assert (reached.status, reached.yours) == ("tell-us", "5 on 2024-07-23")
    assert reached.because == "the test is frozen at the release date, and no day is recorded for that"


def test_currencies_are_not_mixed() -> None:
    """Money in another currency, or in none, does not tell; nor does a license that names none."""
    revenue = threshold(metric="annual_revenue", currency="USD")
    assert status(revenue, Amount(value=701, currency="USD")) == "reached"
    assert status(revenue, Amount(value=1, currency="EUR"), Amount(value=2, currency="USD")) == "below"
    for other in (Amount(value=900, currency="EUR"), Amount(value=900)):
        reached = against(revenue, amounts("annual_revenue", other))
        assert (reached.status, reached.because) == ("tell-us", "it is needed in USD")
    unnamed = against(threshold(metric="annual_revenue"), amounts("annual_revenue", Amount(value=900, currency="EUR")))
    assert (unnamed.status, unnamed.because) == ("tell-us", "the license does not say in which currency")


@pytest.mark.parametrize(
    ("subject", "affiliates", "value", "expected"),
    [
        ("licensee and affiliates", False, 5, "tell-us"),
        ("licensee and affiliates", False, 900, "reached"),
        ("licensee and affiliates", True, 5, "below"),
        ("companies under common control", False, 5, "tell-us"),
        ("the commercial product or service", True, 900, "tell-us"),
        ("the commercial product or service", True, 5, "below"),
        ("the commercial product or service", False, 900, "reached"),
        ("licensee and affiliates", None, 5, "below"),
        (None, True, 900, "reached"),
    ],
)
def test_affiliates_count_where_the_license_counts_them(
    subject: str | None, affiliates: bool | None, value: int, expected: str
) -> None:
    """A number that leaves affiliates out cannot show that one is below, and one with them not that one is above."""
    clause = threshold(subject=subject) if subject else threshold()
    assert status(clause, Amount(value=value, affiliates=affiliates)) == expected


def pair(record: License, group: str | None, **more: object) -> list[tuple[License, Clause]]:
    with_group = {"group": group} if group else {}
    users = threshold(**with_group, **more)
    money = threshold(metric="annual_revenue", currency="USD", value=50, **with_group, **more)
    return [(record, users), (record, money)]


def test_what_counts_only_together_is_held_back_by_one(rules: Rulebook) -> None:
    """Of numbers that a license wants all reached, one below holds back the others; of any, each stands alone."""
    record = rules.licenses["mit"]
    said = Organisation(
        amounts={"monthly_active_users": (Amount(value=900),), "annual_revenue": (Amount(value=1, currency="USD"),)}
    )
    users, money = thresholds(pair(record, "all"), said)
    assert (users.status, money.status) == ("below", "below")
    assert users.because == "counts only together with above USD 50 annual revenue"
    assert [one.status for one in thresholds(pair(record, "any"), said)] == ["reached", "below"]
    assert [one.status for one in thresholds(pair(record, None), said)] == ["reached", "below"]
    half = Organisation(amounts={"monthly_active_users": (Amount(value=900),)})
    assert [one.status for one in thresholds(pair(record, "all"), half)] == ["tell-us", "tell-us"]
    rich = Organisation(amounts={**half.amounts, "annual_revenue": (Amount(value=51, currency="USD"),)})
    assert [one.status for one in thresholds(pair(record, "all"), rich)] == ["reached", "reached"]
    apart = [pair(record, "all")[0], pair(rules.licenses["apache-2.0"], "all")[1]]
    assert [one.status for one in thresholds(apart, said)] == ["reached", "below"]


def test_crossing_points_are_sentences() -> None:
    """A threshold says number, unit, day and effect."""
    clause = threshold(value=700_000_000, as_of=FROZEN)
    assert limit(clause) == "above 700 million monthly active users on 2024-07-23: a separate license is needed"
    money = threshold(metric="annual_revenue", value=1_500_000, currency="USD", comparator=">=", effect="prohibited")
    assert limit(money) == "from USD 1.5 million annual revenue: nothing is granted"
    assert limit(threshold(metric="other", subject="copies", effect="duty")) == "above 700 copies: a duty is added"


@given(st.lists(st.builds(Amount, value=st.integers(0, 9), on=st.none() | st.dates()), min_size=1))
def test_the_newest_number_holds_today(some: list[Amount]) -> None:
    """A number without a day holds today; else that of the latest day."""
    found = newest(some)
    assert found in some
    assert found is not None
    assert found.on is None or (all(one.on is not None and one.on <= found.on for one in some))
    assert newest([]) is None


def one_limit(
    rules: Rulebook, id_: str, organisation: Organisation, modality: str | None = None, **values: object
) -> Limitation:
    clause = Clause.model_validate({"id": id_, "values": values, "evidence": AT})
    (found,) = limitations([(rules.licenses["mit"], clause)], organisation, rules, modality=modality)
    return found


@pytest.mark.parametrize(
    ("territories", "regions", "expected"),
    [
        (("DE",), ["EU"], "applies"),
        (("de", "US"), ["EU"], "applies"),
        (("DE",), ["EEA"], "applies"),
        (("NO",), ["EEA"], "applies"),
        (("NO",), ["EU"], "does-not-apply"),
        (("GB",), ["UK"], "applies"),
        (("UK",), ["EU", "KR"], "does-not-apply"),
        (("KR",), ["EU", "UK", "KR"], "applies"),
        (("EU",), ["EU"], "applies"),
        (("EEA",), ["EU"], "tell-us"),
        (("EU",), ["IT"], "tell-us"),
        (("US",), ["US-IL"], "tell-us"),
        (("US-IL",), ["US"], "applies"),
        ((), ["EU"], "does-not-apply"),
        (None, ["EU"], "tell-us"),
    ],
)
def test_territories_know_their_unions(
    rules: Rulebook, territories: tuple[str, ...] | None, regions: list[str], expected: str
) -> None:
    """Somebody in Germany is in the EU and the EEA, in Norway in the EEA alone; who names a union may be anywhere in it."""
    found = one_limit(rules, "territory-exclusion", Organisation(territories=territories), regions=regions)
    assert found.status == expected
    assert (found.yours is None) == (territories is None)


@pytest.mark.parametrize(
    ("modality", "meant", "expected"),
    [
        ("text", "multimodal", "does-not-apply"),
        ("multimodal", "multimodal", "applies"),
        ("image", "multimodal", "does-not-apply"),
        (None, "multimodal", "tell-us"),
        ("text", "outputs", "applies"),
        (None, "outputs", "applies"),
        ("text", None, "applies"),
    ],
)
def test_limitations_of_some_kinds_of_models(
    rules: Rulebook, modality: str | None, meant: str | None, expected: str
) -> None:
    """What is meant for multimodal models does not touch one of text, and is open where nobody says what it is."""
    more = {"applies_to": meant} if meant else {}
    said = Organisation(territories=("DE",))
    assert one_limit(rules, "territory-exclusion", said, modality, regions=["EU"], **more).status == expected


def test_where_nobody_is_nothing_depends_on_the_kind(rules: Rulebook) -> None:
    """A limitation that one does not come under anyway needs no kind of model to say so."""
    said = Organisation(territories=("US",))
    found = one_limit(rules, "territory-exclusion", said, regions=["EU"], applies_to="multimodal")
    assert (found.status, found.yours) == ("does-not-apply", "territories: US")


@pytest.mark.parametrize(
    ("clause", "organisation", "expected"),
    [
        ("hosting-restriction", {"activities": ("host",)}, "applies"),
        ("hosting-restriction", {"activities": ("internal",)}, "does-not-apply"),
        ("hosting-restriction", {"activities": ()}, "does-not-apply"),
        ("hosting-restriction", {}, "tell-us"),
        ("hosting-restriction", {"territories": ("DE",)}, "tell-us"),
        ("non-commercial", {"purposes": ("commercial",)}, "applies"),
        ("non-commercial", {"purposes": ("research",)}, "does-not-apply"),
        ("non-commercial", {"activities": ("host",)}, "tell-us"),
        ("research-only", {"purposes": ("personal",)}, "applies"),
        ("no-redistribution", {"activities": ("ship-product",)}, "applies"),
        ("output-training-ban", {"activities": ("train-on-outputs",)}, "applies"),
    ],
)
def test_activities_and_purposes(rules: Rulebook, clause: str, organisation: dict[str, Any], expected: str) -> None:
    """A limitation applies to who does what it names; it is open only where nobody said what they do."""
    found = one_limit(rules, clause, Organisation(**organisation))
    assert found.status == expected


def test_fields_are_compared_with_those_of_the_clause(rules: Rulebook) -> None:
    """A field of the organisation's is held against the fields that the license names."""
    values: dict[str, Any] = {"fields": ["military", "weapons"]}
    assert one_limit(rules, "field-exclusion", Organisation(fields=("Military",)), **values).status == "applies"
    found = one_limit(rules, "field-exclusion", Organisation(fields=("medical",)), **values)
    assert (found.status, found.yours) == ("does-not-apply", "fields: medical")


@given(st.sampled_from([None, (), ("DE",), ("US", "FR"), ("EEA",)]), st.sampled_from([None, (), ("host",)]))
def test_every_limitation_of_every_record_has_an_answer(
    rules: Rulebook, territories: tuple[str, ...] | None, activities: tuple[str, ...] | None
) -> None:
    """Whatever an organisation says, each limitation applies, does not, or asks; nothing said always asks."""
    said = Organisation(territories=territories, activities=activities)
    for record in rules.licenses.values():
        for one in limitations([(record, clause) for clause in record.clauses], said, rules):
            assert one.status != "applies" or one.yours
            if territories is None and activities is None:
                assert one.status == "tell-us"

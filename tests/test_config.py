"""The configuration: what an organisation says of itself is read as it was meant, or refused with file and key."""

import datetime
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan import territories
from licscan.config import METRICS, amount, organisation
from licscan.errors import UsageError
from licscan.measures import number_words, words
from licscan.model import Activity, Amount
from tests.conftest import Licscan

WHOLE = """
[organisation]
name = "Acme"
territories = ["de", "US-CA", "UK"]
activities = ["host", "ship-product"]
purposes = "commercial"
fields = ["medical"]
monthly_active_users = "5M"
employees = 250
annual_revenue = [{value = "EUR 12M", on = 2024-12-31}, {value = 14_000_000.0, currency = "eur", on = 2025-12-31, affiliates = true}]

[[agreements]]
licensor = "Meta"
models = ["hf:meta-llama/*"]
reference = "contract 2026-17"
replaces = ["threshold"]
expires = 2027-12-31
"""


def write(folder: Path, text: str, name: str = "licscan.toml") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_reads_what_is_said(tmp_path: Path) -> None:
    """Every key is read; codes in upper case, amounts as numbers with currency, day and affiliates."""
    said = organisation(write(tmp_path, WHOLE))
    assert (said.name, said.territories, said.purposes, said.fields) == (
        "Acme",
        ("DE", "US-CA", "UK"),
        ("commercial",),
        ("medical",),
    )
    assert said.activities == (Activity.HOST, Activity.SHIP_PRODUCT)
    assert said.amounts["monthly_active_users"] == (Amount(value=5_000_000),)
    assert said.amounts["annual_revenue"] == (
        Amount(value=12_000_000, currency="EUR", on=datetime.date(2024, 12, 31)),
        Amount(value=14_000_000, currency="EUR", on=datetime.date(2025, 12, 31), affiliates=True),
    )
    assert said.agreements[0].expires == datetime.date(2027, 12, 31)


def test_finds_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is named wins, then the variable, then the user's own folder; none of them is no fault."""
    assert organisation().name is None
    write(tmp_path / "config" / "licscan", '[organisation]\nname = "own"\n')
    assert organisation().name == "own"
    monkeypatch.setenv("LICSCAN_CONFIG", str(write(tmp_path / "b", '[organisation]\nname = "variable"\n')))
    assert organisation().name == "variable"
    assert organisation(write(tmp_path / "c", '[organisation]\nname = "named"\n')).name == "named"


def test_reads_its_part_of_a_pyproject(tmp_path: Path) -> None:
    """In a pyproject.toml the same keys stand under tool.licscan, and nothing else there is looked at."""
    text = '[project]\nname = "x"\n[tool.licscan.organisation]\nemployees = 3\n[tool.other]\nx = 1\n'
    said = organisation(write(tmp_path, text, "pyproject.toml"))
    assert said.amounts["employees"][0].value == 3
    assert organisation(write(tmp_path, "[tool.other]\nx = 1\n", "pyproject.toml")).amounts == {}


def test_a_user_without_a_home_needs_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no file can be, there is none; one that was named must be there."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(write(tmp_path, "", "null")))
    assert organisation().amounts == {}
    for missing in (tmp_path / "no.toml", tmp_path):
        with pytest.raises(UsageError) as refused:
            organisation(missing)
        assert refused.value.where == str(missing)


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        ("[organization]\nname = 'x'\n", "organization", "did you mean organisation?"),
        ("[organisation]\nemployes = 5\n", "organisation.employes", "did you mean employees?"),
        ("[organisation]\nx = 5\n", "organisation.x", "use one of monthly_active_users"),
        ("organisation = 5\n", "organisation", "is no table"),
        ("[organisation]\nname = 5\n", "organisation.name", "is no text"),
        ("[organisation]\nemployees = true\n", "organisation.employees", "is no number"),
        ("[organisation]\nemployees = -1\n", "organisation.employees", "is no number"),
        ("[organisation]\nemployees = 1.5\n", "organisation.employees", "is no number"),
        ("[organisation]\nemployees = inf\n", "organisation.employees", "is no number"),
        ("[organisation]\nemployees = nan\n", "organisation.employees", "is no number"),
        ("[organisation]\nemployees = 2025-01-01\n", "organisation.employees", "is no number"),
        ("[organisation]\nemployees = 'USD 5'\n", "organisation.employees", "is no amount of money"),
        ("[organisation]\nemployees = 0x" + "f" * 5000 + "\n", "organisation.employees", "is no number"),
        ("[organisation]\nfunding = {values = 5}\n", "organisation.funding", "values is no key of a number"),
        ("[organisation]\nfunding = {on = 2025-01-01}\n", "organisation.funding", "has no value"),
        ("[organisation]\nfunding = {value = {value = 5}}\n", "organisation.funding", "is no number"),
        ("[organisation]\nfunding = {value = true}\n", "organisation.funding", "is no number"),
        ("[organisation]\nfunding = {value = 5, currency = 3}\n", "organisation.funding", "is no currency"),
        ("[organisation]\nfunding = {value = 5, currency = 'XXY'}\n", "organisation.funding", "ISO 4217"),
        ("[organisation]\nfunding = {value = 'EUR 5', currency = 'USD'}\n", "organisation.funding", "two things"),
        ("[organisation]\nfunding = {value = 5, on = 'today'}\n", "organisation.funding", "on is a day"),
        ("[organisation]\nfunding = {value = 5, on = 2025-01-01T00:00:00}\n", "organisation.funding", "on is a day"),
        ("[organisation]\nfunding = {value = 5, affiliates = [1]}\n", "organisation.funding", "affiliates true or false"),
        ("[organisation]\nfunding = {value = 5, affiliates = 1}\n", "organisation.funding", "affiliates true or false"),
        ("[organisation]\nterritories = ['Germany']\n", "organisation.territories", "'Germany' is no territory"),
        ("[organisation]\nterritories = ['DEU']\n", "organisation.territories", "ISO 3166"),
        ("[organisation]\nterritories = ['EU-X']\n", "organisation.territories", "is no territory"),
        ("[organisation]\nterritories = [5]\n", "organisation.territories", "is no list of words"),
        ("[organisation]\nterritories = ['']\n", "organisation.territories", "has an empty word"),
        ("[organisation]\nactivities = ['hosting']\n", "organisation.activities", "did you mean host?"),
        ("[organisation]\nactivities = ['x']\n", "organisation.activities", "train-on-outputs"),
        ("[organisation]\npurposes = ['comercial']\n", "organisation.purposes", "did you mean commercial?"),
        ("agreements = 5\n", "agreements", "is no list of tables"),
        ("agreements = [5]\n", "agreements", "is no list of tables"),
        ("[[agreements]]\nlicensor = 'x'\n", "agreements.0.models", "is missing"),
        ("[[agreements]]\nlicensor = 'x'\nmodels = 'm'\nreference = 'r'\nreplaces = []\n", "agreements.0.replaces", "is missing"),
        ("[[agreements]]\nlicensor='x'\nmodels=[]\nreference='r'\nreplaces=[]\nexpire=2027-01-01\n", "agreements.0.expire", "is no key of an agreement"),
        ("[[agreements]]\nlicensor='x'\nmodels=[]\nreference='r'\nreplaces=[]\nexpires='soon'\n", "agreements.0.expires", "is no day"),
        ("x = [\n", "", "no TOML"),
        ("x = " + "[" * 5000 + "\n", "", "no TOML"),
        ("#" * (1 << 20) + "#", "", "larger than 1 MiB"),
    ],
)  # fmt: skip
def test_refuses_wrong_keys_and_values(tmp_path: Path, text: str, key: str, says: str) -> None:
    """Every wrong key and value is refused with file and key, what is wrong, and what to do."""
    file = write(tmp_path, text)
    with pytest.raises(UsageError) as refused:
        organisation(file)
    # The line stands between file and key.
    assert re.sub(r":\d+: ", ": ", str(refused.value.where), count=1) == (f"{file}: {key}" if key else str(file))
    assert says in str(refused.value)
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("text", "value", "currency", "on"),
    [
        ("5000000", 5_000_000, None, None),
        ("5_000_000", 5_000_000, None, None),
        ("5,000,000", 5_000_000, None, None),
        (" 5M ", 5_000_000, None, None),
        ("5 mn", 5_000_000, None, None),
        ("1.5 Million", 1_500_000, None, None),
        ("20 thousand", 20_000, None, None),
        ("3bn", 3_000_000_000, None, None),
        ("USD 20M", 20_000_000, "USD", None),
        ("usd20m", 20_000_000, "USD", None),
        ("20M EUR", 20_000_000, "EUR", None),
        ("$20 million", 20_000_000, "USD", None),
        ("€ 0.5 billion", 500_000_000, "EUR", None),
        ("£7k@2025-12-31", 7_000, "GBP", "2025-12-31"),
        ("5M on 2024-02-29", 5_000_000, None, "2024-02-29"),
        ("9007199254740993", 9_007_199_254_740_993, None, None),
        ("0", 0, None, None),
    ],
)
def test_amounts_as_people_write_them(text: str, value: int, currency: str | None, on: str | None) -> None:
    """Numbers are read exactly, in the usual spellings."""
    told = amount(text, "here")
    assert (told.value, told.currency, str(told.on) if told.on else None) == (value, currency, on)


@pytest.mark.parametrize(
    "text",
    ["", "many", "-5", "5M5", "1,5M", "1,50,000", "1.000", "1.000.000", "2.5", "5 Mio", "5 mil", "5 MAU", "¥5M", "USD 5 EUR",
     "5M@2025-02-30", "5M@soon", "5e6", "inf", "nan", "0x10", "\u0665", "5" * 200, "5\n6"],
)  # fmt: skip
def test_no_amount_is_guessed(text: str) -> None:
    """What may mean two numbers, or none, is refused with the place where it stands."""
    with pytest.raises(UsageError) as refused:
        amount(text, "here")
    assert refused.value.where == "here"


AMOUNTS = st.builds(
    Amount,
    value=st.integers(0, 10**15) | st.integers(0, 10**6).map(lambda number: number * 10**4),
    currency=st.sampled_from([None, "USD", "EUR", "CNY"]),
    on=st.none() | st.dates(datetime.date(1900, 1, 1)),
    affiliates=st.none() | st.booleans(),
)


@given(AMOUNTS)
def test_what_is_printed_can_be_read_back(told: Amount) -> None:
    """What is shown of an amount is that amount, to the last digit."""
    assert amount(words(told), "here") == told


@given(
    st.text(max_size=20) | st.from_regex(r"[A-Z$€]{0,3} ?[\d.,_]{1,12} ?[a-zA-Z]{0,8}(@[\d-]{1,10})?", fullmatch=True)
)
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes it fail in another way than it says."""
    try:
        told = amount(text, "here")
    except UsageError:
        return
    assert told.value >= 0
    assert amount(words(told), "here") == told


def test_numbers_in_words_are_exact() -> None:
    """Large numbers have two decimals at most, and none is rounded."""
    assert number_words(12_345_670_000_000) == "12,345.67 billion"
    assert number_words(1_234_567) == "1,234,567"
    assert number_words(1_500_000) == "1.5 million"


def test_what_if_replaces_what_is_configured(tmp_path: Path) -> None:
    """A fact of the command line stands for that of the file, and is refused under its own name."""
    file = write(tmp_path, WHOLE)
    said = organisation(file, ["monthly_active_users=800M", "territories=fr, no", "name = Other"])
    assert said.amounts["monthly_active_users"] == (Amount(value=800_000_000),)
    assert said.amounts["employees"] == (Amount(value=250),)
    assert (said.territories, said.name) == (("FR", "NO"), " Other")
    for wrong, says in (
        ("monthly_active_users", "not name=value"),
        ("employees=", "not name=value"),
        ("agreements=x", "is no key of the configuration"),
        ("employees=many", "is no number"),
        ("territories=DE,,US", "has an empty word"),
    ):
        with pytest.raises(UsageError) as refused:
            organisation(file, [wrong])
        assert refused.value.where == f"--what-if {wrong}"
        assert says in str(refused.value)


def test_the_command_refuses_a_wrong_configuration(tmp_path: Path, licscan: Licscan) -> None:
    """A wrong call or configuration ends with exit code 2, and says where."""
    (tmp_path / "m").mkdir()
    outcome = licscan("scan", "--config", write(tmp_path, "[organization]\n"), tmp_path / "m")
    assert outcome.code == 2
    assert "organization: is no key of the configuration" in " ".join(outcome.err.split())


@given(st.sampled_from(sorted(METRICS)), st.integers(0, 10**12))
def test_every_metric_is_taken(metric: str, value: int) -> None:
    """Every number that a license may ask for can be given."""
    assert organisation(None, [f"{metric}={value}"]).amounts[metric][0].value == value


def test_unions_and_their_countries() -> None:
    """Germany is in both unions, Norway in the area alone, the United Kingdom in neither, under both of its codes."""
    assert territories.regions(["de"]) == {"DE", "EU", "EEA"}
    assert territories.regions(["NO"]) == {"NO", "EEA"}
    assert territories.regions(["GB"]) == territories.regions(["uk"]) == {"UK"}
    assert territories.regions(["US-IL"]) == {"US-IL", "US"}
    assert territories.regions(["EU"]) == {"EU", "EEA"}
    assert territories.perhaps(["EEA"], "EU")
    assert territories.perhaps(["EU"], "IT")
    assert territories.perhaps(["EEA"], "NO")
    assert territories.perhaps(["US"], "US-IL")
    assert not territories.perhaps(["EU"], "NO")
    assert not territories.perhaps(["DE"], "IT")

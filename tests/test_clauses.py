"""Clauses found in texts: every pattern proves itself, values are read, layout does not matter."""

import pytest

from licscan.clauses import prove, search
from licscan.clauses.numbers import read_count
from licscan.model import Clause, Evidence
from licscan.rulebook import Rulebook
from licscan.wording import Wording

HERE = Evidence(source="test", path="LICENSE")


def found(text: str, rules: Rulebook) -> list[Clause]:
    return list(search(Wording(text), rules, HERE))


def test_every_clause_type_proves_itself(rules: Rulebook) -> None:
    """Each example that must match is found as that clause, each that must not is left alone."""
    assert list(prove(rules)) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("700 million", 700_000_000),
        ("20M", 20_000_000),
        ("1,000,000", 1_000_000),
        ("1 000 000", 1_000_000),
        ("2.5 billion", 2_500_000_000),
        ("seven hundred million", 700_000_000),
        ("one million", 1_000_000),
        ("twenty-five thousand", 25_000),
        ("a hundred", 100),
        ("ten (10) million", 10_000_000),
        ("one hundred (100) million", 100_000_000),
        ("700,000,000 (seven hundred million)", 700_000_000),
        ("1.000.000", 1_000_000),
        ("100.000 (one hundred thousand)", 100_000),
        ("1.250 million", 1_250_000),
        ("1'000'000", 1_000_000),
        ("half a million", 500_000),
        ("5 crore", 50_000_000),
        ("1亿", 100_000_000),
        ("3000万", 30_000_000),
        ("一百万", 1_000_000),
        ("五千", 5_000),
        ("users", None),
        ("", None),
    ],
)
def test_numbers_are_read_in_digits_and_words(text: str, number: int | None) -> None:
    """Digits, words, units and Chinese numerals mean their number; other words none."""
    assert read_count(text) == number


def test_a_find_names_its_place(rules: Rulebook) -> None:
    """Quote, lines and section of a clause are those of the text as it stands."""
    text = "# License\n\n1. Grant.\n  a. You may use it.\n  b. If your product has more than **5\n     million** monthly active users,\n     you must request a license.\n"
    (clause,) = [one for one in found(text, rules) if one.id == "threshold"]
    assert clause.values["value"] == 5_000_000
    assert clause.evidence.lines == (5, 7)
    assert clause.evidence.section == "1.b"
    assert clause.quote is not None
    assert clause.quote in " ".join(text.split())


def test_hostile_texts_take_linear_time(rules: Rulebook) -> None:
    """A megabyte of brackets, of one word, or of one line is searched to its end."""
    for text in ("(" * 1_000_000, "not " * 250_000, "must " * 200_000, "a" * 1_000_000, "1" * 1_000_000):
        found(text, rules)


def test_a_heading_without_a_colon_governs_the_list_under_it(rules: Rulebook) -> None:
    """What stands under "You can't" is forbidden, item by item; under "You can" nothing is."""
    items = "- train another speech model on the outputs of the model\n- make money with the weights\n"
    forbidden = {clause.id for clause in found(f"# Weights\n\n**You can't**\n{items}", rules)}
    allowed = {clause.id for clause in found(f"# Weights\n\n**You can**\n{items}", rules)}
    assert {"output-training-ban", "non-commercial"} <= forbidden
    assert not {"output-training-ban", "non-commercial"} & allowed

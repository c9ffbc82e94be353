"""Which finds of a text are kept: leaving out what can add nothing changes nothing but the time."""

from itertools import islice

import pytest

from licscan.clauses import locate
from licscan.clauses.choice import Wanted
from licscan.model import Evidence
from licscan.rulebook import Rulebook
from licscan.rulebook.needles import Frequencies, needles_of
from licscan.wording import Wording
from tests.test_registry import registry

HERE = Evidence(source="here")
TWICE = """You must comply with our Acceptable Use Policy.
{between}
Your use of the Model is subject to the Acceptable Use Policy at https://example.org/policy, which you must follow.
"""
BOTH = "未经许可,您不得将本模型用于商业目的。\n\nYou may not use the model for commercial purposes.\n"


def test_what_is_left_out_would_have_added_nothing(rules: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clauses of texts, with all patterns tried on every sentence or only those that can still add something."""
    texts = [text.words for text in islice(registry(), 0, None, 20)]
    assert len(texts) > 100
    fewer = [locate(Wording(text), rules, HERE) for text in texts]
    assert sum(map(len, fewer)) > 300
    monkeypatch.setattr(Wanted, "without", lambda _self, _finds: None)
    assert [locate(Wording(text), rules, HERE) for text in texts] == fewer


@pytest.mark.parametrize("between", ["", "You must comply with our Acceptable Use Policy.", "Be kind."])
def test_a_later_sentence_adds_what_the_first_left_open(rules: Rulebook, between: str) -> None:
    """The first sentence only names the policy, the last says where it stands, and is quoted."""
    (found,) = [
        one.clause
        for one in locate(Wording(TWICE.format(between=between)), rules, HERE)
        if one.clause.id == "acceptable-use"
    ]
    assert found.values["url"] == "https://example.org/policy"
    assert str(found.quote).startswith("Your use of the Model is subject to")


def test_a_title_is_not_quoted_where_a_sentence_says_it(rules: Rulebook) -> None:
    """What a license is called says nothing by itself; the sentence that makes it so does."""
    text = "Heron Model License for Non-Commercial Use\n\nYou may use the Model for non-commercial purposes only.\n"
    (found,) = [one.clause for one in locate(Wording(text), rules, HERE) if one.clause.id == "non-commercial"]
    assert found.quote == "You may use the Model for non-commercial purposes only."


def test_a_quote_begins_with_its_part_of_a_long_sentence(rules: Rulebook) -> None:
    """Of a sentence that is too long to be quoted whole, the part that says it, from its beginning to its end."""
    lead = ", and ".join(
        ["the licensee shall keep the Model in a safe place and shall tell its staff of these terms"] * 6
    )
    text = f"{lead}: the licensee must not sell the Model to anybody at all; {lead}.\n"
    found = [one.clause.quote for one in locate(Wording(text), rules, HERE)]
    assert "the licensee must not sell the Model to anybody at all;" in found


def _quotes(text: str, clause: str, rules: Rulebook) -> list[str | None]:
    return [one.clause.quote for one in locate(Wording(text), rules, HERE) if one.clause.id == clause]


def test_an_item_is_quoted_with_the_head_of_its_list(rules: Rulebook) -> None:
    """`Sell the Model` alone would read as a permission."""
    text = "You may not do any of the following:\n\n(a) sing loudly;\n\n(b) redistribute the Model.\n"
    expected = "You may not do any of the following: (a) sing loudly; (b) redistribute the Model."
    assert _quotes(text, "no-redistribution", rules) == [expected]


def test_an_item_far_below_its_head_is_quoted_alone(rules: Rulebook) -> None:
    """A quote is no page: of a long list the item that says it."""
    others = "\n\n".join(f"({letter}) keep birds of the {letter}-th kind in a cage;" for letter in "abcdefghijklmn")
    text = f"You may not do any of the following:\n\n{others}\n\n(o) redistribute the Model.\n"
    assert _quotes(text, "no-redistribution", rules) == ["(o) redistribute the Model."]


def test_the_number_of_a_section_ends_no_quote(rules: Rulebook) -> None:
    """`the policy of Section 2.3. as an enforceable provision`: the point belongs to the number."""
    lead = "; ".join(["You may copy the Model and show it to others where you like and as often as you like"] * 6)
    said = (
        "you must include the restrictions of Section 2.3. as an enforceable provision in any agreement with recipients"
    )
    (found,) = _quotes(f"{lead}; {said}; {lead.lower()}.\n", "pass-through-restrictions", rules)
    assert str(found).startswith(said)


@pytest.mark.parametrize(
    "preface",
    [
        "Please read these terms, which allow non-commercial use only",
        "By using the Model for non-commercial purposes only, you agree to be bound",
    ],
)
def test_a_preface_is_not_quoted_where_a_term_says_it(rules: Rulebook, preface: str) -> None:
    """What leads to the terms is none of them."""
    said = "You may use the Model for non-commercial purposes only."
    assert _quotes(f"{preface}.\n\n{said}\n", "non-commercial", rules) == [said]


def test_the_latin_half_is_quoted_though_it_stands_last(rules: Rulebook) -> None:
    """A text in two languages: what was found in Chinese does not end the search in English."""
    (found,) = [one.clause for one in locate(Wording(BOTH), rules, HERE) if one.clause.id == "non-commercial"]
    assert str(found.quote).startswith("You may not use")


def test_a_short_word_with_edges_is_a_needle() -> None:
    """Words too short to be looked for anywhere are, where the pattern wants them whole: at its end, and before it."""
    sample = Frequencies(["You may use it in the EU."])
    assert needles_of(r"\bEU\b", sample) == [frozenset({"<eu>"})]
    assert needles_of(r"in (?:\bUK\b|\bEU\b)[^.;]{0,9}?\bas\b", sample)[0] == frozenset({"<as>"})
    assert frozenset({"<uk>", "<eu>"}) in needles_of(r"in (?:\bUK\b|\bEU\b)[^.;]{0,9}?\bas\b", sample)
    assert needles_of(r"\b[EA]U", sample) == []

"""What follows from a threshold: said in its own sentence, where its term is used, or beside it."""

import pytest

from licscan.clauses import search
from licscan.clauses.terms import uses
from licscan.model import Evidence
from licscan.rulebook import Rulebook
from licscan.wording import Wording

DEFINED = """1.1 "Large Deployment" means any use of the Model by more than 3 million monthly active users of the Licensee.
1.2 "Affiliate" means any entity that controls the Licensee.
2. You may use and share the Model, whoever you are.
3. A Large Deployment requires a separate agreement with us, which we may decline.
"""
BESIDE = """2. If the annual revenue of the licensee exceeds 40 million US dollars, the licensee must obtain a separate license.
3. If the Model is used in a product that has more than 90 million monthly active users, "Heron" must be prominently
displayed in it.
"""
AFTER = """If your annual revenue is more than 5 million US dollars, the rights granted to you shall terminate.
You must request a license from us.
"""


@pytest.mark.parametrize(
    ("text", "effects"),
    [
        (DEFINED, {3_000_000: "separate-license"}),
        (BESIDE, {40_000_000: "separate-license", 90_000_000: "duty"}),
        (AFTER, {5_000_000: "separate-license"}),
        (DEFINED.replace("requires a separate agreement with us, which we may decline", "is prohibited"), {3_000_000: "prohibited"}),
    ],
)  # fmt: skip
def test_the_effect_is_that_of_its_own_sentence(rules: Rulebook, text: str, effects: dict[int, str]) -> None:
    """A neighbour's duty is not its own, and a term's effect stands where the term is used."""
    found = [one.values for one in search(Wording(text), rules, Evidence(source="here")) if one.id == "threshold"]
    assert {one["value"]: one["effect"] for one in found} == effects


def test_a_term_is_found_where_it_is_used() -> None:
    """In all its sentences but the one that defines it; a sentence that defines nothing has no uses."""
    wording = Wording(DEFINED)
    first, *others = wording.sentences()
    assert [wording.plain[slice(*one)].strip() for one in uses(wording, first)] == [
        "3. A Large Deployment requires a separate agreement with us, which we may decline."
    ]
    assert not list(uses(wording, others[1]))

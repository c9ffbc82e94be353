"""Lists: what a head forbids or asks is forbidden or asked in each of its items, however both are worded."""

import pytest

from licscan.clauses import locate
from licscan.clauses.heads import terse
from licscan.model import Evidence
from licscan.rulebook import Rulebook
from licscan.wording import Wording

HERE = Evidence(source="here")
BANS = (
    "You may not:",
    "You may not do any of the following:",
    "You shall not, and shall not permit others to:",
    "You agree not to:",
    "You must not do any of these things:",
    "Licensee may not, directly or indirectly:",
    "It is forbidden to:",
    "You agree that you will not do, or allow anyone to do, any of the following:",
    "Without our prior written consent, you may not:",
    "You can't:",
)
BANNED = {
    "no-redistribution": ("redistribute the Model.", "distribute, sublicense or transfer the Model to third parties."),
    "non-commercial": ("use the Model for commercial purposes.", "sell the Model or use it for commercial gain."),
    "output-training-ban": ("use outputs of the Model to train other models.",),
    "hosting-restriction": ("offer the Model as a hosted service to third parties.",),
    "no-derivatives": (
        "modify the Model or create derivative works of it.",
        "fine-tune, adapt or translate the Model.",
    ),
    "competing-use": ("use the Model to develop a product that competes with ours.",),
    "naming-prohibition": ("use our trademarks in your models' names or in a way that suggests that we endorse them.",),
    "attribution-notice": ("remove or alter any copyright notices.",),
}
DUTIES = (
    "You must:",
    "You shall:",
    "You agree to:",
    "Licensee shall:",
    "If you distribute the Model, you must:",
    "As a condition of this license, you will:",
    "Recipients are required to:",
    "When you distribute the Model or derivatives of it, you are obliged to:",
    "You may distribute the Model, provided that you:",
    "Distribution is allowed as long as you:",
)
OWED = {
    "license-copy": ("provide a copy of this license to every recipient.", "include this Agreement with each copy."),
    "attribution-notice": ("retain all copyright notices in the Model.",),
    "state-changes": ("mark modified files as changed.", "state prominently that you changed the files."),
    "attribution-display": ('display "Built with Heron" on a related website or in the documentation.',),
    "naming-requirement": ('include "Heron" at the beginning of the name of any derivative model.',),
    "share-alike": ("license any derivative works under this same license.",),
    "pass-through-restrictions": ("bind all recipients to the use restrictions of Section 4.",),
    "registration": ("register with us before any commercial use.",),
    "indemnity": ("indemnify and hold us harmless from any claims arising from your use of the Model.",),
    "acceptable-use": ("comply with our Acceptable Use Policy at https://heron.example/aup.",),
}


@pytest.mark.parametrize("head", BANS)
def test_what_a_head_forbids_each_item_forbids(rules: Rulebook, head: str) -> None:
    """The same words, alone, would forbid nothing."""
    _said_by_items(rules, head, BANNED)


@pytest.mark.parametrize("head", DUTIES)
def test_what_a_head_asks_each_item_asks(rules: Rulebook, head: str) -> None:
    """Whether the words that oblige stand in the head or the item."""
    _said_by_items(rules, head, OWED)


def test_a_head_gives_no_permission_to_what_it_forbids(rules: Rulebook) -> None:
    """`sell the Software` under a ban, however much a permission its words alone could be."""
    text = "You may install one copy. You may not:\n\n(i) rent or lease;\n\n(ii) distribute or sell the Model for profit.\n"
    assert "commercial-use" not in {one.clause.id for one in locate(Wording(text), rules, HERE)}


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("You may not do any of the following:", "You may not:"),
        ("You will not do, or allow anyone to do, any of the following:", "You will not:"),
        ("You must meet all of the following conditions:", "You must meet all of the following conditions:"),
        ("You may do any of the following:", "You may do any of the following:"),
    ],
)
def test_what_only_points_at_the_items_is_no_part_of_a_ban(head: str, expected: str) -> None:
    """Patterns look for the verb behind the ban, which stands in the item."""
    assert terse(head) == expected


def _said_by_items(rules: Rulebook, head: str, items: dict[str, tuple[str, ...]]) -> None:
    missed = [
        (clause, item)
        for clause, said in items.items()
        for item in said
        for text in [f"Terms\n\n{head}\n\n(a) keep bees in the cellar;\n\n(b) {item}\n"]
        if clause not in {one.clause.id for one in locate(Wording(text), rules, HERE)}
    ]
    assert not missed

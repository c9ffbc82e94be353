"""Items of lists, and lines that only look like one."""

import pytest

from licscan.clauses import search
from licscan.items import item_mark
from licscan.model import Evidence
from licscan.rulebook import Rulebook
from licscan.wording import Wording


@pytest.mark.parametrize(
    ("before", "line", "mark"),
    [
        ("You may not\n", "(a) sell it;", "a"),
        ("You agree not to\n\n", "2.3.1 harm minors;", "2.3.1"),
        ("", "12 Months of use", "12"),
        ("over any consecutive\n", "12 months, you must ask.", None),
        ("Annual Revenue (as defined in\n", "Section 1.1.3) of the licensee", None),
        ("under the terms of Section\n", "4.2 of this agreement", None),
        ("PREAMBLE\n", "Section 1. Grant", "1"),
        ("as defined in\n\n", "Section 1.1 Grant", "1.1"),
        ("as said in section\n", "3. It ends there.", None),
    ],
)
def test_a_number_at_the_head_of_a_line_may_belong_to_the_sentence(before: str, line: str, mark: str | None) -> None:
    """Where a line broke within "12 months" or "in Section 1.2", no item begins."""
    assert item_mark(before + line, len(before)) == mark


BROKEN = """If the revenue of the licensee exceeds 30 million US dollars in total over any consecutive
12 months, the licensee must enter into a separate agreement before using the Model."""
UNBROKEN = (
    "* You may read it, and as long as this line is it says nothing more of importance to anybody, whoever that is, and"
    " wherever they may be when they read what is written here.\n"
    "* Nor does this line, which is as long as the other one was, and which nobody would have left so long, had lines"
    " been broken in this text at all, as they are in many.\n"
    "SCOPE OF LICENSE. The software is licensed, not sold, and this line is as long as those before it were, so that it"
    " can be seen that none of them was broken where it ended. You may not:\n"
    "* rent it; or\n* use it for commercial software hosting services.\n"
)


def test_a_number_that_a_line_begins_with_is_read_with_its_sentence(rules: Rulebook) -> None:
    """The threshold stands before the break, what follows from it behind."""
    found = {one.id: one for one in search(Wording(BROKEN), rules, Evidence(source="here"))}
    assert found["threshold"].values["value"] == 30_000_000
    assert found["threshold"].values["effect"] == "separate-license"


def test_a_line_is_a_paragraph_where_lines_are_not_broken(rules: Rulebook) -> None:
    """What opens a list at the end of a long line opens it, though items of another list stand right above."""
    found = {one.id for one in search(Wording(UNBROKEN), rules, Evidence(source="here"))}
    assert "hosting-restriction" in found

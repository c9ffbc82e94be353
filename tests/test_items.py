"""Items of lists, and lines that only look like one."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licscan.clauses import search
from licscan.items import item_mark
from licscan.model import Evidence
from licscan.rulebook import Rulebook
from licscan.sections import sections
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


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("1. Grant\n1) You may.\n2) You must.\n2. Law\n", ["1", "1.1", "1.2", "2"]),
        (
            "一、定义\n二、许可\n1.授予。\n（1）不得。\n（2）应。\n2.保留。\n三、其他\n",  # noqa: RUF001
            ["一", "二", "二.1", "二.1.1", "二.1.2", "二.2", "三"],
        ),
        ("一、定义\n1.1 模型：指权重。\n1.2 您。\n二、许可\n2.1 授予。\n", ["一", "1.1", "1.2", "二", "2.1"]),  # noqa: RUF001
        ("1. One\n   1. In it\n   2. In it too\n2. Two\n   1. In it\n", ["1", "1.1", "1.2", "2", "2.1"]),
        ("## 1. One\n\n1. an item;\n2. another.\n\nA paragraph.\n\n## 2. Two\n", ["1", "1.1", "1.2", "1", "2"]),
        ("### 3.1 Terms\n1. You must.\n2. You may.\n### 3.2 Uses\n", ["3.1", "3.1.1", "3.1.2", "3.2"]),
        ("Section I: BEFORE\n1. One\nSection II: RIGHTS\n2. Two\n(a) of it\n", ["I", "I.1", "II", "II.2", "II.2.a"]),
        ("9. Law\n\nEXHIBIT A\n\n1. Harm\n2. Fraud\n", ["9", "EXHIBIT A", "EXHIBIT A.1", "EXHIBIT A.2"]),
        ("1. Keep it.\n\n附件一：申请表\n\n1. 名称\n", ["1", "附件一", "附件一.1"]),  # noqa: RUF001
        ("Street\n51 Franklin Street\n0. Definitions.\n1. Source.\n", ["0", "1"]),
        ("1. Grant\nA Contributor may.\n(a) In that case\n(b) Or that\n", ["1", "1.a", "1.b"]),
        ("2. Use\nwithin thirty\n(30) days of it.\n", ["2"]),
        ("1. Uses\n## Contact\nWrite to us.\n", ["1", ""]),
        ("1.1\nTerms\n1.2 Grant\n1.3\nUses\n", ["1.2", "1.3"]),
        ("h. it\ni. that\nj. those\ni) first\nii) second\n", ["h", "i", "j", "j.i", "j.ii"]),
        ("**3.1** 不得分发。\n**3.2** 应保留。\n", ["3.1", "3.2"]),
    ],
)
def test_a_section_is_named_as_the_text_counts(text: str, names: list[str]) -> None:
    """The labels that lead down to a place, whatever way the text counts its levels and lays them out."""
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    assert sections(text, starts)[1] == names


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="1I.aiv()#* \n一二第条附件A\t", max_size=200))
def test_any_lines_have_sections(text: str) -> None:
    """Whatever lines begin with, every section has a place, in order."""
    offsets, names = sections(text, [0, *(found.end() for found in re.finditer("\n", text))])
    assert offsets == sorted(offsets)
    assert len(offsets) == len(names)

"""Items of lists: where one begins in a text, and what it is marked with."""

import re
from typing import NamedTuple

# What goes before the number of a section that is meant elsewhere.
_LEADS_TO_NUMBER = frozenset(
    "section sections clause clauses article articles paragraph paragraphs under version versions".split()
)
_LONGEST_WORD = 60
# What a list is marked with; some signs stand where a bullet was lost on the way from one encoding to another.
_BULLET = re.compile(r"\s*([-–—*+•●▪◦‣·∙○■□➢➤►▶✓✔※»§¥¤\ue000-\uf8ff\U000f0000-\U000ffffd]\s|#)")
# Words of one letter: a sentence may begin with one, and so may a line in the middle of a sentence.
_ARTICLES = frozenset(("A", "I"))
_ENDS = frozenset(("", *".;:!?)。；：？！"))
_LONGEST_HEAD = 40
_REFERENCE = re.compile(r"\d\([a-z\d]{1,4}\)$")
_WIDE_SIGNS = str.maketrans("（）．：", "().:")
# A number alone begins an item where a capital follows: a line may begin with "12 months" in the middle of a sentence.
# With what stands before it, a number is the label of a section.
_LABEL = re.compile(
    r"[#>*_\s-]*+(?:(?:section|article|clause|paragraph|part|§+)\s*)?"
    r"(?P<label>\d{1,3}(?:\.\d{1,3}){1,4}(?:\*\*|__)?(?<!\.0)\s(?=\W{0,3}[a-z\u4e00-\u9fff])|"
    r"(?<=[#]\s)\d{1,3}(?:\.\d{1,3}){1,4}\s*\Z|"
    r"\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[a-z]|[ivx]{1,5})(?:[.):、．](?!\d)|\s(?=\W{0,3}(?-i:[A-Z]|[\"“])))\)?|"
    r"第[一二三四五六七八九十百\d]+[条章节]|[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十\d]{1,3}）)",
    re.IGNORECASE,
)


class Label(NamedTuple):
    """What a section or an item is counted with."""

    text: str
    written: str  # what stands around it: `_.`, `(_)`, `_、`


def item_mark(text: str, start: int) -> str | None:
    """The label of an item, or what stands for one: a bullet, the marks of a heading; None where there is none.

    Args:
        text: The text.
        start: Where the first word of the item stands in it.
    """
    line_start = text.rfind("\n", 0, start) + 1
    head = text[line_start : line_start + _LONGEST_HEAD]
    if found := _BULLET.match(head):
        return found[1].strip()
    line_end = text.find("\n", line_start)
    label = label_of(text, line_start, line_end if line_end >= 0 else len(text))
    return label and label.text


def label_of(text: str, line_start: int, line_end: int) -> Label | None:
    """The number or letter that a line begins with, as the label of a section or item; None where it has none."""
    found = _LABEL.match(text, line_start, line_end)
    if not found or _is_word(found["label"].strip(), text, line_start) or _is_reference(found, text, line_start):
        return None
    label = found["label"].strip("().:、．（）*_ \t\r\n")
    written = found["label"].translate(_WIDE_SIGNS).strip("*_ \t\r\n")
    return Label(label, written.replace(label, "_", 1))


def _is_word(label: str, text: str, line_start: int) -> bool:
    return label in _ARTICLES or (label == "a" and text[:line_start].rstrip()[-1:] not in _ENDS)


def _is_reference(label: re.Match[str], text: str, line_start: int) -> bool:
    """Whether a line begins with a number only because it broke there: "as defined in / Section 1.2)"."""
    before = text[max(0, line_start - _LONGEST_WORD) : line_start]
    last = before.split()[-1:] if before.count("\n", len(before.rstrip())) == 1 else []
    if not last:
        return False
    word = last[0].strip("(")
    if (
        label["label"].startswith("(")
        and len(label["label"].strip("() ")) > 1
        and label["label"].strip("() ").isdigit()
    ):
        return word.isalpha() and word.islower()  # "within thirty / (30) days"
    if label["label"].startswith("(") and _REFERENCE.search(word):
        return True  # "in Section 2(a) / (4)"
    named = text[label.start() : label.start("label")].strip(" #>*_-\t").isalpha()
    return word.casefold() in _LEADS_TO_NUMBER or (named and word.isalpha() and word.islower())

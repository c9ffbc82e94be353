"""Items of lists: where one begins in a text, and what it is marked with."""

import re

# What goes before the number of a section that is meant elsewhere.
_LEADS_TO_NUMBER = frozenset("section sections clause clauses article articles paragraph paragraphs under".split())
_LONGEST_WORD = 60
# What a list is marked with; some signs stand where a bullet was lost on the way from one encoding to another.
_BULLET = re.compile(r"\s*([-–—*+•●▪◦‣·∙○■□➢➤►▶✓✔※»§¥¤\ue000-\uf8ff\U000f0000-\U000ffffd]\s|#)")
# Words of one letter: a line may begin with one in the middle of a sentence.
_ARTICLES = frozenset(("a", "A", "I"))
_ENDS = frozenset(("", *".;:!?)。；：？！"))
# A number alone begins an item where a capital follows: a line may begin with "12 months" in the middle of a sentence.
# With what stands before it, a number is the label of a section.
LABEL = re.compile(
    r"\s*(?:[#>*_\s-]*)(?:(?:section|article|clause|paragraph|part|§+)\s*)?"
    r"(?P<label>\d{1,3}(?:\.\d{1,3}){1,4}\s(?=\W{0,3}[a-z])|"
    r"\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[a-z]|[ivx]{1,5})(?:[.):、．]|\s(?=\W{0,3}(?-i:[A-Z]|[\"“])))\)?|"
    r"第[一二三四五六七八九十百\d]+[条章节]|[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十\d]{1,3}）)",
    re.IGNORECASE,
)


def item_mark(text: str, start: int) -> str | None:
    """The label of an item, or what stands for one: a bullet, the marks of a heading; None where there is none.

    Args:
        text: The text.
        start: Where the first word of the item stands in it.
    """
    line_start = text.rfind("\n", 0, start) + 1
    head = text[line_start : line_start + 40]
    if found := _BULLET.match(head):
        return found[1].strip()
    label = LABEL.match(head)
    if not label or _is_reference(label, text, line_start):
        return None
    if label["label"].strip() in _ARTICLES and text[:line_start].rstrip()[-1:] not in _ENDS:
        return None
    return label["label"].strip("().:、．（） ")


def _is_reference(label: re.Match[str], text: str, line_start: int) -> bool:
    """Whether a line begins with a number only because it broke there: "as defined in / Section 1.2)"."""
    before = text[max(0, line_start - _LONGEST_WORD) : line_start]
    last = before.split()[-1:] if before.count("\n", len(before.rstrip())) == 1 else []
    if not last:
        return False
    word = last[0].strip("(")
    named = label.start("label") > 0 and label[0][: label.start("label")].strip(" #>*_-\t").isalpha()
    return word.casefold() in _LEADS_TO_NUMBER or (named and word.isalpha() and word.islower())

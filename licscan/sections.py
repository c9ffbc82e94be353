"""Sections of a legal text: which numbers and letters lead down to a place, as `2.b.iii`.

Texts number their levels as they like, and lay them out as they like. Two labels stand on one level where they are
written alike (`1.`, `1)`, `(1)`, `一、`) and the one follows the other in counting; a first label, further in or
beneath a number that tells its own level (`3.1`), begins a new level.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from licscan.items import Label, label_of

_NAMED = re.compile(r"[#>*_\s]*+(section|article|clause|part)\b", re.IGNORECASE)
_ANNEX = re.compile(
    r"[#>*_\s]{0,8}(?:(?P<name>(?i:annex|appendix|attachment|schedule|exhibit|addendum)(?:\s(?:[A-Z]|[IVX]{1,4}|\d{1,2}))?)\b"
    r"(?=\W|\Z)[^.;]{0,60}|(?P<wide>附[件录表则][一二三四五六七八九十\d]{0,3})[^。\uff1b]{0,40})$"
)
# How far something is counted where it begins.
_FIRST = 2
_HEADING = re.compile(r"\s*+(?:>\s*+)?(#+)")
_ROMAN = {"i": 1, "v": 5, "x": 10}


class _Step(NamedTuple):
    """One level on the way down to a place."""

    label: str
    style: str  # how it is written: those of one level are written alike
    value: int  # what it counts
    indent: int
    heading: int  # how deep a heading of Markdown; 0 where it is none


def sections(text: str, starts: list[int]) -> tuple[list[int], list[str]]:
    """Where sections begin in a text, and the number of each, as the text gives it; empty where it gives none.

    Args:
        text: The text.
        starts: Where its lines start.
    """
    offsets: list[int] = []
    names: list[str] = []
    steps: list[_Step] = []
    blank = True
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        line = text[start:end]
        label = label_of(text, start, end) or _alone(line, steps)
        step = _step(label, line, steps) if label else None
        before = steps
        if step and _counts(step, steps):
            steps = _down(steps, step)
        elif line.strip():
            steps = _left(steps, line, after_blank=blank)
        blank = not line.strip()
        if steps is not before:
            offsets.append(start)
            names.append(".".join(step.label for step in _path(steps)))
    return offsets, names


def _alone(line: str, steps: list[_Step]) -> Label | None:
    """The number that a line consists of, where it goes on counting."""
    found = re.fullmatch(r"\s*((\d{1,2}(?:\.\d{1,2}){0,2})\.(\d{1,2}))\s*", line)
    if found and any(step.label == f"{found[2]}.{int(found[3]) - 1}" for step in steps):
        return Label(found[1], "_")
    return None


def _step(label: Label, line: str, steps: list[_Step]) -> _Step:
    found = _HEADING.match(line)
    heading = len(found[1]) if found else 0
    indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
    kind, value = _count(label.text, steps)
    named = _NAMED.match(line)
    style = f"{named[1].casefold() if named else ''} {kind} {label.written} {'#' * heading}"
    return _Step(label.text, style, value, indent, heading)


def _counts(new: _Step, steps: list[_Step]) -> bool:
    """Whether a label is one, and no word or number that a line begins with: "51 Franklin Street"."""
    bare = new.style.split("#")[0].rstrip().endswith(" _")
    begins = new.value <= _FIRST or any(step.style == new.style for step in steps)
    return not bare or begins or " dotted " in new.style


def _down(steps: list[_Step], new: _Step) -> list[_Step]:
    """The way down to a place, after one more label was read."""
    if " dotted " in new.style:
        # It tells its own way, which goes on where the first of its numbers was read.
        whole = [step for step in steps[:1] if step.value == int(new.label.partition(".")[0])]
        return [*whole, new]
    if new.heading or not new.style.startswith(" "):
        # Headings, and what calls itself a section, do not stand within lists.
        steps = [step for step in steps if step.heading or not step.style.startswith(" ")]
    elif steps and "(_)" in steps[0].style and "(_)" not in new.style:
        return [new]  # What began with a list in brackets goes on with sections.
    alike = [index for index, step in enumerate(steps) if step.style == new.style]
    following = [index for index in alike if steps[index].value + 1 == new.value]
    if following:
        level = next((index for index in following if steps[index].indent == new.indent), following[-1])
        return [*steps[:level], new]
    further_in = alike and (new.indent > steps[alike[-1]].indent or " dotted " in steps[-1].style)
    if not alike or (new.value == 1 and further_in):
        return [*steps, new]
    level = next((index for index in alike if steps[index].indent == new.indent), alike[0])
    return [*steps[:level], new]


def _left(steps: list[_Step], line: str, *, after_blank: bool) -> list[_Step]:
    """The way down to a place, after a line without a label was read."""
    annex = _ANNEX.match(line.rstrip())
    heading = _HEADING.match(line)
    if annex and (after_blank or heading):
        return [_Step(annex["name"] or annex["wide"], "annex", 0, 0, 0)]
    if not steps:
        return steps
    if heading:
        level = next((index for index, step in enumerate(steps) if not 0 < step.heading < len(heading[1])), len(steps))
        return steps[:level] if level < len(steps) else steps
    # Markdown: a paragraph at the margin ends the list under a heading.
    if (
        after_blank
        and steps[0].heading
        and not steps[-1].heading
        and " number " in steps[-1].style
        and not line[0].isspace()
    ):
        return [step for step in steps if step.heading]
    return steps


def _path(steps: list[_Step]) -> Iterable[_Step]:
    """The levels whose labels make up the name of a section."""
    last = max((index for index, step in enumerate(steps) if " dotted " in step.style), default=0)
    return steps[last:]


def _count(label: str, steps: list[_Step]) -> tuple[str, int]:
    """What a label counts with, and how far it has counted."""
    low = label.casefold()
    if re.fullmatch(r"\d+(?:\.\d+)+", low):
        return "dotted", int(low.rpartition(".")[2])
    if low.isdigit():
        return "number", int(low)
    if numerals := re.search("[一二三四五六七八九十百]+", low):
        return "numeral" + re.sub(r"[一二三四五六七八九十百\d]", "", low), _chinese(numerals[0])
    if found := re.search(r"\d+", low):
        return "numeral" + re.sub(r"\d", "", low), int(found[0])
    case = "upper" if label[0].isupper() else "lower"
    letter = ord(low[0]) - ord("a") + 1
    if re.fullmatch("[ivx]+", low):
        # `i` after `h` is a letter, and a numeral elsewhere; `v` and `x` are letters where no numerals were counted.
        letters = [step.value for step in steps if f"{case} letter" in step.style]
        romans = any(f"{case} roman" in step.style for step in steps)
        if len(low) > 1 or not ((letters and letters[-1] + 1 == letter) or (low in "vx" and not romans)):
            return f"{case} roman", _roman(low)
    return f"{case} letter", letter


def _roman(numeral: str) -> int:
    values = [_ROMAN[sign] for sign in numeral]
    return sum(
        -value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )


def _chinese(numeral: str) -> int:
    total, digit = 0, 0
    for sign in numeral:
        value = int(unicodedata.numeric(sign))
        if value < 10:  # noqa: PLR2004
            digit = value
        else:
            total, digit = total + max(digit, 1) * value, 0
    return total + digit

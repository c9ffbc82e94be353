"""Patterns cut at their gaps: `A{reach}B` is A, a gap and B, each found by itself and joined by distance.

A gap written out is what makes the automaton of a pattern large: as a distance it costs nothing, and what stands on
both sides is searched for once in a sentence, however many patterns have it.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from licscan.rulebook.detectors import Reach
from licscan.rulebook.parsing import parsed

# The name of a phrase in a pattern; a quantifier such as {0,40} has digits.
NAMED = re.compile(r"\{([a-z][a-z0-9-]*)\}")
# A repetition of at least so many characters is a gap; a shorter one belongs to the words beside it.
_LEAST_GAP = 20
_UNBOUNDED = 400
# A phrase as long as this that opens the words after a gap is found by itself; what follows it, only behind it.
_LARGE = 400
_LOOSE = 12
_QUANTIFIER = re.compile(r"(?:[*+?]|\{(?P<least>\d+)(?:,(?P<most>\d*))?\})\??")
_ESCAPE = re.compile(r"\\(?:[pP](?:\{\^?\w+\}|\w)|x\{?[0-9a-fA-F]+\}?|.)", re.DOTALL)
_CLASS = re.compile(r"\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]", re.DOTALL)


# One of no characters at most stands between a phrase and the words that must follow it at once.
_TOUCH = Reach(unit="", least=0, most=0)


class _Item(NamedTuple):
    atom: str
    quantifier: str
    least: int
    most: int

    @property
    def text(self) -> str:
        return self.atom + self.quantifier


def cut(pattern: str, written_out: Callable[[str], str]) -> tuple[list[str], list[Reach]]:
    """A pattern as words and the gaps between them, all phrases written out; whole where it cannot be cut.

    Args:
        pattern: The pattern, with its phrases by name.
        written_out: Puts the words of phrases in the place of their names, in any part of a pattern.
    """
    items = list(_items(pattern))
    if any(item.atom == "|" for item in items):
        return [written_out(pattern)], []
    parts, gaps = [""], list[Reach]()
    opens = False
    for item in items:
        reaches = _reaches(item, written_out)
        if not reaches:
            if opens and parts[-1]:
                gaps.append(_TOUCH)
                parts.append("")
            opens = parts[-1] == "" and not (gaps and gaps[-1] is _TOUCH) and _is_large(item, written_out)
            parts[-1] += written_out(item.text)
        elif parts[-1] == "" and gaps:
            gaps[-1] = _joined(gaps[-1], reaches)
        else:
            gaps.append(_joined(_TOUCH, reaches))
            parts.append("")
            opens = False
    # What a pattern begins or ends with must be words.
    if parts[-1] == "" and gaps and gaps[-1].least == 0:
        parts, gaps = parts[:-1], gaps[:-1]
    if parts and parts[0] == "" and gaps and gaps[0].least == 0:
        parts, gaps = parts[1:], gaps[1:]
    if not parts or any(_may_be_empty(one) for one, gap in zip(parts, [None, *gaps], strict=True) if gap != _TOUCH):
        return [written_out(pattern)], []
    return _solid(parts, gaps)


def ways(pattern: str, written_out: Callable[[str], str]) -> list[str]:
    """The alternatives of a pattern, where it is nothing else: those that can be cut one by one, all others together.

    Args:
        pattern: The pattern, with its phrases by name.
        written_out: Puts the words of phrases in the place of their names, in any part of a pattern.
    """
    whole: list[str] = []
    apart: list[str] = []
    for one in _alternatives(pattern, written_out):
        items = list(_items(one))
        # A large phrase is found once for all that have it.
        alone = len(items) == 1 and _is_large(items[0], written_out)
        (apart if alone or any(_reaches(item, written_out) for item in items) else whole).append(one)
    return [*(["|".join(whole)] if whole else []), *apart]


def _alternatives(pattern: str, written_out: Callable[[str], str]) -> list[str]:
    found = [""]
    for item in _items(pattern):
        if item.atom == "|":
            found.append("")
        else:
            found[-1] += item.text
    if len(found) > 1:
        return [way for one in found for way in _alternatives(one, written_out)]
    inside = _inside(written_out(pattern)) if len(list(_items(pattern))) == 1 else ""
    opened = _alternatives(inside, written_out) if inside else []
    gapped = any(_reaches(item, written_out) for one in opened for item in _items(one))
    return opened if len(opened) > 1 and gapped else [pattern]


def _solid(parts: list[str], gaps: list[Reach]) -> tuple[list[str], list[Reach]]:
    """What follows a phrase at once, and may be nothing at all, belongs to the phrase."""
    for at in range(len(gaps) - 1, -1, -1):
        if gaps[at] == _TOUCH and _may_be_empty(parts[at + 1]):
            parts = [*parts[:at], parts[at] + parts[at + 1], *parts[at + 2 :]]
            gaps = gaps[:at] + gaps[at + 1 :]
    return parts, gaps


def _is_large(item: _Item, written_out: Callable[[str], str]) -> bool:
    return not item.quantifier and bool(NAMED.fullmatch(item.atom)) and len(written_out(item.atom)) > _LARGE


def _joined(first: Reach, others: list[Reach]) -> Reach:
    for one in others:
        unit = f"{first.unit}(?:{one.unit})*"
        first = Reach(unit=unit, least=first.least + one.least, most=first.most + one.most)
    return first


def _reaches(item: _Item, written_out: Callable[[str], str]) -> list[Reach]:
    """The gaps that an item is: itself, or those that its phrase is made of; nothing where it is words."""
    if not item.quantifier and (NAMED.fullmatch(item.atom) or item.atom.startswith("(?:")):
        found = [_reaches(one, written_out) for one in _items(_inside(written_out(item.atom)))]
        return [reach for one in found for reach in one] if found and all(found) else []
    if item.most < _LEAST_GAP or NAMED.fullmatch(item.atom) or "(?P<" in item.atom:
        return []
    # Any text but some characters: a list of words, however often repeated, is no gap.
    wide = item.atom == "." or item.atom.startswith(("[^", "(?:[^", "(?:.|"))
    return [Reach(unit=written_out(item.atom), least=item.least, most=item.most)] if wide else []


def _inside(group: str) -> str:
    return group.removeprefix("(?:").removesuffix(")") if group.startswith("(?:") else ""


def _items(pattern: str) -> Iterator[_Item]:
    at = 0
    while at < len(pattern):
        end = _atom_end(pattern, at)
        atom = pattern[at:end]
        found = _QUANTIFIER.match(pattern, end) if atom != "|" else None
        least, most = 1, 1
        if found:
            sign = found.group()[0]
            least = int(found["least"] or 0) if sign == "{" else int(sign == "+")
            bound = found["most"] if sign == "{" else None
            most = 1 if sign == "?" else int(bound) if bound else least if sign == "{" and bound is None else _UNBOUNDED
        yield _Item(atom, found.group() if found else "", least, most)
        at = found.end() if found else end


def _atom_end(pattern: str, at: int) -> int:
    """Where the character, class, group or phrase ends that begins at a place."""
    for shape in (NAMED, _ESCAPE, _CLASS):
        if found := shape.match(pattern, at):
            return found.end()
    if pattern[at] != "(":
        return at + 1
    depth, here = 0, at
    while here < len(pattern):
        if found := _ESCAPE.match(pattern, here) or _CLASS.match(pattern, here):
            here = found.end()
            continue
        depth += {"(": 1, ")": -1}.get(pattern[here], 0)
        here += 1
        if depth == 0:
            break
    return here


def is_loose(part: str) -> bool:
    """Whether words may match much more or much less at one place: where a list goes on, or words are left out."""
    least, most = _width(part)
    return most - least > _LOOSE


def _may_be_empty(part: str) -> bool:
    return _width(part)[0] == 0


def _width(part: str) -> tuple[int, int]:
    """How many characters words match at least and at most."""
    tree = parsed(part)
    if tree is None:
        return 0, _UNBOUNDED
    least, most = tree.getwidth()
    return int(least), int(most)

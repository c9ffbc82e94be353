"""What is quoted of a text for a clause: from where to where, in which words, section and lines."""

import re
from typing import NamedTuple

from licscan.model import Clause, Evidence
from licscan.text import QUOTE, fold
from licscan.wording import Wording

_LEAST_QUOTE = 250
_BEFORE = 20
# A long sentence has parts: a quote begins with one where that begins so far before the find, and ends with one.
_LEAD = 90
# The number of a section may end in a point.
_PART = re.compile(r"(?:[;:]|(?<!\d)\.)\s+(?:(?:and|or|and/or)\s+)?")
# A sentence shorter than this is a heading, or next to one: it is quoted with what follows it.
_HEADING = 30


class Found(NamedTuple):
    """A clause that was found.

    Attributes:
        clause: What is said.
        start: Where its quote begins in the wording's `plain`; it may be longer than what the clause shows of it.
        end: Where that ends.
    """

    clause: Clause
    start: int
    end: int


def quoted(wording: Wording, start: int, end: int, at: Evidence) -> Evidence:
    """A part of a text, with its words, section and lines.

    Args:
        wording: The text.
        start: Where the part begins in `plain`.
        end: Where it ends there.
        at: The text as evidence.
    """
    first, last = wording.span(start, end)
    lines = (wording.line(first), wording.line(max(first, last - 1)))
    quote = fold(wording.text[first:last])[:QUOTE]
    return at.model_copy(update={"section": wording.section(first), "lines": lines, "quote": quote})


def extent(wording: Wording, start: int, end: int, head: int | None = None) -> tuple[int, int]:
    """From where to where a find is quoted: its sentence, where that is short enough; else its words with some around.

    Args:
        wording: The text.
        start: Where the find begins in `plain`.
        end: Where it ends there.
        head: Where the head of its list begins, if it is an item: an item alone may read as its opposite.
    """
    sentence = wording.sentence(start, end)
    if head is not None and sentence.end - head <= QUOTE - 20:
        return head, sentence.end
    # A few signs of Chinese are a whole sentence; no heading ends like one.
    if sentence.end - sentence.start < _HEADING and "。" not in wording.plain[sentence.end - 2 : sentence.end]:
        return sentence.start, _further(sentence.start, sentence.end, wording)
    if sentence.end - sentence.start <= QUOTE - 20:
        return sentence.start, sentence.end
    first, most = _beginning(wording, start, end, sentence.start), max(end, start + _LEAST_QUOTE)
    last = min(sentence.end, most, first + QUOTE - 20)
    if parts := _PART.search(wording.plain, end, last):
        return first, max(parts.start() + 1, first + 1)
    blank = wording.plain.rfind(" ", first, last)
    return first, max(blank if last < sentence.end and blank > end else last, first + 1)


def _beginning(wording: Wording, start: int, end: int, least: int) -> int:
    """Where the quote of a find begins in a long sentence: with its part of that, or else a few words before it."""
    # What a clause says follows the words that show it more often than it goes before them.
    room = max(0, QUOTE - 20 - (end - start))
    parts = [found.end() for found in _PART.finditer(wording.plain, max(least, start - min(_LEAD, room)), start)]
    if parts:
        return parts[-1]
    if start - least <= min(_BEFORE, room):
        return least
    first = wording.plain.rfind(" ", least, start - min(_BEFORE, room)) + 1
    return max(least, first if first > 0 else start)


def _further(start: int, end: int, wording: Wording) -> int:
    """Where a quote ends that goes on into the sentence behind it."""
    if end >= len(wording.plain):
        return end
    following, most = wording.sentence(end, end + 1).end, start + QUOTE - 20
    return following if following <= most else max(end, wording.plain.rfind(" ", end, most))

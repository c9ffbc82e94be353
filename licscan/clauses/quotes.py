"""What is quoted of a text for a clause: from where to where, in which words, section and lines."""

from typing import NamedTuple

from licscan.model import Clause, Evidence
from licscan.text import QUOTE, fold
from licscan.wording import Wording

_LEAST_QUOTE = 250
_BEFORE = 20
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


def extent(wording: Wording, start: int, end: int) -> tuple[int, int]:
    """From where to where a find is quoted: its sentence, where that is short enough; else its words with some around.

    Args:
        wording: The text.
        start: Where the find begins in `plain`.
        end: Where it ends there.
    """
    sentence = wording.sentence(start, end)
    # A few signs of Chinese are a whole sentence; no heading ends like one.
    if sentence.end - sentence.start < _HEADING and "。" not in wording.plain[sentence.end - 2 : sentence.end]:
        return sentence.start, _further(sentence.start, sentence.end, wording)
    if sentence.end - sentence.start <= QUOTE - 20:
        return sentence.start, sentence.end
    # What a clause says follows the words that show it more often than it goes before them.
    spare = max(0, min(_BEFORE, QUOTE - 20 - (end - start)))
    first = wording.plain.rfind(" ", sentence.start, max(sentence.start, start - spare)) + 1
    first = max(sentence.start, first if first > 0 else start)
    last = min(sentence.end, max(end, first + _LEAST_QUOTE), first + QUOTE - 20)
    blank = wording.plain.rfind(" ", first, last)
    return first, max(blank if last < sentence.end and blank > end else last, first + 1)


def _further(start: int, end: int, wording: Wording) -> int:
    """Where a quote ends that goes on into the sentence behind it."""
    if end >= len(wording.plain):
        return end
    following, most = wording.sentence(end, end + 1).end, start + QUOTE - 20
    return following if following <= most else max(end, wording.plain.rfind(" ", end, most))

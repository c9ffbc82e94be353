"""A legal text as words in a row: layout, typography, Markdown and HTML taken away, and every place known.

What is searched and compared is `Wording.plain`, Chinese in simplified characters; `Wording.span`, `line` and
`as_written` lead back to the text as it stands.
"""

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from licscan.chinese import simplified
from licscan.items import item_mark
from licscan.markup import without_markup
from licscan.sections import sections

_WIDE = "\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6"
# Most of a text is words in a row that stay as they are, one blank between them: they are taken at once.
_PLAIN_WORD = r"[A-Za-z0-9(\"](?>[A-Za-z0-9,.;:()\"/%$-]*)(?<!-)(?=\s|\Z)"
_PIECE = re.compile(rf"({_PLAIN_WORD}(?: {_PLAIN_WORD})*+)|[{_WIDE}]|[^\s{_WIDE}]+")
_IS_WIDE = re.compile(rf"[{_WIDE}]")
_TYPOGRAPHY = {
    **dict.fromkeys(map(ord, "“”„«»″〝〞＂"), '"'),
    **dict.fromkeys(map(ord, "‘’‚‛′＇`´"), "'"),
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-"),
    **dict.fromkeys(map(ord, "•●▪◦‣·∙○■□➢➤✓✔※"), " "),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"), None),
    ord("…"): "...",
}
# What Markdown puts around words or at the head of a line.
_MARKS = re.compile(r"\*+|~~|^#+|^_+|_+$|\\(?=[\W_])|^\|+|\|+$|^=+$|^-{2,}$|^_{2,}$")
# What goes before a hyphen that belongs to the word: `non-commercial`, `third-party`, `fine-tuned`.
_COMPOUND = frozenset(
    "non self cross third first second fine world royalty open state long short high low real time end user well full "
    "part source machine human read cease good built large small medium closed hard soft down one two three four text "
    "image video audio app web data model cloud server client house peer life safety mission above fee".split()
)
# What stands alone before a hyphen only by mistake: `non- commercial`.
_PREFIXES = frozenset(("non-", "sub-", "re-", "pre-"))
_LINKING = frozenset(("and", "or", "to", "and/or"))
_LONGEST_LABEL = 7
_RULE = re.compile(r"[-=_*+|#>]+")
# A sentence ends where the next begins; an item of a list within a paragraph, where the next is marked.
_SENTENCE = re.compile(
    r"[.!?;](?:[\"')\]]*)(?=\s+[\"'(\[]*[A-Z0-9])|[。！？；]|"
    r";(?=\s+(?:(?:and|or|and/or)\s+)?\((?:[a-z]|[ivx]{2,4}|\d{1,2})\)\s)"
)
_ABBREVIATIONS = re.compile(
    r"(?:\b(?:e\.g|i\.e|inc|ltd|corp|co|no|nos|sec|art|vs|v|cf|etc|u\.s|u\.k|mr|ms|dr|st|para|approx)|\b[A-Z])\.$",
    re.IGNORECASE,
)


class Sentence(NamedTuple):
    """A sentence: where it stands in `plain`."""

    start: int
    end: int


class Wording:
    """A text prepared for searching.

    Args:
        text: The text; lines end in LF.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts: list[int] = []  # of each piece in `plain`
        self._places: list[tuple[int, int]] = []  # of each piece in the text
        self.breaks: list[int] = []  # where a paragraph or item begins in `plain`
        self._bare = without_markup(text)
        self._written = "".join(self._pieces(self._bare))
        self.plain = simplified(self._written)

    def _pieces(self, text: str) -> list[str]:
        made: list[str] = []
        length, last_end, last = 0, 0, ""
        for found in _PIECE.finditer(text):
            between = text[last_end : found.start()]
            broken = "\n" in between
            piece = found.group()
            if not found.lastindex:
                piece = _plain(piece, at_line_start=broken or not last)
            if not piece:
                continue  # a bullet, a rule: the line that it opens is new all the same
            last_end = found.end()
            # Between most words stands one blank, and it stays.
            stays = between == " " and last[-1:] != "-"
            head = " " if last and (stays or not _joins(last, piece, between)) else ""
            if not head and broken and _is_divided(last):
                made[-1] = made[-1][:-1]
                length -= 1
            if broken and _breaks(text, between, found.start()):
                self.breaks.append(length + len(head))
            length += len(head)
            self._starts.append(length)
            self._places.append(found.span())
            length += len(piece)
            last = piece
            made.append(head + piece)
        return made

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of `plain` stands in the text, whole words."""
        if not self._starts:
            return 0, 0
        first, last = self._word(start)[0], self._word(max(start, end - 1))[1]
        return first, max(first, last)

    def _word(self, at: int) -> tuple[int, int]:
        """Where the word stands in the text that holds a place in `plain`; a blank belongs to the word before it."""
        index = max(0, bisect_right(self._starts, at) - 1)
        start, (first, last) = self._starts[index], self._places[index]
        behind = start + last - first
        if self._bare[first:last] != self.plain[start:behind]:
            return first, last  # made of other signs than the text has, and one word
        at = min(at, behind - 1)
        blank = self.plain.find(" ", at, behind)
        begins = max(start, self.plain.rfind(" ", start, at) + 1)
        return first + begins - start, first + (behind if blank < 0 else blank) - start

    def as_written(self, words: str, start: int) -> str:
        """Words of `plain` in the script of the text; they stand at or behind `start`, or anywhere."""
        if self.plain is self._written:
            return words
        place = self.plain.find(words, start)
        place = place if place >= 0 else self.plain.find(words)
        return words if place < 0 else self._written[place : place + len(words)]

    def line_end(self, start: int) -> int:
        """Where the line of the text ends, in `plain`, that a place in `plain` stands in."""
        index = max(0, bisect_right(self._starts, start) - 1)
        while (
            index + 1 < len(self._places)
            and "\n" not in self._bare[self._places[index][1] : self._places[index + 1][0]]
        ):
            index += 1
        return self._starts[index + 1] if index + 1 < len(self._starts) else len(self.plain)

    def paragraph_end(self, start: int) -> int:
        """Where the paragraph or item ends, in `plain`, that a place in `plain` stands in."""
        index = bisect_right(self.breaks, start)
        return self.breaks[index] if index < len(self.breaks) else len(self.plain)

    def line(self, offset: int) -> int:
        """The line of an offset in the text, counted from 1."""
        return bisect_right(self._lines, offset)

    def sentence(self, start: int, end: int) -> Sentence:
        """The sentence, or sentences, that a part of `plain` belongs to."""
        first = max(0, bisect_right(self._sentence_starts, start) - 1)
        final = max(first, bisect_right(self._sentence_starts, max(start, end - 1)) - 1)
        return Sentence(self._sentence_starts[first], self._sentence_ends[final])

    def sentences(self) -> Iterator[Sentence]:
        """All sentences, in order."""
        yield from map(Sentence, self._sentence_starts, self._sentence_ends)

    def section(self, offset: int) -> str | None:
        """The number of the section that an offset in the text lies in, as the text gives it: `1.b.i`."""
        index = bisect_right(self._labels[0], offset) - 1
        return (self._labels[1][index] or None) if index >= 0 else None

    def begins_line(self, start: int) -> bool:
        """Whether a place of `plain` is the first of its line in the text."""
        at = self.span(start, start + 1)[0]
        return not self.text[self.text.rfind("\n", 0, at) + 1 : at].strip()

    def mark(self, start: int) -> str | None:
        """The label or bullet of the item that begins at a place in `plain`; None where none begins there."""
        if start and start not in self._break_set:
            return None
        return item_mark(self.text, self.span(start, start + 1)[0])

    def indent(self, start: int) -> int:
        """How far in the line begins that a place in `plain` stands in: blanks before its first sign; a tab is four."""
        place = self.span(start, start + 1)[0]
        line = self._bare[self._bare.rfind("\n", 0, place) + 1 : place + 1].expandtabs(4)
        return len(line) - len(line.lstrip())

    def heading_ends(self, start: int) -> int:
        """The nearest beginning of a paragraph or item at or before a part of `plain`."""
        index = bisect_right(self.breaks, start) - 1
        return self.breaks[index] if index >= 0 else 0

    @cached_property
    def _break_set(self) -> frozenset[int]:
        return frozenset(self.breaks)

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        found = {0, *self.breaks}
        for end in _SENTENCE.finditer(self.plain):
            head = self.plain[max(0, end.start() - 12) : end.start() + 1]
            # A number at the head of an item is no sentence, though a point follows it.
            labelled = end.start() - self.heading_ends(end.start()) < _LONGEST_LABEL
            if not labelled and not _ABBREVIATIONS.search(head):
                blank = self.plain[end.end() : end.end() + 1] == " "
                found.add(end.end() + blank)
        return sorted(start for start in found if start < len(self.plain) or start == 0)

    @cached_property
    def _sentence_ends(self) -> list[int]:
        return [*self._sentence_starts[1:], len(self.plain)]

    @cached_property
    def _labels(self) -> tuple[list[int], list[str]]:
        return sections(self.text, self._lines)


def _plain(piece: str, *, at_line_start: bool) -> str:
    """A word without what typography and Markdown put into it; empty where nothing is left."""
    if not piece.isascii():
        piece = unicodedata.normalize("NFKC", piece).translate(_TYPOGRAPHY).strip()
    if "&" in piece and ";" in piece:
        piece = html.unescape(piece).translate(_TYPOGRAPHY)
    if at_line_start:
        # Within a line, `>` is a sign: "revenue > USD 10".
        if _RULE.fullmatch(piece):
            return ""
        piece = piece.lstrip(">")
    if "`" in piece:
        piece = piece.replace("`", "'") if piece.count("`") % 2 else piece.replace("`", "")
    piece = piece.replace("''", '"')
    return _MARKS.sub("", piece).strip()


def _joins(last: str, piece: str, between: str) -> bool:
    """Whether a piece goes on without a blank: a word that the end of a line divides, or nothing stood between."""
    if between == " ":
        return last.casefold() in _PREFIXES and piece[0].isalpha() and piece.casefold() not in _LINKING
    hyphenated = last[-1] == "-" and "\n" in between and piece[0].islower() and len(last) > 2  # noqa: PLR2004
    return hyphenated or _touch(last, piece, between)


def _is_divided(last: str) -> bool:
    """Whether the hyphen at the end of a line divides a word; that of a compound belongs to it."""
    return last[-1:] == "-" and last.rpartition("-")[0].rpartition("-")[2].casefold() not in _COMPOUND


def _touch(last: str, piece: str, between: str) -> bool:
    """Whether two pieces stand together: nothing between them, or Chinese whose lines are only broken."""
    if not between:
        return True
    wide = bool(_IS_WIDE.match(last[-1])) and bool(_IS_WIDE.match(piece[0]))
    return wide and between.count("\n") < 2 and not between.strip()  # noqa: PLR2004 - an empty line ends a paragraph


def _breaks(text: str, between: str, start: int) -> bool:
    """Whether a paragraph or an item begins: not where only the page ends within a sentence."""
    if "\f" in between and text[start].islower():
        return False
    return between.count("\n") > 1 or item_mark(text, start) is not None

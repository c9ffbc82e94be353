"""Fingerprints of legal texts: hashes of their words, enough to know a text again and to say where a copy differs.

Three kinds: of all letters, to know a text word for word; of each sentence, to say which sentences of a copy are not
the license's; of runs of five words (of a long text a quarter of them), to find the nearest text and to know a part.
"""

import base64
import hashlib
import re
import struct
from bisect import bisect_left
from functools import cached_property
from itertools import accumulate
from zlib import crc32

from licscan.model import Fingerprint
from licscan.wording import Wording

_RUN = 5
# Of so many runs of a long text one is kept.
SAMPLE = 4
_LONG = 800
# One word, or one character of a script without blanks.
_WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s\"<>]+", re.IGNORECASE)
_MAIL = re.compile(r"\b[\w.+-]++@[\w-]+(?:\.[\w-]+)+")
# "1.", "(a)", "iv)" before a capital: numbering is layout.
_NUMBERING = re.compile(
    r"(?:(?<=\s)|^)\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-z]|[ivx]{1,5})[.)]+(?=\s\W{0,2}[A-Z])", re.IGNORECASE
)
_COPYRIGHT = re.compile(
    r"(?:\bcopyright\b|\(c\)|©)(?:\s*(?:\(c\)|©|copyright|by|:|,|-|\d{4}|present|and))*\s*"
    r"(?:[\[<{][^\]>}]{0,40}[\]>}]|\d{4}|,|-|\s)*",
    re.IGNORECASE,
)
# A sign alone may be the letter of an item: "(c) the licensee".
_HAS_YEAR = re.compile(r"\d{4}|[\[<{]\s*(?:year|yyyy|y)|copyright\W{1,3}\(c\)\s|©", re.IGNORECASE)
# Where the holder's name ends: a full stop, or a word that no name has.
_HOLDER_ENDS = re.compile(
    r"(?-i:(?<![A-Z])(?<!Inc)(?<!Ltd)(?<!Co)(?<!Corp))\.(?:\s|$)|[;:!?]\s|"
    r"\b(?:permission is|redistribution and|licen[sc]ed?|agreement|dated|version|all rights|everyone|by |"
    r"not?|non|only|never|may|must|shall|will|can|cannot|is|are|be|use[sdr]?|using|commercial\w*|research|prohibited|"
    r"forbidden|without|except|provided|unless|subject|academic)\b",
    re.IGNORECASE,
)
# What a name that goes on in the next line goes on with: capitals, and the small words between them.
_HOLDER_GOES_ON = re.compile(r"(?:(?:[A-Z][\w.'&/+-]*|and|of|the|its|for|de|la|von|van|&|\d{4})[,.]?(?:\s|$))*")
_RIGHTS = re.compile(r"\ball rights reserved\b\.?", re.IGNORECASE)
_LONGEST_HOLDER = 120
_LONGEST_TITLE = 14
_IS_SENTENCE = re.compile(r"\b(?:is|are|be|has|have|may|must|shall|will|can)\b.{2,}[.;:!]\W*$", re.IGNORECASE)
_GOES_ON = re.compile(r"[a-z] [a-z]")
# What follows is how to apply the license; an attachment with terms of its own is a part of it.
_END = re.compile(
    r"\bend of (?:the )?terms and conditions\b(?=\W{0,12}(?:appendix\b|how to\b|copyright\b|$))", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?;:]+[\"')\]]*\s+(?=\W{0,3}[A-Z])|[。！？；]")


class Words:
    """The words of a text that must be the same for it to be the same text, sentence by sentence.

    Args:
        wording: The text.
    """

    def __init__(self, wording: Wording) -> None:
        self.wording = wording
        self.places: list[tuple[int, int]] = []  # of each sentence in `plain`
        self.sentences: list[list[str]] = []
        self._blanked, self._credits = _blanked(wording)
        plain = self._blanked
        start = 0
        for end in [*(found.end() for found in _SENTENCE_END.finditer(plain)), len(plain)]:
            words = _WORDS.findall(plain[start:end].casefold())
            if words:
                self.sentences.append(words)
                self.places.append((start, end))
            start = end

    @cached_property
    def all(self) -> list[str]:
        """All words in a row."""
        return [word for sentence in self.sentences for word in sentence]

    @cached_property
    def letters(self) -> str:
        """All words without anything between them: where a line ends, a hyphen may belong to a word or divide it."""
        return "".join(self.all)

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where each of `all` stands in `plain`; nothing where small letters make other words than those that stand."""
        found = [one.span() for one in _WORDS.finditer(self._blanked)]
        return found if len(found) == len(self.all) else []

    @cached_property
    def starts(self) -> list[int]:
        """Which letter each of `all` begins with, counted from 0."""
        return [0, *accumulate(map(len, self.all))][:-1]

    def between(self, first: int, behind: int) -> str:
        """The text of some of `all`, without what does not count."""
        return " ".join(self._blanked[self.spans[first][0] : self.spans[behind - 1][1]].split())

    def line(self, number: int) -> int:
        """The line that one of `all` stands in, counted from 1."""
        return self.wording.line(self.wording.span(*self.spans[number])[0])

    @cached_property
    def inside(self) -> tuple[int, int]:
        """The first letter of the terms, and the one behind their last: `terms` is the digest of those between."""
        ends = [*self.starts, len(self.letters)]
        at = [start for start, _ in self.spans]
        return ends[bisect_left(at, self.begins)], ends[bisect_left(at, self._ends)]

    @cached_property
    def digest(self) -> str:
        """A digest of all letters; layout, typography, numbering, addresses and copyright lines do not change it."""
        return digest_of(self.letters)

    @cached_property
    def credit(self) -> str:
        """A digest of the copyright lines, which tell copies of the same terms apart; empty where none stands."""
        words = _WORDS.findall(" ".join(self._credits).casefold())
        return f"{crc32(' '.join(words).encode()):08x}" if words else ""

    @cached_property
    def terms(self) -> str:
        """A digest of the words without the title above them and what follows the end of the terms."""
        return digest_of("".join(_WORDS.findall(self._blanked[self.begins : self._ends].casefold())))

    @cached_property
    def begins(self) -> int:
        """Where the terms begin: behind the title."""
        return _title(self.wording, self._blanked)

    @cached_property
    def _ends(self) -> int:
        """Where the terms end, and an appendix on how to apply them begins."""
        end = _END.search(self._blanked)
        return end.start() if end else len(self._blanked)

    def above(self) -> tuple[int, str]:
        """The first sentence of the terms, and the words of a title that stand in it, as no full stop ends them."""
        number = next((at for at, (_, end) in enumerate(self.places) if end > self.begins), 0)
        start = self.places[number][0] if self.places else 0
        return number, " ".join(self._blanked[start : max(start, self.begins)].split())

    @cached_property
    def hashes(self) -> list[int]:
        """A hash of each sentence, in order."""
        return [crc32("".join(sentence).encode()) for sentence in self.sentences]

    @cached_property
    def runs(self) -> frozenset[int]:
        """Hashes of all runs of five words."""
        # The words once as bytes, and where each begins: a run is a slice.
        data = [word.encode() for word in self.all]
        whole = b" ".join(data) + b" "
        starts = [0, *accumulate(len(word) + 1 for word in data)]
        hashes = map(crc32, (whole[one:other] for one, other in zip(starts, starts[_RUN:], strict=False)))
        return frozenset(hashes)

    def fingerprint(self) -> Fingerprint:
        """What a record keeps of the text."""
        return Fingerprint(
            words=len(self.all),
            letters=len(self.letters),
            digest=self.digest,
            credit=self.credit,
            terms=self.terms,
            title=self.inside[0],
            sentences=pack(self.hashes),
            # Of a long text a quarter will do, always the same ones.
            runs=pack(sorted(one for one in self.runs if len(self.runs) < _LONG or not one % SAMPLE)),
        )


def digest_of(letters: str) -> str:
    """What a text is known by.

    Args:
        letters: Its words without anything between them.
    """
    return hashlib.sha256(letters.encode()).hexdigest()[:32]


def pack(hashes: list[int]) -> str:
    """Hashes of 32 bits as text."""
    return base64.b85encode(struct.pack(f">{len(hashes)}I", *hashes)).decode()


def unpack(text: str) -> tuple[int, ...]:
    """Hashes from text."""
    data = base64.b85decode(text)
    return struct.unpack(f">{len(data) // 4}I", data)


def _blanked(wording: Wording) -> tuple[str, list[str]]:
    """The text with what is layout, or differs from copy to copy, blanked; and the copyright lines.

    Places stay where they are.
    """
    plain = _ADDRESS.sub(_blank, wording.plain)
    plain = _MAIL.sub(_blank, plain) if "@" in plain else plain
    plain = _NUMBERING.sub(_blank, plain)
    out: list[str] = []
    named: list[str] = []
    at = 0
    for found in _COPYRIGHT.finditer(plain):
        if found.start() < at or not _HAS_YEAR.search(found.group()):
            continue
        end = _holder_end(wording, plain, found.end())
        out += [plain[at : found.start()], " " * (end - found.start())]
        named.append(plain[found.start() : end])
        at = end
    out.append(plain[at:])
    return _RIGHTS.sub(_blank, "".join(out)), named


def _holder_end(wording: Wording, plain: str, start: int) -> int:
    """Where the name of a copyright holder ends: no words of a license may hide behind it."""
    limit = min(len(plain), start + _LONGEST_HOLDER)
    line = min(limit, wording.line_end(start))
    on = _HOLDER_GOES_ON.match(plain, line, min(limit, wording.paragraph_end(start)))
    end = on.end() if on else line
    ends = _HOLDER_ENDS.search(plain, start, limit)
    return min(end, ends.start()) if ends else end


def _title(wording: Wording, plain: str) -> int:
    """Where the terms begin: behind the short paragraphs at the head."""
    starts = [0, *wording.breaks]
    for start, end in zip(starts, [*starts[1:], len(plain)], strict=True):
        words = plain[start:end]
        # A short sentence is no title: "This is free and unencumbered software."; nor is a line of one that goes on
        # with what might be the letter of an item: "to any person obtaining / a copy of this software".
        goes_on = words.strip() and _GOES_ON.match(plain, end)
        if goes_on or len(_WORDS.findall(words)) > _LONGEST_TITLE or _IS_SENTENCE.search(words):
            return start
    return 0


def _blank(found: "re.Match[str]") -> str:
    return " " * len(found.group())

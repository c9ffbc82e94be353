"""Lists: `You may not: (a) sell; (b) rent` says of each item what its head says, however far above it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from licscan.wording import Sentence, Wording

_OPENS = re.compile(
    r"(?::|\b(?:following|not to|may not|must not|shall not|must|shall|that you|you (?:may|must)) ?[-,:]?)\W{0,3}$"
    # A heading over a list, or a sentence that goes on in its items: "You can't", "You may copy it, if".
    r"|\b(?:can't|can ?not|don't|do not|(?:you|licensees?|users?) (?:can|(?:have|need) to)"
    r"|(?:not |never )(?:allowed|permitted)"
    r"|prohibited|forbidden|provided(?: that)?|if|as long as|on condition that"
    # "You must provide", and what stands in the items.
    r"|(?:must|shall|will|may|agree to|required to|not)(?: also| not)? (?:provide|include|give|retain|keep|use|ensure"
    r"|attach|display|do|comply with|make|meet|satisfy|agree))[\s*_,-]{0,4}$"
    # "If you send us comments,"
    r"|,\W{0,2}$",
    re.IGNORECASE,
)
_NO_LIST = re.compile(r"\bagree(?:s|d)? as follows\W*$", re.IGNORECASE)
# How an item ends; what does not end so goes on in the next paragraph, where a page or a line was broken.
_ENDED = re.compile(r"[.;:!?,)]\W{0,2}$|\b(?:and|or|and/or)\s*$")
_GOES_ON = re.compile(r"(?:[;,]|\b(?:and|or|and/or))\s*$")
# The first item of a list within a paragraph, and any other.
_FIRST_INSIDE = re.compile(r"\((?:a|i|1|A)\)\s")
_INSIDE = re.compile(r"\W{0,2}(?:(?:and|or|and/or)\s+)?\((?:[a-z]|[ivx]{1,4}|\d{1,2}|[A-Z])\)\s")
# "You may not do any of the following": what only points at the items says nothing that patterns should step over.
_POINTS = re.compile(
    r"(?<=\bnot) (?:do|engage in|undertake|perform|carry out)(?:,? (?:or|nor) (?:\w+ ){1,6}?do,?)?"
    r" (?:any|either|one(?: or more)?) of (?:the following|these)(?: (?:things|acts|actions|activities))?",
    re.IGNORECASE,
)
_DEEPEST = 4
_BULLET = "bullet"
_DEEPEST_BULLET = 40
_LONGEST = 300
# Lines that no editor would have left so long, had they been broken.
_LONG_LINE = 160
_LONG_LINES = 3
# What opens a list, or goes on, stands within so many characters of the end.
_END = 60


@dataclass(slots=True)
class _Head:
    sentence: Sentence
    own: str  # what the head itself is marked with
    indent: int  # how far in it begins
    items: str | None = None  # what its items are marked with; None before the first
    last: str = ""


def heads(wording: Wording) -> Iterator[tuple[Sentence, tuple[Sentence, ...]]]:
    """Every sentence with the heads of the lists that it is an item of, the outermost first.

    Args:
        wording: The text.
    """
    stack: list[_Head] = []
    before = ""
    own, indent = "", 0
    inside: Sentence | None = None  # what stands before the first item of a list within a paragraph
    starts = {0, *wording.breaks}
    whole = _has_whole_lines(wording.text)
    for sentence in wording.sentences():
        words = wording.plain[sentence.start : sentence.end].strip()
        mark = wording.mark(sentence.start)
        under: tuple[Sentence, ...] = ()
        if sentence.start in starts or (whole and wording.begins_line(sentence.start)):
            indent = wording.indent(sentence.start)
            own = "" if mark is None else _kind(mark, stack, indent)
            _close(stack, own, indent, words, before)
            if stack and stack[-1].items is None:
                stack[-1].items = own
            if stack and mark:
                stack[-1].last = mark
            under = tuple(_tail(wording, head.sentence) for head in stack)
            inside = None
        elif inside and _INSIDE.match(words):
            under = (_tail(wording, inside),)
        else:
            inside = None
        yield sentence, under
        if first := _FIRST_INSIDE.search(wording.plain, sentence.start, sentence.end):
            inside = Sentence(sentence.start, first.start())
        if _OPENS.search(words, max(0, len(words) - _END)) and not _NO_LIST.search(words):
            stack = [*stack[-_DEEPEST:], _Head(sentence, own, indent)]
        before = words


def terse(head: str) -> str:
    """The words of a head without those that only point at its items."""
    return _POINTS.sub("", head)


def _has_whole_lines(text: str) -> bool:
    """Whether a line is a paragraph, however long: then one ends with each line, and not only before an empty one."""
    return sum(len(line) > _LONG_LINE for line in text.split("\n")) >= _LONG_LINES


def _close(stack: list[_Head], kind: str, indent: int, words: str, before: str) -> None:
    """End the lists that a paragraph is no item of."""
    if stack and stack[-1].items and not kind and words[:1].islower() and not _ENDED.search(before):
        return
    while stack:
        top = stack[-1]
        if kind:
            # What is marked as the head itself is stands beside it, unless it begins further in.
            apart = not _beside(top.own, kind) or indent > top.indent + 1
            fits = apart and (top.items is None or _beside(kind, top.items))
        else:
            # Without a mark: an item only where it reads as one.
            plain = top.items in {None, ""}
            fits = plain and (words[:1].islower() or _goes_on(words) or _goes_on(before))
        if fits:
            return
        stack.pop()


def _goes_on(words: str) -> bool:
    return bool(_GOES_ON.search(words, max(0, len(words) - _END)))


def _beside(one: str, other: str) -> bool:
    """Whether an item marked in one way stands in the list of another, or in a list within that."""
    if one.startswith(_BULLET) and other.startswith(_BULLET):
        # Bullets look alike however deep they stand: how far in they begin tells.
        return len(one) >= len(other) - 1
    return one == other


def _kind(mark: str, stack: list[_Head], indent: int) -> str:
    if not mark[:1].isalnum():
        return _BULLET + " " * min(indent, _DEEPEST_BULLET)
    if mark[0].isdigit():
        return f"number{mark.count('.')}"
    if mark.startswith("第") or not mark.isascii():
        return "number"
    low = mark.lower()
    if re.fullmatch("[ivx]+", low):
        previous = next((head.last for head in reversed(stack) if head.items in {"letter", "Letter"}), "")
        if not (len(low) == 1 and previous.lower() == chr(ord(low) - 1)):
            return "Roman" if mark[0].isupper() else "roman"
    return "Letter" if mark[0].isupper() else "letter"


def _tail(wording: Wording, sentence: Sentence) -> Sentence:
    """The end of a head: what it says of its items stands there."""
    if sentence.end - sentence.start <= _LONGEST:
        return sentence
    return Sentence(wording.plain.find(" ", sentence.end - _LONGEST) + 1, sentence.end)

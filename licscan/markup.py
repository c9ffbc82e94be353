"""What a copy has around the words of a text, blanked.

Tags of HTML, targets of links, heads and numbers of pages, the marks of comments and the numbers of lines.
"""

import re
from collections import Counter

_TAG = re.compile(r"<(?:!--.{0,2000}?--|/?[a-zA-Z][^<>]{0,500})>", re.DOTALL)
# Where a paragraph ends, and where only the line does.
_BLOCK = re.compile(r"</?(?:p|li|h\d|ul|ol|dl|d[td]|tr|table|blockquote|pre|section|article)\b", re.IGNORECASE)
_LINE = re.compile(r"</?(?:br|div|td|th)\b", re.IGNORECASE)
# The ends of lines as a string of JSON, or of a program, has them.
_ESCAPED = re.compile(r"\\(?:([nrt])|([\"'/]))")
_FEWEST_ESCAPED = 6
_HTML = re.compile(r"<(?:p|br|div|span|li|h\d|body|html|td|strong)\b[^<>]{0,200}>", re.IGNORECASE)
# What a page says of itself to a program, and what it does.
_HEAD = re.compile(r"<(head|title|script|style)\b[^<>]{0,500}>.{0,100000}?</\1\s*>", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"\]\((?:https?://|mailto:|#)[^()\s]{0,400}\)")
# The number of a page, in a line of its own: a copy out of a PDF has one on every page.
_PAGE = re.compile(
    r"^[ \t]*(?:page[ \t]+\d{1,3}(?:[ \t]*(?:of|/)[ \t]*\d{1,3})?|\d{1,3}[ \t]+of[ \t]+\d{1,3}|-[ \t]*\d{1,3}[ \t]*-)"
    r"[ \t]*\f?[ \t]*$|^[ \t]*\d{1,3}[ \t]*\n?(?=\f)",
    re.IGNORECASE | re.MULTILINE,
)
_FEWEST_PAGES = 3
# What stands before each line of a comment, or of a listing; what opens a quotation or a bracket belongs to the words.
_MARK = re.compile(
    r"^[ \t]*(?P<margin>[^\w\s\"'\u2018-\u201d(\[{<`]{1,4}|REM|rem|dnl)(?=[ \t]|$)(?P<alone>[ \t]*$)?", re.MULTILINE
)
_LINE_NUMBER = re.compile(r"^[ \t]*(?P<margin>\d{1,5})[:.|)]?(?=[ \t]|$)(?P<alone>[ \t]*$)?", re.MULTILINE)
_FEWEST_LINES = 6
_MOST_LINES = 0.9
# A line that could limit something is no ornament, however often it stands there.
_LIMITS = re.compile(
    r"\b(?:not?|non|only|must|may|shall|never|without|except|prohibit\w*|commercial\w*|research|academic)\b",
    re.IGNORECASE,
)


def without_markup(text: str) -> str:
    """The text with tags and the targets of links blanked, so that places stay where they are."""
    text = _without_margin(_unescaped(text))
    if _HTML.search(text):
        text = _HEAD.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
        text = _TAG.sub(_untagged, text)
    if "\f" in text or _PAGE.search(text):
        text = _PAGE.sub(lambda found: re.sub(r"[^\n\f]", " ", found.group()), _without_running_heads(text))
    if "](" in text:
        text = _LINK.sub(lambda found: " " * len(found.group()), text).replace("[", " ")
    return text


def _untagged(found: "re.Match[str]") -> str:
    """As many blanks as a tag has letters; of one that ends a paragraph or a line, two or one of them end a line."""
    tag = found.group()
    ends = 2 if _BLOCK.match(tag) else 1 if _LINE.match(tag) else 0
    return "\n" * ends + re.sub(r"[^\n]", " ", tag[ends:])


def _unescaped(text: str) -> str:
    """A text that is one string of JSON, or of a program, with the ends of its lines; nothing moves."""
    if text.count("\\n") < _FEWEST_ESCAPED or text.count("\n") > text.count("\\n"):
        return text
    return _ESCAPED.sub(lambda found: (" " + found[2]) if found[2] else "\n " if found[1] == "n" else "  ", text)


def _without_margin(text: str) -> str:
    """The text with what stands before each of its lines blanked: the mark of a comment, or the number of the line.

    Items of a list are marked and numbered, too; but none of them is empty, as the lines between paragraphs are.
    """
    lines = sum(1 for line in text.split("\n") if line.strip())
    if lines < _FEWEST_LINES:
        return text
    for shape in (_MARK, _LINE_NUMBER):
        found = list(shape.finditer(text))
        if len(found) < lines * _MOST_LINES:
            continue
        if shape is _MARK:
            common = Counter(one["margin"] for one in found).most_common(1)[0][0]
            found = [one for one in found if one["margin"] == common]
        else:
            found = [one for one, before in zip(found[1:], found, strict=False) if _follows(one, before)] + found[:1]
        if len(found) >= lines * _MOST_LINES and any(one["alone"] is not None for one in found):
            return _blanked(text, [one.span() for one in found])
    return text


def _blanked(text: str, places: list[tuple[int, int]]) -> str:
    out, at = [], 0
    for start, end in sorted(places):
        out += [text[at:start], " " * (end - start)]
        at = end
    return "".join([*out, text[at:]])


def _follows(one: "re.Match[str]", before: "re.Match[str]") -> bool:
    return int(one["margin"]) == int(before["margin"]) + 1


def _without_running_heads(text: str) -> str:
    """The text with what stands at the head or foot of every page blanked."""
    pages = text.split("\f")
    if len(pages) < _FEWEST_PAGES:
        return text
    edges = [[lines[0].strip(), lines[-1].strip()] for page in pages if (lines := page.strip().splitlines())]
    again = Counter(re.sub(r"\d+", "#", edge) for page in edges for edge in set(page))
    out: list[str] = []
    for page in pages:
        lines = page.split("\n")
        for at in _edges(lines):
            if not _LIMITS.search(lines[at]) and again[re.sub(r"\d+", "#", lines[at].strip())] >= _FEWEST_PAGES:
                lines[at] = " " * len(lines[at])
        out.append("\n".join(lines))
    return "\f".join(out)


def _edges(lines: list[str]) -> set[int]:
    """The places of the first and the last line of a page that say anything."""
    full = [at for at, line in enumerate(lines) if line.strip()]
    return {full[0], full[-1]} if full else set()

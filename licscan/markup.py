"""What a copy has around the words of a text, blanked: tags of HTML, targets of links, heads and numbers of pages."""

import re
from collections import Counter

_TAG = re.compile(r"<(?:!--.{0,2000}?--|/?[a-zA-Z][^<>]{0,500})>", re.DOTALL)
_HTML = re.compile(r"<(?:p|br|div|span|li|h\d|body|html|td|strong)\b[^<>]{0,200}>", re.IGNORECASE)
_LINK = re.compile(r"\]\((?:https?://|mailto:|#)[^()\s]{0,400}\)")
# The number of a page, in a line of its own: a copy out of a PDF has one on every page.
_PAGE = re.compile(
    r"^[ \t]*(?:page[ \t]+\d{1,3}(?:[ \t]*(?:of|/)[ \t]*\d{1,3})?|\d{1,3}[ \t]+of[ \t]+\d{1,3}|-[ \t]*\d{1,3}[ \t]*-)"
    r"[ \t]*\f?[ \t]*$|^[ \t]*\d{1,3}[ \t]*\n?(?=\f)",
    re.IGNORECASE | re.MULTILINE,
)
_FEWEST_PAGES = 3
# A line that could limit something is no ornament, however often it stands there.
_LIMITS = re.compile(
    r"\b(?:not?|non|only|must|may|shall|never|without|except|prohibit\w*|commercial\w*|research|academic)\b",
    re.IGNORECASE,
)


def without_markup(text: str) -> str:
    """The text with tags and the targets of links blanked, so that places stay where they are."""
    if _HTML.search(text):
        text = _TAG.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
    if "\f" in text or _PAGE.search(text):
        text = _PAGE.sub(lambda found: re.sub(r"[^\n\f]", " ", found.group()), _without_running_heads(text))
    if "](" in text:
        text = _LINK.sub(lambda found: " " * len(found.group()), text).replace("[", " ")
    return text


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

"""Sentences of a card's body that state a license, with their line and what they speak of.

Which license they name is for `licscan.licenses` to say; here only the places are found. A card also tells of other
people's works ("Wikipedia is released under ..."), so a sentence counts only where it speaks of this model or dataset.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from licscan.model import Subject

MOST = 40
_LONGEST = 400_000

_FENCE = re.compile(r"^\s*(?:```|~~~)")
_HEADING = re.compile(r"^(?P<marks>#{1,6})\s*(?P<title>.*?)\s*#*$")
_BOLD_HEADING = re.compile(r"^(?:\*\*|__)(?P<title>[^*_]{1,60})(?:\*\*|__):?$")
_LICENSE_WORD = re.compile(r"\blicen[cs](?:e|es|ing|ed)\b", re.IGNORECASE)
_GIVEN = (
    r"licen[cs]ed|released|distributed|available|published|provided|shared|open[- ]?sourced|covered|governed|subject"
)
_STATED = re.compile(
    rf"\b(?:{_GIVEN})\s+(?:\w+\s+){{0,4}}?under\b"
    r"|^\W*licen[cs]es?\W*(?::|is\b)|\blicen[cs]e\s*:|\blicen[cs]e\s+(?:for|of)\s+(?:this|the|our)\b"
    r"|\b(?:under|with)\s+(?:an?|the)\s+.{1,80}\blicen[cs]e\b",
    re.IGNORECASE,
)
# What every sentence of the kind has, found at a tenth of the cost.
_WORTH_A_LOOK = re.compile(r"licen[cs]|\bunder\b", re.IGNORECASE)
_VERB = re.compile(
    rf"\b(?:is|are|be|been|was|were)\s+(?:\w+\s+){{0,2}}?(?:{_GIVEN}|under)\b|"
    r"\b(?:licen[cs]ed|released|distributed)\s+under\b",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"\b(?:this|these|our|all|the)\s+(?:[\w-]+\s+){0,3}?(?:models?|weights|checkpoints?|adapters?|loras?|embeddings?|datasets?|"
    r"data|corpus|corpora|code|repository|repo|benchmark|annotations?|collection|resources?|work|project)\b"
    r"|^\W*(?:this|these|it|we)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^\W*(?P<label>[^:]{2,60}):\s")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\[(*\"'])")
_TAG = re.compile(r"<[^<>]{1,300}>")
_ITEM = re.compile(r"\s*(?:[-*+>|]|\d+[.)])\s")
_LINK = re.compile(r"!?\[([^\[\]]{0,200})\]\(([^()\s]{0,300})(?:\s[^()]{0,100})?\)")
_ANCHOR = re.compile(r"<a\s[^<>]{0,300}?href=[\"']?(?P<url>[^\"'<>\s]{1,200})[^<>]{0,300}>", re.IGNORECASE)

_SUBJECTS = {
    Subject.CODE: re.compile(
        r"\b(?:code|codebase|scripts?|repository|library|software|implementation|notebooks?)\b", re.IGNORECASE
    ),
    Subject.DATA: re.compile(
        r"\b(?:data|datasets?|corpus|corpora|annotations?|benchmark|images|recordings|labels)\b", re.IGNORECASE
    ),
    Subject.WEIGHTS: re.compile(r"\b(?:models?|weights|checkpoints?|adapters?|loras?|embeddings?)\b", re.IGNORECASE),
    Subject.DOCS: re.compile(r"\b(?:documentation|paper|articles?|figures|text of the card|readme)\b", re.IGNORECASE),
}


class Said(NamedTuple):
    """A sentence that states a license.

    Attributes:
        text: The sentence, markup reduced to words and addresses.
        line: The line of the file on which it begins.
        subjects: What it speaks of; empty where it names nothing.
        heading: The license heading that it stands under, if any.
    """

    text: str
    line: int
    subjects: frozenset[Subject]
    heading: str | None


def search(body: str, first_line: int = 1) -> Iterator[Said]:
    """The sentences that state a license for what the card describes; at most `MOST`.

    Args:
        body: The card below its front matter.
        first_line: Its first line's number in the file.
    """
    found = 0
    for markup, line, heading in _sentences(body[:_LONGEST], first_line):
        if found >= MOST:
            return
        # A table speaks of parts, one a row.
        if "|" in markup or not (heading or _WORTH_A_LOOK.search(markup)):
            continue
        text = _words(markup)
        if (heading or _STATED.search(text)) and _ours(text, heading):
            found += 1
            yield Said(text, line, _subjects(text, heading), heading)


def _ours(text: str, heading: str | None) -> bool:
    verb = _VERB.search(text)
    if verb:
        before = text[: verb.start()]
        return bool(_OURS.search(before)) or (not before.strip(" *_->") and bool(heading))
    label = _LABEL.match(text)
    if label:
        words = label["label"]
        return bool(_LICENSE_WORD.search(words)) or any(pattern.search(words) for pattern in _SUBJECTS.values())
    return heading is not None or bool(re.match(r"\W*licen[cs]e", text, re.IGNORECASE))


def _subjects(text: str, heading: str | None) -> frozenset[Subject]:
    for place in (text, heading or ""):
        named = frozenset(subject for subject, pattern in _SUBJECTS.items() if pattern.search(place))
        if named:
            return named
    return frozenset()


def _sentences(body: str, first_line: int) -> Iterator[tuple[str, int, str | None]]:
    """Every sentence outside code: its markup, its line, and the license heading above it."""
    depth, heading = 0, None
    for lines, number in _paragraphs(body, first_line):
        title = _HEADING.match(lines[0]) or _BOLD_HEADING.match(lines[0])
        if title:
            marks = len(title["marks"]) if "marks" in title.re.groupindex else 7
            if heading is None or marks <= depth:
                heading = title["title"] if _LICENSE_WORD.search(title["title"]) else None
                depth = marks
            continue
        offset = 0
        for sentence in _SENTENCE_END.split("\n".join(lines)):
            yield sentence, number + offset, heading
            offset += sentence.count("\n")


def _paragraphs(body: str, first_line: int) -> Iterator[tuple[list[str], int]]:
    """Lines that belong together: headings and list items alone, wrapped text joined; code left out."""
    fenced, begun = False, first_line
    kept: list[str] = []
    for number, line in enumerate(body.split("\n"), first_line):
        if _FENCE.match(line):
            fenced = not fenced
        alone = bool(_HEADING.match(line) or _BOLD_HEADING.match(line.strip()))
        stops = fenced or not line.strip() or alone or _ITEM.match(line)
        if stops and kept:
            yield kept, begun
            kept = []
        if fenced or not line.strip() or _FENCE.match(line):
            continue
        if alone:
            yield [line.strip()], number
            continue
        if not kept:
            begun = number
        kept.append(line.strip())
    if kept:
        yield kept, begun


def _words(markup: str) -> str:
    """Markup reduced to words, addresses kept."""
    text = _ANCHOR.sub(lambda found: f" {found['url']} ", markup) if "<" in markup else markup
    text = _TAG.sub(" ", text)
    text = _LINK.sub(r"\1 (\2)", text)
    return " ".join(text.replace("**", "").replace("`", "").split())

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
_DEEPEST = 6

_FENCE = re.compile(r"\s*(?:```|~~~)")
_BOLD_HEADING = re.compile(r"(?:\*\*|__)(?P<title>[^*_]{1,60})(?:\*\*|__):?$")
_LICENSE_WORD = re.compile(r"\blicen[cs](?:e|es|ing|ed)\b", re.IGNORECASE)
_GIVEN = (
    r"licen[cs]ed|released|distributed|available|published|provided|shared|open[- ]?sourced|covered|governed|subject"
)
_LIMITED = r"non-?\s?commercial|commercial(?:ly)?|research|academic|educational|evaluation"
_STATED = re.compile(
    rf"\b(?:{_GIVEN})\s+(?:\w+\s+){{0,4}}?under\b|\b(?:is|are)\s+(?:[\w.+-]+[\s-]){{1,4}}?licen[cs]ed\b|\b(?:is|are)\s+under\b"
    r"|^\W*licen[cs]es?\W*(?::|is\b)|\blicen[cs]e\s*:|\blicen[cs]e\s+(?:for|of)\s+(?:this|the|our)\b"
    r"|\b(?:under|with)\s+(?:an?|the)\s+.{1,80}\blicen[cs]e\b"
    rf"|\b(?:only|solely|exclusively|strictly|not|no)\b.{{0,60}}\b(?:{_LIMITED})\b|\b(?:{_LIMITED})\b(?:\s+\w+){{0,4}}\s+only\b",
    re.IGNORECASE,
)
# What every sentence of the kind has, found at a tenth of the cost.
_WORTH_A_LOOK = re.compile(r"licen[cs]|\bunder\b|commercial|\bresearch\b|\bacademic", re.IGNORECASE)
_VERB = re.compile(
    rf"\b(?:is|are|be|been|was|were)\s+(?:[\w.+-]+\s+){{0,4}}?(?:{_GIVEN}|under|intended|restricted|limited|meant|allowed|only|for)\b"
    r"|\b(?:licen[cs]ed|released|distributed)\s+under\b|\b(?:may|can|must|should)\s+(?:\w+\s+){0,3}?used?\b",
    re.IGNORECASE,
)
_THINGS = (
    r"models?|weights|checkpoints?|adapters?|loras?|embeddings?|datasets?|data|corpus|corpora|code|repository|repo|"
    r"benchmark|annotations?|collection|resources?|work|project|documentation"
)
_OURS = re.compile(
    rf"\b(?:this|these|our|all|the)\s+(?:[\w-]+\s+){{0,3}}?(?:{_THINGS})\b|^\W*(?:this|these|it|we)\b|^\W*(?:{_THINGS})\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\W*(?P<label>[^:]{2,60}):\s")
_ROW = re.compile(r"\|(?P<label>[^|]{1,60})\|(?P<said>[^|]{1,200})\|")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\[(*\"'])")
# Where one sentence says different things of different parts.
_CLAUSE_END = re.compile(
    rf";\s+|,?\s+(?:while|whereas|but)\s+|,\s+(?=(?:and\s+)?(?:the\s+|our\s+|its\s+|all\s+|this\s+)?(?:[\w-]+\s+){{0,2}}?(?:{_THINGS})\s+(?:is|are)\b)",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]{1,300}>")
_ITEM = re.compile(r"\s*(?:[-*+>|]|\d{1,3}[.)])\s")
_LINK = re.compile(r"!?\[([^\[\]]{0,200})\]\(([^()\s]{0,300})(?:\s[^()]{0,100})?\)")
_ANCHOR = re.compile(r"<a\s[^<>]{0,300}?href=[\"']?(?P<url>[^\"'<>\s]{1,200})[^<>]{0,300}>", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+")
_LONGEST_LINE = 4_000
_LONGEST_BARE = 100

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
        if not (heading or _WORTH_A_LOOK.search(markup)):
            continue
        row = _ROW.match(markup.strip())
        # A table speaks of parts, one a row; only rows for weights, code or data speak of ours.
        parts = [] if "|" in markup else _CLAUSE_END.split(_words(markup))
        if row and heading and (named := _subjects_in(row["label"])):
            found += 1
            yield Said(_words(row["said"]), line, named, heading)
        for text in parts:
            if found < MOST and (heading or _STATED.search(text)) and _ours(text, heading):
                found += 1
                yield Said(text, line, _subjects_in(text) or _subjects_in(heading or ""), heading)
        if found >= MOST:
            return


def _ours(text: str, heading: str | None) -> bool:
    """Whether a clause speaks of what the card describes, and not of somebody else's work."""
    verb = _VERB.search(text)
    if verb:
        before = text[: verb.start()]
        return bool(_OURS.search(before)) or (not before.strip(" *_->") and bool(heading))
    label = _LABEL.match(text)
    if label:
        return bool(_LICENSE_WORD.search(label["label"]) or _subjects_in(label["label"]))
    if heading is not None:
        # A bare name stands alone; a long sentence that grants nothing tells a story.
        return len(_ADDRESS.sub("", text)) <= _LONGEST_BARE or bool(_STATED.search(text))
    return bool(re.match(r"\W*licen[cs]e", text, re.IGNORECASE))


def _subjects_in(text: str) -> frozenset[Subject]:
    return frozenset(subject for subject, pattern in _SUBJECTS.items() if pattern.search(text))


def _sentences(body: str, first_line: int) -> Iterator[tuple[str, int, str | None]]:
    """Every sentence outside code: its markup, its line, and the license heading above it."""
    depth, heading = 0, None
    for lines, number in _paragraphs(body, first_line):
        title = _heading(lines[0])
        if title:
            marks, words = title
            if heading is None or marks <= depth:
                heading = words if _LICENSE_WORD.search(words) else None
                depth = marks
            continue
        offset = 0
        for sentence in _SENTENCE_END.split("\n".join(lines)):
            yield sentence, number + offset, heading
            offset += sentence.count("\n")


def _heading(line: str) -> tuple[int, str] | None:
    """Depth and words of a Markdown heading; a line of bold words is one below all others."""
    marks = len(line) - len(line.lstrip("#"))
    if 0 < marks <= _DEEPEST:
        return marks, line[marks:].strip().rstrip("#").rstrip()
    bold = _BOLD_HEADING.match(line.strip())
    return (_DEEPEST + 1, bold["title"]) if bold else None


def _paragraphs(body: str, first_line: int) -> Iterator[tuple[list[str], int]]:
    """Lines that belong together: headings and list items alone, wrapped text joined; code left out."""
    fenced, begun = False, first_line
    kept: list[str] = []
    for number, whole in enumerate(body.split("\n"), first_line):
        line = whole[:_LONGEST_LINE]
        if _FENCE.match(line):
            fenced = not fenced
        alone = _heading(line) is not None
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

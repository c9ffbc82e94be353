"""The YAML at the head of a model card, cut out as the Hub does it, and saved as far as possible where it is broken."""

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

from licscan.errors import UnreadableError
from licscan.formats.marked_yaml import load

# The Hub server's own rule, over text whose line ends are all "\n" (huggingface_hub, repocard.py).
_BLOCK = re.compile(r"\A(\s*---\n)([\s\S]*?)(\n---[ \t]*(?:\n|\Z))")
_OPENING = re.compile(r"\A\s*---\n")
_EMPTY = re.compile(r"\A\s*---\n---[ \t]*(?:\n|\Z)")
_MERGE = re.compile(r"^(?:<{7}|={7}|>{7})(?:\s.*)?$", re.MULTILINE)
_KEY = re.compile(r"[A-Za-z][\w -]{0,60}")
_LONGEST_LINE = 4_000
_LONGEST = 1 << 20


class Entry(NamedTuple):
    """A top-level key of the front matter: its value, and the lines of the key and of each item of a list."""

    key: str
    value: object
    line: int


class FrontMatter(NamedTuple):
    """A card taken apart.

    Attributes:
        entries: Every top-level key, in order; one that stands twice is there twice.
        body: What follows.
        body_line: Line number of the body's first line.
        present: Whether there is any front matter.
        problem: Why it could not be read as YAML; the entries are then those lines that could be saved.
    """

    entries: tuple[Entry, ...]
    body: str
    body_line: int
    present: bool
    problem: str | None


def split(text: str) -> FrontMatter:
    """Take a card apart; never fails.

    Args:
        text: The card; lines end in LF.
    """
    if empty := _EMPTY.match(text):
        return _card((), text, empty.end(), problem=None)
    block = _BLOCK.match(text)
    if block is None:
        if not _OPENING.match(text):
            return FrontMatter((), text, 1, present=False, problem=None)
        head = text.lstrip().partition("\n\n")[0]
        start = len(text) - len(text.lstrip())
        saved = tuple(_save(head, text.count("\n", 0, start) + 1))
        return _card(saved, text, start + len(head), "the front matter is never closed")
    first = text.count("\n", 0, block.end(1)) + 1
    entries, problem = _entries(block[2], first)
    return _card(entries, text, block.end(), problem)


def _card(entries: tuple[Entry, ...], text: str, end: int, problem: str | None) -> FrontMatter:
    return FrontMatter(entries, text[end:], text.count("\n", 0, end) + 1, present=True, problem=problem)


def _entries(yaml: str, first: int) -> tuple[tuple[Entry, ...], str | None]:
    if len(yaml) > _LONGEST:
        return tuple(_save(yaml[:_LONGEST], first)), f"front matter of more than {_LONGEST} characters"
    if marker := _MERGE.search(yaml):
        line = yaml.count("\n", 0, marker.start()) + first
        return tuple(_save(yaml, first)), f"line {line}: merge conflict markers"
    try:
        marked = load(yaml, first_line=first)
    except UnreadableError as error:
        return tuple(_save(yaml, first)), f"{error.where}: {error.what}" if error.where else error.what
    if marked.value is None:
        return (), None
    if not isinstance(marked.value, dict):
        return tuple(_save(yaml, first)), f"line {first}: not `key: value` lines"
    earlier = [Entry(str(old.path[0]), old.value, old.line) for old in marked.twice if len(old.path) == 1]
    entries = [Entry(key, value, marked.lines.get((key,), first)) for key, value in marked.value.items()]
    return (*earlier, *entries), None


def _save(yaml: str, first: int) -> Iterator[Entry]:
    """`key: value` lines at the margin, and the plain lists below them, of a YAML that does not parse."""
    lines = yaml.split("\n")
    for number, line in enumerate(lines):
        key, colon, rest = line.partition(":")
        if not colon or not _KEY.fullmatch(key.rstrip()) or not (rest == "" or rest[0].isspace()):
            continue
        value: object = _plain(rest)
        if not value:
            below = takewhile(lambda other: other.lstrip().startswith("- "), lines[number + 1 :])
            value = [_plain(item.lstrip()[2:]) for item in below]
        yield Entry(key.rstrip(), value, number + first)


def _plain(text: str) -> str:
    text = f" {text[:_LONGEST_LINE]}".partition(" #")[0].strip()
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if quoted else text

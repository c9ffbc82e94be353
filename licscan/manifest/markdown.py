"""Markdown: what the NOTICE says, for a wiki, a release. The words of others are words, no markup."""

import re
from collections.abc import Iterable, Iterator
from typing import TextIO

from licscan.manifest import lines
from licscan.manifest.bill import Bill, Component
from licscan.manifest.shelf import Put, Shelf
from licscan.text import fold, printable

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~$^:-])")
_NUMBER = re.compile(r"^(\d+)([.)])")
_TICKS = re.compile(r"`+")


def write(bill: Bill, stream: TextIO) -> None:
    """Write a page of Markdown (CommonMark, with the tables that most dialects add).

    Args:
        bill: What it is about.
        stream: Where to.
    """
    stream.writelines(f"{line}\n" for line in _all(bill))


def _all(bill: Bill) -> Iterator[str]:
    yield f"# {_safe(bill.name)}"
    yield ""
    yield f"{_safe(lines.head(bill))} What their licenses ask to be said, shown and passed on stands below."
    with Shelf() as shelf:
        for one in bill.components:
            yield from _model(one, shelf)
        if bill.gaps:
            yield ""
            yield "## Not looked at"
            yield ""
        yield from (f"- {_safe(lines.gap_line(gap))}" for gap in bill.gaps)
        for put in shelf if bill.texts else ():
            yield from _text(put)
    yield ""
    yield f"_{_safe(lines.made_by(bill))}_"


def _model(one: Component, shelf: Shelf) -> Iterator[str]:
    yield ""
    yield f"## {_safe(one.name)}"
    yield ""
    yield f"- License: {_safe(lines.license_line(one))}"
    if one.url:
        yield f"- From: <{one.url}>"
    if one.commit:
        yield f"- Commit: `{one.commit}`"
    yield from (f"- Made from: {_safe(base)}" for base in lines.made_from(one))
    yield from (f"- Text {number}: {_safe(f'{text.title} ({lines.place(text)})')}" for number, text in shelf.put(one))
    yield from (f"- {_safe(line)}" for line in one.copyrights)
    for clause, title in lines.DICTATED.items():
        yield from _dictated(lines.dictated(one, clause), title)
    parts = (("Changes", one.changes), ("Also owed", lines.besides(one)), ("Missing", lines.lacks(one)))
    for title, items in parts:
        if items:
            yield ""
            yield f"### {title}"
            yield ""
        yield from (f"- {_safe(item)}" for item in items)


def _dictated(found: Iterable[lines.Dictated], title: str) -> Iterator[str]:
    for number, one in enumerate(found):
        if number == 0:
            yield ""
            yield f"### {title}"
        yield ""
        yield f"> {_safe(one.words)}"
        yield ""
        yield from (f"- {_safe(term)}" for term in one.terms)


def _text(put: Put) -> Iterator[str]:
    yield ""
    yield f"## Text {put.number}: {_safe(put.text.title)}"
    yield ""
    yield f"- For {_safe(', '.join(put.models))}"
    yield f"- From {_safe(lines.place(put.text))}"
    yield ""
    words = list(lines.text_lines(put.text))
    longest = max((len(ticks) for line in words for ticks in _TICKS.findall(line)), default=0)
    # Longer than any that stands in the text: nothing in there ends the block.
    fence = "`" * max(3, longest + 1)
    yield f"{fence}text"
    yield from words
    yield fence


def _safe(words: str) -> str:
    """Words of any origin as words: nothing in them is markup, HTML, a link or a mention."""
    escaped = _NUMBER.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", printable(fold(words))))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "&#64;")

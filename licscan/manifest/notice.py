"""NOTICE: plain text that goes with a product. What a license dictates stands in one piece, whatever its length."""

import textwrap
from collections.abc import Iterable, Iterator
from typing import TextIO

from licscan.manifest import lines
from licscan.manifest.bill import Bill, Component
from licscan.manifest.shelf import Put, Shelf
from licscan.text import fold, printable

_WIDTH = 80
_RULE = "=" * _WIDTH
_THIN = "-" * _WIDTH


def write(bill: Bill, stream: TextIO) -> None:
    """Write a NOTICE file.

    Args:
        bill: What it is about.
        stream: Where to.
    """
    stream.writelines(f"{line}\n" for line in _all(bill))


def _all(bill: Bill) -> Iterator[str]:
    with Shelf() as shelf:
        yield from _head(bill)
        for one in bill.components:
            yield from _model(one, shelf)
        if bill.gaps:
            yield ""
            yield _RULE
            yield "Not looked at:"
        for gap in bill.gaps:
            yield from _wrapped(lines.gap_line(gap), "  - ", "    ")
        for put in shelf if bill.texts else ():
            yield from _text(put)


def _head(bill: Bill) -> Iterator[str]:
    yield "NOTICE"
    yield from _wrapped(bill.name)
    yield ""
    yield from _wrapped(f"{lines.head(bill)} What their licenses ask to be said, shown and passed on stands below.")
    yield from _wrapped(lines.made_by(bill))


def _model(one: Component, shelf: Shelf) -> Iterator[str]:
    yield ""
    yield _RULE
    yield from _wrapped(one.name)
    yield ""
    yield from _wrapped(f"License: {lines.license_line(one)}")
    if one.commit:
        yield f"Commit: {one.commit}"
    if one.url:
        yield f"From: {one.url}"
    for base in lines.made_from(one):
        yield from _wrapped(f"Made from: {base}")
    for number, text in shelf.put(one):
        yield from _wrapped(f"Text {number}: {text.title} ({lines.place(text)})")
    for line in one.copyrights:
        yield printable(line)
    for clause, title in lines.DICTATED.items():
        yield from _dictated(lines.dictated(one, clause), title)
    parts = (("Changes", one.changes), ("Also owed", lines.besides(one)), ("Missing", lines.lacks(one)))
    for title, items in parts:
        if items:
            yield ""
            yield f"{title}:"
        for item in items:
            yield from _wrapped(item, "  - ", "    ")


def _dictated(found: Iterable[lines.Dictated], title: str) -> Iterator[str]:
    for number, one in enumerate(found):
        yield ""
        if number == 0:
            yield f"{title}:"
            yield ""
        yield f"  {printable(one.words)}"
        for term in one.terms:
            yield from _wrapped(f"({term})", "    ")


def _text(put: Put) -> Iterator[str]:
    yield ""
    yield _RULE
    yield from _wrapped(f"Text {put.number}: {put.text.title}")
    yield from _wrapped(f"For {', '.join(put.models)}")
    yield from _wrapped(f"From {lines.place(put.text)}")
    yield _THIN
    yield ""
    yield from lines.text_lines(put.text)


def _wrapped(words: str, first: str = "", then: str | None = None) -> list[str]:
    indent = first if then is None else then
    return textwrap.wrap(
        printable(fold(words)), _WIDTH, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False
    ) or [""]

"""NOTICE: plain text that goes with a product. What a license dictates stands in one piece, whatever its length."""

import textwrap
from collections.abc import Iterable, Iterator
from typing import TextIO

from licscan.manifest import lines
from licscan.manifest.bill import Bill, Component, Duty, Text
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
    yield from _head(bill)
    for one in bill.components:
        yield from _model(one)
    yield from _texts(bill)


def _head(bill: Bill) -> Iterator[str]:
    yield "NOTICE"
    yield from _wrapped(bill.name)
    yield ""
    yield from _wrapped(f"{lines.head(bill)} What their licenses ask to be said, shown and passed on stands below.")
    yield from _wrapped(lines.made_by(bill))


def _model(one: Component) -> Iterator[str]:
    yield ""
    yield _RULE
    yield from _wrapped(one.name)
    yield ""
    yield from _wrapped(f"License: {lines.license_line(one)}")
    if one.commit:
        yield f"Commit: {one.commit}"
    if one.url:
        yield f"From: {one.url}"
    for base in one.bases:
        yield from _wrapped(f"Made from: {base.name} ({base.relation}; {base.license or 'license not established'})")
    for line in one.copyrights:
        yield printable(line)
    yield from _dictated(one, lines.NOTICE, "Notices")
    yield from _dictated(one, lines.DISPLAY, "To be shown to users")
    yield from _dictated(one, lines.NAME, "To be carried by names of derivatives")
    if one.changes:
        yield ""
        yield "Changes:"
        for change in one.changes:
            yield from _wrapped(change, "  ")
    yield from _rest(one)


def _rest(one: Component) -> Iterator[str]:
    """What is owed besides, and what the manifest lacks."""
    owed = [f"{duty.text} ({lines.when(duty)}; {lines.source(duty)})" for duty in one.duties if duty.words is None]
    lacks = [f"{gap.what}: {gap.why} ({gap.id.remedy})" for gap in one.gaps]
    for title, items in (("Also owed:", owed), ("Missing:", lacks)):
        if items:
            yield ""
            yield title
        for item in items:
            yield from _wrapped(item, "  - ", "    ")


def _dictated(one: Component, clause: str, title: str) -> Iterator[str]:
    found: dict[str, list[Duty]] = {}
    for duty in one.owed(clause):
        if duty.words is not None:
            found.setdefault(duty.words, []).append(duty)
    if found:
        yield ""
        yield f"{title}:"
    for words, some in found.items():
        yield ""
        yield f"  {printable(words)}"
        for duty in some:
            yield from _wrapped(f"({duty.text} {lines.when(duty).capitalize()}; {lines.source(duty)}.)", "    ")


def _texts(bill: Bill) -> Iterator[str]:
    """Every text once, with the models that it goes with."""
    whose: dict[str, list[str]] = {}
    for one in bill.components:
        for text in one.texts:
            if text.words is not None and one.name not in whose.setdefault(text.key, []):
                whose[text.key].append(one.name)
    written: set[str] = set()
    for one in bill.components:
        for text in one.texts:
            if text.words is not None and text.key not in written:
                written.add(text.key)
                yield from _text(text, whose[text.key])


def _text(text: Text, whose: Iterable[str]) -> Iterator[str]:
    yield ""
    yield _RULE
    yield from _wrapped(text.title)
    yield from _wrapped(f"For {', '.join(whose)}")
    yield from _wrapped(f"Text: {lines.place(text)}")
    yield _THIN
    yield ""
    yield from (printable(line.rstrip()) for line in (text.words or "").splitlines())


def _wrapped(words: str, first: str = "", then: str | None = None) -> list[str]:
    indent = first if then is None else then
    return textwrap.wrap(
        printable(fold(words)), _WIDTH, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False
    ) or [""]

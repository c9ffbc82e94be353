"""An "about" page: what must be shown to users stands first. One file, no script, nothing loaded from anywhere."""

import base64
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, TextIO

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from licscan.manifest import lines
from licscan.manifest.bill import Bill, Component
from licscan.manifest.shelf import Shelf
from licscan.text import printable

_AT_HAND = 8 << 20


def write(bill: Bill, stream: TextIO) -> None:
    """Write a page of HTML.

    What is shown first is known last: the models are written aside, page by page, and copied behind it.

    Args:
        bill: What it is about.
        stream: Where to.
    """
    page = _page()
    shown: dict[str, dict[str, None]] = {}
    conditional: dict[str, dict[str, None]] = {}
    with Shelf() as shelf, tempfile.SpooledTemporaryFile(_AT_HAND, "w+", encoding="utf-8", newline="\n") as aside:
        for one in bill.components:
            _collect(one, shown, conditional)
            aside.write(_model(page, one, shelf, linked=bill.texts))
        stream.write(_head(page, bill))
        stream.write(page.displays(shown, conditional))
        aside.seek(0)
        shutil.copyfileobj(aside, stream)
        stream.write(page.gaps([lines.gap_line(gap) for gap in bill.gaps]))
        for put in shelf if bill.texts else ():
            words = "\n".join(lines.text_lines(put.text))
            stream.write(page.text(put, lines.place(put.text), Lines(words)))
    stream.write(page.foot(lines.made_by(bill)))


class Lines(str):
    """Several lines of which every character is harmless already; their ends are not escaped."""

    __slots__ = ()


def _collect(one: Component, shown: dict[str, dict[str, None]], conditional: dict[str, dict[str, None]]) -> None:
    """The words that users must see, with the models, or the conditions under which they must."""
    for found in lines.dictated(one, lines.DISPLAY):
        for duty in found.duties:
            if duty.condition is None:
                shown.setdefault(found.words, {})[one.name] = None
            else:
                conditional.setdefault(found.words, {})[f"{duty.condition} ({one.name})"] = None


def _head(page: Any, bill: Bill) -> str:
    style = (files("licscan.manifest") / "templates" / "about.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return str(page.head(bill, lines.head(bill), Markup(style), digest))  # noqa: S704 - our own file


def _model(page: Any, one: Component, shelf: Shelf, *, linked: bool) -> str:
    texts = [(number, f"{text.title} ({lines.place(text)})") for number, text in shelf.put(one)]
    groups = [(title, found) for clause, title in lines.DICTATED.items() if (found := lines.dictated(one, clause))]
    parts = (("Changes", one.changes), ("Also owed", lines.besides(one)), ("Missing", lines.lacks(one)))
    return str(page.model(one, list(_facts(one)), groups, [part for part in parts if part[1]], texts, linked))


def _facts(one: Component) -> Iterator[tuple[str, str]]:
    yield "License", lines.license_line(one)
    if one.commit:
        yield "Commit", one.commit
    yield from (("Made from", base) for base in lines.made_from(one))
    yield from (("Copyright", line) for line in one.copyrights)


def _shown(value: object) -> object:
    """What a template writes: no character that moves or hides others gets through; escaping comes after."""
    return value if isinstance(value, (Markup, Lines)) else printable(str(value))


@cache
def _page() -> Any:
    """The macros of the template; every value is escaped."""
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined, finalize=_shown
    )
    source = (files("licscan.manifest") / "templates" / "about.html.jinja").read_text(encoding="utf-8")
    return environment.from_string(source).module

"""Templates that escape everything, show what hides, and allow nothing to run but the page's own script."""

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from licscan.text import count, printable

_PLACE = files(__package__) / "templates"
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_INCLUDE = re.compile(r'^\{% include "([^"]+)" %\}\n', re.MULTILINE)
# A line break behind a tag and before a row or item, or the end of a block, with what decides of them between.
_LINE = re.compile(
    r">\n(?=(?:\{%[^%]*%\}\n?)*<(?:/(?!body|html|head|main|article)|li|tr|td|th|ul|ol|p|dt|dd|h[1-6])\b)"
)
_BREAKS = re.compile(r"[\t\n\r\x0b\x0c]+")
# Characters that are drawn as nothing and that `licscan.characters` leaves alone, as some languages need them.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U000e0000-\U000e007f]")


def visible(value: object) -> object:
    """Whatever a template prints, safe to show: characters that hide, move or turn words stand as escapes.

    Jinja calls this for each expression before it escapes it, so that no template can forget it. What a template made
    itself is markup already, and went through here in its parts.
    """
    if value is None:
        return ""
    if isinstance(value, Markup):
        return value
    text = str(value)
    if text.isascii() and text.isprintable():
        return text
    text = printable(_BREAKS.sub(" ", text))
    return _BLANK.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


@cache
def templates() -> Environment:
    """The templates of the page."""
    made = Environment(
        loader=FunctionLoader(read),
        autoescape=True,
        finalize=visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["count"] = count
    return made


def read(name: str) -> str:
    """A part of the page with its own parts in it; indentation and line breaks before blocks would be a tenth of it."""
    text = _INDENT.sub("", (_PLACE / name).read_text(encoding="utf-8"))
    # To look a part up anew for each model costs as much as to write it.
    text = _INCLUDE.sub(lambda match: read(match[1]), text)
    return _LINE.sub(">", text) if name.endswith(".html") else text


def inline() -> Mapping[str, Markup]:
    """Style and script of the page as they stand in it, and the policy that allows these and nothing else."""
    style, script = (f"\n{read(name)}" for name in ("page.css", "page.js"))
    allowed = {"style-src": _digest(style), "script-src": _digest(script), "img-src": "data:"}
    policy = "; ".join(["default-src 'none'", *(f"{key} {value}" for key, value in allowed.items())])
    policy += "; base-uri 'none'; form-action 'none'"
    return {"style": Markup(style), "script": Markup(script), "policy": Markup(policy)}  # noqa: S704 - our own files


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

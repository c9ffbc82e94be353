"""Source code cut into words, strings and signs: for languages that share those, and for text that does not parse.

One pass with one expression, which cannot backtrack over what it has taken: linear, whatever the text. What is no word,
string or sign is left out.
"""

import itertools
import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    """What a token is."""

    NAME = "name"
    STRING = "string"
    SIGN = "sign"
    LINE = "line"


class Token(NamedTuple):
    """A word (dotted names are one), a string (its value), a sign, or the end of a line."""

    kind: Kind
    text: str
    line: int


class Language(NamedTuple):
    """How a language writes comments and strings.

    Attributes:
        tokens: The expression that cuts it.
        lines_end: Whether a statement ends with its line.
    """

    tokens: re.Pattern[str]
    lines_end: bool = False


_NAME = r"(?P<name>[A-Za-z_$@][\w$]*(?:(?:\.|::|\?\.|->)[A-Za-z_$][\w$]*)*!?)"
_DOUBLE = r'"(?:[^"\\\n]|\\.)*"?'
_SINGLE = r"'(?:[^'\\\n]|\\.)*'?"
_TEMPLATE = r"`(?:[^`\\]|\\[\s\S])*`?"
_SIGN = r"(?P<sign>=>|==+|!==?|:=|[<>]=|\|\||\?\?|&&|[-+*/%]=|[][(){},;:=+?|&.<>!%*/-])"
_NUMBER = r"(?P<number>\d[\w.]*)"


def _expression(comment: str, string: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<comment>{comment})|(?P<string>{string})|{_NAME}|{_NUMBER}|{_SIGN}|(?P<line>\n)")


_SLASHES = r"//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/)?"
# After these a slash begins a regular expression, which may hold any quote.
_REGEX = r"(?<=[=(,:\[!&|?{};])\s*/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*"

PYTHON = Language(
    _expression(
        r"#[^\n]*",
        r'[rRbBuUfF]{0,2}(?:"""(?:[^"\\]|\\[\s\S]|"(?!""))*(?:""")?|'
        r"'''(?:[^'\\]|\\[\s\S]|'(?!''))*(?:''')?|"
        rf"{_DOUBLE}|{_SINGLE})",
    ),
    lines_end=True,
)
JAVASCRIPT = Language(_expression(rf"{_SLASHES}|{_REGEX}", rf"{_DOUBLE}|{_SINGLE}|{_TEMPLATE}"))
RUST = Language(
    _expression(
        _SLASHES, r'b?r(?P<hash>#*)"[\s\S]*?"(?P=hash)|b?"(?:[^"\\]|\\[\s\S])*"?' + r"|'(?:[^'\\\n]|\\[^\n]{1,8})'"
    )
)
GO = Language(_expression(_SLASHES, rf"{_DOUBLE}|`[^`]*`?|'(?:[^'\\\n]|\\.)+'"), lines_end=True)
JSON = Language(_expression(_SLASHES, rf"{_DOUBLE}|{_SINGLE}"))
# Languages with braces besides: text blocks as well as the strings of C.
CURLY = Language(_expression(_SLASHES, r'[$@]{0,2}(?:"""[\s\S]*?(?:"""|$)|' + rf"{_DOUBLE})|{_SINGLE}"))
RUBY = Language(_expression(r"#[^\n]*", rf"{_DOUBLE}|{_SINGLE}"), lines_end=True)
TOML = Language(
    _expression(r"#[^\n]*", r'"""[\s\S]*?(?:"""|$)|' + r"'''[\s\S]*?(?:'''|$)|" + rf"{_DOUBLE}|'[^'\n]*'?"),
    lines_end=True,
)

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\s\S])")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "\n": ""}


MOST = 200_000


def cut(text: str, language: Language) -> Iterator[Token]:
    """The first tokens of a text, at most `MOST`; comments and numbers are left out."""
    line, counted = 1, 0
    for found in itertools.islice(language.tokens.finditer(text), MOST):
        kind = found.lastgroup
        if kind in {"comment", "number", None}:
            continue
        start = found.start()
        line += text.count("\n", counted, start)
        counted = start
        if kind == "line":
            if language.lines_end:
                yield Token(Kind.LINE, "", line)
        elif kind == "name":
            yield Token(Kind.NAME, found[0], line)
        elif kind == "sign":
            yield Token(Kind.SIGN, found[0], line)
        else:
            yield Token(Kind.STRING, found[0], line)


def value(written: str) -> str:
    """What a string stands for, from how it is written; parts that are filled in are `*`."""
    body = written.lstrip("rRbBuUfF$@#")
    prefix = written[: len(written) - len(body)].lower()
    quote = body[:3] if body[:3] in {'"""', "'''"} else body[:1]
    body = body[len(quote) :].removesuffix("#" * prefix.count("#")).removesuffix(quote)
    if quote == "`":
        body = re.sub(r"\$\{[^{}]*\}", "*", body)
    elif "f" in prefix or "$" in prefix:
        body = re.sub(r"\{[^{}]*\}", "*", body)
    if "r" in prefix or "\\" not in body:
        return body
    return _ESCAPE.sub(_unescaped, body)


def _unescaped(found: re.Match[str]) -> str:
    sign = found[1]
    if len(sign) > 1:
        return chr(int(sign[1:], 16)).encode("utf-8", "replace").decode()  # half a character is none
    return _ESCAPED.get(sign, sign)

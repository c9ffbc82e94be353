"""Text of others, as a document may hold it."""

import re

from licscan.text import fold, printable

# What XML 1.0 has no way to write, escaped or not. Surrogates cannot be written in UTF-8 either.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile(r"\r\n?")


def line(text: str) -> str:
    """A name or value on one line, with everything that would hide, reorder or end it written as an escape."""
    return _UNWRITABLE.sub(_escape, printable(fold(text)))


def block(text: str) -> str:
    """A text of several lines as it is, but with LF line ends, and without characters that XML cannot hold.

    A form feed, which old license texts have between pages, becomes an empty line.
    """
    return _UNWRITABLE.sub(_escape, _LINE_END.sub("\n", text).replace("\f", "\n"))


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"

"""What every report for a terminal is made of: a console, and words of any origin as lines that fit."""

import textwrap
from typing import TextIO

from rich.console import Console
from rich.text import Text

from licscan.text import printable

NO_ADVICE = "licscan informs; it gives no legal advice."
_NARROWEST = 60
_SHORTEST = 20


class _Console(Console):
    """A console that leaves it to the command line what a closed pipe means; rich would exit with 1."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console(stream: TextIO) -> Console:
    """A console that writes to a stream; color only where that is a terminal."""
    # soft_wrap is off and markup too: a name such as `[threshold]` is text, and escapes were made visible before.
    made = _Console(file=stream, highlight=False, markup=False, emoji=False)
    made.width = max(_NARROWEST, made.width)
    return made


def say(to: Console, words: str, indent: int = 0, style: str = "") -> None:
    """Write words, folded and indented."""
    for part in wrapped(words, to.width - indent):
        to.print(Text.assemble(" " * indent, (part, style)))


def wrapped(words: str, width: int) -> list[str]:
    """Words as lines that fit, every character of them harmless."""
    return textwrap.wrap(printable(words), max(_SHORTEST, width), break_on_hyphens=False) or [""]


def harmless(words: str, style: str = "") -> Text:
    """Words of any origin as text: nothing in them is markup, no control character gets through."""
    return Text(printable(words), style=style)

"""Regular expressions in linear time: a pattern is checked with the options that it is searched with."""

from collections.abc import Iterator
from typing import Any

import re2

# So many matches that end at the same place are looked at.
_AGAIN = 6
# Room for an expression and its automaton: where the automaton does not fit, RE2 goes on much slower, but goes on.
_ROOM = 2 << 20


class Expression:
    """A regular expression in two forms: bytes for plain ASCII, where a class of characters is one state, and letters.

    Args:
        text: The pattern, in the syntax of RE2; case is ignored.
    """

    __slots__ = ("_ascii", "_text", "_wide")

    def __init__(self, text: str) -> None:
        self._text = text
        self._ascii: Any = None
        self._wide: Any = None

    def of(self, words: str | bytes) -> Any:
        """The form that fits some words."""
        if isinstance(words, bytes):
            if self._ascii is None:
                self._ascii = re2.compile(self._text.encode(), _options(re2.Options.Encoding.LATIN1))
            return self._ascii
        if self._wide is None:
            self._wide = re2.compile(self._text, _options(re2.Options.Encoding.UTF8))
        return self._wide

    def each(self, form: str | bytes, start: int = 0) -> Iterator[Any]:
        """Its matches from left to right, none overlapping another; by bytes or characters, as the form has them.

        Args:
            form: What to search.
            start: Where to begin; what stands before is still seen by edges of words.
        """
        yield from self.of(form).finditer(form, start)

    def variants(self, form: str | bytes) -> Iterator[Any]:
        """Its matches, in all the ways in which they can be."""
        return self.each(form)

    def search(self, words: str) -> Any:
        """Its first match in some words; None where there is none."""
        form = form_of(words)
        return self.of(form).search(form)


class Loose(Expression):
    """One that matches more or less at one place: the longest is not always what the words before and behind leave.

    Args:
        text: The pattern.
    """

    __slots__ = ("_short",)

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._short = Expression(f"(?U){text}")

    def variants(self, form: str | bytes) -> Iterator[Any]:
        """Its matches wherever one begins, as long and as short as it can be."""
        at, last, again = 0, -1, 0
        whole, short = self.of(form), self._short.of(form)
        while match := whole.search(form, at):
            again = again + 1 if match.end() == last else 0
            if again > _AGAIN:
                # The same words with fewer and fewer before them: go on behind them.
                at, again = match.end(), 0
                continue
            last = match.end()
            yield match
            other = short.match(form, match.start())
            if other and other.end() != last:
                yield other
            at = match.start() + 1


def form_of(words: str) -> str | bytes:
    """Words as they are searched: bytes where each is a character."""
    return words.encode() if words.isascii() else words


def checked(text: str) -> Any:
    """An expression, compiled as it will be searched, to see that it can be; what RE2 knows of it.

    Args:
        text: The pattern.

    Raises:
        ValueError: It is wrong, or too large; the message says what RE2 says.
    """
    expression = Expression(text)
    try:
        expression.of(b"")
        return expression.of("")
    except re2.error as error:
        said = error.args[0] if error.args else error
        raise ValueError(said.decode(errors="replace") if isinstance(said, bytes) else str(said)) from error


def _options(encoding: Any) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _ROOM
    options.encoding = encoding
    return options

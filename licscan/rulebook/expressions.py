"""Regular expressions in linear time: a pattern is checked with the options that it is searched with."""

import contextlib
import re
from collections.abc import Iterator
from typing import Any

import re2

# So many matches that end at the same place are looked at.
_AGAIN = 6
# Room for an expression and its automaton: the least that it fits into, for thousands are kept. An automaton that
# does not fit is made anew again and again, which is most of the work of searching with a long pattern.
_ROOMS = (128 << 10, 1 << 20, 2 << 20)
_LONG = 600
# What Latin-1 has not: alone, and from and up to it in a class.
_BEYOND = r"(?:[^\x00-\xff]|\\x\{0*[1-9a-fA-F][0-9a-fA-F]{2,}\})"
_BEYOND_ALONE = re.compile(_BEYOND)
_BEYOND_RANGE = re.compile(f"{_BEYOND}-{_BEYOND}")
_UP_TO_BEYOND = re.compile(rf"(?<=[^\[])-{_BEYOND}")
# What RE2 makes of `\pL` is two thousand ranges, folded anew at each place: a thousand times the work of these, which
# are exact in Latin-1, and elsewhere the blocks in which Unicode has its letters.
_LATIN_LETTERS = r"A-Za-z\xaa\xb5\xba\xc0-\xd6\xd8-\xf6\xf8-\xff"
_LETTERS = (
    _LATIN_LETTERS
    + r"\x{100}-\x{2ff}\x{370}-\x{1fff}\x{2c00}-\x{2dff}\x{3005}-\x{3007}\x{3031}-\x{3035}\x{3041}-\x{318f}"
    r"\x{31a0}-\x{31bf}\x{31f0}-\x{31ff}\x{3400}-\x{4dbf}\x{4e00}-\x{d7ff}\x{f900}-\x{faff}\x{10000}-\x{1cfff}\x{20000}-\x{3ffff}"
)
_ANY_LETTER = re.compile(r"(?P<class>\[\^?\]?(?:\\.|[^\]\\])*\])|\\pL|\\.", re.DOTALL)


class Expression:
    """A regular expression in two forms: Latin-1, where a character is a byte and a class one state, and UTF-8.

    Args:
        text: The pattern, in the syntax of RE2; case is ignored.
    """

    __slots__ = ("_latin", "_text", "_wide")

    def __init__(self, text: str) -> None:
        self._text = text
        self._latin: Any = None
        self._wide: Any = None

    def of(self, words: str | bytes) -> Any:
        """The form that fits some words."""
        if isinstance(words, bytes):
            if self._latin is None:
                self._latin = _compiled(_latin(self._text), re2.Options.Encoding.LATIN1)
            return self._latin
        if self._wide is None:
            self._wide = _compiled(_with_letters(self._text, _LETTERS), re2.Options.Encoding.UTF8)
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
    """Words as they are searched: bytes where each can be a character."""
    try:
        return words if "\0" in words else words.encode("latin-1")
    except UnicodeEncodeError:
        return words


def said(words: str | bytes) -> str:
    """What a match has, as it stands in the text."""
    return words.decode("latin-1") if isinstance(words, bytes) else words


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
        reason = error.args[0] if error.args else error
        raise ValueError(reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)) from error


def _with_letters(text: str, letters: str) -> str:
    """A pattern with the ranges of letters in the place of their name, alone or in a class."""

    def written(found: re.Match[str]) -> str:
        if found["class"]:
            return found["class"].replace(r"\pL", letters)
        return f"[{letters}]" if found[0] == r"\pL" else found[0]

    return _ANY_LETTER.sub(written, text) if r"\pL" in text else text


def _latin(text: str) -> bytes:
    """A pattern for texts in Latin-1; what they cannot have is NUL in it, which `form_of` lets none of them have."""
    text = _with_letters(text, _LATIN_LETTERS)
    text = _BEYOND_RANGE.sub(lambda _: r"\x00", text)
    text = _UP_TO_BEYOND.sub(lambda _: r"-\xff", text)
    return _BEYOND_ALONE.sub(lambda _: r"\x00", text).encode("latin-1")


def _compiled(text: str | bytes, encoding: Any) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.encoding = encoding
    for room in _ROOMS[len(text) > _LONG : -1]:
        options.max_mem = room
        with contextlib.suppress(re2.error):
            return re2.compile(text, options)
    options.max_mem = _ROOMS[-1]
    return re2.compile(text, options)

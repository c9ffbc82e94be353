"""XML of others: no document types, so no entities and nothing to fetch; bounded in depth and number."""

import xml.parsers.expat
from typing import NamedTuple

from licscan.errors import UnreadableError

DEPTH = 120
ELEMENTS = 300_000


class Element(NamedTuple):
    """An element: its namespace and name, attributes, children, its own text, and its line."""

    space: str
    tag: str
    attributes: dict[str, str]
    children: list["Element"]
    words: list[str]
    line: int

    @property
    def text(self) -> str:
        """Its own text, without white space around it."""
        return "".join(self.words).strip()


def load(text: str) -> Element:
    """The root of an XML document.

    Args:
        text: The document, decoded: what it says of its encoding is past.

    Raises:
        UnreadableError: It is no XML, has a document type, or is beyond the bounds.
    """
    builder = _Builder()
    try:
        builder.parser.Parse(text.encode("utf-8", "replace"), True)  # noqa: FBT003 - expat's own: this is all of it
    except xml.parsers.expat.ExpatError as error:
        raise UnreadableError("no sound XML", where=f"line {error.lineno}") from error
    except (ValueError, LookupError) as error:  # an encoding that nobody knows
        raise UnreadableError(f"no sound XML: {error}") from error
    return builder.root.children[0]


class _Builder:
    """Builds elements from the parser's events."""

    def __init__(self) -> None:
        self.parser = xml.parsers.expat.ParserCreate("utf-8", " ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.root = Element("", "", {}, [], [], 0)
        self._open = [self.root]
        self._seen = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._seen += 1
        if self._seen > ELEMENTS or len(self._open) > DEPTH:
            what = f"more than {ELEMENTS:,} elements" if self._seen > ELEMENTS else "nested beyond reason"
            raise UnreadableError(what, where=f"line {self.parser.CurrentLineNumber}")
        space, _, tag = name.rpartition(" ")
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        element = Element(space, tag, plain, [], [], self.parser.CurrentLineNumber)
        self._open[-1].children.append(element)
        self._open.append(element)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _text(self, words: str) -> None:
        self._open[-1].words.append(words)

    def _refuse(self, *_: object) -> None:
        raise UnreadableError("has a document type: such are not read", where=f"line {self.parser.CurrentLineNumber}")

"""YAML within bounds, with the line of every key.

Values are built from the parser's events in one pass, without recursion: PyYAML's fast loader is killed by 50,000
nested brackets, and its aliases grow without end when walked. Scalars stay the text that they are (`no` is not False,
`3.10` is not 3.1): whoever knows the type of a field converts it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import yaml

from licscan.errors import UnreadableError
from licscan.formats.bounded import sound

DEPTH = 100
NODES = 100_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = frozenset({"", "~", "null", "Null", "NULL"})


Path = tuple[str | int, ...]


class Overwritten(NamedTuple):
    """A key that came again: its path, the value that it had first, and the line of that."""

    path: Path
    value: object
    line: int


class Marked(NamedTuple):
    """A document: its value, the line (from 1) of each key and item by path, and what keys that came twice had."""

    value: object
    lines: dict[Path, int]
    twice: tuple[Overwritten, ...]


def load(text: str, *, first_line: int = 1, depth: int = DEPTH, nodes: int = NODES) -> Marked:
    """Read the first document of a YAML text; mappings, lists, strings and None, nothing else.

    Args:
        text: The YAML.
        first_line: Number of the text's first line in its file.
        depth: How deep it may nest.
        nodes: How many nodes it may have, every alias counted as all that it stands for.

    Raises:
        UnreadableError: It is no YAML, or beyond the bounds; `where` names the line.
    """
    builder = _Builder(first_line, depth, nodes)
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or "not YAML"
        raise UnreadableError(problem, where=f"line {mark.line + first_line}" if mark else "") from error
    except yaml.YAMLError as error:
        # A character that YAML forbids: the reader knows its position, not its line.
        position = getattr(error, "position", 0)
        line = text.count("\n", 0, position) + first_line
        raise UnreadableError("a character that YAML does not allow", where=f"line {line}") from error
    return Marked(builder.root, builder.lines, tuple(builder.twice))


def _events(text: str) -> Iterator[yaml.Event]:
    for event in yaml.parse(text, Loader=_LOADER):
        yield event
        if isinstance(event, yaml.DocumentEndEvent):
            return


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being filled."""

    value: dict[str, object] | list[object]
    path: Path
    anchor: str | None
    nodes_before: int
    key: str | None = None


@dataclass(slots=True)
class _Builder:
    first_line: int
    depth: int
    nodes_allowed: int
    root: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    twice: list[Overwritten] = field(default_factory=list)
    _open: list[_Open] = field(default_factory=list)
    _anchors: dict[str, tuple[object, int]] = field(default_factory=dict)
    _nodes: int = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._begin({}, event)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._begin([], event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._end()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        plain = event.style is None or event.style == ""
        value = None if plain and event.value in _NULL else sound(event.value)
        before = self._nodes
        self._place(value, event)
        if event.anchor:
            self._anchors[event.anchor] = (value, self._nodes - before)

    def _begin(self, value: dict[str, object] | list[object], event: yaml.NodeEvent) -> None:
        if len(self._open) >= self.depth:
            raise UnreadableError(f"nested deeper than {self.depth}", where=self._where(event))
        if self._wants_key():
            raise UnreadableError("a mapping or list as a key", where=self._where(event))
        before = self._nodes
        path = self._place(value, event)
        self._open.append(_Open(value, path, event.anchor, before))

    def _end(self) -> None:
        done = self._open.pop()
        if done.anchor:
            self._anchors[done.anchor] = (done.value, self._nodes - done.nodes_before)

    def _alias(self, event: yaml.AliasEvent) -> None:
        if event.anchor not in self._anchors:
            raise UnreadableError(f"unknown alias {event.anchor!r}", where=self._where(event))
        value, nodes = self._anchors[event.anchor]
        if self._wants_key() and not isinstance(value, str):
            raise UnreadableError("a mapping or list as a key", where=self._where(event))
        self._place(value, event, nodes)

    def _wants_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1].value, dict) and self._open[-1].key is None

    def _place(self, value: object, event: yaml.NodeEvent, nodes: int = 1) -> Path:
        """Put a value where it belongs; the path at which it then stands."""
        self._nodes += nodes
        if self._nodes > self.nodes_allowed:
            raise UnreadableError(f"more than {self.nodes_allowed} nodes", where=self._where(event))
        if not self._open:
            self.root = value
            return ()
        parent = self._open[-1]
        if isinstance(parent.value, list):
            path = (*parent.path, len(parent.value))
            parent.value.append(value)
        elif parent.key is None:
            parent.key = str(value) if value is not None else ""
            path = (*parent.path, parent.key)
            if parent.key in parent.value:
                self.twice.append(Overwritten(path, parent.value[parent.key], self.lines[path]))
        else:
            path = (*parent.path, parent.key)
            parent.value[parent.key] = value
            parent.key = None
            return path
        self.lines[path] = self._line(event)
        return path

    def _where(self, event: yaml.Event) -> str:
        return f"line {self._line(event)}"

    def _line(self, event: yaml.Event) -> int:
        return self.first_line + (event.start_mark.line if event.start_mark else 0)

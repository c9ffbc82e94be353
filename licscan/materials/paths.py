"""Where facts stand in a bill of materials: small paths over the shape of its format's JSON.

    licenses.license.id                       lists are looked through
    externalReferences[type=distribution|vcs].url
    dependencies[ref=@bom-ref].dependsOn      `@` means the part's own value of that key
    /metadata.timestamp                       `/` begins at the document, anything else at the part

Where a path goes on from a text, the text is the id of an element of the document (SPDX 3).
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from licscan.materials.parts import Tree

_STEP = re.compile(r"(?P<key>[\w$-]+)(?:\[(?P<field>[\w-]+)=(?P<values>[^\]]+)\])?(?:\.|$)")
# A part of a hostile document has as many of anything as somebody likes.
_MOST = 10_000
_SILENT = frozenset({"", "noassertion"})  # SPDX 2, and SPDX 3's enumerations


class Step(NamedTuple):
    """One step: a key, and what a field of what stands there must be."""

    key: str
    field: str
    values: tuple[str, ...]


class Way(NamedTuple):
    """A path: whether it begins at the document, and its steps."""

    from_document: bool
    steps: tuple[Step, ...]


@lru_cache(maxsize=1024)
def parse(path: str) -> Way:
    """A path, read.

    Raises:
        ValueError: It is none.
    """
    steps: list[Step] = []
    at = int(path.startswith("/"))
    while at < len(path):
        match = _STEP.match(path, at)
        if match is None:
            raise ValueError(f"not a path from {path[at : at + 20]!r} on")
        values = tuple((match["values"] or "").split("|")) if match["field"] else ()
        steps.append(Step(match["key"], match["field"] or "", values))
        at = match.end()
    if not steps or path.endswith("."):
        raise ValueError("a path without steps")
    return Way(path.startswith("/"), tuple(steps))


class Places:
    """Where facts stand in one document; lists are gone through once, however many parts ask for their own items.

    Args:
        document: The document.
    """

    def __init__(self, document: Tree) -> None:
        self._document = document
        elements = document.get("elements")
        self._known = elements if isinstance(elements, dict) else {}
        self._indexes: dict[tuple[str, str], dict[str, list[Any]]] = {}

    def find(self, path: str, part: Tree) -> Iterator[object]:
        """What stands at a path and says something: no empty values, nor SPDX's words for nothing.

        Args:
            path: The path.
            part: The model or data set.
        """
        way = parse(path)
        nodes: list[Any] = [self._document if way.from_document else part]
        for step in way.steps:
            wanted = {one for value in step.values for one in _meant(value, part)}
            if step is way.steps[0] and way.from_document and step.field:
                nodes = self._indexed(step, wanted)
            else:
                nodes = [one for node in nodes for one in self._below(node, step) if _fits(one, step.field, wanted)]
            nodes = nodes[:_MOST]
        yield from (node for node in nodes if _says(node))

    def _indexed(self, step: Step, wanted: set[str]) -> list[Any]:
        """What stands in a list of the document, by the texts of a field."""
        key = (step.key, step.field)
        if key not in self._indexes:
            index: dict[str, list[Any]] = {}
            for node in self._below(self._document, step):
                for text in _texts(node, step.field):
                    index.setdefault(text, []).append(node)
            self._indexes[key] = index
        return [node for text in sorted(wanted) for node in self._indexes[key].get(text, ())]

    def _below(self, node: Any, step: Step) -> Iterator[Any]:
        if isinstance(node, str):
            node = self._known.get(node)
        found = node.get(step.key) if isinstance(node, dict) else None
        if found is self._known and self._known:
            yield from self._known.values()
        elif isinstance(found, list):
            yield from found
        elif found is not None:
            yield found


def _meant(value: str, part: Tree) -> Iterator[str]:
    if not value.startswith("@"):
        yield value
    elif isinstance(own := part.get(value[1:]), str) and own:
        yield own


def _fits(node: Any, field: str, wanted: set[str]) -> bool:
    return not field or any(text in wanted for text in _texts(node, field))


def _texts(node: Any, field: str) -> set[str]:
    said = node.get(field) if isinstance(node, dict) else None
    many = said if isinstance(said, list) else [said]
    return {one for one in many if isinstance(one, str)}


def _says(node: Any) -> bool:
    if isinstance(node, str):
        return node.strip().casefold() not in _SILENT
    return node not in (None, [], {})

"""Where a model comes from, laid out as a drawing: the model at the left, what it comes from to the right of it.

Models that come into the same child in the same way stand in one frame with one line to it: the sixty parents of a
merge are a block of names, not sixty crossing lines.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from licscan.characters import UNPRINTABLE
from licscan.model import Level, Lineage

WIDE, TALL = 208, 38
_LOW = 22
_ACROSS, _DOWN = 104, 12
_EDGE = 8
_HEAD = 18
_FRAMED = 4  # from so many on, those that come in the same way share a frame
_ROWS = 12
_COLUMNS = 3
_LETTERS = 27
_ODD = 2
# A width of a model's name in half letters: those of East Asian scripts are twice as wide.
_FULL = frozenset("WF")


class Node(NamedTuple):
    """A model in the drawing: where, its name in one or two lines that fit, and its full name."""

    x: int
    y: int
    tall: int
    owner: str
    name: str
    full: str
    level: str

    @property
    def cut(self) -> bool:
        """Whether a part of the name is left out."""
        return "…" in self.owner + self.name


class Frame(NamedTuple):
    """A block of models that come into the same child in the same way."""

    x: int
    y: int
    wide: int
    tall: int
    words: str


class Edge(NamedTuple):
    """A line from a model to one that it comes from, as an SVG path; words and where they stand."""

    path: str
    x: int
    y: int
    words: str
    binds: bool
    back: bool


class Drawing(NamedTuple):
    """A whole drawing, in pixels."""

    wide: int
    tall: int
    nodes: tuple[Node, ...]
    frames: tuple[Frame, ...]
    edges: tuple[Edge, ...]


class _Box(NamedTuple):
    """Where a frame or a lone node lies: edges come in at its left and leave at its right."""

    x: int
    y: int
    wide: int
    tall: int

    @property
    def middle(self) -> int:
        return self.y + self.tall // 2


Ways = frozenset[tuple[str, str, bool]]  # child, relation, whether it binds


def draw(itself: str, level: Level, links: Sequence[Lineage]) -> Drawing | None:
    """A drawing of where a model comes from; None where it comes from nothing.

    Args:
        itself: The model's name.
        level: Its level.
        links: Its lineage; cycles, several ways to one base, and bases that nobody could look at are all right.
    """
    if not links:
        return None
    known: dict[str, Lineage] = {}
    ways: dict[str, set[tuple[str, str, bool]]] = {}
    for link in links:
        # Of several links to a base the one that knows its level tells most.
        if link.base not in known or known[link.base].level is None:
            known[link.base] = link
        ways.setdefault(link.base, set()).add((link.child or "", str(link.relation), link.binds))
    depths = _depths(ways)
    boxes: dict[str, _Box] = {}
    nodes, frames, edges = [], [], []
    x, tallest = _EDGE, 0
    layers = [[name for name in known if depths[name] == depth] for depth in sorted(set(depths.values()) - {0})]
    columns = [_blocks(layer, ways) for layer in layers]
    height = max(map(_height, columns))
    boxes[""] = _Box(_EDGE, _EDGE + max(0, (height - TALL) // 2), WIDE, TALL)
    nodes.append(_node(boxes[""], itself, str(level)))
    x += WIDE + _ACROSS
    for blocks in columns:
        y = _EDGE + (height - _height(blocks)) // 2
        for block in blocks:
            box = _Box(x, y, *_size(block))
            y += box.tall + _DOWN
            nodes += _placed(block, box, known, boxes)
            frames += _frame(block, box, ways)
            edges += _edges(block, box, ways, boxes, depths)
        tallest = max(tallest, y)
        x += max(_size(block)[0] for block in blocks) + _ACROSS
    below = _EDGE + _LOW if any(edge.back for edge in edges) else 0
    return Drawing(x - _ACROSS + _EDGE, height + 2 * _EDGE + below, tuple(nodes), tuple(frames), tuple(edges))


def _depths(ways: Mapping[str, Iterable[tuple[str, str, bool]]]) -> dict[str, int]:
    """How far each base is from the model, in links; one that only leads back to itself stands beside the model."""
    depths = {"": 0}
    layer = [""]
    while layer:
        found = [name for name in ways if name not in depths and any(child in layer for child, *_ in ways[name])]
        depths |= dict.fromkeys(found, depths[layer[0]] + 1)
        layer = found
    return depths | {name: 1 for name in ways if name not in depths}


def _blocks(layer: Iterable[str], ways: Mapping[str, set[tuple[str, str, bool]]]) -> list[list[str]]:
    """The models of a column, those that come in the same way together where they are many."""
    found: dict[Ways, list[str]] = {}
    for name in layer:
        found.setdefault(frozenset(ways[name]), []).append(name)
    return [block for some in found.values() for block in ([some] if len(some) >= _FRAMED else [[one] for one in some])]


def _size(block: Sequence[str]) -> tuple[int, int]:
    if len(block) < _FRAMED:
        return WIDE, TALL
    columns, rows = _grid(len(block))
    return columns * (WIDE + _EDGE) + _EDGE, _HEAD + rows * (_LOW + 4) + _EDGE


def _grid(number: int) -> tuple[int, int]:
    columns = min(_COLUMNS, -(-number // _ROWS))
    return columns, -(-number // columns)


def _height(blocks: Sequence[Sequence[str]]) -> int:
    return sum(_size(block)[1] + _DOWN for block in blocks) - _DOWN


def _placed(block: Sequence[str], box: _Box, known: Mapping[str, Lineage], boxes: dict[str, _Box]) -> list[Node]:
    """The models of a block, each at its place."""
    if len(block) < _FRAMED:
        boxes[block[0]] = box
        return [_of(known[block[0]], box)]
    _, rows = _grid(len(block))
    for number, name in enumerate(block):
        column, row = divmod(number, rows)
        left, top = box.x + _EDGE + column * (WIDE + _EDGE), box.y + _HEAD + row * (_LOW + 4)
        boxes[name] = _Box(left, top, WIDE, _LOW)
    return [_of(known[name], boxes[name]) for name in block]


def _of(link: Lineage, box: _Box) -> Node:
    return _node(box, link.base, str(link.level or "not-looked-at"))


def _node(box: _Box, name: str, level: str) -> Node:
    plain = name.removeprefix("hf:")
    owner, slash, rest = plain.partition("/")
    if box.tall < TALL or not slash:
        owner, rest = "", plain
    return Node(box.x, box.y, box.tall, fitting(owner), fitting(rest), plain, level)


def _frame(block: Sequence[str], box: _Box, ways: Mapping[str, set[tuple[str, str, bool]]]) -> list[Frame]:
    if len(block) < _FRAMED:
        return []
    words = ", ".join(sorted({relation for _, relation, _ in ways[block[0]]}))
    return [Frame(box.x, box.y, box.wide, box.tall, f"{len(block)} models, {words}")]


def _edges(
    block: Sequence[str],
    box: _Box,
    ways: Mapping[str, set[tuple[str, str, bool]]],
    boxes: Mapping[str, _Box],
    depths: Mapping[str, int],
) -> list[Edge]:
    """The lines into a block, from models that are placed already; from those of the same column or beyond, behind."""
    found = []
    for child, relation, binds in sorted(ways[block[0]]):
        start = boxes.get(child)
        if start is None or depths.get(child, 0) >= depths[block[0]]:
            found.append(_loop(box, relation, binds=binds))
            continue
        found.append(_line(start, box, relation if len(block) < _FRAMED else "", binds=binds))
    return found


def _line(start: _Box, end: _Box, words: str, *, binds: bool) -> Edge:
    x1, y1, x2, y2 = start.x + start.wide, start.middle, end.x, end.middle
    half = (end.x - _ACROSS // 2) if end.x - x1 > _ACROSS else (x1 + x2) // 2
    path = f"M{x1} {y1}H{half - _ACROSS // 4}C{half} {y1} {half} {y2} {half + _ACROSS // 4} {y2}H{x2}"
    return Edge(path, x2 - 6, y2 - 5, words, binds, back=False)


def _loop(box: _Box, words: str, *, binds: bool) -> Edge:
    """A line that comes back from a model further on: drawn as a hook, since the way there is told in the table."""
    x, y = box.x + box.wide // 2, box.y + box.tall
    return Edge(
        f"M{x + 24} {y}v8a8 8 0 0 1 -8 8h-32a8 8 0 0 1 -8 -8v-8", x, y + 26, f"{words}, in a circle", binds, back=True
    )


def fitting(name: str, letters: int = _LETTERS) -> str:
    """A name cut in the middle where it is too long for its box: both ends of a model's name tell it apart."""
    shown = UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", name)
    if _width(shown) <= letters:
        return shown
    head, tail = "", ""
    while _width(head + tail) < letters - _ODD:
        head += shown[len(head)]
        tail = shown[-len(tail) - 1] + tail
    return f"{head}…{tail}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in _FULL else 1 for letter in text)

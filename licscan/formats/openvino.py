"""The network of OpenVINO: what its `rt_info` says. Entities are refused, so that none can grow or lead elsewhere.

https://docs.openvino.ai, Intermediate Representation: an XML file beside a `.bin` of weights.
"""

import re
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from licscan.errors import HeaderError
from licscan.formats.bounded import open_regular
from licscan.formats.header import LONGEST_VALUE, Header

SUFFIXES = ()

_HEAD = re.compile(rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?<net\s")
_LARGEST = 64 << 20
_MOST = 1_000
_PIECE = 1 << 16


def recognizes(head: bytes, _size: int) -> bool:
    """Whether a file is XML whose root is a network."""
    return _HEAD.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def read(path: Path) -> Header:
    """What a network says of itself.

    Raises:
        HeaderError: It is none, is not sound, or declares entities.
    """
    network = _Network()
    parser = expat.ParserCreate()
    parser.StartElementHandler = network.begin
    parser.EndElementHandler = network.end
    parser.EntityDeclHandler = _refuse
    left = _LARGEST
    with open(open_regular(path), "rb") as stream:  # noqa: PTH123 - a descriptor
        try:
            while left > 0 and (piece := stream.read(min(_PIECE, left))):
                left -= len(piece)
                parser.Parse(piece, False)  # noqa: FBT003 - as expat has it
            if left > 0:
                parser.Parse(b"", True)  # noqa: FBT003 - likewise
        except (expat.ExpatError, ValueError, OSError) as error:
            raise HeaderError(f"not a sound OpenVINO network: {error}", where=str(path)) from error
    if not network.is_one:
        raise HeaderError("not an OpenVINO network", where=str(path))
    unsure = "" if left > 0 else f"only its first {_LARGEST >> 20} MiB were read"
    return Header("openvino", tuple(network.pairs), unsure=unsure)


def _refuse(*_: object) -> NoReturn:
    raise ValueError("it declares entities")


class _Network:
    """The keys and values under `rt_info`, which stands in the network itself, and not in its layers."""

    def __init__(self) -> None:
        self.pairs: list[tuple[str, str]] = []
        self.is_one = False
        self._path: list[str] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        self.is_one = self.is_one or self._path == ["net"]
        if self._path[:2] != ["net", "rt_info"] or len(self.pairs) >= _MOST:
            return
        key = "/".join(self._path[2:])
        if "value" in attributes and key:
            self.pairs.append((key[:300], attributes["value"][:LONGEST_VALUE]))

    def end(self, _name: str) -> None:
        self._path.pop()

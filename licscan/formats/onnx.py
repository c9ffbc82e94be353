"""The metadata of an ONNX file: the top-level fields of its protobuf message, the graph skipped over.

https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (ModelProto). The `onnx` package would load the whole graph,
needs protobuf, and is 18 MB; ten fields are wanted.
"""

import os
from pathlib import Path
from typing import BinaryIO

from licscan.errors import HeaderError
from licscan.formats.bounded import open_regular
from licscan.formats.header import LONGEST_VALUE, Header
from licscan.formats.protobuf import fields

SUFFIXES = (".onnx",)

_TEXTS = {2: "producer_name", 3: "producer_version", 4: "domain", 6: "doc_string"}
_GRAPH, _OPSET, _METADATA = 7, 8, 14


def recognizes(_head: bytes, _size: int) -> bool:
    """Never: its first bytes are those of many other messages; its name decides, and its graph proves it."""
    return False


def read(path: Path) -> Header:
    """What an ONNX file says of itself.

    Raises:
        HeaderError: It is no ONNX model.
    """
    with os.fdopen(open_regular(path), "rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        try:
            pairs, seen = _model(stream, size)
        except (ValueError, OSError) as error:
            raise HeaderError(f"not a sound ONNX file: {error}", where=str(path)) from error
    # CoreML's message begins with the same bytes; only an ONNX model has a graph and says which operators it uses.
    if not {_GRAPH, _OPSET} <= seen:
        raise HeaderError("not an ONNX file: no graph, or no operator set", where=str(path))
    return Header(format="onnx", pairs=tuple(pairs))


def _model(stream: BinaryIO, size: int) -> tuple[list[tuple[str, str]], set[int]]:
    pairs: list[tuple[str, str]] = []
    seen: set[int] = set()
    for field, length in fields(stream, size):
        seen.add(field)
        if field in _TEXTS:
            pairs.append((_TEXTS[field], _text(stream.read(min(length, LONGEST_VALUE)))))
        elif field == _METADATA:
            pairs.append(_entry(stream, stream.tell() + length))
    return pairs, seen


def _entry(stream: BinaryIO, end: int) -> tuple[str, str]:
    """A StringStringEntryProto: 1 key, 2 value."""
    parts = {1: "", 2: ""}
    for field, length in fields(stream, end):
        parts[field] = _text(stream.read(min(length, LONGEST_VALUE)))
    return parts[1], parts[2]


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")

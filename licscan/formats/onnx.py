"""The metadata of an ONNX file: the top-level fields of its protobuf message, the graph skipped over.

https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (ModelProto). The `onnx` package would load the whole graph,
needs protobuf, and is 18 MB; ten fields are wanted.
"""

import io
import os
from pathlib import Path
from typing import BinaryIO

from licscan.errors import HeaderError
from licscan.formats.bounded import open_regular
from licscan.formats.header import Header

SUFFIXES = (".onnx",)

_TEXTS = {2: "producer_name", 3: "producer_version", 4: "domain", 6: "doc_string"}
_GRAPH, _OPSET, _METADATA = 7, 8, 14
_LONGEST = 1 << 16
_FIELDS = 100_000
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5


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
    for _ in range(_FIELDS):
        if stream.tell() >= size:
            return pairs, seen
        field, length = _field(stream, size)
        seen.add(field)
        if field in _TEXTS:
            pairs.append((_TEXTS[field], _text(stream.read(min(length, _LONGEST)))))
            stream.seek(max(0, length - _LONGEST), os.SEEK_CUR)
        elif field == _METADATA and length <= _LONGEST:
            pairs.append(_entry(stream.read(length)))
        else:
            stream.seek(length, os.SEEK_CUR)
    raise ValueError(f"more than {_FIELDS} fields")


def _field(stream: BinaryIO, size: int) -> tuple[int, int]:
    """The number of the next field and the length of its payload; the payload of a number is already passed."""
    tag = _varint(stream)
    kind = tag & 7
    if kind == _VARINT:
        _varint(stream)
        return tag >> 3, 0
    length = {_FIXED64: 8, _FIXED32: 4}.get(kind, -1)
    if kind == _LENGTH:
        length = _varint(stream)
    if length < 0 or length > size - stream.tell():
        raise ValueError(f"a field of kind {kind} and length {length} at byte {stream.tell()}")
    return tag >> 3, length


def _varint(stream: BinaryIO) -> int:
    value = 0
    for shift in range(0, 64, 7):
        byte = stream.read(1)
        if not byte:
            raise ValueError("it ends within a number")
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:  # noqa: PLR2004 - the continuation bit
            return value
    raise ValueError("a number longer than 64 bits")


def _entry(payload: bytes) -> tuple[str, str]:
    """A StringStringEntryProto: 1 key, 2 value."""
    stream, parts = io.BytesIO(payload), {1: "", 2: ""}
    while stream.tell() < len(payload):
        field, length = _field(stream, len(payload))
        parts[field] = _text(stream.read(length))
    return parts[1], parts[2]


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")

"""Messages of protobuf read field by field, within bounds, without their schema.

https://protobuf.dev/programming-guides/encoding/
"""

import os
from collections.abc import Iterator
from typing import BinaryIO

_FIELDS = 100_000
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5


def fields(stream: BinaryIO, end: int) -> Iterator[tuple[int, int]]:
    """The number and length of each field up to a place; the stream stands at its payload when it is given.

    What is not read of a payload is passed over. The payload of a number is passed already, and its length 0.

    Raises:
        ValueError: A field reaches beyond the end, or there are too many.
    """
    for _ in range(_FIELDS):
        if stream.tell() >= end:
            return
        number, length = _field(stream, end)
        start = stream.tell()
        yield number, length
        stream.seek(start + length, os.SEEK_SET)
    raise ValueError(f"more than {_FIELDS} fields")


def _field(stream: BinaryIO, end: int) -> tuple[int, int]:
    tag = _varint(stream)
    kind = tag & 7
    if kind == _VARINT:
        _varint(stream)
        return tag >> 3, 0
    length = {_FIXED64: 8, _FIXED32: 4}.get(kind, -1)
    if kind == _LENGTH:
        length = _varint(stream)
    if length < 0 or length > end - stream.tell():
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

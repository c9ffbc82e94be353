"""The metadata of a Core ML model: license, author, and what its maker added.

https://github.com/apple/coremltools/blob/main/mlmodel/format/Model.proto; the tensors are skipped over.
"""

import os
from pathlib import Path
from typing import BinaryIO

from licscan.errors import HeaderError
from licscan.formats.bounded import open_regular
from licscan.formats.header import LONGEST_VALUE, Header
from licscan.formats.protobuf import fields

SUFFIXES = (".mlmodel",)

_DESCRIPTION, _METADATA, _USER = 2, 100, 100
_TEXTS = {1: "shortDescription", 2: "versionString", 3: "author", 4: "license"}


def recognizes(_head: bytes, _size: int) -> bool:
    """Never: its first bytes are those of many other messages; its name decides, and its description proves it."""
    return False


def read(path: Path) -> Header:
    """What a Core ML model says of itself.

    Raises:
        HeaderError: It is none.
    """
    with os.fdopen(open_regular(path), "rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        pairs: list[tuple[str, str]] = []
        seen = False
        try:
            for number, length in fields(stream, size):
                if number == _DESCRIPTION:
                    seen = True
                    pairs += _described(stream, stream.tell() + length)
        except (ValueError, OSError) as error:
            raise HeaderError(f"not a sound Core ML file: {error}", where=str(path)) from error
    if not seen:
        raise HeaderError("not a Core ML file: no description", where=str(path))
    return Header("coreml", tuple(pairs))


def _described(stream: BinaryIO, end: int) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for number, length in fields(stream, end):
        if number != _METADATA:
            continue
        inner = stream.tell() + length
        for field, size in fields(stream, inner):
            if field in _TEXTS:
                found.append((_TEXTS[field], _text(stream, size)))
            elif field == _USER:
                found.append(_entry(stream, stream.tell() + size))
    return found


def _entry(stream: BinaryIO, end: int) -> tuple[str, str]:
    """An entry of a map: 1 key, 2 value."""
    parts = {1: "", 2: ""}
    for field, size in fields(stream, end):
        parts[field] = _text(stream, size)
    return parts[1], parts[2]


def _text(stream: BinaryIO, length: int) -> str:
    return stream.read(min(length, LONGEST_VALUE)).decode("utf-8", errors="replace")

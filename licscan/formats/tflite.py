"""TensorFlow Lite (LiteRT): the description of a model, and its metadata, which have a place for a license.

https://github.com/google-ai-edge/LiteRT, schema.fbs and metadata_schema.fbs.
"""

import os
import struct
from pathlib import Path

from licscan.errors import HeaderError
from licscan.formats.bounded import open_regular
from licscan.formats.flatbuffer import Buffer
from licscan.formats.header import Header

SUFFIXES = (".tflite",)

# Fields of Model, of Metadata, of Buffer, and of ModelMetadata, by their numbers.
_DESCRIPTION, _BUFFERS, _METADATA = 3, 4, 6
_NAME, _BUFFER = 0, 1
_DATA = 0
_TEXTS = {0: "name", 1: "description", 2: "version", 4: "author", 5: "license", 7: "min_parser_version"}
_WANTED = "TFLITE_METADATA"
_MOST = 100


def recognizes(head: bytes, _size: int) -> bool:
    """Whether a file bears the mark of TensorFlow Lite."""
    return head[4:8] == b"TFL3"


def read(path: Path) -> Header:
    """What a TensorFlow Lite model says of itself.

    Raises:
        HeaderError: It is none, or not sound.
    """
    with os.fdopen(open_regular(path), "rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        try:
            pairs = _pairs(Buffer(stream, 0, size))
        except (ValueError, struct.error, OSError) as error:
            raise HeaderError(f"not a sound TensorFlow Lite file: {error}", where=str(path)) from error
    return Header("tflite", tuple(pairs))


def _pairs(model: Buffer) -> list[tuple[str, str]]:
    if not recognizes(model.take(0, 8), 0):
        raise ValueError("it does not bear the mark TFL3")
    root = model.root()
    description = model.text(model.field(root, _DESCRIPTION))
    found = [("description", description)] if description else []
    for place in model.vector(model.field(root, _METADATA))[:_MOST]:
        entry = place + model.uint(place)
        if model.text(model.field(entry, _NAME)) == _WANTED:
            number = model.field(entry, _BUFFER)
            found += _metadata(model, root, model.uint(number) if number is not None else 0)
    return found


def _metadata(model: Buffer, root: int, number: int) -> list[tuple[str, str]]:
    buffers = model.vector(model.field(root, _BUFFERS))
    if number >= len(buffers):
        raise ValueError(f"metadata in buffer {number} of {len(buffers)}")
    entry = buffers[number] + model.uint(buffers[number])
    inner = model.inside(*model.bytes_at(model.field(entry, _DATA)))
    table = inner.root()
    stated = ((key, inner.text(inner.field(table, field))) for field, key in _TEXTS.items())
    return [(key, text) for key, text in stated if text]

"""Weights in zip archives: PyTorch's own format, TorchScript, Keras, NumPy, DDUF, MediaPipe tasks."""

import json
from pathlib import Path

from licscan.errors import HeaderError
from licscan.formats import pickles
from licscan.formats.archive import Archive, opened
from licscan.formats.header import Header
from licscan.formats.names import is_spoken

SUFFIXES = (".keras", ".dduf", ".jit")

_LIMIT = 1 << 20
_MOST_TEXTS = 20
_SHOWN = 100


def recognizes(head: bytes, _size: int) -> bool:
    """Whether a file begins as an archive."""
    return head.startswith(b"PK\x03\x04")


def read(path: Path) -> Header:
    """What weights in an archive say of themselves, by what lies in it.

    Raises:
        HeaderError: It is no archive, or one that holds no weights.
    """
    with opened(path) as archive:
        names = archive.names
        pickled = next((name for name in names if name.rpartition("/")[2] == "data.pkl" and name.count("/") <= 1), None)
        if pickled:
            return pickles.read_archive(archive, pickled, str(path))
        if "model_index.json" in names:
            return Header("dduf", texts=_texts(archive))
        if {"config.json", "metadata.json"} <= set(names):
            return Header("keras", _keras(archive), texts=_texts(archive))
        if any(name.endswith(".npy") for name in names):
            return Header("numpy", texts=_texts(archive))
        for suffix, kind in ((".tflite", "mediapipe-task"), (".gguf", "gguf"), (".onnx", "onnx")):
            if inner := next((name for name in names if name.endswith(suffix)), None):
                unsure = f"{inner[:_SHOWN]} lies in an archive, and its own header was not read"
                return Header(kind, texts=_texts(archive), unsure=unsure)
    raise HeaderError("an archive that holds no weights", where=str(path))


def _keras(archive: Archive) -> tuple[tuple[str, str], ...]:
    try:
        fields = json.loads(archive.read("metadata.json", _LIMIT))
    except (ValueError, RecursionError):
        return ()
    return (
        tuple((key, value) for key, value in fields.items() if isinstance(value, str))
        if isinstance(fields, dict)
        else ()
    )


def _texts(archive: Archive) -> tuple[tuple[str, bytes], ...]:
    spoken = [name for name in archive.names if is_spoken(name)]
    return tuple((name, archive.read(name, _LIMIT)) for name in spoken[:_MOST_TEXTS])

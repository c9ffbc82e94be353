"""Formats that are known by their first bytes, and say nothing of themselves that could be read here."""

from pathlib import Path

from licscan.errors import HeaderError
from licscan.formats.bounded import read_file
from licscan.formats.header import Header

SUFFIXES = ()

# Where the mark stands, the mark, the format.
_MARKS = (
    (0, (793712314).to_bytes(4, "little"), "fasttext"),
    (4, b"ET12", "executorch"),
    (0, b"\x93NUMPY", "numpy"),
)
_HEAD = 16


def recognizes(head: bytes, _size: int) -> bool:
    """Whether a file bears one of the marks."""
    return _format(head) is not None


def read(path: Path) -> Header:
    """The format alone.

    Raises:
        HeaderError: It bears none of the marks.
    """
    found = _format(read_file(path, _HEAD).data)
    if found is None:
        raise HeaderError("none of the formats that are known by a mark", where=str(path))
    return Header(found)


def _format(head: bytes) -> str | None:
    return next((name for place, mark, name in _MARKS if head[place : place + len(mark)] == mark), None)

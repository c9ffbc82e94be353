"""Files read within bounds: only regular ones, never more than was asked for, decoded without failing."""

import codecs
import hashlib
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from licscan.errors import UnreadableError

# O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever. Neither flag exists everywhere.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)

# As `licscan.verify` reads: no larger than the processor's cache.
_BUFFER = 1 << 18


class Content(NamedTuple):
    """The beginning of a file: its bytes, the file's whole size, and whether that is all of it."""

    data: bytes
    size: int
    whole: bool


def open_regular(path: Path) -> int:
    """Open a regular file for reading; the caller closes the descriptor.

    Raises:
        UnreadableError: Missing, forbidden, or a folder, FIFO, socket or device.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        raise UnreadableError(_reason(error), where=str(path)) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnreadableError("not a regular file", where=str(path))
    return descriptor


def read_file(path: Path, limit: int) -> Content:
    """Read at most `limit` bytes of a regular file.

    Raises:
        UnreadableError: It cannot be opened or read.
    """
    with os.fdopen(open_regular(path), "rb") as stream:
        try:
            size = os.fstat(stream.fileno()).st_size
            data = stream.read(limit + 1)
        except OSError as error:
            raise UnreadableError(_reason(error), where=str(path)) from error
    return Content(data[:limit], max(size, len(data)), len(data) <= limit)


def digests_of(path: Path, algorithms: Sequence[str]) -> dict[str, str]:
    """Digests of a regular file, in hex, all from one reading; none where it cannot be read."""
    makers = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
    buffer = memoryview(bytearray(_BUFFER))
    try:
        with os.fdopen(open_regular(path), "rb", buffering=0) as stream:
            while length := stream.readinto(buffer):
                for maker in makers.values():
                    maker.update(buffer[:length])
    except (UnreadableError, OSError):
        return {}
    return {name: maker.hexdigest() for name, maker in makers.items()}


def sha256_of(path: Path) -> str | None:
    """The SHA-256 of a regular file, in hex; None where it cannot be read."""
    return digests_of(path, ("sha256",)).get("sha256")


def decode(data: bytes) -> str:
    """Text of any of the encodings that cards and licenses come in; never fails, lines end in LF."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            # Cut in the middle of a character by the bound: the rest is sound UTF-8. Otherwise an old Windows file.
            near_end = error.start >= len(data) - 4
            text = data.decode("utf-8-sig" if near_end else "cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def sound(text: str) -> str:
    """Text without halves of characters: JSON and YAML can write such, and nothing that is kept can hold them."""
    return text.encode("utf-8", "replace").decode()


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)

"""Tar archives read in a stream, within bounds: plain, or packed with gzip or zstd; nothing is unpacked to disk."""

import gzip
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, NamedTuple, cast

from licscan.errors import HeaderError
from licscan.formats.bounded import open_regular
from licscan.formats.names import CONFIGS, is_spoken

_MOST_MEMBERS = 10_000
_MOST_UNPACKED = 64 << 20
_TEXT = 1 << 20
_MOST_TEXTS = 50
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
# What unpacking zstd may take of memory; its own tools take no more unless told to.
_WINDOW = 1 << 27


class Entry(NamedTuple):
    """A file in an archive: its name, its size, and who reads its first bytes, once."""

    name: str
    size: int
    read: Callable[[int], bytes]


class _Bounded:
    """A stream of which no more is read than a bound: what is packed may unpack to anything."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._left = _MOST_UNPACKED
        self.is_spent = False

    def read(self, length: int = -1) -> bytes:
        wanted = min(length if length >= 0 else self._left, self._left)
        data = self._stream.read(wanted)
        self._left -= len(data)
        self.is_spent = self.is_spent or (self._left == 0 and length != 0)
        return data


def walk(path: Path, take: Callable[[Entry], object]) -> str:
    """Every regular file in an archive; why not all were seen, empty where they were.

    Args:
        path: The archive.
        take: Told of each file while it can be read.

    Raises:
        UnreadableError: It cannot be opened, or is no archive.
    """
    seen = 0
    with os.fdopen(open_regular(path), "rb") as stream:
        spent: _Bounded | None = None
        try:
            with _opened(stream) as (archive, spent):
                for seen, member in enumerate(archive, 1):
                    if seen > _MOST_MEMBERS:
                        return f"more than {_MOST_MEMBERS:,} files"
                    if member.isreg():  # links and devices lead elsewhere
                        take(Entry(member.name.removeprefix("./"), member.size, _reader(archive, member)))
        except _UNSOUND as error:
            if spent and spent.is_spent:
                return f"only the first {_MOST_UNPACKED >> 20} MiB were unpacked"
            if not seen:
                raise HeaderError(f"not a sound tar archive: {error}", where=str(path)) from error
            return f"it breaks off: {error}"
    return f"only the first {_MOST_UNPACKED >> 20} MiB were unpacked" if spent and spent.is_spent else ""


def _reader(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Callable[[int], bytes]:
    def read(length: int) -> bytes:
        opened = archive.extractfile(member)
        return opened.read(length) if opened is not None else b""

    return read


@contextmanager
def _opened(stream: BinaryIO) -> Iterator[tuple[tarfile.TarFile, _Bounded | None]]:
    """An archive; and for a packed one, its stream: a plain one is passed over by seeking."""
    head = stream.read(len(_ZSTD))
    stream.seek(0)
    if not head.startswith(_GZIP) and head != _ZSTD:
        with tarfile.open(fileobj=stream, mode="r:") as archive:
            yield archive, None
        return
    bounded = _Bounded(_unpacked(stream, head))
    with tarfile.open(fileobj=cast("IO[bytes]", bounded), mode="r|") as archive:
        yield archive, bounded


def _unpacked(stream: BinaryIO, head: bytes) -> IO[bytes]:
    if head != _ZSTD:
        return cast("IO[bytes]", gzip.GzipFile(fileobj=stream))
    import zstandard  # noqa: PLC0415 - few archives are packed with it

    try:
        unpacking = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
        return cast("IO[bytes]", _Zstd(unpacking.stream_reader(stream, read_across_frames=True)))
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from error


class _Zstd:
    """A stream of zstd whose errors are those of any broken stream."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, length: int) -> bytes:
        import zstandard  # noqa: PLC0415 - see above

        try:
            return self._stream.read(length)
        except zstandard.ZstdError as error:
            raise ValueError(str(error)) from error


_UNSOUND = (tarfile.TarError, OSError, EOFError, ValueError, zlib.error)


def texts_in(path: Path, wanted: frozenset[str] = frozenset()) -> dict[str, bytes]:
    """The cards, licenses and configurations in a tar archive.

    Args:
        path: The archive.
        wanted: Names of other files that are read, wherever they lie in it.

    Raises:
        UnreadableError: It cannot be opened, or is no archive.
    """
    texts: dict[str, bytes] = {}
    walk(path, lambda entry: take_text(entry, texts, wanted))
    return texts


def take_text(entry: Entry, texts: dict[str, bytes], wanted: frozenset[str] = frozenset()) -> bool:
    """Keep a file of an archive if it says something of the model in it; whether it does."""
    plain = entry.name.rpartition("/")[2]
    speaks = is_spoken(entry.name) or plain in CONFIGS or plain in wanted
    if speaks and len(texts) < _MOST_TEXTS:
        texts[entry.name] = entry.read(_TEXT)
    return speaks

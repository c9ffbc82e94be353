"""Zip archives read within bounds: the directory first, then the members that are wanted, none larger than allowed.

What a checksum, an encryption flag or a local header says is left aside, as the programs that load weights leave it:
else an archive could show one thing here and another there.
"""

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from licscan.errors import HeaderError
from licscan.formats.bounded import open_regular

_LARGEST_DIRECTORY = 2 << 20
_LOCAL = struct.Struct("<4s5H3I2H")
_LONGEST_NAME = 1024


class Member(NamedTuple):
    """An entry of an archive: its name, where its data begin, how they are packed, and their size unpacked."""

    name: str
    start: int
    packed: int
    size: int
    stored: bool


class Archive:
    """An open archive.

    Args:
        stream: Open for reading.
        where: The file, for messages.

    Raises:
        HeaderError: It is none, or larger than what is read.
    """

    def __init__(self, stream: BinaryIO, where: str) -> None:
        self.stream = stream
        self._where = where
        try:
            with zipfile.ZipFile(_Guarded(stream)) as opened:
                entries = [entry for entry in opened.infolist() if entry.filename]
                self._entries = {entry.filename[:_LONGEST_NAME]: entry for entry in entries}
        except (zipfile.BadZipFile, NotImplementedError, OverflowError, ValueError, OSError, struct.error) as error:
            raise HeaderError(f"not a sound archive: {error}", where=where) from error

    @property
    def names(self) -> list[str]:
        """The names of the files in it, in the order of its directory."""
        return [name for name, entry in self._entries.items() if not entry.is_dir() and not _is_link(entry)]

    def member(self, name: str) -> Member:
        """Where an entry's data lie.

        Raises:
            HeaderError: There is none of the name, or it is packed in a way that is not read.
        """
        entry = self._entries.get(name)
        if entry is None:
            raise HeaderError(f"an archive without {name}", where=self._where)
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise HeaderError(f"{name} is packed in a way that is not read", where=self._where)
        try:
            self.stream.seek(entry.header_offset)
            head = self.stream.read(_LOCAL.size)
        except (OSError, ValueError, OverflowError) as error:
            raise HeaderError(f"{name} is not where the directory says", where=self._where) from error
        if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
            raise HeaderError(f"{name} is not where the directory says", where=self._where)
        fields = _LOCAL.unpack(head)
        start = entry.header_offset + _LOCAL.size + fields[-2] + fields[-1]
        stored = entry.compress_type == zipfile.ZIP_STORED
        if start + entry.compress_size > self.stream.seek(0, os.SEEK_END):
            raise HeaderError(f"{name} reaches beyond the end", where=self._where)
        return Member(name, start, entry.compress_size, entry.file_size, stored)

    def read(self, name: str, limit: int) -> bytes:
        """At most `limit` bytes of an entry, unpacked.

        Raises:
            HeaderError: There is none of the name, or it cannot be unpacked.
        """
        member = self.member(name)
        self.stream.seek(member.start)
        if member.stored:
            return self.stream.read(min(limit, member.packed))
        unpack = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            return unpack.decompress(self.stream.read(min(member.packed, limit)), limit)
        except zlib.error as error:
            raise HeaderError(f"{name} cannot be unpacked: {error}", where=self._where) from error


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The archive in a file.

    Raises:
        UnreadableError: The file cannot be opened, or is no archive.
    """
    with os.fdopen(open_regular(path), "rb") as stream:
        yield Archive(stream, str(path))


class _Guarded:
    """A stream of which nothing is read that is larger than a directory may be."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.seek, self.tell, self.seekable = stream.seek, stream.tell, stream.seekable

    def read(self, length: int = -1) -> bytes:
        if length < 0 or length > _LARGEST_DIRECTORY:
            here = self._stream.tell()
            left = self._stream.seek(0, os.SEEK_END) - here
            self._stream.seek(here)
            if min(left, length if length >= 0 else left) > _LARGEST_DIRECTORY:
                raise ValueError(f"a directory of more than {_LARGEST_DIRECTORY >> 20} MiB")
        return self._stream.read(length)


def _is_link(entry: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(entry.external_attr >> 16)

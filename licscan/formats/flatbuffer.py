"""The few steps of FlatBuffers that lead to a text: tables, vectors and strings, each within the bytes at hand.

https://flatbuffers.dev/internals/
"""

import os
import struct
from typing import BinaryIO

_LONGEST = 1 << 16
_MOST = 100_000


class Buffer:
    """A flat buffer in a stream.

    Args:
        stream: Open for reading.
        start: Where the buffer begins.
        size: How many bytes it has.
    """

    def __init__(self, stream: BinaryIO, start: int, size: int) -> None:
        self._stream = stream
        self._start = start
        self._size = size

    def root(self) -> int:
        """Where the root table is.

        Raises:
            ValueError: Beyond the end, as everywhere here.
        """
        return self.uint(0)

    def field(self, table: int, number: int) -> int | None:
        """Where a field of a table is; None where the table leaves it out."""
        (back,) = struct.unpack("<i", self.take(table, 4))
        listed = table - back
        (length,) = struct.unpack("<H", self.take(listed, 2))
        place = 4 + 2 * number
        if place + 2 > length:
            return None
        (offset,) = struct.unpack("<H", self.take(listed + place, 2))
        return table + offset if offset else None

    def follow(self, place: int | None) -> int | None:
        """What an offset points to."""
        return None if place is None else place + self.uint(place)

    def vector(self, place: int | None) -> range:
        """The places of the entries of a vector of offsets."""
        start = self.follow(place)
        if start is None:
            return range(0)
        count = self.uint(start)
        if count > min(_MOST, self._size // 4):
            raise ValueError(f"a vector of {count:,}")
        return range(start + 4, start + 4 + 4 * count, 4)

    def text(self, place: int | None) -> str:
        """A string; empty where there is none."""
        start = self.follow(place)
        if start is None:
            return ""
        length = self.uint(start)
        return self.take(start + 4, min(length, _LONGEST)).decode("utf-8", errors="replace")

    def uint(self, place: int) -> int:
        """A number of 32 bits."""
        return int(struct.unpack("<I", self.take(place, 4))[0])

    def bytes_at(self, place: int | None) -> tuple[int, int]:
        """Where the bytes of a vector begin, from the start of the buffer, and how many they are."""
        start = self.follow(place)
        if start is None:
            return 0, 0
        length = self.uint(start)
        if start + 4 + length > self._size:
            raise ValueError(f"{length:,} bytes announced at byte {start:,}")
        return start + 4, length

    def inside(self, start: int, size: int) -> "Buffer":
        """A buffer that lies inside of this one."""
        return Buffer(self._stream, self._start + start, size)

    def take(self, place: int, length: int) -> bytes:
        """Bytes of the buffer."""
        if place < 0 or place + length > self._size:
            raise ValueError(f"byte {place:,} of {self._size:,}")
        self._stream.seek(self._start + place, os.SEEK_SET)
        return self._stream.read(length)

"""A file read front to back through a window of it: numbers, strings and skips, none beyond the end."""

import struct
from typing import BinaryIO

_WINDOW = 1 << 18


class Window:
    """A stream read within its size.

    Args:
        stream: Open for reading, at the place that counts as 0.
        size: How many bytes from there belong to it.
        order: `<` or `>`, the byte order of its numbers.
    """

    def __init__(self, stream: BinaryIO, size: int, order: str = "<") -> None:
        self._stream = stream
        self._start = stream.tell()
        self._size = size
        self._held = b""
        self._at = 0
        self._before = 0
        self.order = order

    @property
    def position(self) -> int:
        """How many bytes are read or skipped."""
        return self._before + self._at

    @property
    def left(self) -> int:
        """How many bytes remain."""
        return self._size - self.position

    def take(self, length: int) -> bytes:
        """The next bytes.

        Raises:
            ValueError: There are not so many.
        """
        self._want(length)
        found = self._held[self._at : self._at + length]
        self._at += length
        return found

    def skip(self, length: int) -> None:
        """Pass over bytes without reading them.

        Raises:
            ValueError: There are not so many.
        """
        if length > self.left:
            raise ValueError(f"{length:,} bytes announced at byte {self.position:,}, and {self.left:,} remain")
        self._at += length
        if self._at > len(self._held):
            self._move(self.position)

    def line(self, longest: int) -> bytes:
        """The bytes up to the next line feed, without it.

        Raises:
            ValueError: There is none within `longest` bytes.
        """
        self._want(min(longest, self.left))
        end = self._held.find(b"\n", self._at, self._at + longest)
        if end < 0:
            raise ValueError(f"a line of more than {longest:,} bytes, or without an end, at byte {self.position:,}")
        found = self._held[self._at : end]
        self._at = end + 1
        return found

    def number(self, form: str) -> int:
        """The next whole number, by its letter in `struct`."""
        (found,) = struct.unpack(self.order + form, self.take(struct.calcsize("=" + form)))
        return int(found)

    def skip_strings(self, count: int, form: str) -> None:
        """Pass over strings that begin with their own length, `form` wide.

        Raises:
            ValueError: They reach beyond the end.
        """
        read = struct.Struct(self.order + form).unpack_from
        width = struct.calcsize("=" + form)
        while count:
            self._want(width)
            held, place, last = self._held, self._at, len(self._held) - width
            # The loop that costs: a tokenizer has half a million strings.
            while count and place <= last:
                place += width + read(held, place)[0]
                count -= 1
            past = place - self._at
            self.skip(past)

    def _want(self, length: int) -> None:
        if length > self.left:
            raise ValueError(f"{length:,} bytes announced at byte {self.position:,}, and {self.left:,} remain")
        if self._at + length > len(self._held):
            self._move(self.position, length)

    def _move(self, place: int, length: int = 0) -> None:
        self._stream.seek(self._start + place)
        wanted = min(max(_WINDOW, length), self._size - place)
        self._held = self._stream.read(wanted) if length else b""
        self._before, self._at = place, 0
        if len(self._held) < length:
            raise ValueError(f"it ends at byte {place + len(self._held):,}: changed while it was read")

"""HDF5 files, as Keras and others write weights: the texts among the attributes of the root, and no more.

https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html. Read by ourselves, within bounds: the library is
native code that was not made for files of strangers, and follows links to other files.
"""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from licscan.errors import HeaderError
from licscan.formats.bounded import open_regular
from licscan.formats.header import LONGEST_VALUE, Header

SUFFIXES = (".h5", ".hdf5")

_MARK = b"\x89HDF\r\n\x1a\n"
_MOST_BLOCKS = 100
_MOST_MESSAGES = 2_000
_LARGEST_BLOCK = 1 << 20
# What is read of one file in all.
_MOST_BYTES = 16 << 20
_ATTRIBUTE, _CONTINUATION, _ATTRIBUTE_INFO = 0x0C, 0x10, 0x15
_FIXED_TEXT, _VARIABLE = 3, 9
_NOWHERE = (1 << 64) - 1


def recognizes(head: bytes, _size: int) -> bool:
    """Whether a file begins as HDF5 does."""
    return head.startswith(_MARK)


def read(path: Path) -> Header:
    """The attributes of the root that are texts.

    Raises:
        HeaderError: It is not sound.
    """
    with os.fdopen(open_regular(path), "rb") as stream:
        try:
            file, root = _opened(stream)
            pairs: dict[str, str] = {}
            unsure = ""
            for kind, data in _messages(file, root):
                if kind == _ATTRIBUTE and (found := _attribute(file, data)):
                    pairs.setdefault(*found)
                if kind == _ATTRIBUTE_INFO and file.is_dense(data):
                    unsure = "its attributes lie in a heap that is not read"
        except (ValueError, struct.error, OSError) as error:
            raise HeaderError(f"not a sound HDF5 file: {error}", where=str(path)) from error
    return Header("hdf5", tuple(pairs.items()), unsure=unsure)


class _File(NamedTuple):
    """An open file, and how wide its addresses and lengths are."""

    stream: BinaryIO
    size: int
    address: int
    length: int
    start: int
    spent: list[int]

    def take(self, place: int, length: int) -> bytes:
        """Bytes at an address."""
        self.spent.append(length)
        if length > _LARGEST_BLOCK or sum(self.spent) > _MOST_BYTES:
            raise ValueError("longer than what is read")
        if not 0 <= place <= place + length <= self.size - self.start:
            raise ValueError(f"{length:,} bytes at byte {place:,} of {self.size:,}")
        self.stream.seek(self.start + place)
        found = self.stream.read(length)
        if len(found) < length:
            raise ValueError("changed while it was read")
        return found

    def address_at(self, data: bytes, place: int) -> int:
        """An address that stands somewhere."""
        return int.from_bytes(_part(data, place, self.address), "little")

    def length_at(self, data: bytes, place: int) -> int:
        """A length that stands somewhere."""
        return int.from_bytes(_part(data, place, self.length), "little")

    def is_dense(self, data: bytes) -> bool:
        """Whether a message about attributes says that they lie in a heap."""
        place = 2 + (2 if data[1:2] and data[1] & 1 else 0)
        heap = self.address_at(data, place)
        return heap != _NOWHERE >> (64 - 8 * self.address)


def _part(data: bytes, place: int, length: int) -> bytes:
    found = data[place : place + length]
    if len(found) < length:
        raise ValueError("a message breaks off")
    return found


def _opened(stream: BinaryIO) -> tuple[_File, int]:
    """The file, and where the header of its root lies."""
    size = os.fstat(stream.fileno()).st_size
    head = stream.read(128)
    if not head.startswith(_MARK):
        raise ValueError("it does not begin as one")
    version = head[8] if len(head) > 8 else -1  # noqa: PLR2004 - behind the mark
    old = version in {0, 1}
    if version not in {0, 1, 2, 3}:
        raise ValueError(f"version {version}")
    address, length = (_part(head, 13, 2)) if old else (_part(head, 9, 2))
    if address not in {2, 4, 8} or length not in {2, 4, 8}:
        raise ValueError(f"addresses of {address} bytes, lengths of {length}")
    # Of the older ones, the root's entry follows four addresses; of the newer, its address three.
    begin = (24 if version == 0 else 28) if old else 12
    file = _File(stream, size, address, length, 0, [])
    start = file.address_at(head, begin)
    return file._replace(start=start), file.address_at(head, begin + (5 if old else 3) * address)


def _messages(file: _File, root: int) -> Iterator[tuple[int, bytes]]:
    """The messages of an object's header, by their kinds."""
    head = file.take(root, min(32, max(0, file.size - file.start - root)))
    modern = head.startswith(b"OHDR")
    if modern:
        flags = _part(head, 5, 1)[0]
        place = 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
        width = 1 << (flags & 3)
        blocks = [(root + place + width, int.from_bytes(_part(head, place, width), "little"))]
    elif head[:1] == b"\1":
        flags = 0
        blocks = [(root + 16, int.from_bytes(_part(head, 8, 4), "little"))]
    else:
        raise ValueError("no header of the root")
    seen: set[int] = set()
    number = 0
    while blocks:
        place, length = blocks.pop(0)
        if place in seen or len(seen) > _MOST_BLOCKS:
            raise ValueError("its header leads back to itself, or has no end")
        seen.add(place)
        for kind, data in _in_block(file.take(place, length), modern=modern, ordered=bool(flags & 4)):
            number += 1
            if number > _MOST_MESSAGES:
                raise ValueError(f"more than {_MOST_MESSAGES:,} messages")
            if kind == _CONTINUATION:
                begin, more = file.address_at(data, 0), file.length_at(data, file.address)
                # The newer blocks begin with a mark and end with a checksum.
                blocks.append((begin + 4, max(0, more - 8)) if modern else (begin, more))
            yield kind, data


def _in_block(block: bytes, *, modern: bool, ordered: bool) -> Iterator[tuple[int, bytes]]:
    place = 0
    width = (6 if ordered else 4) if modern else 8
    while place + width <= len(block):
        kind = block[place] if modern else int.from_bytes(block[place : place + 2], "little")
        at = place + (1 if modern else 2)
        length, flags = int.from_bytes(block[at : at + 2], "little"), block[at + 2]
        data = _part(block, place + width, length)
        if not flags & 2:  # one that is shared lies elsewhere
            yield kind, data
        place += width + length


def _attribute(file: _File, data: bytes) -> tuple[str, str] | None:
    """Name and value of an attribute that is one text; None for any other."""
    version, flags, *lengths = struct.unpack_from("<BBHHH", data)
    if version not in {1, 2, 3} or (version > 1 and flags & 3):
        return None
    place = 9 if version == 3 else 8  # noqa: PLR2004 - with the encoding of the name
    parts = []
    for length in lengths:
        parts.append(_part(data, place, length))
        place += length + (-length % 8 if version == 1 else 0)
    name, kind, space = parts
    if len(space) < 2 or space[1] != 0 or (space[0] == 2 and space[3:4] == b"\2"):  # noqa: PLR2004 - rank; nothing
        return None
    value = _value(file, kind, data[place:])
    return None if value is None else (_text(name)[:LONGEST_VALUE], _text(value)[:LONGEST_VALUE])


def _value(file: _File, kind: bytes, data: bytes) -> bytes | None:
    if len(kind) < 8:  # noqa: PLR2004 - class, bits, size
        raise ValueError("a type breaks off")
    family, bits = kind[0] & 15, kind[1] & 15
    if family == _FIXED_TEXT:
        return _part(data, 0, int.from_bytes(kind[4:8], "little"))
    if family == _VARIABLE and bits == 1:
        length = int.from_bytes(_part(data, 0, 4), "little")
        heap, index = file.address_at(data, 4), int.from_bytes(_part(data, 4 + file.address, 4), "little")
        return _in_heap(file, heap, index)[:length]
    return None


def _in_heap(file: _File, heap: int, index: int) -> bytes:
    """An object of a global heap."""
    head = file.take(heap, 8 + file.length)
    if not head.startswith(b"GCOL"):
        raise ValueError("no heap where one should be")
    place, end = heap + 8 + file.length, heap + file.length_at(head, 8)
    for _ in range(_MOST_MESSAGES):
        if place + 8 + file.length > end:
            break
        entry = file.take(place, 8 + file.length)
        number, size = int.from_bytes(entry[:2], "little"), file.length_at(entry, 8)
        if number == 0:
            break
        if number == index:
            return file.take(place + len(entry), min(size, LONGEST_VALUE))
        place += len(entry) + size + -size % 8
    raise ValueError("a text is not in its heap")


def _text(data: bytes) -> str:
    return data.split(b"\0", 1)[0].decode("utf-8", "replace")

"""The header of a GGUF file, versions 1 to 3, either byte order: read in a stream, within bounds.

https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. The `gguf` package makes an object of every token (31 s and
1.4 GB for a real header), and never ends on two files of 60 bytes; fields that say something of the model are few.
"""

import os
import re
import struct
from pathlib import Path
from typing import BinaryIO, NamedTuple

from licscan.errors import HeaderError
from licscan.formats.bounded import open_regular
from licscan.formats.gguf_tensors import read_tensors
from licscan.formats.header import LONGEST_VALUE, Header, Origin
from licscan.formats.license_keys import license_key
from licscan.formats.window import Window
from licscan.model import FileStatus, Relation

SUFFIXES = (".gguf",)

# Older containers of the same project: weights without any statement.
_OLD = {name.encode()[::-1]: name for name in ("ggml", "ggmf", "ggjt", "ggla")}
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_LONGEST_KEY = 65_535
_MOST_KEYS = 200_000
_MOST_KEY_BYTES = 16 << 20
_MOST_STRINGS = 4_000_000
_MOST_ENTRIES = 200
_MOST_TEXT = 2 << 20
_ALIGNMENT = "general.alignment"
_TOLD = re.compile(
    rb"(?:general|adapter|split)\..*|tokenizer\.ggml\.(?:model|pre)|.*licen[cs]e.*", re.IGNORECASE | re.DOTALL
)
_BASE = re.compile(r"general\.base_model\.(\d{1,4})\.(\w+)")
_DATASET = re.compile(r"general\.dataset\.(\d{1,4})\.(\w+)")
# Where the file says that it was made from; the address first, since names are free text.
_SOURCES = ("general.source.repo_url", "general.source.huggingface.repository", "general.source.url")
_LARGEST_POWER = 1 << 31


class _Layout(NamedTuple):
    version: int
    order: str
    form: str


def recognizes(head: bytes, _size: int) -> bool:
    """Whether a file is GGUF, or one of the formats before it."""
    return head[:4] == b"GGUF" or head[:4] in _OLD


def read(path: Path) -> Header:
    """What a GGUF file says of itself.

    Raises:
        HeaderError: It is none, or not sound.
    """
    with os.fdopen(open_regular(path), "rb") as stream:
        return read_stream(stream, os.fstat(stream.fileno()).st_size, str(path))


def read_stream(stream: BinaryIO, size: int, where: str) -> Header:
    """What the GGUF file at the place of a stream says of itself.

    Args:
        stream: Open for reading, at the first byte of the file.
        size: How many bytes it has.
        where: The file, for the message.

    Raises:
        HeaderError: It is none, or not sound.
    """
    try:
        return _header(stream, size)
    except (ValueError, struct.error, OSError) as error:
        raise HeaderError(f"not a sound GGUF file: {error}", where=where) from error


def _header(stream: BinaryIO, size: int) -> Header:
    start = stream.tell()
    magic = stream.read(8)
    if magic[:4] in _OLD:
        return Header(_OLD[magic[:4]])
    layout = _layout(magic)
    stream.seek(start)
    window = Window(stream, size, layout.order)
    window.skip(8)
    tensors, keys = window.number(layout.form), window.number(layout.form)
    if keys > _MOST_KEYS:
        raise ValueError(f"{keys:,} keys, and {_MOST_KEYS:,} are read at most")
    fields = _Fields(window, layout.form)
    for _ in range(keys):
        fields.read_one()
    table = read_tensors(window, tensors, fields.alignment, layout.form)
    begin = -(-window.position // fields.alignment) * fields.alignment
    # What a download that broke off leaves: the header is whole, the data are not.
    cut = tensors > 0 and begin + table.end > size
    return Header(
        "gguf",
        tuple(fields.pairs),
        tensors,
        bases=tuple(_bases(fields.pairs)),
        datasets=tuple(_datasets(fields.pairs)),
        status=FileStatus.TRUNCATED if cut else FileStatus.UNVERIFIED,
        parameters=table.elements or None,
    )


def _layout(magic: bytes) -> _Layout:
    if magic[:4] != b"GGUF" or len(magic) < 8:  # noqa: PLR2004 - magic and version
        raise ValueError("it does not begin with GGUF and a version")
    (little,) = struct.unpack("<I", magic[4:])
    # No version is a multiple of 65536: such a number was written in the other byte order.
    order = "<" if little & 0xFFFF else ">"
    (version,) = struct.unpack(f"{order}I", magic[4:])
    if not 1 <= version <= 3:  # noqa: PLR2004 - those that exist
        raise ValueError(f"version {version}, and 1 to 3 are known")
    return _Layout(version, order, "I" if version == 1 else "Q")


class _Fields:
    """The keys and values of a header, as far as they say something of the model."""

    def __init__(self, window: Window, form: str) -> None:
        self.pairs: list[tuple[str, str]] = []
        self.alignment = 32
        self._window = window
        self._form = form
        self._keys: set[bytes] = set()
        self._bytes = 0
        self._strings = 0
        self._text = 0

    def read_one(self) -> None:
        """Read or pass over the next key and its value."""
        length = self._window.number(self._form)
        if length > _LONGEST_KEY:
            raise ValueError(f"a key of {length:,} bytes")
        key = self._window.take(length)
        self._bytes += length
        if not key or key in self._keys or self._bytes > _MOST_KEY_BYTES:
            raise ValueError(f"an empty key, a key twice, or too many of them: {key[:80]!r}")
        self._keys.add(key)
        kind = self._window.number("I")
        name = key.decode("utf-8", errors="replace")
        if name == _ALIGNMENT:
            self._align(kind)
        elif not _TOLD.fullmatch(key):
            self._skip(kind)
        else:
            self._keep(name, self._value(kind))

    def _keep(self, key: str, values: list[str]) -> None:
        self._text += sum(map(len, values))
        if self._text > _MOST_TEXT:
            raise ValueError(f"more than {_MOST_TEXT >> 20} MiB of words about the model")
        # A list says each of its entries; a file that states its license as a list states several.
        self.pairs += [(key, value) for value in values] if license_key(key) else [(key, ", ".join(values))]

    def _align(self, kind: int) -> None:
        value = self._window.number("I") if kind == 4 else 0  # noqa: PLR2004 - uint32, as the format demands
        if not 0 < value <= _LARGEST_POWER or value & (value - 1):
            raise ValueError("an alignment that is no power of two")
        self.alignment = value

    def _value(self, kind: int) -> list[str]:
        if kind == _STRING:
            return [self._string()]
        if kind != _ARRAY:
            return [self._number(kind)]
        inner, count = self._window.number("I"), self._window.number(self._form)
        if inner == _STRING:
            self._count_strings(count)
            kept = [self._string() for _ in range(min(count, _MOST_ENTRIES))]
            self._window.skip_strings(count - len(kept), self._form)
            return kept
        width = self._width(inner)
        if count * width > self._window.left:
            raise ValueError(f"an array of {count:,} beyond the end")
        kept = [self._number(inner) for _ in range(min(count, _MOST_ENTRIES))]
        self._window.skip((count - len(kept)) * width)
        return kept

    def _number(self, kind: int) -> str:
        width = self._width(kind)
        return str(struct.unpack(f"{self._window.order}{_NUMBERS[kind]}", self._window.take(width))[0])

    def _string(self) -> str:
        length = self._window.number(self._form)
        kept = self._window.take(min(length, LONGEST_VALUE)) if length <= self._window.left else b""
        self._window.skip(length - len(kept))
        return kept.decode("utf-8", errors="replace")

    def _skip(self, kind: int) -> None:
        if kind == _STRING:
            self._window.skip(self._window.number(self._form))
        elif kind != _ARRAY:
            self._window.skip(self._width(kind))
        else:
            inner, count = self._window.number("I"), self._window.number(self._form)
            if inner == _STRING:
                self._count_strings(count)
                self._window.skip_strings(count, self._form)
            else:
                self._window.skip(count * self._width(inner))

    def _count_strings(self, count: int) -> None:
        self._strings += count
        if self._strings > _MOST_STRINGS:
            raise ValueError(f"{self._strings:,} strings, and {_MOST_STRINGS:,} are read at most")

    def _width(self, kind: int) -> int:
        if kind not in _NUMBERS:
            # Nested arrays are allowed by the letter, written by nobody, and refused by llama.cpp.
            raise ValueError(f"a value of kind {kind}" if kind != _ARRAY else "an array of arrays")
        return struct.calcsize(f"={_NUMBERS[kind]}")


def _bases(pairs: list[tuple[str, str]]) -> list[Origin]:
    """The base models that are declared, and what the file itself was made from."""
    entries: dict[str, dict[str, str]] = {}
    for key, value in pairs:
        if (found := _BASE.fullmatch(key)) and value.strip():
            entries.setdefault(found[1], {})[found[2]] = value
    relation = Relation.MERGE if len(entries) > 1 else Relation.UNSTATED
    bases = [
        Origin(f"general.base_model.{number}", name, relation)
        for number, entry in entries.items()
        if (name := _name(entry))
    ]
    known = dict(reversed(pairs))
    source = next((key for key in _SOURCES if known.get(key, "").strip()), None)
    if source:
        bases.insert(0, Origin(source, known[source], Relation.QUANTIZED))
    return bases


def _datasets(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    entries: dict[str, dict[str, str]] = {}
    found: list[tuple[str, str]] = []
    for key, value in pairs:
        if (match := _DATASET.fullmatch(key)) and value.strip():
            entries.setdefault(match[1], {})[match[2]] = value
        elif key == "general.datasets":
            found += [(key, name.strip()) for name in value.split(", ") if name.strip()]
    return found + [(f"general.dataset.{number}", name) for number, entry in entries.items() if (name := _name(entry))]


def _name(entry: dict[str, str]) -> str:
    """The address of what an entry names, or its organization and name."""
    address = entry.get("repo_url") or entry.get("url")
    return address or " ".join(filter(None, (entry.get("organization"), entry.get("name"), entry.get("version"))))

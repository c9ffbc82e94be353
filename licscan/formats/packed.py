"""Weights in tar archives: their headers are read out of the stream, each from the first bytes of its file.

Readers open files. What was read of one lies in memory while they do, where the system has such files; else for that
moment in a temporary one.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from licscan.errors import UnreadableError
from licscan.formats import may_be_weights, pickles, read, safetensors, weight_format
from licscan.formats.header import Header
from licscan.formats.tarred import Entry, take_text, walk
from licscan.model import FileStatus

# A file up to this size is read whole; of a larger one, so much, which holds the longest headers that are written.
_HEAD = 24 << 20
_MOST = 1_000
_SMALLEST = 64
# A header of these stands first and says how long it is.
_FIRST = frozenset({"safetensors", "gguf"})


class PackedFile(NamedTuple):
    """A weight file in an archive: its name, format and size; its header, or why that was not read."""

    name: str
    format: str
    size: int
    header: Header | None = None
    why: str = ""


class Packed(NamedTuple):
    """What an archive holds: texts and weights; and why not all of it was seen, empty where it was."""

    texts: dict[str, bytes]
    weights: tuple[PackedFile, ...]
    cut: str = ""


def unpack(path: Path) -> Packed:
    """What a tar archive holds.

    Raises:
        UnreadableError: It cannot be opened, or is no archive.
    """
    texts: dict[str, bytes] = {}
    weights: list[PackedFile] = []

    def take(entry: Entry) -> None:
        if not take_text(entry, texts) and len(weights) < _MOST and (found := _weights(entry)):
            weights.append(found)

    cut = walk(path, take)
    return Packed(texts, tuple(weights), cut or (f"more than {_MOST:,} weight files" if len(weights) == _MOST else ""))


def _weights(entry: Entry) -> PackedFile | None:
    plain = entry.name.rpartition("/")[2]
    promised = weight_format(plain)
    if promised is None and (not may_be_weights(plain) or entry.size < _SMALLEST):
        return None
    head = entry.read(_HEAD)
    try:
        header = _header(head, entry)
    except (UnreadableError, OSError) as error:
        why = error.what if isinstance(error, UnreadableError) else str(error)
        return PackedFile(entry.name, promised, entry.size, why=why) if promised else None
    if promised is None and (header.format == "numpy" or not pickles.holds_model(header)):
        return None
    if len(head) < entry.size and header.format not in _FIRST:
        return PackedFile(entry.name, header.format, entry.size, why=f"only its first {_HEAD >> 20} MiB were read")
    return PackedFile(entry.name, header.format, entry.size, header)


def _header(head: bytes, entry: Entry) -> Header:
    if len(head) < entry.size and safetensors.recognizes(head, entry.size):
        length = safetensors.header_length(head, entry.size, entry.name)
        return safetensors.read_head(head[:length], entry.name)
    with _as_file(head) as path:
        header = read(path, entry.name.rpartition("/")[2])
    # That the file ends before its tensors do is our doing.
    return header if len(head) == entry.size else header._replace(status=FileStatus.UNVERIFIED)


@contextmanager
def _as_file(data: bytes) -> Iterator[Path]:
    """A file of these bytes, as long as it is looked at."""
    if hasattr(os, "memfd_create") and Path("/proc/self/fd").is_dir():
        descriptor = os.memfd_create("licscan")
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            yield Path(f"/proc/self/fd/{descriptor}")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "head")
        path.write_bytes(data)
        yield path

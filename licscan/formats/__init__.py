"""What is read from files, within bounds: cards, configurations, package metadata, and the headers of weight files."""

from functools import lru_cache
from pathlib import Path
from types import ModuleType

from licscan.errors import HeaderError, UnreadableError
from licscan.formats import (
    coreml,
    gguf,
    hdf5,
    lfs_pointer,
    llamafile,
    marks,
    nemo,
    onnx,
    openvino,
    pickles,
    safetensors,
    tflite,
    web_page,
    zipped,
)
from licscan.formats.bounded import read_file
from licscan.formats.header import Header
from licscan.formats.weight_names import may_be_weights, weight_format

# In the order in which they are asked whether a file is theirs: those that cannot be mistaken first.
READERS: tuple[ModuleType, ...] = (
    lfs_pointer,
    web_page,
    gguf,
    hdf5,
    marks,
    tflite,
    openvino,
    zipped,
    pickles,
    safetensors,
    onnx,
    coreml,
    nemo,
    llamafile,
)

__all__ = ["READERS", "identify", "may_be_weights", "read", "weight_format"]

_HEAD = 4096
_SMALLEST = 64


def identify(path: Path) -> str | None:
    """The format of weights that a file's content shows; None where it shows none.

    A pickle or an archive counts where it holds a model: both carry anything.
    """
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return _identify(path, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=4096)
def _identify(path: Path, _size: int, _changed: int) -> str | None:
    """The same, asked once: a file is looked at where models are found, where one is pinned, and where it is read."""
    try:
        head = read_file(path, _HEAD)
        reader = _reader(head.data, head.size) if head.size >= _SMALLEST else None
        if reader is None or reader in {lfs_pointer, web_page}:
            return None
        header: Header = reader.read(path)
    except (UnreadableError, OSError):
        return None
    if header.format == "numpy" or (reader in {pickles, zipped} and not pickles.holds_model(header)):
        return None
    return header.format


def read(path: Path, name: str = "") -> Header:
    """What a weight file says of itself: read as what its content shows, else as what its name promises.

    Args:
        path: Where its bytes lie.
        name: What the file is called, where it lies under another name: a blob.

    Raises:
        UnreadableError: It cannot be opened, is not sound, or is of a format that has no reader.
    """
    head = read_file(path, _HEAD)
    reader = _reader(head.data, head.size)
    if reader is None:
        low = (name or path.name).casefold()
        promised = weight_format(low)
        reader = next((one for one in READERS if one.SUFFIXES and low.endswith(one.SUFFIXES)), None)
        if reader is None:
            reader = pickles if promised == "pickle" else None
        if reader is None:
            raise HeaderError(f"no reader for {promised or 'such files'}", where=str(path))
    found: Header = reader.read(path)
    return found


def _reader(head: bytes, size: int) -> ModuleType | None:
    return next((reader for reader in READERS if reader.recognizes(head, size)), None)

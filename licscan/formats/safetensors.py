"""The header of a safetensors file, through the safetensors library, after a bounded look of our own.

https://github.com/huggingface/safetensors#format: 8 bytes little-endian length, a JSON header, the tensors.
"""

import json
import os
import re
import struct
from pathlib import Path

from licscan.errors import HeaderError
from licscan.formats.bounded import open_regular
from licscan.formats.header import Header

SUFFIXES = (".safetensors",)

# The Hub client's own limit; the library would go up to 100,000,000 and hold all of it twice.
_LONGEST = 25_000_000
_METADATA = re.compile(r'"__metadata__"\s*:\s*')


def read(path: Path) -> Header:
    """What a safetensors file says of itself.

    Raises:
        HeaderError: It is none, or the library refuses it.
    """
    text = _header_text(path)
    # Imported here: the library needs numpy to open a file at all, and that takes 0.15 s.
    from safetensors import SafetensorError, safe_open  # noqa: PLC0415

    try:
        with safe_open(path, framework="np") as opened:
            metadata = opened.metadata() or {}
            tensors = len(opened.keys())
    except (SafetensorError, OSError) as error:
        raise HeaderError(f"not a sound safetensors file: {error}", where=str(path)) from error
    pairs = [(key, str(value)) for key, value in metadata.items()]
    return Header(format="safetensors", pairs=(*pairs, *_overwritten(text, pairs)), tensors=tensors)


def _header_text(path: Path) -> str:
    with os.fdopen(open_regular(path), "rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        head = stream.read(8)
        if head.startswith(b"version "):
            raise HeaderError("a git-LFS pointer, not the file itself", where=str(path))
        if len(head) < 8:  # noqa: PLR2004 - the length field
            raise HeaderError("shorter than a safetensors header", where=str(path))
        (length,) = struct.unpack("<Q", head)
        if length > min(size - 8, _LONGEST):
            raise HeaderError(f"a header of {length} bytes in a file of {size}", where=str(path))
        return stream.read(length).decode("utf-8", errors="replace")


def _overwritten(text: str, kept: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Metadata keys that stand twice: the library keeps the last value, another reader may keep the first."""
    known = set(kept)
    decoder = json.JSONDecoder(object_pairs_hook=list)
    found: list[tuple[str, str]] = []
    for start in _METADATA.finditer(text):
        try:
            pairs, _ = decoder.raw_decode(text, start.end())
        except (json.JSONDecodeError, RecursionError):
            continue
        if isinstance(pairs, list):
            found += [(key, value) for key, value in pairs if isinstance(key, str) and isinstance(value, str)]
    return list(dict.fromkeys(pair for pair in found if pair not in known))

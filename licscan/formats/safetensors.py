"""The header of a safetensors file, through the safetensors library, after a bounded look of our own.

https://github.com/huggingface/safetensors#format: 8 bytes little-endian length, a JSON header, the tensors.
"""

import json
import math
import os
import re
import struct
from pathlib import Path
from typing import Any

from licscan.errors import HeaderError
from licscan.formats.bounded import open_regular, sound
from licscan.formats.header import LONGEST_VALUE, Header, Origin
from licscan.formats.properties import count
from licscan.model import Relation

SUFFIXES = (".safetensors",)

# The Hub client's own limit; the library would go up to 100,000,000 and hold all of it twice.
_LONGEST = 25_000_000
# Beyond this, only the metadata are read: the library takes 350 MB for a header of 300,000 tensors.
_LONGEST_FOR_LIBRARY = 4 << 20
_FIELD = 8
_MOST_MERGED = 100
_METADATA = re.compile(r'"__metadata__"\s*:\s*')


def recognizes(head: bytes, size: int) -> bool:
    """Whether a file begins with the length of a JSON object and that object, whatever its name."""
    if len(head) <= _FIELD or not head[_FIELD:].lstrip(b" \t\r\n").startswith(b"{"):
        return False
    (length,) = struct.unpack("<Q", head[:_FIELD])
    return bool(2 <= length <= size - _FIELD)  # noqa: PLR2004 - `{}`


def read(path: Path) -> Header:
    """What a safetensors file says of itself.

    Raises:
        HeaderError: It is none, or the library refuses it.
    """
    text = _header_text(path)
    if len(text) > _LONGEST_FOR_LIBRARY:
        pairs: list[tuple[str, str]] = []
        tensors, parameters = text.count('"data_offsets"'), None
    else:
        pairs, tensors = _by_library(path)
        parameters = _parameters(json.loads(text, object_pairs_hook=list))
    return _header((*pairs, *_overwritten(text, pairs)), tensors, parameters)


def _by_library(path: Path) -> tuple[list[tuple[str, str]], int]:
    # Imported here: the library needs numpy to open a file at all, and that takes 0.15 s.
    from safetensors import SafetensorError, safe_open  # noqa: PLC0415

    try:
        with safe_open(path, framework="np") as opened:
            metadata = opened.metadata() or {}
            tensors = len(opened.keys())
    except (SafetensorError, OSError) as error:
        raise HeaderError(f"not a sound safetensors file: {error}", where=str(path)) from error
    return [(key, str(value)) for key, value in metadata.items()], tensors


def _header(pairs: tuple[tuple[str, str], ...], tensors: int, parameters: int | None) -> Header:
    return Header("safetensors", pairs, tensors, bases=tuple(_origins(pairs)), parameters=parameters)


def _parameters(pairs: list[tuple[str, Any]]) -> int | None:
    """How many parameters the tensors of a header hold; None where that cannot be told."""
    elements: dict[str, int] = {}
    for key, entry in pairs:
        if key == "__metadata__":
            continue
        fields = dict(entry) if isinstance(entry, list) and all(isinstance(pair, tuple) for pair in entry) else {}
        kind, shape = fields.get("dtype"), fields.get("shape")
        if not isinstance(kind, str) or not isinstance(shape, list) or not all(_is_length(one) for one in shape):
            return None
        elements[kind] = elements.get(kind, 0) + math.prod(shape)
    return count(elements)


def _is_length(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 48


def _origins(pairs: tuple[tuple[str, str], ...]) -> list[Origin]:
    """The models that training tools name: the checkpoint that was trained on, or those that were merged."""
    known = dict(reversed(pairs))
    adapter = "ss_network_module" in known or "/lora" in known.get("modelspec.architecture", "")
    trained = Relation.ADAPTER if adapter else Relation.UNSTATED
    found = [
        Origin(key, known[key], trained)
        for key in ("base_model", "ss_sd_model_name", "ss_pretrained_model_name_or_path")
        if known.get(key, "").strip() not in {"", "None"}
    ]
    merged = [name.strip() for name in known.get("modelspec.merged_from", "").split(",")[:_MOST_MERGED]]
    return found + [Origin("modelspec.merged_from", name, Relation.MERGE) for name in merged if name]


def header_length(head: bytes, size: int, where: str) -> int:
    """How many bytes of a file are its header, the field that says so included.

    Args:
        head: At least the first 8 bytes of the file.
        size: Of the whole file; -1 where it is not known.
        where: The file, for the message.

    Raises:
        HeaderError: It is no safetensors file.
    """
    if head.startswith(b"version "):
        raise HeaderError("a git-LFS pointer, not the file itself", where=where)
    if len(head) < _FIELD:
        raise HeaderError("shorter than a safetensors header", where=where)
    (length,) = struct.unpack("<Q", head[:_FIELD])
    if length > (min(size - _FIELD, _LONGEST) if size >= 0 else _LONGEST):
        raise HeaderError(f"a header of {length} bytes{f' in a file of {size}' if size >= 0 else ''}", where=where)
    return _FIELD + int(length)


def read_head(head: bytes, where: str) -> Header:
    """What the head of a safetensors file says, where the rest of it is not at hand.

    Args:
        head: The first bytes of the file, `header_length` of them.
        where: The file, for the message.

    Raises:
        HeaderError: It is not sound.
    """
    text = head[_FIELD:].decode("utf-8", errors="replace")
    try:
        pairs = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError) as error:
        raise HeaderError(f"not a sound safetensors header: {error}", where=where) from error
    if not isinstance(pairs, list) or not all(isinstance(pair, tuple) for pair in pairs):
        raise HeaderError("not a sound safetensors header: no JSON object", where=where)
    stated: list[tuple[str, str]] = []
    for key, value in pairs:
        if key == "__metadata__" and isinstance(value, list):
            named = (pair for pair in value if isinstance(pair, tuple) and isinstance(pair[1], str))
            stated += [(sound(key), sound(words)) for key, words in named]
    tensors = sum(key != "__metadata__" for key, _ in pairs)
    return _header(tuple(dict.fromkeys(stated)), tensors, _parameters(pairs))


def _header_text(path: Path) -> str:
    with os.fdopen(open_regular(path), "rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        length = header_length(stream.read(_FIELD), size, str(path))
        return stream.read(length - _FIELD).decode("utf-8", errors="replace")


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
        for key, value in pairs if isinstance(pairs, list) else ():
            if isinstance(key, str) and isinstance(value, str):
                found.append((sound(key[:LONGEST_VALUE]), sound(value[:LONGEST_VALUE])))
    return list(dict.fromkeys(pair for pair in found if pair not in known))

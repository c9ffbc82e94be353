"""What files of weights say of themselves and of each other: pointers, headers, and the list of shards."""

import json
import re
import struct
from collections.abc import Iterator, Mapping
from typing import Any

from licscan.digests import Promise, written
from licscan.verify.small import inside, size_of

INDEX_SUFFIXES = (".safetensors.index.json", ".bin.index.json")
POINTER_LONGEST = 1024
HEADER_LONGEST = 25_000_000

# https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
_POINTER = b"version https://git-lfs.github.com/spec/v1"
_OID = re.compile(rb"^oid sha256:([0-9a-f]{64})$", re.MULTILINE)
_SIZE = re.compile(rb"^size (\d{1,19})$", re.MULTILINE)
_FIELD = 8
_PAIR = 2


def read_pointer(data: bytes, path: str) -> Promise | None:
    """What a git-LFS pointer promises of the file in whose place it lies; None for any other file."""
    if not data.startswith(_POINTER) or len(data) > POINTER_LONGEST:
        return None
    oid, size = _OID.search(data), _SIZE.search(data)
    if not (oid and size):
        return None
    return Promise(path, "git-LFS pointer", written("sha256", oid[1].decode()), int(size[1]))


def read_index(said: Mapping[str, Any], name: str) -> tuple[Iterator[Promise], int | None]:
    """The shards that an index names, and how many bytes of tensors it counts in all."""
    weights = said.get("weight_map")
    shards = weights.values() if isinstance(weights, dict) else ()
    names = dict.fromkeys(name for name in shards if isinstance(name, str))
    metadata = said.get("metadata")
    total = size_of(metadata.get("total_size")) if isinstance(metadata, dict) else None
    return (Promise(path, name) for one in names if (path := inside(one))), total


def header_length(head: bytes) -> int | None:
    """How long the header of a safetensors file is, without the field that says so; None for any other file."""
    if len(head) < _FIELD:
        return None
    (length,) = struct.unpack("<Q", head[:_FIELD])
    return length if 0 < length <= HEADER_LONGEST else None


def read_header(head: bytes, path: str) -> Promise | None:
    """The size that the header of a safetensors file gives it: its tensors end where the last one does.

    Args:
        head: The file up to the end of its header.
        path: The file.
    """
    length = header_length(head)
    if length is None or len(head) < _FIELD + length:
        return None
    try:
        said = json.loads(head[_FIELD : _FIELD + length])
    except (ValueError, RecursionError):
        return None
    ends = [0]
    for name, tensor in said.items() if isinstance(said, dict) else ():
        offsets = tensor.get("data_offsets") if isinstance(tensor, dict) else None
        if name == "__metadata__":
            continue
        if not isinstance(offsets, list) or len(offsets) != _PAIR or size_of(offsets[1]) is None:
            return None
        ends.append(offsets[1])
    return Promise(path, "its own header", None, _FIELD + length + max(ends))

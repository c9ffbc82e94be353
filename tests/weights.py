"""Weight files, as the tools that write them lay them out."""

import struct
from collections.abc import Mapping, Sequence

Value = str | int | float | bool | Sequence[str] | Sequence[int]

_STRING, _ARRAY = 8, 9


def gguf(
    fields: Mapping[str, Value] | Sequence[tuple[str, Value]] = (),
    *,
    version: int = 3,
    order: str = "<",
    tensors: Sequence[tuple[str, Sequence[int], int, int]] = (),
    data: bytes = b"",
    counts: tuple[int, int] | None = None,
) -> bytes:
    """A GGUF file: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.

    Args:
        fields: Keys and values.
        version: 1 has lengths of 32 bits.
        order: Of the bytes.
        tensors: Name, shape, type and offset of each.
        data: What follows the header, aligned.
        counts: Numbers of tensors and keys to state in place of the true ones.
    """
    pairs = list(fields.items()) if isinstance(fields, Mapping) else list(fields)
    size = f"{order}I" if version == 1 else f"{order}Q"

    def string(text: str | bytes) -> bytes:
        raw = text if isinstance(text, bytes) else text.encode()
        return struct.pack(size, len(raw)) + raw

    def value(one: Value) -> bytes:
        if isinstance(one, bool):
            return struct.pack(f"{order}IB", 7, one)
        if isinstance(one, int):
            return struct.pack(f"{order}II", 4, one)
        if isinstance(one, float):
            return struct.pack(f"{order}If", 6, one)
        if isinstance(one, str):
            return struct.pack(f"{order}I", _STRING) + string(one)
        kind = _STRING if one and isinstance(one[0], str) else 5
        items = b"".join(string(str(item)) if kind == _STRING else struct.pack(f"{order}i", item) for item in one)
        return struct.pack(f"{order}II", _ARRAY, kind) + struct.pack(size, len(one)) + items

    stated = counts or (len(tensors), len(pairs))
    out = b"GGUF" + struct.pack(f"{order}I", version) + b"".join(struct.pack(size, number) for number in stated)
    out += b"".join(string(key) + value(one) for key, one in pairs)
    for name, shape, kind, offset in tensors:
        out += string(name) + struct.pack(f"{order}I", len(shape))
        out += b"".join(struct.pack(size, side) for side in shape) + struct.pack(f"{order}IQ", kind, offset)
    return out + bytes(-len(out) % 32) + data if tensors else out + data


def lfs_pointer(digest: str = "ab" * 32, size: int = 4_000_000_000) -> bytes:
    """What git leaves in place of a large file that was not fetched."""
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {size}\n".encode()

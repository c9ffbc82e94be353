"""Weight files, as the tools that write them lay them out."""

import struct
from collections.abc import Callable, Mapping, Sequence

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


Child = Callable[[bytearray], int]


def flat_table(fields: Mapping[int, "Child | int"]) -> Child:
    """A table of FlatBuffers: by number, a number of its own or what a field points to."""

    def write(buffer: bytearray) -> int:
        count = max(fields, default=-1) + 1
        listed = len(buffer)
        places = {number: 4 + 4 * index for index, number in enumerate(fields)}
        buffer += struct.pack("<HH", 4 + 2 * count, 4 + 4 * len(fields))
        buffer += b"".join(struct.pack("<H", places.get(number, 0)) for number in range(count))
        buffer += bytes(-len(buffer) % 4)
        table = len(buffer)
        buffer += struct.pack("<i", table - listed) + bytes(4 * len(fields))
        for number, value in fields.items():
            _put(buffer, table + places[number], value)
        return table

    return write


def flat_vector(entries: Sequence[Child]) -> Child:
    """A vector of tables."""

    def write(buffer: bytearray) -> int:
        start = len(buffer)
        buffer += struct.pack("<I", len(entries)) + bytes(4 * len(entries))
        for index, entry in enumerate(entries):
            _put(buffer, start + 4 + 4 * index, entry)
        return start

    return write


def flat_bytes(data: bytes) -> Child:
    """A string, or a vector of bytes."""

    def write(buffer: bytearray) -> int:
        start = len(buffer)
        buffer += struct.pack("<I", len(data)) + data + bytes(4 - len(data) % 4)
        return start

    return write


def flat(root: Child, mark: bytes) -> bytes:
    """A buffer with its root table and mark."""
    buffer = bytearray(bytes(4) + mark)
    struct.pack_into("<I", buffer, 0, root(buffer))
    return bytes(buffer)


def _put(buffer: bytearray, place: int, value: "Child | int") -> None:
    struct.pack_into("<I", buffer, place, value if isinstance(value, int) else value(buffer) - place)


def tflite(stated: Mapping[int, str], number: int = 1) -> bytes:
    """A TensorFlow Lite model with metadata: by the numbers of their fields, as metadata_schema.fbs has them."""
    metadata = flat(flat_table({key: flat_bytes(text.encode()) for key, text in stated.items()}), b"M001")
    entry = flat_table({0: flat_bytes(b"TFLITE_METADATA"), 1: number})
    buffers = flat_vector([flat_table({}), flat_table({0: flat_bytes(metadata)})])
    return flat(flat_table({0: 3, 3: flat_bytes(b"described"), 4: buffers, 6: flat_vector([entry])}), b"TFL3")


def message(*fields: tuple[int, bytes]) -> bytes:
    """A message of protobuf, each field of bytes."""
    return b"".join(_varint(number << 3 | 2) + _varint(len(payload)) + payload for number, payload in fields)


def coreml(stated: Mapping[int, str], user: Mapping[str, str]) -> bytes:
    """A Core ML model with metadata: by the numbers of their fields, as Model.proto has them."""
    entries = [(100, message((1, key.encode()), (2, value.encode()))) for key, value in user.items()]
    metadata = message(*((number, text.encode()) for number, text in stated.items()), *entries)
    return b"\x08\x05" + message((2, message((1, b"input"), (100, metadata))), (500, bytes(1000)))


def _varint(number: int) -> bytes:
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])

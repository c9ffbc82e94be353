"""The table of tensors in a GGUF file: whether it is sound, and where the data of the last one end.

https://github.com/ggml-org/ggml/blob/master/docs/gguf.md; block and byte sizes are those of ggml's own type table.
"""

from typing import NamedTuple

from licscan.formats.window import Window

# Type: elements in a block, bytes of a block.
_TYPES = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292), 16: (256, 66),
    17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136),
    24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54),
    35: (256, 66), 39: (32, 17),
}  # fmt: skip
_LONGEST_NAME = 63
_MOST_DIMENSIONS = 4
_MOST = 200_000
_LARGEST = (1 << 63) - 1


class Tensor(NamedTuple):
    """Where the data of a tensor begin, how many bytes they are, None for a type that is not known, and its entries."""

    name: bytes
    offset: int
    size: int | None
    elements: int


class Tensors(NamedTuple):
    """All tensors of a file: where the last of the data end, from their beginning, and how many entries they have."""

    end: int
    elements: int


def read_tensors(window: Window, count: int, alignment: int, form: str) -> Tensors:
    """Where the last of the data end, 0 where there are none, and how many entries there are.

    Args:
        window: At the first entry of the table.
        count: How many entries there are.
        alignment: That of the file.
        form: How wide counts and lengths are, as a letter of `struct`.

    Raises:
        ValueError: An entry is not sound.
    """
    if count > _MOST:
        raise ValueError(f"{count:,} tensors, and {_MOST:,} are read at most")
    names: set[bytes] = set()
    expected: int | None = 0
    end = elements = 0
    for _ in range(count):
        tensor = _tensor(window, alignment, form)
        if tensor.name in names:
            raise ValueError(f"two tensors of the name {tensor.name[:80]!r}")
        names.add(tensor.name)
        elements += tensor.elements
        # As llama.cpp demands: one tensor after another, each at a multiple of the alignment.
        if expected is not None and tensor.offset != expected:
            raise ValueError(f"tensor {tensor.name[:80]!r} at {tensor.offset}, expected at {expected}")
        if tensor.size is None:
            expected, end = None, max(end, tensor.offset)
        else:
            end = max(end, tensor.offset + tensor.size)
            expected = None if expected is None else tensor.offset + _padded(tensor.size, alignment)
            if end > _LARGEST:
                raise ValueError("tensors larger than any file")
    return Tensors(end, elements)


def _tensor(window: Window, alignment: int, form: str) -> Tensor:
    length = window.number(form)
    if length > _LONGEST_NAME:
        raise ValueError(f"a tensor name of {length:,} bytes")
    name = window.take(length)
    dimensions = window.number("I")
    if dimensions > _MOST_DIMENSIONS:
        raise ValueError(f"a tensor of {dimensions} dimensions")
    shape = [window.number(form) for _ in range(dimensions)]
    kind = window.number("I")
    offset = window.number("Q")
    if offset % alignment:
        raise ValueError(f"tensor {name[:80]!r} at {offset}, which is no multiple of {alignment}")
    elements = 1
    for one in shape:
        elements *= one
        if one > _LARGEST or elements > _LARGEST:
            raise ValueError(f"tensor {name[:80]!r} has more elements than can be counted")
    known = _TYPES.get(kind)
    if known is None:
        return Tensor(name, offset, None, elements)  # a newer type; what it takes is not known
    block, width = known
    if shape and shape[0] % block:
        raise ValueError(f"tensor {name[:80]!r} has rows of {shape[0]}, which are no whole blocks of {block}")
    return Tensor(name, offset, elements // block * width, elements)


def _padded(size: int, alignment: int) -> int:
    return -(-size // alignment) * alignment

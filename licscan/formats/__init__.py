"""What is read from files, within bounds: cards, configurations, package metadata, and the headers of weight files."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from licscan.formats import onnx, safetensors
from licscan.formats.header import Header

READERS: tuple[ModuleType, ...] = (onnx, safetensors)

# Files of weights whose headers are not read yet: they are listed, and the gap is said. `.bin` alone says nothing.
_BY_NAME = {
    ".gguf": "gguf",
    ".pt": "pickle",
    ".pth": "pickle",
    ".ckpt": "pickle",
    ".jit": "torchscript",
    ".h5": "hdf5",
    ".keras": "keras",
    ".tflite": "tflite",
    ".mlmodel": "coreml",
    ".nemo": "nemo",
    ".llamafile": "llamafile",
    ".msgpack": "msgpack",
    ".pdparams": "paddle",
    ".onnx_data": "onnx-data",
    ".ftz": "fasttext",
    ".dduf": "dduf",
}
_BIN = ("pytorch_model", "adapter_model", "diffusion_pytorch_model", "ggml", "model", "open_clip_pytorch_model")


class WeightFormat(NamedTuple):
    """How a file of weights is read: its format by name, and the reader of its header, if there is one."""

    name: str
    read: Callable[[Path], Header] | None


def weight_format(file_name: str) -> WeightFormat | None:
    """The format that a file's name promises; None where it promises no weights."""
    low = file_name.casefold()
    for reader in READERS:
        if low.endswith(reader.SUFFIXES):
            return WeightFormat(reader.__name__.rpartition(".")[2], reader.read)
    for suffix, name in _BY_NAME.items():
        if low.endswith(suffix):
            return WeightFormat(name, None)
    if low.endswith(".bin") and low.startswith(_BIN):
        return WeightFormat("pickle", None)
    return None

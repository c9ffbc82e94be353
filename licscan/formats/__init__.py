"""What is read from files, within bounds: cards, configurations, package metadata, and the headers of weight files."""

from pathlib import Path
from types import ModuleType

from licscan.errors import HeaderError, UnreadableError
from licscan.formats import gguf, lfs_pointer, onnx, pickles, safetensors, web_page, zipped
from licscan.formats.bounded import read_file
from licscan.formats.header import Header

# In the order in which they are asked whether a file is theirs: those that cannot be mistaken first.
READERS: tuple[ModuleType, ...] = (lfs_pointer, web_page, gguf, zipped, pickles, safetensors, onnx)

# Names under which tools write weights; what a file is, its content says. `.bin` alone says nothing.
_BY_NAME = {
    ".gguf": "gguf",
    ".pt": "pickle",
    ".pth": "pickle",
    ".ckpt": "pickle",
    ".pdparams": "pickle",
    ".jit": "torchscript",
    ".h5": "hdf5",
    ".keras": "keras",
    ".dduf": "dduf",
    ".tflite": "tflite",
    ".mlmodel": "coreml",
    ".nemo": "nemo",
    ".llamafile": "llamafile",
    ".msgpack": "msgpack",
    ".onnx_data": "onnx-data",
    ".ftz": "fasttext",
}
_BIN = ("pytorch_model", "adapter_model", "diffusion_pytorch_model", "ggml", "model", "open_clip_pytorch_model")
_ARRAYS = frozenset({"weights.npz", "model.npz"})
# Names that weights share with much else: these are looked into. Without a suffix lie the blobs of stores.
_PERHAPS = (".bin", ".dat", ".data", ".model", ".weights", ".pkl", ".pickle", ".joblib", ".npz", ".params", ".task")
_HEAD = 4096
_SMALLEST = 64


def weight_format(file_name: str) -> str | None:
    """The format that a file's name promises; None where it promises no weights."""
    low = file_name.casefold()
    for suffix, name in _BY_NAME.items():
        if low.endswith(suffix):
            return name
    for reader in READERS:
        if reader.SUFFIXES and low.endswith(reader.SUFFIXES):
            return reader.__name__.rpartition(".")[2]
    if low.endswith(".bin") and low.startswith(_BIN):
        return "pickle"
    return "numpy" if low in _ARRAYS else None


def may_be_weights(file_name: str) -> bool:
    """Whether a name that promises no weights leaves it open, so that the content is to be looked at."""
    low = file_name.casefold()
    return low.endswith(_PERHAPS)


def identify(path: Path) -> str | None:
    """The format of weights that a file's content shows; None where it shows none.

    A pickle or an archive counts where it holds a model: both carry anything.
    """
    try:
        head = read_file(path, _HEAD)
        reader = _reader(head.data, head.size) if head.size >= _SMALLEST else None
        if reader is None or reader in {lfs_pointer, web_page}:
            return None
        if reader not in {pickles, zipped}:
            return reader.__name__.rpartition(".")[2]
        header: Header = reader.read(path)
    except (UnreadableError, OSError):
        return None
    return header.format if header.format != "numpy" and pickles.holds_model(header) else None


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

"""Pickles of any kind: those of PyTorch, old and zipped, of scikit-learn, of anybody. Their imports are listed.

There is no place for a license in one. What it would run when it is loaded is listed, and never run.
"""

import io
import os
from pathlib import Path

from licscan.errors import HeaderError
from licscan.formats.archive import Archive
from licscan.formats.bounded import open_regular
from licscan.formats.header import Header
from licscan.formats.pickle_imports import Listed, list_pickle
from licscan.formats.window import Window

SUFFIXES = (".pt", ".pth", ".ckpt", ".pdparams")

_PROTOCOLS = tuple(bytes([0x80, protocol]) for protocol in range(2, 6))
# torch.serialization.MAGIC_NUMBER: the old format is several pickles in a row, of which this number is the first.
_TORCH = 0x1950A86A20F9469CFC6C
_IN_A_ROW = 5
_UNPACKED = 16 << 20
# What a pickle imports tells whether it holds a model: these are libraries of models, and not of arrays or tables.
_LEARNED = frozenset(
    "torch torchvision sklearn xgboost lightgbm catboost keras tensorflow transformers paddle jax flax fastai "
    "detectron2 ultralytics mmcv mmengine pytorch_lightning lightning dnnlib torch_utils spacy gensim".split()
)
_MOST_SHOWN = 40


def recognizes(head: bytes, _size: int) -> bool:
    """Whether a file is a pickle that says so; protocols 0 and 1 do not."""
    return head.startswith(_PROTOCOLS)


def read(path: Path) -> Header:
    """What a file of pickles would import.

    Raises:
        HeaderError: It is none.
    """
    with os.fdopen(open_regular(path), "rb") as stream:
        window = Window(stream, os.fstat(stream.fileno()).st_size)
        try:
            found = [list_pickle(window)]
        except (ValueError, OSError) as error:
            raise HeaderError(f"not a sound pickle: {error}", where=str(path)) from error
        kind = "pytorch" if found[0].first == _TORCH else "pickle"
        while kind == "pytorch" and len(found) < _IN_A_ROW and window.left:
            try:
                found.append(list_pickle(window))
            except (ValueError, OSError):
                break  # the tensors themselves
    return _header(kind, found)


def read_archive(archive: Archive, name: str, where: str) -> Header:
    """What the pickle in an archive of PyTorch would import.

    Args:
        archive: The archive.
        name: Its `data.pkl`.
        where: The file, for the message.

    Raises:
        HeaderError: It is no pickle.
    """
    member = archive.member(name)
    if member.stored:
        stream, size = archive.stream, member.packed
        stream.seek(member.start)
    else:
        data = archive.read(name, _UNPACKED)
        stream, size = io.BytesIO(data), len(data)
    try:
        found = list_pickle(Window(stream, size))
    except (ValueError, OSError) as error:
        raise HeaderError(f"not a sound pickle: {name}: {error}", where=where) from error
    scripted = any(other.endswith("/constants.pkl") for other in archive.names)
    return _header("torchscript" if scripted else "pytorch", [found])


def holds_model(header: Header) -> bool:
    """Whether what a pickle imports is a model's, and not only arrays, tables or somebody's settings."""
    roots = {
        name.strip().partition(".")[0] for key, names in header.pairs if key == "imports" for name in names.split(",")
    }
    return header.format != "pickle" or not roots.isdisjoint(_LEARNED)


def _header(kind: str, found: list[Listed]) -> Header:
    imports = list(dict.fromkeys(name for one in found for name in one.imports))
    cut = not all(one.whole for one in found)
    shown = ", ".join(imports[:_MOST_SHOWN]) + (", …" if len(imports) > _MOST_SHOWN else "")
    return Header(
        kind,
        (("imports", shown),) if imports else (),
        unsure="only the first instructions of the pickle were followed" if cut else "",
    )

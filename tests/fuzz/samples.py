"""Sound files of every kind that is fuzzed, small, with every part that a reader looks at."""

import collections
import gzip
import io
import pickle
import tarfile
import zipfile
from collections.abc import Iterator

import h5py
import zstandard

from tests import conftest, weights


def of(target: str) -> Iterator[bytes]:
    """The samples of a target."""
    return _SAMPLES[target]()


def _gguf() -> Iterator[bytes]:
    fields: dict[str, weights.Value] = {
        "general.architecture": "llama",
        "general.license": "mit",
        "general.alignment": 32,
        "general.base_model.0.repo_url": "https://huggingface.co/a/b",
        "general.datasets": ["a/b", "c/d"],
        "tokenizer.ggml.tokens": ["a", "b", ""],
        "tokenizer.ggml.scores": [1, 2],
    }
    for version in (1, 2, 3):
        for order in "<>":
            yield weights.gguf(fields, version=version, order=order)
    yield weights.gguf(fields, tensors=[("a", (32, 2), 8, 0), ("b", (4,), 0, 96)], data=bytes(112))


def _pickle() -> Iterator[bytes]:
    value = {"a": [collections.OrderedDict(b=1), io.BytesIO, (1.5, None, True, 1 << 80), b"x" * 300], "é": {1, 2}}
    for protocol in range(6):
        yield pickle.dumps(value, protocol)


def _safetensors() -> Iterator[bytes]:
    yield conftest.safetensors()
    yield conftest.safetensors({"license": "mit", "modelspec.merged_from": "a/b", "ss_sd_model_name": "/home/a/b"})


def _zip() -> Iterator[bytes]:
    for packing in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        for entries in (
            {"archive/data.pkl": pickle.dumps({"a": 1}, 2), "archive/constants.pkl": b"\x80\x02)."},
            {"config.json": b"{}", "metadata.json": b'{"keras_version": "3"}'},
            {"model_index.json": b"{}", "README.md": b"---\nlicense: mit\n---\n"},
        ):
            stream = io.BytesIO()
            with zipfile.ZipFile(stream, "w", packing) as archive:
                for name, data in entries.items():
                    archive.writestr(name, data)
            yield stream.getvalue()


def _tflite() -> Iterator[bytes]:
    yield weights.tflite({0: "a", 4: "b", 5: "MIT"})


def _coreml() -> Iterator[bytes]:
    yield weights.coreml({1: "a", 4: "MIT"}, {"license": "b"})


def _nemo() -> Iterator[bytes]:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        info = tarfile.TarInfo("model_config.yaml")
        info.size = 10
        archive.addfile(info, io.BytesIO(b"target: x\n"))
    yield stream.getvalue()


def _hdf5() -> Iterator[bytes]:
    for version in ("earliest", "latest"):
        stream = io.BytesIO()
        with h5py.File(stream, "w", libver=version) as file:
            file.attrs.update(keras_version=b"2.15.0", license="mit")
            file.attrs.create("fixed", "x", dtype="S8")
        yield stream.getvalue()


def _packed() -> Iterator[bytes]:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, data in (("a.safetensors", conftest.safetensors()), ("b.gguf", next(_gguf())), ("LICENSE", b"x")):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    yield from (stream.getvalue(), gzip.compress(stream.getvalue()), zstandard.compress(stream.getvalue()))


_SAMPLES = {
    "hdf5": _hdf5,
    "packed": _packed,
    "gguf": _gguf,
    "pickle": _pickle,
    "safetensors": _safetensors,
    "zip": _zip,
    "tflite": _tflite,
    "coreml": _coreml,
    "nemo": _nemo,
}

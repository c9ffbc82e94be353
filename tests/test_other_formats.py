"""Formats beside safetensors, GGUF, ONNX and pickles: where each has a place for a license, it is read."""

import gzip
import io
import json
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan import formats
from licscan.errors import HeaderError, UnreadableError
from licscan.formats.header import Header
from licscan.model import ModelRef
from licscan.sources.folder import FolderSource
from tests import conftest, weights

CARD = b"---\nlicense: cc-by-4.0\n---\n# A model\n"


def read(folder: Path, name: str, data: bytes) -> Header:
    (folder / name).write_bytes(data)
    return formats.read(folder / name)


def zipped(entries: dict[str, bytes], before: bytes = b"") -> bytes:
    stream = io.BytesIO()
    stream.write(before)
    with zipfile.ZipFile(stream, "a") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(entries: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, data in entries.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def stated(header: Header) -> list[tuple[str, str]]:
    return [(key, value) for key, _, value in header.licenses()]


def test_tensorflow_lite(tmp_path: Path) -> None:
    """License, author and name out of the metadata that lie in one of its buffers."""
    header = read(tmp_path, "a.tflite", weights.tflite({0: "Pets", 4: "Ann", 5: "Apache License. Version 2.0"}))
    assert header.shown() == {
        "description": "described",
        "name": "Pets",
        "author": "Ann",
        "license": "Apache License. Version 2.0",
    }
    assert stated(header) == [("license", "Apache License. Version 2.0")]


def test_core_ml(tmp_path: Path) -> None:
    """License and author out of the description, and what its maker added."""
    header = read(
        tmp_path, "a.mlmodel", weights.coreml({1: "Finds pets", 3: "Ann", 4: "MIT"}, {"training_data.license": "CC0"})
    )
    assert header.format == "coreml"
    assert stated(header) == [("license", "MIT"), ("training_data.license", "CC0")]
    with pytest.raises(HeaderError):
        read(tmp_path, "b.onnx", weights.coreml({4: "MIT"}, {}))
    with pytest.raises(HeaderError, match="no description"):
        read(tmp_path, "c.mlmodel", conftest.onnx()[:2])


def test_open_vino(tmp_path: Path) -> None:
    """Only what the network says of itself counts, not its layers; the license keeps its path."""
    text = b"""<?xml version="1.0"?><net name="m" version="11"><layers><layer id="0"><rt_info><attribute value="x"/></rt_info>
    </layer></layers><rt_info><Runtime_version value="2024"/><model_info><license value="Apache-2.0"/></model_info></rt_info></net>"""
    header = read(tmp_path, "a.xml", text)
    assert (header.format, header.pairs) == (
        "openvino",
        (("Runtime_version", "2024"), ("model_info/license", "Apache-2.0")),
    )
    assert formats.identify(tmp_path / "a.xml") == "openvino"


@pytest.mark.parametrize(
    "text",
    [
        b'<!DOCTYPE net [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><net name="m">&b;</net>',
        b'<?xml version="1.0"?><net name="m"><rt_info>',
        b"<net \xff>",
        b"<net " + b"a" * 100_000,
    ],
)
def test_networks_that_mean_harm_are_refused(tmp_path: Path, text: bytes) -> None:
    """Entities, broken and endless XML are no network."""
    with pytest.raises(UnreadableError):
        read(tmp_path, "a.xml", text)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_nemo(tmp_path: Path, pack: object) -> None:
    """Class, license and base out of the configuration, the card beside it, packed or not."""
    config = b"target: nemo.collections.asr.models.X\nlicense: CC-BY-4.0\npretrained_model: nvidia/base\nsecret: x\n"
    data = tarred({"./model_config.yaml": config, "./model_weights.ckpt": bytes(5000), "./LICENSE": b"terms"})
    header = read(tmp_path, "a.nemo", pack(data))  # type: ignore[operator]
    assert header.shown() == {"target": "nemo.collections.asr.models.X", "license": "CC-BY-4.0"}
    assert [(base.name, base.relation.value) for base in header.bases] == [("nvidia/base", "finetune")]
    assert dict(header.texts) == {"LICENSE": b"terms"}


def test_archives_of_models_speak_through_their_cards(tmp_path: Path) -> None:
    """A DDUF or Keras file states what the card and license inside of it state."""
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "a.dduf").write_bytes(zipped({"model_index.json": b"{}", "README.md": CARD, "LICENSE": b"terms"}))
    metadata = json.dumps({"keras_version": "3.5", "date_saved": "2026-01-01", "n": 1}).encode()
    (tmp_path / "m" / "b.keras").write_bytes(
        zipped({"config.json": b"{}", "metadata.json": metadata, "model.weights.h5": b""})
    )
    source = FolderSource()
    model = source.load(source.pin(ModelRef(scheme="file", name=str(tmp_path / "m")))).model
    assert [(claim.stated, claim.evidence.path) for claim in model.claims] == [("cc-by-4.0", "a.dduf!README.md")]
    assert [text.path for text in model.texts] == ["a.dduf!LICENSE"]
    assert [(file.format, file.header) for file in model.files][1] == (
        "keras",
        {"keras_version": "3.5", "date_saved": "2026-01-01"},
    )


def test_llamafile(tmp_path: Path) -> None:
    """The GGUF file inside of a program is read where it lies, and the program is never run."""
    inner = weights.gguf({"general.license": "apache-2.0"})
    data = zipped(
        {".args": b"-m\nmodel.gguf", "model.gguf": inner, "LICENSE": b"terms"}, before=b"MZqFpD='\n" + bytes(3000)
    )
    header = read(tmp_path, "a.llamafile", data)
    assert (header.format, stated(header), [name for name, _ in header.texts]) == (
        "llamafile",
        [("general.license", "apache-2.0")],
        ["LICENSE"],
    )
    for other in (b"MZ" + bytes(100), zipped({"x": b""}, before=b"\x7fELF"), inner):
        with pytest.raises(HeaderError):
            formats.llamafile.read(_written(tmp_path, other))


def _written(folder: Path, data: bytes) -> Path:
    (folder / "x.llamafile").write_bytes(data)
    return folder / "x.llamafile"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ((793712314).to_bytes(4, "little") + bytes(100), "fasttext"),
        (bytes(4) + b"ET12" + bytes(100), "executorch"),
        (b"\x93NUMPY" + bytes(100), "numpy"),
    ],
)
def test_formats_known_by_a_mark(tmp_path: Path, data: bytes, kind: str) -> None:
    """What says nothing of itself is at least named by its content."""
    assert read(tmp_path, "model.bin", data) == Header(kind)


def test_archives_that_unpack_without_end(tmp_path: Path) -> None:
    """A packed archive of gigabytes is read to a bound, and a directory of millions of entries not at all."""
    bomb = io.BytesIO()
    with gzip.GzipFile(fileobj=bomb, mode="wb", compresslevel=1) as packed:
        for _ in range(300):
            packed.write(bytes(1 << 20))
    with pytest.raises(UnreadableError):
        read(tmp_path, "a.nemo", bomb.getvalue())
    many = zipped({f"{number:0200}": b"" for number in range(12_000)})
    with pytest.raises(UnreadableError, match="directory of more than"):
        read(tmp_path, "a.keras", many)


def test_an_entry_without_a_name_is_passed_over(tmp_path: Path) -> None:
    """A directory may name nothing; the entries beside it are read."""
    data = zipped({"config.json": b"{}", "metadata.json": b"{}", "q": b""}).replace(b"q", b"\0")
    assert read(tmp_path, "a.keras", data).format == "keras"


SAMPLES = {
    "a.tflite": weights.tflite({5: "MIT"}),
    "a.mlmodel": weights.coreml({4: "MIT"}, {"a": "b"}),
    "a.nemo": tarred({"model_config.yaml": b"target: x\n"}),
    "a.llamafile": zipped({"m.gguf": weights.gguf({"general.license": "mit"})}, before=b"MZ"),
    "a.dduf": zipped({"model_index.json": b"{}", "README.md": CARD}),
    "a.xml": b'<net name="a"><rt_info><license value="MIT"/></rt_info></net>',
    "a.onnx": conftest.onnx({"license": "MIT"}),
    "a.gguf": weights.gguf({"general.license": "mit"}, tensors=[("a", (32,), 8, 0)], data=bytes(34)),
    "a.safetensors": conftest.safetensors({"license": "mit"}),
}


@given(name=st.sampled_from(sorted(SAMPLES)), place=st.floats(0, 1), piece=st.binary(max_size=12), cut=st.booleans())
def test_damaged_files_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, place: float, piece: bytes, cut: bool
) -> None:
    """A file with some bytes changed, or cut off, is a header or refused, in every format."""
    data = SAMPLES[name]
    at = int(place * len(data))
    damaged = data[:at] + piece + (b"" if cut else data[at + len(piece) :])
    try:
        read(tmp_path_factory.getbasetemp(), name, damaged)
    except UnreadableError:
        return


@given(st.binary(max_size=200), st.sampled_from([b"TFL3", b"ET12"]))
def test_any_bytes_behind_a_mark(tmp_path_factory: pytest.TempPathFactory, data: bytes, mark: bytes) -> None:
    """No flat buffer makes its reader fail otherwise."""
    try:
        read(tmp_path_factory.getbasetemp(), "x.tflite", struct.pack("<I", len(data) // 2) + mark + data)
    except UnreadableError:
        return

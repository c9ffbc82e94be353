"""Weights in packed layers: found and read out of the stream, within bounds; what was not seen is a gap."""

import contextlib
import gzip
import json
import os
import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from licscan.errors import UnreadableError
from licscan.formats import packed, tarred
from licscan.formats.packed import unpack
from licscan.model import FileStatus, GapId
from tests import stores
from tests.conftest import onnx, safetensors
from tests.test_stores import CNCF, blob, layout, tar
from tests.weights import gguf

GGUF = gguf({"general.architecture": "llama", "general.license": "mit"})
CARD = b"---\nlicense: apache-2.0\n---\n"
PACKS: dict[str, Callable[[bytes], bytes]] = {
    "tar": bytes,
    "tar+gzip": gzip.compress,
    "tar+zstd": zstandard.ZstdCompressor().compress,
}


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def sized(size: int) -> bytes:
    """A safetensors file of that many bytes of tensors, which do not pack well."""
    header = {"__metadata__": {"license": "mit"}, "w": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + os.urandom(size)


@pytest.mark.parametrize("kind", PACKS)
def test_weights_in_a_layer(kind: str, tmp_path: Path) -> None:
    """Weights in a layer are files of the model, their licenses claims, however the layer is packed; nothing is left over."""
    files = {
        "./README.md": CARD,
        "a/model.safetensors": safetensors({"license": "mit"}),
        "x.gguf": GGUF,
        "m.onnx": onnx({"license": "AGPL-3.0"}),
        "weights.bin": GGUF,
        "tokens.bin": b"nothing of a model" * 9,
    }
    packed_layer = PACKS[kind](tar(files))
    layer = {"mediaType": f"{CNCF}weight.v1.{kind}", "digest": blob(tmp_path / "x", packed_layer)}
    path = layout(tmp_path / "x", {"artifactType": f"{CNCF}manifest.v1+json", "layers": [layer]})
    before = sorted(tmp_path.rglob("*"))
    model = stores.load(path)
    assert {file.path: file.format for file in model.files} == {
        "a/model.safetensors": "safetensors",
        "m.onnx": "onnx",
        "weights.bin": "gguf",
        "x.gguf": "gguf",
    }
    assert {claim.stated for claim in model.claims} == {"apache-2.0", "mit", "AGPL-3.0"}
    assert GapId.HEADER_NOT_READ not in stores.gaps(model)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("kind", PACKS)
def test_large_weights_in_an_archive(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of large weights the beginning is read; that they go on is no harm, and their size is what the archive says."""
    monkeypatch.setattr(packed, "_HEAD", 1 << 16)
    data = sized(1 << 18)
    archive = put(
        tmp_path / "x", PACKS[kind](tar({"m.safetensors": data, "m.onnx": onnx({"x": "y" * 70_000}), "LICENSE": b"x"}))
    )
    found = unpack(archive)
    one, two = found.weights
    assert (one.size, one.header and one.header.licenses()[0][2]) == (len(data), "mit")
    assert one.header
    assert one.header.status is FileStatus.UNVERIFIED
    assert two.header is None
    assert two.why
    assert (found.texts, found.cut) == ({"LICENSE": b"x"}, "")


@pytest.mark.parametrize("kind", ["tar+gzip", "tar+zstd"])
def test_what_unpacks_to_anything(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a packed archive no more is unpacked than a bound, and that there may be more is said; a plain one is passed over."""
    monkeypatch.setattr(tarred, "_MOST_UNPACKED", 1 << 20)
    data = tar({"a.gguf": GGUF, "zeros": bytes(8 << 20), "b.gguf": GGUF})
    found = unpack(put(tmp_path / "x", PACKS[kind](data)))
    assert ([one.name for one in found.weights], found.cut) == (["a.gguf"], "only the first 1 MiB were unpacked")
    plain = unpack(put(tmp_path / "y", data))
    assert ([one.name for one in plain.weights], plain.cut) == (["a.gguf", "b.gguf"], "")


def test_a_bomb_of_zstd_takes_no_memory_that_it_asks_for(tmp_path: Path) -> None:
    """A frame that wants a window of gigabytes is refused."""
    frame = bytearray(zstandard.ZstdCompressor().compress(bytes(1000)))
    frame[4] &= 0b11011111  # not a single segment: a byte for the window follows
    frame[5:5] = bytes([0b10110000])
    with pytest.raises(UnreadableError):
        unpack(put(tmp_path / "x", bytes(frame)))


def test_a_layer_that_breaks_off(tmp_path: Path) -> None:
    """What stands before the break is read, and the break is said; a layer without weights that should have some, too."""
    whole = tar({"a.gguf": GGUF, "b.gguf": GGUF * 30})
    layers = [
        {"mediaType": f"{CNCF}weight.v1.tar", "digest": blob(tmp_path, whole[:2000])},
        {"mediaType": f"{CNCF}weight.v1.tar", "digest": blob(tmp_path, tar({"what.xyz": b"x"}))},
        {"mediaType": f"{CNCF}weight.v1.tar+gzip", "digest": blob(tmp_path, b"\x1f\x8bnothing")},
    ]
    model = stores.load(layout(tmp_path, {"artifactType": f"{CNCF}manifest.v1+json", "layers": layers}))
    assert "a.gguf" in {file.path for file in model.files}
    said = [gap.why for gap in model.gaps]
    assert any("it breaks off" in why for why in said)
    assert any("no weights in it" in why for why in said)
    assert any("not a sound tar archive" in why for why in said)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(PACKS)), st.integers(0, 5000), st.binary(max_size=40))
def test_any_harm_ends(kind: str, place: int, harm: bytes) -> None:
    """Bytes changed anywhere in an archive end in what it holds or in one error, within a second."""
    data = bytearray(PACKS[kind](tar({"a.gguf": GGUF, "README.md": CARD, "b.safetensors": safetensors()})))
    data[place % len(data) : place % len(data) + len(harm)] = harm
    begun = time.process_time()
    with contextlib.suppress(UnreadableError), packed._as_file(bytes(data)) as path:  # noqa: SLF001 - gone by itself
        unpack(path)
    assert time.process_time() - begun < 1

"""Attributes of HDF5 files: what h5py writes is read as h5py reads it, and no harm does harm."""

import contextlib
import time
import tracemalloc
from pathlib import Path
from typing import Any

import h5py
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licscan.errors import UnreadableError
from licscan.formats import hdf5, identify
from licscan.formats import read as read_any
from tests import stores

CONFIG = '{"class_name": "Sequential", "config": {"name": "x", "layers": []}}'
OTHERS: dict[str, Any] = {"layer_names": [b"a", b"b"], "epoch": 3, "nothing": h5py.Empty("f")}
VERSIONS = ("earliest", "latest")


def write(path: Path, attributes: dict[str, Any], libver: str = "earliest", **options: Any) -> Path:
    with h5py.File(path, "w", libver=libver, **options) as file:
        for key, value in attributes.items():
            file.attrs[key] = value
        file.create_group("model_weights").create_dataset("w", data=[1.0, 2.0])
    return path


@pytest.mark.parametrize("libver", VERSIONS)
@pytest.mark.parametrize("long", [False, True])
def test_what_keras_writes(libver: str, long: bool, tmp_path: Path) -> None:
    """Version, backend and configuration are read, however long, as text of either kind; numbers and lists are not."""
    config = CONFIG.replace('"x"', f'"{"x" * 50_000}"') if long else CONFIG
    said = {"keras_version": b"2.15.0", "backend": "tensorflow", "model_config": config, "license": "apache-2.0"}
    path = write(tmp_path / "model.h5", {**said, **OTHERS}, libver)
    found = hdf5.read(path)
    assert dict(found.pairs) == {**said, "keras_version": "2.15.0"}
    assert found.licenses()[0][2] == "apache-2.0"
    assert found.shown()["keras_version"] == "2.15.0"
    assert identify(path) == "hdf5"
    assert not found.unsure


def test_fixed_texts_and_many(tmp_path: Path) -> None:
    """Texts of a fixed length, and more of them than fit into the first block of the header."""
    with h5py.File(tmp_path / "x.h5", "w") as file:
        for number in range(40):
            file.attrs.create(f"key-{number}", f"value-{number}", dtype="S20")
    assert dict(hdf5.read(tmp_path / "x.h5").pairs) == {f"key-{number}": f"value-{number}" for number in range(40)}


def test_what_lies_in_a_heap_is_a_gap(tmp_path: Path) -> None:
    """Newer files put many attributes elsewhere; that they were not read is said."""
    path = write(tmp_path / "model.h5", {f"key-{number}": "x" for number in range(40)}, "latest")
    assert "heap" in hdf5.read(path).unsure
    assert any("heap" in gap.why for gap in stores.load(path).gaps)


def test_a_license_among_attributes_is_a_claim(tmp_path: Path) -> None:
    """What an attribute states of a license is a claim like any other."""
    path = write(tmp_path / "model.h5", {"license": "mit", "keras_version": "2.15.0"})
    model = stores.load(path)
    assert [claim.stated for claim in model.claims] == ["mit"]
    assert model.files[0].header["keras_version"] == "2.15.0"


def test_what_stands_before_it(tmp_path: Path) -> None:
    """A file that begins with something else is none."""
    with pytest.raises(UnreadableError):
        hdf5.read(write(tmp_path / "x.h5", {"license": "mit"}, userblock_size=512))


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("hdf5")
    said = {"keras_version": "2.15.0", "model_config": CONFIG}
    return [write(folder / one, said, one).read_bytes() for one in VERSIONS]


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 1), st.integers(0, 2500), st.binary(min_size=1, max_size=12), st.integers(0, 9000))
def test_any_harm_ends(
    samples: list[bytes],
    tmp_path_factory: pytest.TempPathFactory,
    sample: int,
    place: int,
    harm: bytes,
    cut: int,
) -> None:
    """Bytes changed anywhere, and files cut anywhere, end in attributes or an error, at once and in little memory."""
    data = bytearray(samples[sample])
    data[place % len(data) : place % len(data) + len(harm)] = harm
    path = tmp_path_factory.getbasetemp() / "harmed.h5"
    path.write_bytes(data[: max(8, len(data) - (cut if cut < 4000 else 0))])
    tracemalloc.start()
    begun = time.process_time()
    with contextlib.suppress(UnreadableError):
        read_any(path, "x.h5")
    assert time.process_time() - begun < 1
    assert tracemalloc.get_traced_memory()[1] < 40 << 20
    tracemalloc.stop()


def test_a_header_without_an_end(tmp_path: Path) -> None:
    """A header that continues at itself is refused."""
    data = bytearray(write(tmp_path / "x.h5", {"license": "mit"}).read_bytes())
    root = int.from_bytes(data[64:72], "little")
    first = root + 16
    data[first : first + 8] = (0x10).to_bytes(2, "little") + (16).to_bytes(2, "little") + bytes(4)
    data[first + 8 : first + 24] = first.to_bytes(8, "little") + (64).to_bytes(8, "little")
    (tmp_path / "x.h5").write_bytes(data)
    with pytest.raises(UnreadableError, match="back to itself"):
        hdf5.read(tmp_path / "x.h5")

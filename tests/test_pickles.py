"""Pickles: what they import is listed, and nothing of them is ever run."""

import io
import os
import pickle
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan import formats
from licscan.errors import HeaderError, UnreadableError
from licscan.formats import pickles
from licscan.formats.pickle_imports import list_pickle
from licscan.formats.window import Window


class Trap:
    """What a pickle runs when it is loaded."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("touch /tmp/licscan-was-here",)


def imports(data: bytes) -> tuple[str, ...]:
    return list_pickle(Window(io.BytesIO(data), len(data))).imports


def archive(entries: dict[str, bytes], packing: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as made:
        for name, data in entries.items():
            made.writestr(name, data)
    return stream.getvalue()


def written(folder: Path, data: bytes, name: str = "x.pt") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("protocol", range(6))
def test_lists_imports_in_every_protocol(protocol: int) -> None:
    """Whatever the protocol writes its names with, the name is found."""
    assert [
        name.replace("posix.", "os.").replace("nt.", "os.") for name in imports(pickle.dumps(Trap(), protocol))
    ] == ["os.system"]


def test_names_from_the_memo_are_found() -> None:
    """A name whose parts were said before, and are only recalled, is found."""
    data = pickle.dumps([io.BytesIO, io.StringIO, Path], 4)
    assert set(imports(data)) == {"_io.BytesIO", "_io.StringIO", f"{Path.__module__}.Path"}


def test_a_name_that_is_computed_is_said() -> None:
    """A name that is put together while loading is an import all the same, with a question mark for what is not known."""
    built = b"\x80\x04\x8c\x02os\x8c\x03sysN\x93."
    assert imports(built) == ("sys.?",)
    assert imports(b"\x80\x02\x82\x05.") == ("copyreg.extension-5",)


def test_large_values_are_passed_over() -> None:
    """Arrays in a pickle are skipped, not read."""
    stream = io.BytesIO(pickle.dumps([bytes(10_000_000), Trap()], 4))
    window = Window(stream, len(stream.getvalue()))
    assert len(list_pickle(window).imports) == 1


def test_reads_what_pytorch_writes(tmp_path: Path) -> None:
    """Its old format of several pickles, its archives under any root, scripted or not."""
    magic = pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(1001, 2) + pickle.dumps({"little_endian": True}, 2)
    old = magic + pickle.dumps(Trap(), 2) + pickle.dumps(["0"], 2) + struct.pack("<q", 1) + bytes(64)
    state = pickle.dumps({"a": Trap()}, 2)
    for data, kind in (
        (old, "pytorch"),
        (archive({"archive/data.pkl": state, "archive/version": b"3"}), "pytorch"),
        (archive({"Any_name/data.pkl": state, "Any_name/constants.pkl": b"\x80\x02)."}), "torchscript"),
        (archive({"archive/data.pkl": state}, zipfile.ZIP_DEFLATED), "pytorch"),
        (state, "pickle"),
    ):
        path = written(tmp_path, data)
        header = formats.read(path)
        assert (header.format, header.shown()["imports"].endswith(".system")) == (kind, True)
    assert not Path("/tmp/licscan-was-here").exists()


def test_archives_that_lie_are_read_as_they_are_loaded(tmp_path: Path) -> None:
    """A wrong checksum or an encryption flag hides nothing: what loads weights does not look at them."""
    data = bytearray(archive({"archive/data.pkl": pickle.dumps(Trap(), 2)}))
    central = data.rindex(b"PK\x01\x02")
    data[central + 8] |= 1
    data[central + 16] ^= 0xFF
    assert "system" in formats.read(written(tmp_path, bytes(data))).shown()["imports"]


def test_a_pickle_is_weights_where_it_imports_a_library_of_models(tmp_path: Path) -> None:
    """By its content a file of any name is a model or somebody's settings."""
    model = written(tmp_path, b"\x80\x04\x8c\x0csklearn.base\x8c\x07Forests\x93." + bytes(64), "a.pkl")
    assert formats.identify(model) == "pickle"
    assert formats.identify(written(tmp_path, pickle.dumps(["x" * 100], 4), "b.pkl")) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80\x02",
        b"\x80\x04\x8e" + b"\xff" * 8,
        b"\x80\x02c" + b"a" * 3_000_000,
        b"\x80\x02X\xff\xff\xff\x7f",
        b"text",
    ],
)
def test_refuses_what_is_no_pickle(tmp_path: Path, data: bytes) -> None:
    """Cut off, or with arguments beyond the end, it is refused."""
    with pytest.raises(HeaderError):
        pickles.read(written(tmp_path, data))


def test_a_pickle_without_end_is_followed_so_far(tmp_path: Path) -> None:
    """Of millions of instructions the first are followed, and that is said."""
    header = pickles.read(written(tmp_path, b"\x80\x02" + b"N0" * 500_000 + b"cos\nsystem\n."))
    assert "first instructions" in header.unsure


@given(st.binary(max_size=300))
def test_any_bytes_are_listed_or_refused(data: bytes) -> None:
    """No bytes make the lister fail otherwise."""
    try:
        imports(b"\x80\x04" + data)
    except ValueError:
        return


@given(st.binary(max_size=400))
def test_any_bytes_behind_an_archive_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """No directory of an archive makes the reader fail otherwise."""
    path = written(
        tmp_path_factory.mktemp("zip"), archive({"a/data.pkl": b"\x80\x02N."})[: -len(data) // 3 or None] + data
    )
    try:
        formats.read(path)
    except UnreadableError:
        return

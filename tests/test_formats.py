"""Headers of weight files, configurations, packages: what they say of themselves, and hostile ones."""

import json
import os
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan import formats
from licscan.errors import UnreadableError
from licscan.formats import listing, model_config, onnx, python_package, safetensors
from licscan.formats.bounded import read_file
from licscan.model import Evidence, Relation, Subject
from licscan.tree import walk
from tests import conftest

AT = Evidence(source="test", path="config.json")


def written(tmp_path: Path, data: bytes, name: str = "x") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def test_reads_safetensors_metadata(tmp_path: Path) -> None:
    """A header's metadata are pairs; what states a license is known; private training notes are not shown."""
    data = conftest.safetensors({"format": "pt", "modelspec.license": "MIT", "ss_dataset_dirs": "/home/ann/private"})
    header = safetensors.read(written(tmp_path, data))
    assert header.tensors == 1
    assert [(key, value) for key, _, value in header.licenses()] == [("modelspec.license", "MIT")]
    assert header.shown() == {"format": "pt", "modelspec.license": "MIT"}


def test_sees_both_of_two_licenses_under_one_key(tmp_path: Path) -> None:
    """The library keeps the last of two values of one key; both are claims."""
    text = (
        b'{"__metadata__":{"license":"mit","license":"gpl-3.0"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    )
    header = safetensors.read(written(tmp_path, struct.pack("<Q", len(text)) + text + b"\0" * 4))
    assert sorted((key, value) for key, _, value in header.licenses()) == [("license", "gpl-3.0"), ("license", "mit")]


def test_a_header_says_what_its_license_is_for(tmp_path: Path) -> None:
    """A license of the code or of the training data is not the weights'; of very many only some are taken."""
    metadata = {"code_license": "MIT", "training_data.license": "CC-BY-NC-4.0", "license": "apache-2.0"}
    found = safetensors.read(written(tmp_path, conftest.safetensors(metadata))).licenses()
    assert {key: about.subject for key, about, _ in found} == {
        "code_license": Subject.CODE,
        "training_data.license": Subject.DATA,
        "license": None,
    }
    many = {f"k{number}.license": "MIT" for number in range(5000)}
    assert len(safetensors.read(written(tmp_path, conftest.safetensors(many))).licenses()) == 20


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "shorter"),
        (b"\0\0\0", "shorter"),
        (b"\xff" * 8 + b"{}", "a header of 18446744073709551615"),
        (struct.pack("<Q", 99_999_999) + b"{}", "a header of 99999999"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git-LFS pointer"),
        (b"<!DOCTYPE html><html></html>", "a header of"),
        (struct.pack("<Q", 2) + b"[]", "not a sound"),
        (struct.pack("<Q", 100_000) + b"[" * 100_000, "not a sound"),
    ],
)
def test_refuses_what_is_no_safetensors(tmp_path: Path, data: bytes, says: str) -> None:
    """Truncated, oversized, mistaken and hostile files are refused in words."""
    with pytest.raises(UnreadableError, match=says):
        safetensors.read(written(tmp_path, data))


def test_agrees_with_the_corpus_of_hostile_files(corpus: Path) -> None:
    """Of the hostile safetensors files, exactly those are read that the library reads, and the library alone decides."""
    verdicts = {}
    for line in (corpus / "hostile" / "safetensors.jsonl").read_text().splitlines():
        case = json.loads(line)
        verdicts[case["file"]] = case["safetensors"].startswith("ACCEPT")
    seen = 0
    for file in sorted((corpus / "hostile" / "safetensors").iterdir()):
        try:
            safetensors.read(file)
            accepted = True
        except UnreadableError:
            accepted = False
        assert accepted == verdicts[file.name], file.name
        seen += 1
    assert seen > 20


def test_reads_onnx_metadata(tmp_path: Path) -> None:
    """Producer and metadata of an ONNX model, the graph skipped over."""
    header = onnx.read(written(tmp_path, conftest.onnx({"license": "AGPL-3.0", "author": "Ann"})))
    assert [(key, value) for key, _, value in header.licenses()] == [("license", "AGPL-3.0")]
    assert header.shown() == {"producer_name": "pytorch", "license": "AGPL-3.0", "author": "Ann"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x08",
        b"\x08\x08",
        b"\x3a\xff\xff\xff\xff\x0f",
        b"\x80" * 100,
        b"\x0b\x0c",
        conftest.onnx()[:-3],
        conftest.onnx() + b"\x72\x05\x0a\xff\xff\xff\x0f",
        b"<html>",
        b"\x08\x08" * 200_000,
    ],
)
def test_refuses_what_is_no_onnx(tmp_path: Path, data: bytes) -> None:
    """Truncated, mistaken and hostile messages are refused."""
    with pytest.raises(UnreadableError):
        onnx.read(written(tmp_path, data))


@given(st.binary(max_size=300))
def test_any_bytes_are_a_header_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """No bytes make a reader of headers fail otherwise."""
    path = written(tmp_path_factory.mktemp("bytes"), data)
    for reader in formats.READERS:
        try:
            reader.read(path)
        except UnreadableError:
            continue


def test_reads_configurations() -> None:
    """The base and the modality of config.json, the base and its revision of adapter_config.json."""
    config = model_config.read_config('{"_name_or_path": "a/b", "vocab_size": 3, "license": "mit"}', AT)
    assert config.base is not None
    assert (str(config.base.ref), config.modality, config.licenses) == ("hf:a/b", "text", (("license", "mit"),))
    adapter = model_config.read_adapter_config('{"base_model_name_or_path": "a/b", "revision": "abc"}', AT)
    assert adapter.base is not None
    assert (str(adapter.base.ref), adapter.base.relation) == ("hf:a/b@abc", Relation.ADAPTER)
    assert (
        model_config.read_config('{"_name_or_path": "../models/7B", "vision_config": {}}', AT).modality == "multimodal"
    )


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 200_000, '{"a":' * 100_000, "NaN", '"x"'])
def test_refuses_what_is_no_configuration(text: str) -> None:
    """What is no JSON object, or is nested beyond reason, is refused."""
    with pytest.raises(UnreadableError):
        model_config.parse(text)


def test_reads_installed_packages(tmp_path: Path) -> None:
    """License fields of core metadata with their lines, and the files of RECORD."""
    folder = tmp_path / "x-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: x\nVersion: 1.0\nLicense: MIT License\n Copyright (c) 2020\n"
        "Classifier: License :: OSI Approved :: MIT License\nClassifier: Topic :: Other\n\nLicense: not a field\n"
    )
    (folder / "RECORD").write_text('x/__init__.py,sha256=a,1\n"x/a,b.onnx",,\n\n')
    package = python_package.read(folder)
    assert (package.name, package.version) == ("x", "1.0")
    assert [(one.key, one.value, one.line) for one in package.stated] == [
        ("License", "MIT License", 4),
        ("Classifier", "MIT License", 6),
    ]
    assert package.files == {"x/__init__.py", "x/a,b.onnx"}


def test_knows_what_files_are_by_name() -> None:
    """License, policy and notice files in any case; weights by suffix; everything else is neither."""
    kinds = {
        "LICENSE": "license", "licence.md": "license", "LICENSE-2.0.txt": "license", "COPYING": "license",
        "model_LICENSE.txt": "license", "USE_POLICY.md": "policy", "Notice": "notice", "NOTICE.txt": "notice",
        "TERMS_OF_USE.md": "license", "license.py": None, "README.md": None, "licenses.json": None,
    }  # fmt: skip
    assert {name: listing.text_kind(name) for name in kinds} == kinds
    weights = {"a.safetensors": True, "A.GGUF": True, "pytorch_model.bin": True, "data.bin": False, "x.txt": False}
    assert {name: formats.weight_format(name) is not None for name in weights} == weights


def test_opens_regular_files_only(tmp_path: Path) -> None:
    """A FIFO that nobody writes to, a folder, a device and a missing file are refused at once."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for path in (fifo, tmp_path, Path("/dev/zero"), tmp_path / "none", Path("a\0b")):
        with pytest.raises(UnreadableError):
            read_file(path, 10)


def test_walks_without_loops(tmp_path: Path) -> None:
    """Links to folders are not followed, so that a loop ends; skipped folders are not entered; the order is stable."""
    for name in ("b", "a", ".git", "a/deep"):
        (tmp_path / name).mkdir()
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    walked = [folder.path.relative_to(tmp_path).as_posix() for folder in walk(tmp_path, lambda *_: None)]
    assert walked == [".", "a", "a/deep", "b"]

"""Files by their content: what they are, whatever their name promises."""

import json
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from licscan import formats
from licscan.errors import HeaderError
from licscan.formats import safetensors
from licscan.model import FileStatus, Gap, GapId, Model, ModelRef
from licscan.sources.folder import FolderSource
from tests import conftest, weights

Make = Callable[..., Path]


def loaded(path: Path) -> Model:
    source = FolderSource()
    return source.load(source.pin(ModelRef(scheme="file", name=str(path)))).model


def test_content_decides_and_not_the_name(make_model: Make) -> None:
    """A GGUF file under the name of a pickle is read as GGUF, and what it states counts."""
    model = loaded(make_model(pytorch_model__bin=weights.gguf({"general.license": "gemma"})))
    assert {file.path: file.format for file in model.files} == {
        "model.safetensors": "safetensors",
        "pytorch_model.bin": "gguf",
    }
    assert ("gemma", "pytorch_model.bin") in {(claim.stated, claim.evidence.path) for claim in model.claims}


def test_weights_without_the_name_of_weights_are_found(tmp_path: Path) -> None:
    """A folder whose only weights have a name that says nothing is a model all the same."""
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "voice.dat").write_bytes(weights.gguf({"general.name": "x" * 100}))
    (tmp_path / "n").mkdir()
    (tmp_path / "n" / "rows.dat").write_bytes(bytes(1000))
    assert [Path(str(ref)).name for ref in FolderSource().find(str(tmp_path))] == ["m"]
    assert [file.path for file in loaded(tmp_path / "m").files] == ["voice.dat"]


def test_a_named_file_is_looked_into_whatever_its_name(tmp_path: Path) -> None:
    """A blob without a suffix is weights where its content is."""
    (tmp_path / "sha256-abc").write_bytes(weights.gguf({"general.license": "mit", "general.name": "x" * 50}))
    (ref,) = FolderSource().find(str(tmp_path / "sha256-abc"))
    assert not isinstance(ref, Gap)
    assert [claim.stated for claim in loaded(Path(ref.name)).claims] == ["mit"]


def test_a_pointer_gives_the_digest_of_what_it_stands_for(make_model: Make) -> None:
    """Of a file that git did not fetch, digest and size are known, and that it is missing."""
    model = loaded(make_model(big__safetensors=weights.lfs_pointer("cd" * 32, 123)))
    file = next(file for file in model.files if file.path == "big.safetensors")
    assert (file.promised, file.size, file.status, file.format) == (
        f"sha256:{'cd' * 32}",
        123,
        FileStatus.MISSING,
        "safetensors",
    )
    assert any(gap.id is GapId.HEADER_NOT_READ and "git-LFS" in gap.why for gap in model.gaps)


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE html><html>",
        b"\n <html lang=en>",
        b'{"error":"Repository not found"}',
        b"Entry not found",
        b"<?xml version='1.0'?><Error>",
    ],
)
def test_a_web_page_is_no_model(tmp_path: Path, data: bytes) -> None:
    """An error page that was saved as weights is named as what it is."""
    for name in ("a.gguf", "b.safetensors", "c.bin"):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(HeaderError, match="a web page or an error message"):
            formats.read(tmp_path / name)
        assert formats.identify(tmp_path / name) is None


def test_training_notes_stay_private(make_model: Make) -> None:
    """The base that a training tool names is declared, without the folder that it lay in; data sets' folders are not shown."""
    metadata = {
        "ss_network_module": "networks.lora",
        "ss_sd_model_name": "/home/ann/private/sdxl.safetensors",
        "ss_dataset_dirs": '{"10_ann_at_home": 1}',
        "ss_tag_frequency": '{"ann": 3}',
        "modelspec.merged_from": "a/one, b/two",
        "modelspec.license": "CC-BY-NC-4.0",
    }
    model = loaded(make_model(lora__safetensors=conftest.safetensors(metadata)))
    assert [(base.stated, str(base.ref), base.relation.value) for base in model.bases] == [
        ("…/sdxl.safetensors", "None", "adapter"),
        ("a/one", "hf:a/one", "merge"),
        ("b/two", "hf:b/two", "merge"),
    ]
    assert "ann" not in model.model_dump_json().replace(str(Path.home()), "")


def test_a_header_beyond_the_ordinary_is_read_for_its_metadata(tmp_path: Path) -> None:
    """Of a header of many megabytes only the metadata are taken, both of two under one key, each cut."""
    value = "x" * 6_000_000
    text = f'{{"__metadata__":{{"license":"mit","note":"{value}","license":"gpl-3.0"}}}}'.encode()
    (tmp_path / "x").write_bytes(struct.pack("<Q", len(text)) + text)
    header = safetensors.read(tmp_path / "x")
    assert [value for _, _, value in header.licenses()] == ["mit", "gpl-3.0"]
    assert max(len(value) for _, value in header.pairs) == 1 << 16


def test_private_notes_are_shown_to_who_asks(licscan: conftest.Licscan, tmp_path: Path) -> None:
    """`licscan header` leaves private training notes out, and shows all of them with --private, escaped."""
    metadata = {
        "license": "mit",
        "ss_dataset_dirs": "/home/ann/pictures \x1b[31m",
        "ss_sd_model_name": "/home/ann/x.ckpt",
    }
    (tmp_path / "lora.bin").write_bytes(conftest.safetensors(metadata))
    plain = licscan("header", tmp_path / "lora.bin").out
    assert "metadata: license: mit" in plain
    assert "bases: ss_sd_model_name: …/x.ckpt" in plain
    assert "ann" not in plain.replace(str(tmp_path), "")
    private = licscan("header", tmp_path / "lora.bin", "--private").out
    assert "ss_dataset_dirs: /home/ann/pictures \\x1b[31m" in private
    told = json.loads(licscan("header", tmp_path / "lora.bin", "--private", "--format", "json").out)
    assert told[0]["bases"] == [["ss_sd_model_name", "/home/ann/x.ckpt"]]
    (tmp_path / "page.gguf").write_text("<html>")
    refused = licscan("header", tmp_path / "page.gguf", tmp_path / "lora.bin")
    assert (refused.code, "web page" in refused.err, "license: mit" in refused.out) == (2, True, True)

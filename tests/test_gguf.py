"""GGUF: what its header says, in any version and byte order, and headers that mean harm."""

import io
import json
import os
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.errors import HeaderError, UnreadableError
from licscan.formats import gguf
from licscan.formats.header import Header
from licscan.model import FileStatus, Relation
from tests import weights


def read(data: bytes) -> Header:
    return gguf.read_stream(io.BytesIO(data), len(data), "x.gguf")


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize("order", ["<", ">"])
def test_reads_every_version_and_byte_order(version: int, order: str) -> None:
    """The same fields come out of versions 1 to 3, little and big endian; tokens are passed over."""
    fields: dict[str, weights.Value] = {
        "general.architecture": "llama",
        "tokenizer.ggml.tokens": ["<s>", "a", "b"] * 1000,
        "tokenizer.ggml.scores": [1, 2, 3],
        "general.license": "llama3.1",
        "llama.context_length": 8192,
    }
    header = read(weights.gguf(fields, version=version, order=order))
    assert header.pairs == (("general.architecture", "llama"), ("general.license", "llama3.1"))
    assert [value for _, _, value in header.licenses()] == ["llama3.1"]


def test_reads_where_it_comes_from() -> None:
    """What it was converted from, its bases and its data sets are declared, addresses before names."""
    header = read(
        weights.gguf(
            {
                "general.source.repo_url": "https://huggingface.co/a/original",
                "general.base_model.count": 2,
                "general.base_model.0.name": "Llama 3.1 8B",
                "general.base_model.0.organization": "Meta Llama",
                "general.base_model.0.repo_url": "https://huggingface.co/meta-llama/Llama-3.1-8B",
                "general.base_model.1.name": "Other",
                "general.base_model.1.organization": "Org",
                "general.dataset.0.repo_url": "https://huggingface.co/datasets/x/y",
                "general.datasets": ["p/q", "r/s"],
            }
        )
    )
    assert [(base.name, base.relation) for base in header.bases] == [
        ("https://huggingface.co/a/original", Relation.QUANTIZED),
        ("https://huggingface.co/meta-llama/Llama-3.1-8B", Relation.MERGE),
        ("Org Other", Relation.MERGE),
    ]
    assert [name for _, name in header.datasets] == ["p/q", "r/s", "https://huggingface.co/datasets/x/y"]


def test_a_license_of_any_kind_is_a_claim() -> None:
    """A license as a number or a list is stated all the same, each entry of a list by itself."""
    assert [value for _, _, value in read(weights.gguf({"general.license": 7})).licenses()] == ["7"]
    listed = read(weights.gguf({"general.license": ["mit", "gpl-3.0"], "general.license.link": "https://x/LICENSE"}))
    assert [value for _, _, value in listed.licenses()] == ["mit", "gpl-3.0", "https://x/LICENSE"]


def test_private_paths_are_cut_to_their_last_name() -> None:
    """The folder that somebody converted a model in is no part of what is shown."""
    shown = read(weights.gguf({"general.name": r"D:\Anna\models", "general.finetune": "/home/ann/secret/run7"})).shown()
    assert shown == {"general.name": "…/models", "general.finetune": "…/run7"}


def test_a_file_cut_short_is_said() -> None:
    """The header knows how long the data must be; a download that broke off is truncated, a whole file is not."""
    tensors = [("a", (32, 2), 8, 0), ("b", (4,), 0, 96)]
    whole = weights.gguf(tensors=tensors, data=bytes(96 + 16))
    assert (read(whole).tensors, read(whole).status) == (2, FileStatus.UNVERIFIED)
    assert read(whole[:-1]).status is FileStatus.TRUNCATED


def test_knows_the_formats_before_it() -> None:
    """Older containers are named, and say nothing."""
    for magic in ("lmgg", "fmgg", "tjgg", "algg"):
        assert read(magic.encode() + bytes(100)) == Header(magic[::-1])


_STRINGS = struct.pack("<II", 9, 8)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"GGUF", "does not begin"),
        (b"GGUX\3\0\0\0", "does not begin"),
        (b"GGUF\4\0\0\0" + bytes(16), "version 4"),
        (b"GGUF\0\0\0\0" + bytes(16), "version 0"),
        (weights.gguf(counts=(0, 1 << 63)), "keys, and"),
        (weights.gguf(counts=(10**9, 0)), "tensors, and"),
        (weights.gguf(counts=(0, 1)), "announced"),
        (weights.gguf({"": "a"}), "an empty key"),
        (weights.gguf([("a", "x"), ("a", "y")]), "a key twice"),
        (weights.gguf({"general.alignment": 33}), "power of two"),
        (weights.gguf({"general.alignment": "32"}), "power of two"),
        (weights.gguf({"a": "x"})[:-1], "announced"),
        (weights.gguf()[:8] + struct.pack("<QQQ", 0, 1, (1 << 64) - 1), "a key of"),
        (weights.gguf(counts=(0, 1)) + struct.pack("<Q", 1) + b"k" + struct.pack("<IQ", 8, (1 << 64) - 1), "announced"),
        (weights.gguf(counts=(0, 1)) + struct.pack("<Q", 1) + b"k" + _STRINGS + struct.pack("<Q", 1 << 61), "strings, and"),
        (weights.gguf(counts=(0, 1)) + struct.pack("<Q", 1) + b"k" + struct.pack("<IIQ", 9, 4, 1 << 61), "announced"),
        (weights.gguf(counts=(0, 1)) + struct.pack("<Q", 1) + b"k" + struct.pack("<IIQ", 9, 9, 1), "array of arrays"),
        (weights.gguf(counts=(0, 1)) + struct.pack("<Q", 1) + b"k" + struct.pack("<I", 13), "kind 13"),
        (weights.gguf(tensors=[("a", (4,), 0, 0), ("a", (4,), 0, 32)]), "two tensors"),
        (weights.gguf(tensors=[("a", (4,), 0, 7)]), "no multiple"),
        (weights.gguf(tensors=[("a", (4,), 0, 64)]), "expected at 0"),
        (weights.gguf(tensors=[("a", (33,), 8, 0)]), "whole blocks"),
        (weights.gguf(tensors=[("a", (1,) * 5, 0, 0)]), "5 dimensions"),
        (weights.gguf(tensors=[("a", (1 << 62, 1 << 62), 0, 0)]), "can be counted"),
        (weights.gguf(tensors=[("n" * 64, (1,), 0, 0)]), "tensor name"),
    ],
)  # fmt: skip
def test_refuses_what_is_not_sound(data: bytes, says: str) -> None:
    """What announces more than there is, says a thing twice or cannot be is refused, in words."""
    with pytest.raises(HeaderError, match=says):
        read(data)


def test_agrees_with_llama_cpp_about_hostile_files(corpus: Path) -> None:
    """Of the hostile files, those are read that llama.cpp reads, but for a few that have their reasons.

    Version 1 and the formats before it are old, and Ollama still runs them; a type of tensor that nobody knows yet is
    no reason to hide what the header says; and data larger than any file are no data.
    """
    other = {
        "HEADER_BAD_VERSION_1.gguf": True,
        "X_v1_32bit_lengths.gguf": True,
        "X_ggml_old.gguf": True,
        "X_ggjt_old.gguf": True,
        "TENSORS_BAD_TYPE.gguf": True,
        "DATA_MEM_SIZE_OVERFLOW.gguf": False,
    }
    seen = 0
    for line in (corpus / "hostile" / "gguf.jsonl").read_text().splitlines():
        case = json.loads(line)
        path = corpus / "hostile" / "gguf" / case["file"]
        if not path.is_file():
            continue
        try:
            accepted = bool(gguf.read(path))
        except UnreadableError:
            accepted = False
        assert accepted == other.get(path.name, case["llama_cpp_noalloc"] == "ACCEPT"), path.name
        seen += 1
    assert seen > 40


def test_reads_real_headers() -> None:
    """The vocabularies that llama.cpp ships are read, and none of them states a license.

    `LICSCAN_GGUF` names a folder that holds them, from the sources of `llama-cpp-python`.
    """
    folder = os.environ.get("LICSCAN_GGUF")
    if not folder:
        pytest.skip("no real headers: LICSCAN_GGUF names no folder of GGUF files")
    found = [gguf.read(file) for file in sorted(Path(folder).glob("*.gguf"))]
    assert found
    assert all("general.architecture" in header.shown() and not header.licenses() for header in found)


@given(st.binary(max_size=200), st.sampled_from([1, 2, 3]))
def test_any_bytes_are_a_header_or_refused(data: bytes, version: int) -> None:
    """No bytes behind a sound beginning make the reader fail otherwise."""
    try:
        read(b"GGUF" + struct.pack("<I", version) + data)
    except HeaderError:
        return


@given(
    st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1, max_size=20), st.text(max_size=50), max_size=8),
    st.sampled_from([1, 2, 3]),
    st.sampled_from("<>"),
)
def test_what_was_written_is_read(fields: dict[str, str], version: int, order: str) -> None:
    """Every field that speaks of the model comes out as it was written."""
    named = {f"general.{key}": value.replace("\ud800", "") for key, value in fields.items() if key != "alignment"}
    assert dict(read(weights.gguf(named, version=version, order=order)).pairs) == named

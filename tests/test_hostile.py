"""Files that mean harm, read in a process with little memory: each ends soon, in a value or a clear error."""

import json
import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from licscan.formats import header
from tests import weights
from tests.conftest import ROOT

_SECONDS = 1.0
_MEBIBYTES = 100


def read_all(folder: Path) -> tuple[dict[str, dict[str, Any]], float]:
    """What a process of its own made of every file of a folder, and its peak of memory in MiB."""
    command = [sys.executable, "-m", "tests.hostile", str(folder)]
    # One thread of each library: every further one takes address space, and none is needed.
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    # Counting lines takes longer than reading these files: what is measured here runs without it.
    for name in ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG"):
        env.pop(name, None)
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=env)
    assert done.returncode == 0, done.stderr
    *files, whole = map(json.loads, done.stdout.splitlines())
    return {file["file"]: file for file in files}, float(whole["peak"])


def check(folder: Path) -> dict[str, dict[str, Any]]:
    found, peak = read_all(folder)
    slow = {name: file["seconds"] for name, file in found.items() if file["seconds"] > _SECONDS}
    assert not slow
    assert peak < _MEBIBYTES
    assert all("refused" not in file or len(file["refused"]) > len(name) for name, file in found.items())
    return found


def safetensors(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def tokens(count: int) -> bytes:
    """A GGUF file of that many empty strings."""
    head = weights.gguf(counts=(0, 1)) + struct.pack("<Q", 1) + b"t" + struct.pack("<IIQ", 9, 8, count)
    return head + bytes(8 * count)


MADE: dict[str, Callable[[], bytes]] = {
    "two_licenses.safetensors": lambda: safetensors('{"__metadata__":{"license":"mit","license":"gpl-3.0"}}'),
    "20_MB_of_metadata.safetensors": lambda: safetensors(f'{{"__metadata__":{{"license":"{"x" * 20_000_000}"}}}}'),
    "300000_tensors.safetensors": lambda: safetensors(
        "{" + ",".join(f'"t{n}":{{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}' for n in range(300_000)) + "}"
    ),
    "deep.safetensors": lambda: safetensors("[" * 2_000_000),
    "2_million_strings.gguf": lambda: tokens(2_000_000),
    "100_million_strings_announced.gguf": lambda: tokens(10)[:-80] + bytes(8),
    "100000_keys.gguf": lambda: weights.gguf([(f"k{n}", n) for n in range(100_000)]),
    "a_million_steps.pkl": lambda: b"\x80\x02" + b"N0" * 1_000_000 + b".",
    "a_long_line.pkl": lambda: b"\x80\x02c" + b"a" * 30_000_000,
    "a_large_argument.pt": lambda: b"\x80\x04\x8e" + struct.pack("<Q", 1 << 62) + bytes(1000),
    "half_a_page.gguf": lambda: b"<html>" + bytes(100_000),
    "a_million_fields.onnx": lambda: b"\x08\x08" * 1_000_000,
}  # fmt: skip


def test_made_files_that_mean_harm(tmp_path: Path) -> None:
    """Enormous, deep, repeated, endless and lying files end within a second and 100 MiB, all in one process."""
    for name, make in MADE.items():
        (tmp_path / name).write_bytes(make())
    with zipfile.ZipFile(tmp_path / "bomb.pt", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02" + bytes(200_000_000))
    found = check(tmp_path)
    assert sorted(found["two_licenses.safetensors"]["licenses"]) == ["gpl-3.0", "mit"]
    assert len(found["20_MB_of_metadata.safetensors"]["licenses"][0]) == header.LONGEST_VALUE
    accepted = {name for name, file in found.items() if "refused" not in file}
    assert accepted == {
        "two_licenses.safetensors", "20_MB_of_metadata.safetensors", "300000_tensors.safetensors",
        "2_million_strings.gguf", "100000_keys.gguf", "a_million_steps.pkl",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["gguf", "safetensors"])
def test_a_corpus_of_files_that_mean_harm(corpus: Path, name: str) -> None:
    """The cases of llama.cpp's own tests, and others' of safetensors, end within a second and 100 MiB."""
    assert len(check(corpus / "hostile" / name)) > 20


def test_real_headers_are_read_within_30_mebibytes(tmp_path: Path) -> None:
    """Real headers of GGUF take half a second and 30 MiB each, more than an empty file takes.

    `LICSCAN_GGUF` names a folder that holds some.
    """
    folder = os.environ.get("LICSCAN_GGUF")
    if not folder:
        pytest.skip("no real headers: LICSCAN_GGUF names no folder of GGUF files")
    (tmp_path / "empty.gguf").write_bytes(weights.gguf())
    _, least = read_all(tmp_path)
    found, peak = read_all(Path(folder))
    assert max(file["seconds"] for file in found.values()) < _SECONDS / 2
    assert peak - least < 30

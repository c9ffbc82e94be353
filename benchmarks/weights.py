"""The figures of weight files and stores: headers beside the libraries' own readers, a home full of models."""

import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from licscan.formats import gguf, safetensors
from licscan.model import ModelRef
from licscan.sources.folder import HERE, FolderSource
from licscan.sources.stores import Machine
from tests import conftest, stores, weights

_TOKENS = 150_000
_TENSORS = 3_000
_MODELS = 500


def formats() -> None:
    """Headers: GGUF beside the `gguf` package, safetensors beside its library."""
    with tempfile.TemporaryDirectory() as name:
        _gguf(Path(name) / "x.gguf")
        _safetensors(Path(name) / "x.safetensors")
    if folder := os.environ.get("LICSCAN_GGUF"):
        slowest = max((_timed(lambda path=path: gguf.read(path)), path.name) for path in Path(folder).glob("*.gguf"))  # type: ignore[misc]
        print(f"  real GGUF headers    at most {slowest[0] * 1000:6.1f} ms CPU ({slowest[1]}; goal 500)")


def _gguf(path: Path) -> None:
    tokens = [f"token-{number}" for number in range(_TOKENS)]
    fields: dict[str, weights.Value] = {
        "general.architecture": "llama",
        "general.license": "mit",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [1] * _TOKENS,
        "tokenizer.ggml.merges": [f"{one} {one}" for one in tokens],
    }
    path.write_bytes(weights.gguf(fields))
    ours = statistics.median(_timed(lambda: gguf.read(path)) for _ in range(7))
    print(f"  GGUF, {_TOKENS:,} tokens  {ours * 1000:6.1f} ms CPU (median of 7)")
    if find_spec("gguf") is None:
        print("  the `gguf` package is not installed: no ratio")
        return
    from gguf import GGUFReader  # noqa: PLC0415 - a peer, where it is installed

    theirs = _timed(lambda: GGUFReader(path))
    print(f"  the `gguf` package   {theirs * 1000:6.1f} ms CPU (once); ratio {ours / theirs:.4f} (goal 0.01)")


def _safetensors(path: Path) -> None:
    from safetensors import safe_open  # noqa: PLC0415 - the peer

    header: dict[str, object] = {"__metadata__": {"format": "pt", "license": "mit"}}
    for number in range(_TENSORS):
        place = [number * 16, number * 16 + 16]
        header[f"model.layers.{number}.weight"] = {"dtype": "F32", "shape": [4], "data_offsets": place}
    text = json.dumps(header, separators=(",", ":")).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + bytes(16 * _TENSORS))

    def library() -> None:
        with safe_open(path, framework="np") as opened:
            opened.metadata()
            opened.keys()

    library()
    pairs = [(_timed(lambda: safetensors.read(path)), _timed(library)) for _ in range(51)]
    ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"  safetensors, {_TENSORS:,} tensors  {ours * 1000:.2f} ms CPU, the library {theirs * 1000:.2f}")
    print(f"  ratio {ratio:.2f} (median of 51 pairs; goal 1.5)")


def _timed(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def stores_() -> None:
    """A home with 500 models in all stores: listed, pinned, and scanned as a whole process, first and again."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "home"
        _fill(home)
        source = FolderSource(machine=Machine(home, {}, "linux"))
        for what in ("first", "again"):
            begun = time.process_time()
            refs = [one for one in source.find(HERE) if isinstance(one, ModelRef)]
            listed = time.process_time() - begun
            for ref in refs:
                source.pin(ref)
            pinned = time.process_time() - begun - listed
            print(f"  {what:6} {len(refs)} models listed in {listed:.2f} s CPU (goal 1), pinned in {pinned:.2f} s more")
        for what in ("first", "again"):
            seconds = _scan(home, Path(name))
            print(f"  {what:6} licscan scan --here --offline: {seconds:.2f} s CPU, the whole process")


def _scan(home: Path, work: Path) -> float:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "XDG_", "LICSCAN"))}
    env = {**kept, "HOME": str(home), "LICSCAN_DB": str(work / "x.db"), "XDG_CACHE_HOME": str(home / ".cache")}
    command = [sys.executable, "-m", "licscan", "scan", "--here", "--offline", "-q", "--format", "json"]
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) as running:
        _, _, usage = os.wait4(running.pid, 0)
        running.returncode = 0
    return usage.ru_utime + usage.ru_stime


def _fill(home: Path) -> None:
    header = weights.gguf({"general.architecture": "llama", "general.name": "x"})
    card = "---\nlicense: apache-2.0\nbase_model: acme/base\n---\n# A model\n"
    for number in range(_MODELS):
        kind = number % 5
        data = header + str(number).encode()
        if kind in {0, 1}:
            files: stores.Files = {
                "README.md": card,
                "config.json": '{"model_type": "llama"}',
                "model.safetensors": conftest.safetensors({"n": str(number)}),
            }
            stores.hub_cache(home / ".cache" / "huggingface" / "hub", f"models--acme--m{number}", files)
        elif kind == 2:  # noqa: PLR2004
            place = f"registry.ollama.ai/library/m{number}/latest"
            stores.ollama(home / ".ollama" / "models", place, [("model", data), ("license", "MIT License\n\nterms\n")])
        else:
            below = (".lmstudio/models/acme" if kind == 3 else ".cache/llama.cpp") + f"/m{number}"  # noqa: PLR2004
            path = home / below / "m.gguf" if kind == 3 else home / f"{below}.gguf"  # noqa: PLR2004
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

"""The figures of weight files and stores: headers beside the libraries' own readers, a home full of models."""

import json
import os
import pickle
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

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
    """A home with 500 models in ten stores: listed, pinned, and scanned as a whole process, first and again."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "home"
        _fill(home)
        source = FolderSource(machine=Machine(home, {}, "linux"))
        for what, goal in (("first", "1"), ("again", "0.2")):
            begun = time.process_time()
            refs = [one for one in source.find(HERE) if isinstance(one, ModelRef)]
            listed = time.process_time() - begun
            for ref in refs:
                source.pin(ref)
            pinned = time.process_time() - begun - listed
            print(
                f"  {what:6} {len(refs)} models listed in {listed:.2f} s CPU (goal {goal}), pinned in {pinned:.2f} more"
            )
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
    """A home with models in every store, the same number in each."""
    header = weights.gguf({"general.architecture": "llama", "general.name": "x"})
    index: list[dict[str, object]] = []
    listed: list[dict[str, object]] = []
    for number in range(_MODELS):
        put = _PUT[number % len(_PUT)]
        found = put(home, f"m{number}", header + str(number).encode())
        if found is not None:
            (index if put is _docker else listed).append(found)
    _write(home / ".docker/models/models.json", {"models": index})
    _write(home / ".local/share/kitops/storage/index.json", {"schemaVersion": 2, "manifests": listed})
    _write(home / ".local/share/kitops/storage/oci-layout", {"imageLayoutVersion": "1.0.0"})


def _write(path: Path, content: bytes | str | dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(stores.bytes_of(json.dumps(content) if isinstance(content, dict) else content))
    return path


def _hub(home: Path, name: str, _data: bytes) -> None:
    files: stores.Files = {
        "README.md": "---\nlicense: apache-2.0\nbase_model: acme/base\n---\n# A model\n",
        "config.json": '{"model_type": "llama"}',
        "model.safetensors": conftest.safetensors({"n": name}),
    }
    stores.hub_cache(home / ".cache/huggingface/hub", f"models--acme--{name}", files)


def _ollama(home: Path, name: str, data: bytes) -> None:
    place = f"registry.ollama.ai/library/{name}/latest"
    stores.ollama(home / ".ollama/models", place, [("model", data), ("license", "MIT License\n\nterms\n")])


def _lm_studio(home: Path, name: str, data: bytes) -> None:
    _write(home / ".lmstudio/models/acme" / name / "m.gguf", data)


def _llama_cpp(home: Path, name: str, data: bytes) -> None:
    path = _write(home / ".cache/llama.cpp" / f"{name}.gguf", data)
    url = f"https://huggingface.co/acme/{name}/resolve/main/m.gguf"
    _write(path.with_name(f"{path.name}.json"), {"url": url, "etag": f'"{stores.sha256(data)}"'})


def _gpt4all(home: Path, name: str, data: bytes) -> None:
    _write(home / ".local/share/nomic.ai/GPT4All" / f"{name}.gguf", data)


def _jan(home: Path, name: str, data: bytes) -> None:
    folder = home / ".local/share/Jan/data/llamacpp/models" / name
    _write(folder / "model.yml", f"model_path: llamacpp/models/{name}/model.gguf\nname: {name}\n")
    _write(folder / "model.gguf", data)


def _modelscope(home: Path, name: str, data: bytes) -> None:
    folder = home / ".cache/modelscope/hub/models/acme" / name
    _write(folder / ".mdl", pickle.dumps({"Model": f"acme/{name}"}))
    _write(folder / ".mv", "Revision:master,CreatedAt:1")
    _write(folder / "model.gguf", data)


def _ramalama(home: Path, name: str, data: bytes) -> None:
    folder = home / ".local/share/ramalama/store/huggingface/acme" / name
    digest = f"sha256:{stores.sha256(data)}"
    files = [{"hash": digest, "name": "m.gguf", "type": "model"}]
    _write(folder / "refs/latest.json", {"hash": digest, "path": "x", "files": files})
    _write(folder / "snapshots" / digest.replace(":", "-") / "m.gguf", data)


def _docker(home: Path, name: str, data: bytes) -> dict[str, object]:
    root = home / ".docker/models"
    digest = _manifest(root, "application/vnd.docker.ai.", "gguf.v3", data, "manifests")
    return {"id": f"sha256:{digest}", "tags": [f"index.docker.io/ai/{name}:1"], "files": []}


def _kit(home: Path, name: str, data: bytes) -> dict[str, object]:
    root = home / ".local/share/kitops/storage"
    digest = _manifest(root, "application/vnd.cncf.model.", "weight.v1.raw", data, "blobs")
    return {"digest": f"sha256:{digest}", "annotations": {"org.opencontainers.image.ref.name": f"acme/{name}:1"}}


def _manifest(root: Path, kinds: str, kind: str, data: bytes, below: str) -> str:
    digest = stores.sha256(data)
    _write(root / "blobs/sha256" / digest, data)
    notes = {"org.cncf.model.filepath": "m.gguf"}
    layer = {"mediaType": f"{kinds}{kind}", "digest": f"sha256:{digest}", "size": len(data), "annotations": notes}
    manifest = json.dumps({"schemaVersion": 2, "layers": [layer]})
    _write(root / below / "sha256" / stores.sha256(manifest.encode()), manifest)
    return stores.sha256(manifest.encode())


_PUT: tuple[Callable[[Path, str, bytes], dict[str, object] | None], ...] = (
    _hub,
    _ollama,
    _lm_studio,
    _llama_cpp,
    _gpt4all,
    _jan,
    _modelscope,
    _ramalama,
    _docker,
    _kit,
)

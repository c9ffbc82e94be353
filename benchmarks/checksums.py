"""The figures of checksums: CPU and wall beside reading and hashing once, and beside other tools."""

import compileall
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import huggingface_hub

import licscan

COMMIT = "0123456789abcdef0123456789abcdef01234567"
_MIB = 1 << 20
_ROUNDS = 5
_BUFFER = 1 << 18
_ONCE, _TWICE = "reading and hashing", "the same by two threads"
_OURS_TWICE = "licscan, 2 at a time"


class Shards(NamedTuple):
    """A model of several shards in a cache of the Hub: cache, snapshot, shards, and what the Hub lists."""

    cache: Path
    snapshot: Path
    files: list[Path]
    tree: list[dict[str, object]]


class Cost(NamedTuple):
    """What a command cost, in seconds."""

    cpu: float
    wall: float


def _make(folder: Path, number: int, size: int) -> Shards:
    repository = folder / "cache" / "models--bench--shards"
    snapshot = repository / "snapshots" / COMMIT
    for place in (repository / "blobs", snapshot, repository / "refs", repository / "trees"):
        place.mkdir(parents=True)
    (repository / "refs" / "main").write_text(COMMIT)
    tree: list[dict[str, object]] = []
    listed = {}
    files = []
    for index in range(1, number + 1):
        name = f"model-{index:05}-of-{number:05}.safetensors"
        made = hashlib.sha256()
        part = folder / "part"
        with part.open("wb") as stream:
            block = os.urandom(_MIB)
            for turn in range(size // _MIB):
                data = turn.to_bytes(8, "little") + block[8:]
                stream.write(data)
                made.update(data)
            stream.flush()
            os.fsync(stream.fileno())  # only what is on the disk can be taken out of memory
        digest = made.hexdigest()
        part.rename(repository / "blobs" / digest)
        (snapshot / name).symlink_to(f"../../blobs/{digest}")
        files.append(repository / "blobs" / digest)
        large = {"oid": digest, "size": size, "pointerSize": 134}
        tree.append({"type": "file", "path": name, "size": size, "oid": "0" * 40, "lfs": large})
        listed[name] = {"size": size, "blob_id": "0" * 40, "lfs_sha256": digest, "lfs_size": size}
    (repository / "trees" / f"{COMMIT}.json").write_text(json.dumps({"format_version": 1, "files": listed}))
    return Shards(folder / "cache", snapshot, files, tree)


@contextmanager
def _hub(tree: list[dict[str, object]]) -> Iterator[str]:
    """Just enough of a hub for the library to compare with: it lists one tree."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(tree if "/tree/" in self.path else {}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def _floor(files: list[Path], threads: int = 1) -> Cost:
    """Reading and hashing once, in a process that is running already.

    With all processors at work each takes longer for the same: they share caches, memory and often a core.
    """
    cpu, wall = time.process_time(), time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(_hashed, files))
    return Cost(time.process_time() - cpu, time.perf_counter() - wall)


def _hashed(file: Path) -> str:
    buffer = bytearray(_BUFFER)
    view = memoryview(buffer)
    made = hashlib.sha256()
    with file.open("rb", buffering=0) as stream:
        while number := stream.readinto(buffer):
            made.update(view[:number])
    return made.hexdigest()


def _run(command: list[object], env: dict[str, str]) -> Cost:
    begun = time.perf_counter()
    running = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env)
    errors = running.stderr.read() if running.stderr else b""
    _, status, usage = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.stderr:
        running.stderr.close()
    if running.returncode:
        sys.exit(f"{command}: exit {running.returncode}: {errors.decode(errors='replace')}")
    return Cost(usage.ru_utime + usage.ru_stime, time.perf_counter() - begun)


def _forget(files: list[Path]) -> None:
    """Have the system forget what it has read of files."""
    for file in files:
        descriptor = os.open(file, os.O_RDONLY)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def _signed(folder: Path, shards: Shards, env: dict[str, str]) -> list[object] | None:
    """The command that has model_signing verify the shards; None where it is not on the path."""
    tool = shutil.which("model_signing")
    if tool is None:
        return None
    key, public, model = folder / "key.pem", folder / "public.pem", folder / "plain"
    model.mkdir()
    for number, file in enumerate(shards.files):
        (model / f"{number}.safetensors").hardlink_to(file)
    _run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key], env)
    _run(["openssl", "ec", "-in", key, "-pubout", "-out", public], env)
    signature = folder / "model.sig"
    _run([tool, "sign", "key", model, "--private_key", key, "--signature", signature], env)
    return [tool, "verify", "key", model, "--public_key", public, "--signature", signature]


def verify(number: int = 4, size: int = 512 * _MIB) -> None:
    """Shards of 2 GiB in a cache of the Hub, verified: CPU and wall, and the ratio to reading and hashing once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shards = _make(folder, number, size)
        with _hub(shards.tree) as url:
            env = {**os.environ, "HF_ENDPOINT": url, "HF_HUB_CACHE": str(shards.cache), "XDG_CACHE_HOME": name}
            env |= {"HF_HUB_DISABLE_TELEMETRY": "1", "HF_HOME": name, "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
            env.pop("HF_HUB_OFFLINE", None)
            _measure(folder, shards, env)


def _measure(folder: Path, shards: Shards, env: dict[str, str]) -> None:
    ours = [sys.executable, "-m", "licscan", "verify", "bench/shards", "--offline", "--strict", "-q"]
    hf = Path(sys.executable).with_name("hf")
    commands: dict[str, list[object]] = {
        "licscan, 1 at a time": [*ours, "--rehash", "--jobs=1"],
        _OURS_TWICE: [*ours, "--rehash", "--jobs=2"],
        "licscan, unchanged": [*ours],
        "openssl dgst -sha256": ["openssl", "dgst", "-sha256", *shards.files],
        "sha256sum": ["sha256sum", *shards.files],
        "hf cache verify": [hf, "cache", "verify", "bench/shards"],
    }
    signed = _signed(folder, shards, env)
    if signed:
        commands["model_signing verify"] = signed
    else:
        print("  model_signing is not on the path, and left out")
    for package in (licscan, huggingface_hub):  # as it is once somebody has installed it
        compileall.compile_dir(Path(str(package.__file__)).parent, quiet=2)
    _run([*ours, "--rehash"], env)  # brings the files into memory
    made: list[tuple[str, Callable[[], Cost]]] = [
        (_ONCE, lambda: _floor(shards.files)),
        (_TWICE, lambda: _floor(shards.files, 2)),
    ]
    made += [(name, lambda command=command: _run(command, env)) for name, command in commands.items()]  # type: ignore[misc]
    found: dict[str, list[Cost]] = {name: [] for name, _ in made}
    for _ in range(_ROUNDS):  # in turn, so that a busy moment meets all of them
        for name, run in made:
            found[name].append(run())
    total = sum(file.stat().st_size for file in shards.files)
    _print(found, total)
    for jobs in (1, 2):
        cold = []
        for _ in range(2):
            _forget(shards.files)
            cold.append(_run([*ours, "--rehash", f"--jobs={jobs}"], env))
        best = min(cold, key=lambda cost: cost.wall)
        print(f"  {f'licscan, {jobs} at a time, cold':26} {best.cpu:6.2f} s CPU, {best.wall:6.2f} s wall (best of 2)")


def _print(found: dict[str, list[Cost]], total: int) -> None:
    alone, both = ([cost.cpu for cost in found[name]] for name in (_ONCE, _TWICE))
    for name, costs in found.items():
        floors = both if name == _OURS_TWICE else alone
        cpu, wall = (statistics.median(getattr(cost, field) for cost in costs) for field in Cost._fields)
        ratio = statistics.median(cost.cpu / floor for cost, floor in zip(costs, floors, strict=True))
        goal = " (goal 1.10)" if name.startswith("licscan") and name.endswith("time") else ""
        print(f"  {name:26} {cpu:6.2f} s CPU, {wall:6.2f} s wall, ratio {ratio:.2f}{goal}")
    print(f"  over {total / 2**30:.0f} GiB in {_ROUNDS} rounds, medians; ratio of CPU within a round to {_ONCE!r},")
    print(f"  that of {_OURS_TWICE!r} to {_TWICE!r}")


def verify_small(number: int = 100_000) -> None:
    """Many small files that a list promises, verified for the first time and unchanged: CPU and wall."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "files"
        lines = []
        for index in range(number):
            place = folder / f"{index // 1000:03}"
            if index % 1000 == 0:
                place.mkdir(parents=True)
            data = f"{index}\n".encode() * 100
            (place / f"{index}.txt").write_bytes(data)
            lines.append(f"{hashlib.sha256(data).hexdigest()}  {index // 1000:03}/{index}.txt\n")
        (folder / "SHA256SUMS").write_text("".join(lines))
        env = {**os.environ, "XDG_CACHE_HOME": name}
        for what in ("first", "unchanged"):
            time.sleep(0.2)
            cost = _run([sys.executable, "-m", "licscan", "verify", folder, "-q"], env)
            print(f"  {number:,} files, {what:10} {cost.cpu:6.2f} s CPU, {cost.wall:6.2f} s wall")

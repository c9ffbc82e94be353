"""olah, a Hub server that nobody here wrote: alone over git repositories, and as a mirror in front of our own hub.

What it cannot do (blobs, expand, listings, refusals as the Hub gives them) is said where a test meets it.
"""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import ROOT
from tests.hub.records import time as wire_time
from tests.hub.values import Commit, Repository

OLAH = ROOT / ".venv-olah" / "bin" / "olah-cli"
_NOWHERE = "127.0.0.1:9"
_START_SECONDS = 60
_ATTEMPTS = 3


@contextmanager
def offline(folder: Path, repositories: Iterable[Repository]) -> Iterator[str]:
    """Serve repositories from git, without any Hub behind.

    Args:
        folder: An empty one, for the repositories and what olah keeps.
        repositories: Of names with an owner. Their commits get the names that git gives them, not ours.

    Yields:
        The address of the hub.
    """
    for repository in repositories:
        _keep(folder, repository)
    with _running(folder, upstream=f"http://{_NOWHERE}", alone=True) as url:
        yield url


@contextmanager
def proxy(folder: Path, upstream_url: str) -> Iterator[str]:
    """Serve what another hub serves, and keep it.

    Args:
        folder: An empty one, for what olah keeps.
        upstream_url: The other hub.

    Yields:
        The address of the mirror.
    """
    with _running(folder, upstream=upstream_url, alone=False) as url:
        yield url


def _keep(folder: Path, repository: Repository) -> None:
    """Make a git repository as `git lfs` leaves one: pointers in the commits, their objects beside."""
    if "/" not in repository.name:
        raise ValueError(f"olah needs an owner in {repository.name}")
    place = folder / "mirrors" / repository.kind / repository.name
    place.mkdir(parents=True)
    _git(place, "init", "--quiet", "--template=", "--initial-branch=main")
    _git(place, "fast-import", "--quiet", given=b"".join(_stream(repository)))
    for commit in repository.commits:
        for file in commit.files.values():
            if file.lfs:
                stored = place / ".git/lfs/objects" / file.sha256[:2] / file.sha256[2:4] / file.sha256
                stored.parent.mkdir(parents=True, exist_ok=True)
                stored.write_bytes(file.data)
    # Asked for no revision, olah looks into its cache for what the newest commit is, and offline it finds it only there.
    sha = _git(place, "rev-parse", "main").decode().strip()
    cached = folder / "repos/api" / repository.kind / repository.name / "revision" / sha / "meta_head.json"
    cached.parent.mkdir(parents=True)
    cached.write_text(json.dumps({"sha": sha, "lastModified": wire_time(repository.commits[-1].date)}))


def _stream(repository: Repository) -> Iterator[bytes]:
    """A history in the language of `git fast-import`."""
    marks = {commit.sha: f":{number}" for number, commit in enumerate(repository.commits, 1)}
    for commit in repository.commits:
        yield from _commit(commit, marks[commit.sha])
    for folder, refs in (("heads", repository.branches), ("tags", repository.tags)):
        for name, sha in refs.items():
            yield f"reset refs/{folder}/{name}\nfrom {marks[sha]}\n\n".encode()


def _commit(commit: Commit, mark: str) -> Iterator[bytes]:
    who = f"committer acme <acme@hub.invalid> {int(commit.date.timestamp())} +0000"
    title = commit.title.encode()
    yield f"commit refs/heads/main\nmark {mark}\n{who}\ndata {len(title)}\n".encode() + title + b"\ndeleteall\n"
    for path, file in commit.files.items():
        data = file.pointer if file.lfs else file.data
        yield f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"


def _git(place: Path, *arguments: str, given: bytes = b"") -> bytes:
    """Run git as nobody: no configuration of a user, and none of a hook that these tests may run in."""
    environment = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(
        ["git", *arguments], cwd=place, env=environment, input=given, capture_output=True, check=True
    ).stdout


@contextmanager
def _running(folder: Path, *, upstream: str, alone: bool) -> Iterator[str]:
    if not OLAH.exists():
        pytest.fail(f"{OLAH} is missing: `make test` makes it", pytrace=False)
    folder.mkdir(parents=True, exist_ok=True)
    process, url = _started(folder, upstream=upstream, alone=alone)
    try:
        yield url
    finally:
        _stopped(process)


def _started(folder: Path, *, upstream: str, alone: bool) -> tuple[subprocess.Popen[bytes], str]:
    """Start it; again on another port, where somebody else took the one that was free."""
    for _ in range(_ATTEMPTS):
        port = _free_port()
        _configure(folder, port, upstream, alone=alone)
        with (folder / "output.txt").open("ab") as output:
            process = subprocess.Popen(
                [OLAH, "--config", "olah.toml", "--log-path", "logs"],
                cwd=folder,
                # Nothing of the user's: no proxy between here and here, no token, no telemetry.
                env={"PATH": os.environ["PATH"], "HOME": str(folder), "HF_HUB_DISABLE_TELEMETRY": "1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        if _listens(process, port):
            return process, f"http://127.0.0.1:{port}"
        _stopped(process)
    pytest.fail(f"olah does not start:\n{(folder / 'output.txt').read_text()[-3000:]}", pytrace=False)


def _configure(folder: Path, port: int, upstream: str, *, alone: bool) -> None:
    address = urlsplit(upstream)
    here = f"127.0.0.1:{port}"
    settings = {
        "host": "127.0.0.1",
        "port": port,
        "repos-path": "repos",
        "hf-scheme": address.scheme,
        "hf-netloc": address.netloc,
        "hf-lfs-netloc": address.netloc,
        "mirror-scheme": "http",
        "mirror-netloc": here,
        "mirror-lfs-netloc": here,
        "mirrors-path": ["mirrors"] if alone else [],
        # Otherwise it answers for ten minutes with what was true before.
        "metadata-cache-ttl": 0,
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    text = "\n".join(["[basic]", *lines, "[accessibility]", f"offline = {json.dumps(alone)}", ""])
    (folder / "olah.toml").write_text(text)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            # Somebody else may listen there: then olah cannot, and ends.
            return process.poll() is None
    return False


def _stopped(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

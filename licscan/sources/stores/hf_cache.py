"""The cache of huggingface_hub, walked by ourselves: its own scan drops a whole repository for one broken link.

https://huggingface.co/docs/huggingface_hub/guides/manage-cache. A snapshot is a commit; its files are links to blobs
that are named by their digest, in the repository's own folder or in a store that all share. Where links are not to be
had, files are copies. llama.cpp keeps the same layout.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from licscan.errors import UnreadableError
from licscan.formats.bounded import read_file
from licscan.formats.names import is_read, text_kind
from licscan.formats.tree import Folder
from licscan.model import Evidence, Gap, GapId, ModelRef
from licscan.sources.stores.interface import COMMIT, SHA256, Held, Machine, Store, named, within
from licscan.sources.stores.records import read_json

_KINDS = {"models": "hf", "datasets": "dataset", "kernels": None}
_FOLDER = re.compile(r"(models|datasets|kernels|spaces)--(.+)")
_MOST_FILES = 100_000
_DEEPEST = 40
_SHOWN = 5


class HubCache(Store):
    """The cache of the Hugging Face Hub's client."""

    name = "hf-cache"

    def roots(self, machine: Machine) -> Iterator[Path]:
        """By the client's own order of variables, and llama.cpp's."""
        yield from machine.named("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "LLAMA_CACHE")
        yield from (home / "hub" for home in machine.named("HF_HOME"))
        yield machine.cache / "huggingface" / "hub"

    def is_root(self, folder: Folder) -> bool:
        """A folder of folders that are named by repositories."""
        return any(_FOLDER.fullmatch(name) for name in folder.folders)

    def find(self, root: Path) -> Iterator[Path | Gap]:
        """Every snapshot of every model, dataset and kernel; a repository without one is a gap."""
        for folder in sorted(_folders(root)):
            repository = _repository(folder)
            if repository is None:
                continue
            snapshots = sorted(path for path in _folders(folder / "snapshots") if any(path.iterdir()))
            yield from snapshots
            yield from _dangling(folder, {path.name for path in snapshots}, repository.name)

    def hold(self, path: Path) -> Held | None:
        """A snapshot, its files with the digests that their blobs are named by."""
        repository = _repository(path.parent.parent) if path.parent.name == "snapshots" else None
        if repository is None:
            return None
        held = Held(repository.name, is_data=True if repository.kind == "datasets" else None)
        commit = path.name if COMMIT.fullmatch(path.name) else None
        held.revision = commit
        evidence = Evidence(source=self.name, path=f"snapshots/{path.name}", quote=path.parent.parent.name)
        held.copy_of(_ref(repository, commit), evidence)
        _files(path, held)
        _tree(path, held)
        if commit is None:
            why = f"the snapshot is called {path.name}, which is no commit"
            held.gaps.append(Gap(id=GapId.REVISION_NOT_ESTABLISHED, what="at which commit this holds", why=why))
        return held

    def locate(self, ref: ModelRef, machine: Machine) -> Path | None:
        """The snapshot of a commit or branch, else of the main branch, in the first cache that has it."""
        kind = next((kind for kind, scheme in _KINDS.items() if scheme == ref.scheme), None)
        if kind is None:
            return None
        for root in self.roots(machine):
            folder = root / f"{kind}--{ref.name.replace('/', '--')}"
            name = ref.revision or "main"
            commit = name if COMMIT.fullmatch(name) else _commit(folder / "refs", name)
            if commit and (folder / "snapshots" / commit).is_dir():
                return folder / "snapshots" / commit
        return None


class _Repository(NamedTuple):
    kind: str
    name: str


def _repository(folder: Path) -> _Repository | None:
    found = _FOLDER.fullmatch(folder.name)
    if found is None or found[1] == "spaces":
        return None
    return _Repository(found[1], found[2].replace("--", "/"))


def _ref(repository: _Repository, commit: str | None) -> ModelRef | None:
    scheme = _KINDS[repository.kind]
    return named(scheme, repository.name, commit) if scheme else None


def _folders(path: Path) -> list[Path]:
    try:
        with os.scandir(path) as entries:
            return [Path(entry.path) for entry in entries if entry.is_dir()]
    except OSError:
        return []


def _commit(refs: Path, name: str) -> str | None:
    """The commit that a branch or tag is in a cache; None where it is none."""
    if within(name) != name:
        return None
    try:
        found = read_file(refs / name, 64).data.decode("ascii").strip()
    except (UnreadableError, ValueError):
        return None
    return found if COMMIT.fullmatch(found) else None


def _dangling(folder: Path, snapshots: set[str], name: str) -> Iterator[Gap]:
    """Revisions that are named, and of which nothing is there: a download that failed, or was cleaned away."""
    refs = folder / "refs"
    for ref in sorted(path for path in refs.rglob("*") if path.is_file()) if refs.is_dir() else ():
        commit = _commit(refs, ref.relative_to(refs).as_posix())
        if commit not in snapshots:
            why = f"{ref.relative_to(folder).as_posix()} names commit {commit or '?'}, of which no file is here"
            yield Gap(id=GapId.FILES_NOT_LISTED, what=f"what {name} is", why=f"{folder}: {why}")
            return
    if not snapshots:
        why = "the cache holds no snapshot of it; a download may have failed"
        yield Gap(id=GapId.FILES_NOT_LISTED, what=f"what {name} is", why=f"{folder}: {why}")


def _files(snapshot: Path, held: Held) -> None:
    """The files of a snapshot; a link that leads out of the cache is not followed."""
    repository = snapshot.parent.parent
    allowed = tuple(
        os.path.realpath(place) + os.sep for place in (repository / "blobs", repository.parent / "blobs", snapshot)
    )
    waiting = [(snapshot, "", 0)]
    while waiting:
        folder, below, depth = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            why = f"{below or '.'}: {(error.strerror or str(error)).lower()}"
            held.gaps.append(Gap(id=GapId.FILES_NOT_LISTED, what="all files of the model", why=why))
            continue
        for entry in listed:
            path = within(f"{below}{entry.name}")
            if path is None or len(held.files) >= _MOST_FILES:
                continue
            if entry.is_dir(follow_symlinks=False):
                if depth < _DEEPEST:
                    waiting.append((Path(entry.path), f"{path}/", depth + 1))
                continue
            if entry.is_symlink() and not _leads_inside(entry, path, allowed, held):
                continue
            held.files[path] = Path(entry.path)


def _leads_inside(entry: "os.DirEntry[str]", path: str, allowed: tuple[str, ...], held: Held) -> bool:
    blob = Path(entry.path).readlink().name
    if SHA256.fullmatch(blob):
        held.promised[path] = f"sha256:{blob}"
    elif COMMIT.fullmatch(blob):
        held.promised[path] = f"git-sha1:{blob}"
    if os.path.realpath(entry.path).startswith(allowed):
        return True
    why = f"{path}: a link that leads out of the cache, which is not followed"
    held.gaps.append(Gap(id=GapId.FILE_UNREADABLE, what=f"what {path} says", why=why))
    return False


def _tree(snapshot: Path, held: Held) -> None:
    """The commit's whole list of files with digests, where the client kept it: what is missing here is said."""
    path = snapshot.parent.parent / "trees" / f"{snapshot.name}.json"
    if not path.is_file():
        return
    try:
        listed = read_json(path)[0].get("files")
    except UnreadableError:
        return
    absent: list[str] = []
    for name, entry in listed.items() if isinstance(listed, dict) else ():
        if not isinstance(entry, dict) or within(name) != name:
            continue
        digest, blob = entry.get("lfs_sha256"), entry.get("blob_id")
        if isinstance(digest, str) and SHA256.fullmatch(digest):
            held.promised[name] = f"sha256:{digest}"
        elif isinstance(blob, str) and COMMIT.fullmatch(blob):
            held.promised.setdefault(name, f"git-sha1:{blob}")
        if name not in held.files:
            absent.append(name)
    _say_absent(absent, held)


def _say_absent(absent: list[str], held: Held) -> None:
    spoken = [name for name in absent if is_read(name)]
    for name in spoken[:_SHOWN]:
        what = "the license text that the model has" if text_kind(name) else f"what {name} says"
        why = f"{name} is part of the commit, and was not downloaded"
        held.gaps.append(
            Gap(id=GapId.LICENSE_TEXT_MISSING if text_kind(name) else GapId.NOT_LOOKED_AT, what=what, why=why)
        )
    if absent:
        held.notes.append(f"{len(absent)} of the {len(absent) + len(held.files)} files of the commit are not here")

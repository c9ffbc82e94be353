"""The cache of `huggingface_hub`: `models--org--name/{blobs,refs,snapshots,trees}`, blobs that repositories share.

A file of a snapshot is a link to a blob, and the name of a blob is its ETag, and so its digest; it may itself be a
link into `<cache>/blobs`. Where links are not to be had, snapshots hold copies.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from licscan.digests import Promise
from licscan.verify.copy import Copy, File, walk
from licscan.verify.folder import read_list, weigh_headers
from licscan.verify.promises_hub import COMMIT, etag_digest
from licscan.verify.small import read_head

_SCHEMES = {"models": "hf", "datasets": "dataset", "spaces": "space", "kernels": "kernel"}
_LONGEST_REF = 200


def root() -> Path:
    """Where the cache is, as the library decides it."""
    env = os.environ
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if env.get(name):
            return Path(env[name]).expanduser()
    home = env.get("HF_HOME") or os.path.join(env.get("XDG_CACHE_HOME") or "~/.cache", "huggingface")
    return Path(home).expanduser() / "hub"


def repository(scheme: str, name: str) -> Path:
    """The folder that the cache has, or would have, for a repository."""
    kind = next(kind for kind, one in _SCHEMES.items() if one == scheme)
    return root() / f"{kind}--{name.replace('/', '--')}"


def snapshot_of(place: Path) -> tuple[Path, Path] | None:
    """The snapshot that a place is or lies in, and its repository; None for any other place."""
    for one in (place, *place.parents):
        if one.parent.name == "snapshots" and "s--" in one.parent.parent.name:
            return one, one.parent.parent
    return None


def read_repository(place: Path, revision: str | None = None) -> Iterator[Copy]:
    """The snapshots of a repository.

    Args:
        place: Its folder.
        revision: A commit, branch or tag; all by default.
    """
    snapshots = place / "snapshots"
    commits = sorted(one.name for one in snapshots.iterdir() if one.is_dir()) if snapshots.is_dir() else []
    wanted = commit_of(place, revision) if revision else ""
    for commit in commits:
        if not revision or commit == wanted:
            yield read_snapshot(snapshots / commit, place)


def commit_of(place: Path, revision: str) -> str:
    """The commit that a revision was when it was last downloaded; the revision itself where nothing says it."""
    if COMMIT.fullmatch(revision) or ".." in revision.split("/"):
        return revision
    return read_head(str(place / "refs" / revision), _LONGEST_REF).decode("utf-8", "replace").strip() or revision


def read_snapshot(place: Path, repo: Path) -> Copy:
    """A snapshot as a copy: the promises are the list of its commit, and the names of its blobs."""
    scheme, name = _named(repo.name)
    commit = place.name
    revision = f"@{commit}" if COMMIT.fullmatch(commit) else ""
    copy = Copy(f"{name}@{commit[:12]}", str(place), f"{scheme}:{name}{revision}")
    blobs, shared = (os.path.realpath(one) for one in (repo / "blobs", repo.parent / "blobs"))
    for folder in walk(str(place), copy.troubles.append):
        for file in folder.files:
            found, digest = _file(file, blobs, shared)
            copy.files[file.path] = found
            if digest:
                copy.promises.append(Promise(file.path, "blob name", digest))
    tree = repo / "trees" / f"{commit}.json"
    if tree.exists():
        read_list(copy, str(tree))
    weigh_headers(copy)
    return copy


def _file(file: File, blobs: str, shared: str) -> tuple[File, str | None]:
    """A file of a snapshot, and the digest that its blob is named after."""
    if not file.link:
        return file, None
    # The link itself leads to the name that counts, wherever that blob may lie.
    target = os.path.normpath(os.path.join(os.path.dirname(file.place), file.link))
    parent = os.path.realpath(os.path.dirname(target))
    digest = etag_digest(os.path.basename(target)) if parent == blobs else None
    if file.gone:
        return file._replace(trouble="its blob is not there"), digest
    final = os.path.realpath(file.place)
    ours = any(final.startswith(os.path.join(one, "")) for one in (blobs, shared))
    return file._replace(note="" if ours else f"a link that leads out of the cache, to {final}"), digest


def _named(folder: str) -> tuple[str, str]:
    """Scheme and name of a repository, of the name of its folder; no name of the Hub has `--` in it."""
    kind, _, name = folder.partition("--")
    return _SCHEMES.get(kind, "hf"), name.replace("--", "/")

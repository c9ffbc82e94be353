"""What `huggingface_hub` leaves beside the files that it downloads: lists of trees, ETags, and the names of blobs.

Files of `trees/<commit>.json` are `{"format_version": 1, "files": {path: {size, blob_id, lfs_sha256?, lfs_size?}}}`; an
ETag is the SHA-256 of a file that lies beside git, and the SHA-1 of git's object of any other.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from licscan.digests import Promise, written
from licscan.verify.small import inside, size_of

COMMIT = re.compile(r"[0-9a-f]{40}")

_VERSION = 1
_SHA256 = 64
_SHA1 = 40
_SHA512 = 128


def read_tree(said: Mapping[str, Any], source: str) -> tuple[list[Promise], int] | None:
    """What a list of a repository's files at a commit promises, and how many entries mean nothing.

    None where the list is written in words that are not known.
    """
    files = said.get("files")
    if said.get("format_version") != _VERSION or not isinstance(files, dict):
        return None
    found: list[Promise] = []
    for name, entry in files.items():
        path = inside(name)
        if path and isinstance(entry, dict):
            found.append(_entry(path, entry, source))
    return found, len(files) - len(found)


def _entry(path: str, entry: Mapping[str, Any], source: str) -> Promise:
    if entry.get("lfs_sha256") is not None:
        # The git object of a large file is its pointer: that promises nothing of the file.
        size = size_of(entry.get("lfs_size"))
        return Promise(path, source, written("sha256", entry["lfs_sha256"]), size)
    return Promise(path, source, written("git-sha1", entry.get("blob_id")), size_of(entry.get("size")))


def etag_digest(etag: str) -> str | None:
    """The digest that an ETag of the Hub, or the name of a blob, is; None where it is none."""
    name = etag.strip().strip('"').lower()
    return (
        written("sha256", name) if len(name) == _SHA256 else written("git-sha1", name) if len(name) == _SHA1 else None
    )


def read_metadata(text: str) -> tuple[str, str | None] | None:
    """Commit and digest of a downloaded file, as `<path>.metadata` says them; None where it says neither."""
    lines = text.split("\n")
    if len(lines) < 2 or not COMMIT.fullmatch(lines[0].strip()):  # noqa: PLR2004 - commit, ETag, time
        return None
    return lines[0].strip(), etag_digest(lines[1])


def oci_digest(said: object) -> str | None:
    """A digest as manifests write it, `sha256:hex`; None for any other."""
    if not isinstance(said, str):
        return None
    algorithm, _, value = said.partition(":")
    return written(algorithm, value) if algorithm in {"sha256", "sha512"} else None


def named_by_digest(folder: str, name: str) -> str | None:
    """The digest that the name of a blob is, in a content-addressed store; None for any other file.

    Args:
        folder: The folders that it lies in, with `/`.
        name: The file's name: `sha256-<hex>` in `blobs` (Ollama), `<hex>` in `blobs/sha256` (OCI).
    """
    if folder.endswith(("blobs/sha256", "blobs/sha512")):
        return written(folder[-6:], name)
    if folder.endswith("blobs") and name.startswith("sha256-"):
        return written("sha256", name.removeprefix("sha256-"))
    return None


def pairs(said: Mapping[str, Any]) -> Iterator[tuple[str, str | None, int | None, str]]:
    """Config and layers of an image manifest: media type, digest, size, and the name that a file of it bears."""
    layers = said.get("layers")
    for one in (said.get("config"), *(layers if isinstance(layers, list) else ())):
        if isinstance(one, dict):
            notes = one.get("annotations")
            title = notes.get("org.opencontainers.image.title") if isinstance(notes, dict) else one.get("name")
            media = one.get("mediaType")
            yield str(media or ""), oci_digest(one.get("digest")), size_of(one.get("size")), str(title or "")

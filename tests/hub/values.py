"""What a hub is made of: files, commits, repositories and collections."""

import datetime
import hashlib
import json
import struct
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any

from tests.hub.contents import front_matter

LFS_FROM = 1 << 16
LFS_SUFFIXES = (".safetensors", ".gguf", ".bin", ".onnx")
FIRST_DAY = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)


def git_hash(kind: str, data: bytes) -> str:
    """The name of a git object."""
    return hashlib.sha1(f"{kind} {len(data)}\0".encode() + data, usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class File:
    """A file at a commit, kept in git or, when large or weights, beside it (LFS)."""

    data: bytes
    lfs: bool = False

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def pointer(self) -> bytes:
        return f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.sha256}\nsize {len(self.data)}\n".encode()

    @cached_property
    def blob_id(self) -> str:
        """The git object: of an LFS file that is its pointer."""
        return git_hash("blob", self.pointer if self.lfs else self.data)

    @property
    def etag(self) -> str:
        """What the Hub calls the content: the digest beside git, or the git object."""
        return self.sha256 if self.lfs else self.blob_id

    @cached_property
    def parameters(self) -> Counter[str]:
        """How many numbers of each type a safetensors file holds; none where it is not sound, as the Hub has it."""
        counts: Counter[str] = Counter()
        try:
            (length,) = struct.unpack("<Q", self.data[:8])
            for name, tensor in json.loads(self.data[8 : 8 + length]).items():
                if name != "__metadata__":
                    counts[tensor["dtype"]] += prod(tensor["shape"])
        except (struct.error, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return Counter()
        return counts


@dataclass(frozen=True)
class Commit:
    """A state of a repository."""

    sha: str
    date: datetime.datetime
    title: str
    files: Mapping[str, File]

    @cached_property
    def front(self) -> dict[str, Any]:
        """The fields of the card."""
        return front_matter(self.files["README.md"].data) if "README.md" in self.files else {}


@dataclass
class Repository:
    """A model or dataset with its history, newest commit last."""

    name: str
    kind: str = "models"
    commits: list[Commit] = field(default_factory=list)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    gated: str | bool = False
    private: bool = False
    disabled: bool = False
    metadata: dict[str, Any] = field(default_factory=dict)

    def commit(
        self, title: str, files: Mapping[str, bytes | str | None], date: datetime.datetime | None = None
    ) -> "Repository":
        """Add a commit that changes some files (None removes one); the repository itself, to go on with."""
        kept = dict(self.commits[-1].files) if self.commits else {}
        for path, content in files.items():
            if content is None:
                kept.pop(path, None)
                continue
            data = content.encode() if isinstance(content, str) else content
            kept[path] = File(data, lfs=path.endswith(LFS_SUFFIXES) or len(data) >= LFS_FROM)
        tree = "".join(f"{path}\0{file.blob_id}" for path, file in sorted(kept.items()))
        sha = hashlib.sha1(f"{self.name}\0{len(self.commits)}\0{tree}".encode(), usedforsecurity=False).hexdigest()
        usual = FIRST_DAY + datetime.timedelta(days=30 * len(self.commits))
        self.commits.append(Commit(sha, date or usual, title, dict(sorted(kept.items()))))
        self.branches["main"] = sha
        return self

    def at(self, revision: str | None) -> Commit | None:
        """The commit that a branch, tag or commit names."""
        wanted = revision or "main"
        sha = self.branches.get(wanted) or self.tags.get(wanted) or wanted
        return next((commit for commit in self.commits if commit.sha == sha), None)


@dataclass(frozen=True)
class Collection:
    """A named list of things on a hub.

    Attributes:
        slug: `namespace/title-in-words-<24 hex digits>`.
        title: For people.
        items: Type (model, dataset, space, paper) and id of each.
    """

    slug: str
    title: str
    items: tuple[tuple[str, str], ...] = ()

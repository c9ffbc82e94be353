"""What every store of models offers, and what it says of a model that it holds."""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from licscan.digests import Promise
from licscan.errors import UsageError
from licscan.formats.packed import PackedFile
from licscan.formats.tree import Folder, list_folder, walk
from licscan.model import Claim, DeclaredBase, Evidence, Gap, Identity, ModelRef

DIGEST = re.compile(r"sha256[:-]([0-9a-fA-F]{64})")
COMMIT = re.compile(r"[0-9a-f]{40}")
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Machine:
    """Where tools look for their stores: a home folder, the environment, the kind of system."""

    home: Path
    environment: Mapping[str, str]
    system: str

    @classmethod
    def this(cls) -> "Machine":
        """The machine and user that licscan runs as."""
        return cls(Path.home(), os.environ, sys.platform)

    def named(self, *names: str) -> Iterator[Path]:
        """The folders that variables of the environment name."""
        for name in names:
            if value := self.environment.get(name, "").strip():
                yield self.place(value)

    def place(self, text: str) -> Path:
        """A path as a variable or setting writes it."""
        return self.home / text.removeprefix("~").lstrip("/\\") if text.startswith("~") else Path(text)

    @property
    def cache(self) -> Path:
        """Where caches of Unix programs lie."""
        return next(self.named("XDG_CACHE_HOME"), self.home / ".cache")

    @property
    def data(self) -> Path:
        """Where data of programs with a window lie."""
        if self.system == "darwin":
            return self.home / "Library" / "Application Support"
        if self.system == "win32":
            return next(self.named("APPDATA"), self.home / "AppData" / "Roaming")
        return next(self.named("XDG_DATA_HOME"), self.home / ".local" / "share")

    @property
    def local(self) -> Path:
        """Where data lie that programs of a terminal keep on this machine alone."""
        if self.system == "darwin":
            return self.home / "Library" / "Caches"
        if self.system == "win32":
            return next(self.named("LOCALAPPDATA"), self.home / "AppData" / "Local")
        return self.data


@dataclass(slots=True)
class Held:
    """A model as a store holds it.

    Attributes:
        name: What to call it.
        files: Where the bytes of each of its files lie, by its path in the model.
        texts: Files that lie inside of others, such as the archive of a layer: their bytes.
        packed: Weights that lie inside of others, with what their headers say.
        promised: Digests that the store states, by the same paths, as `algorithm:hex`.
        sizes: Sizes that it states, in bytes.
        revision: What the store proves it to be: a commit, the digest of a manifest; None where it proves nothing.
        same_as: The models of other places that it is a copy of.
        claims: Licenses that the store's own records state.
        bases: Models that the store's own records say it comes from.
        gaps: What is not there, or leads elsewhere.
        notes: What a reader must know besides.
        is_data: Whether it is a dataset; None where its files tell.
        besides: What else was read of it, for the revision of what was looked at.
    """

    name: str
    files: dict[str, Path] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)
    packed: dict[str, PackedFile] = field(default_factory=dict)
    promised: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    revision: str | None = None
    same_as: list[Identity] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    bases: list[DeclaredBase] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_data: bool | None = None
    besides: bytes = b""

    def promises(self, source: str) -> Iterator[Promise]:
        """What the store's records promise of each file that they name.

        Args:
            source: What the store is called.
        """
        for path in sorted({*self.promised, *self.sizes} & {*self.files}):
            yield Promise(path, f"records of {source}", self.promised.get(path), self.sizes.get(path))

    def state(self, path: str, where: Path, digest: str, size: object = None) -> None:
        """Take a file with its digest and, where it is one, its size."""
        self.files[path], self.promised[path] = where, f"sha256:{digest}"
        if isinstance(size, int) and not isinstance(size, bool) and size >= 0:
            self.sizes[path] = size

    def copy_of(self, ref: ModelRef | None, evidence: Evidence) -> None:
        """Say which model it is a copy of, where that is a name."""
        if ref is not None:
            self.same_as.append(Identity(ref=ref, evidence=evidence))


class Store:
    """A kind of store. What a kind does not have is left as it is here."""

    name = ""

    def roots(self, _machine: Machine) -> Iterator[Path]:
        """Where such stores lie on a machine, whether they exist or not."""
        return iter(())

    def is_root(self, _folder: Folder) -> bool:
        """Whether a folder is the top of such a store, by what lies in it."""
        return False

    def find(self, _root: Path) -> Iterator[Path | Gap]:
        """The models in a store, each as the path that `hold` knows, and gaps for what is there and is none."""
        return iter(())

    def hold(self, _path: Path) -> Held | None:
        """What the store says of the model at a path; None where that is not in such a store.

        Raises:
            UnreadableError: It is, and cannot be read.
        """
        return None

    def locate(self, _ref: ModelRef, _machine: Machine) -> Path | None:
        """Where a model of that name lies on a machine; None for names that are not the store's."""
        return None

    def call(self, _path: Path, _machine: Machine) -> ModelRef | None:
        """The name of the model at a path, where the store of this machine knows it by one."""
        return None


def folder_ref(path: Path) -> ModelRef:
    """The reference of a path, relative below the working folder, so that reports read the same anywhere."""
    try:
        path = path.absolute().relative_to(Path.cwd())
    except ValueError:
        path = path.absolute()
    return ModelRef(scheme="file", name=path.as_posix())


def named(scheme: str, name: str, revision: str | None = None) -> ModelRef | None:
    """A reference, or None where the name means nothing in its place."""
    try:
        return ModelRef.parse(f"{scheme}:{name}").at(revision)
    except (UsageError, ValueError):
        return None


def folders(path: Path) -> list[Path]:
    """The folders in a folder, sorted, links to folders left out; none where it cannot be entered."""
    try:
        return [path / name for name in list_folder(path).folders]
    except OSError:
        return []


def files_in(path: Path) -> list[Path]:
    """The files in a folder, sorted; none where it cannot be entered."""
    try:
        return [path / name for name in list_folder(path).files if not name.startswith(".")]
    except OSError:
        return []


def walk_files(path: Path) -> dict[str, Path]:
    """All files below a folder, by their paths in it."""
    found: dict[str, Path] = {}
    for folder in walk(path, lambda *_: None):
        for name in folder.files:
            if inside := within((folder.path / name).relative_to(path).as_posix()):
                found[inside] = folder.path / name
    return found


def within(name: str) -> str | None:
    """A path inside a model as a store's record writes it; None where it leads out of it or is none."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or len(name) > 1000 or parts[0] == "/" or ":" in parts[0] or ".." in parts:  # noqa: PLR2004
        return None
    return "/".join(parts) if name.isprintable() else None

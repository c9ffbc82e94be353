"""Models on this machine: in plain folders, as training tools and packages leave them, and in the stores of tools."""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeVar

from licscan import formats
from licscan.errors import NotFoundError, OfflineError, UnreadableError
from licscan.formats import identify, python_package, weight_format
from licscan.formats.bounded import Content, read_file, sha256_of
from licscan.formats.header import Header
from licscan.formats.listing import Listed, Listing, find_models, list_file, list_files, list_held, revision
from licscan.formats.model_files import read
from licscan.formats.python_package import Package
from licscan.formats.tree import Folder
from licscan.model import (
    Claim,
    DeclaredBase,
    Evidence,
    FileStatus,
    Gap,
    GapId,
    Identity,
    Loaded,
    Model,
    ModelRef,
    Pin,
    Place,
    Subject,
    WeightFile,
)
from licscan.sources import stores
from licscan.sources.interface import Found, Reach
from licscan.sources.stores import Held, Machine, Store, folder_ref

Stated = TypeVar("Stated", Claim, DeclaredBase, Identity)

HERE = "here:"

_HIGHEST = 6
# So large a file is hashed in 25 ms; larger ones only for those who ask for it.
_SMALL = 32 << 20


class FolderSource:
    """Models on this machine: in folders, whose revision is a digest of all that was looked at, and in stores."""

    name = "folder"
    schemes = frozenset({"file", "ollama", "modelscope", "oci"})
    needs_network = False

    def __init__(self, reach: Reach | None = None, machine: Machine | None = None) -> None:
        self._packages: dict[Path, list[tuple[Package, frozenset[str]]]] = {}
        self._machine = machine or Machine.this()
        self._hash_all = bool(reach and reach.hash_all)

    @property
    def origin(self) -> str | None:
        """None: no server is asked."""
        return None

    def means(self, target: str) -> bool:
        """Whether it is the name for all stores of this machine; folders are paths."""
        return target == HERE

    def find(self, target: str) -> Iterator[Found]:
        """Every model in a file or folder, and a gap for each folder that could not be entered.

        A folder is a model where weights, a model configuration or a model card lie in it. What lies below belongs to
        it, except where a folder below has a card of its own. A store of models is walked as its tool lays it out.
        """
        if target == HERE:
            for store, root in stores.here(self._machine):
                yield from self._stored(store, root)
            return
        path = Path(target)
        if path.is_file():
            if weight_format(path.name) is not None or stores.hold(path.absolute()) or identify(path):
                yield folder_ref(path)
            return
        gaps: list[Gap] = []
        found: list[tuple[Store, Path]] = []

        def is_store(folder: Folder) -> bool:
            store = stores.store_of(folder)
            if store is not None:
                found.append((store, folder.path))
            return store is not None

        for folder in find_models(path, lambda place, why: gaps.append(_closed(place, why)), is_store):
            yield folder_ref(folder)
        for store, root in found:
            yield from self._stored(store, root)
        yield from gaps

    def pin(self, ref: ModelRef, _before: Pin | None = None) -> Pin:
        """The model at what its store proves, or at a digest of all that is looked at.

        Raises:
            UnreadableError: There is no such file, folder or model.
        """
        place = self._place(ref)
        if ref.scheme != "file":
            return Pin(ref.at(place.held.revision if place.held else None))
        package = self._package(place.root)
        besides = package[0].digest.encode() if package else b""
        if place.held:
            besides += place.held.besides + repr(sorted(place.held.texts.items())).encode()
        return Pin(ref.at(revision(place.where, place.listing.files, besides)))

    def holds(self, pin: Pin, model: Model) -> bool:
        """Whether the facts are this source's, and nothing that they were read from went missing since."""
        if self._hash_all and any(file.sha256 is None for file in model.files):
            return False
        if pin.ref.scheme == "file":
            return True  # the revision is a digest of all that is read
        held = self._place(pin.ref).held
        return model.source != "rules" and held is not None and all(path.exists() for path in held.files.values())

    def load(self, pin: Pin) -> Loaded:
        """Everything that the files and their store say.

        Raises:
            UnreadableError: There is no such file, folder or model.
        """
        ref = pin.ref
        place = self._place(ref)
        held = place.held or Held(place.root.name or str(place.root))
        source = place.store.name if place.store else self.name
        model = read(_Contents(place, ref, source), ref, held.name, is_data=bool(held.is_data))
        claims = [*model.claims, *(_at(claim, ref.revision) for claim in held.claims)]
        package = self._package(place.root)
        if package is not None:
            claims += _package_claims(*package, Evidence(source=self.name, revision=ref.revision))
        added = {
            "files": tuple(self._hashed(file, place) for file in model.files),
            "claims": tuple(claims),
            "bases": (*model.bases, *(_at(base, ref.revision) for base in held.bases)),
            "same_as": tuple(_at(same, ref.revision) for same in held.same_as if same.ref.at(None) != ref.at(None)),
            "gaps": (*held.gaps, *model.gaps),
            "notes": (*held.notes, *model.notes),
        }
        return Loaded(model.model_copy(update=added))

    def read(self, ref: ModelRef, _kept: Mapping[str, bytes]) -> Model:
        """Not possible: the files are there to be read again, and no copies of them are kept.

        Raises:
            UnreadableError: Always.
        """
        raise UnreadableError("no copies of local files are kept", where=str(ref))

    def waiting(self) -> str:
        """Nothing: files are there or not."""
        return ""

    def close(self) -> None:
        """Nothing is open."""

    def _hashed(self, file: WeightFile, place: "_Place") -> WeightFile:
        """A weight file with its digest, where it is small or every one is wanted."""
        if file.status is FileStatus.MISSING or (file.size > _SMALL and not self._hash_all):
            return file
        return file.model_copy(update={"sha256": sha256_of(place.where(file.path))})

    def _stored(self, store: Store, root: Path) -> Iterator[Found]:
        for found in store.find(root):
            yield found if isinstance(found, Gap) else stores.ref_of(found, self._machine)

    def _place(self, ref: ModelRef) -> "_Place":
        if ref.scheme == "file":
            return _placed(Path(ref.name))
        path = stores.locate(ref, self._machine)
        if path is None:
            raise OfflineError("no store of this machine has it, and its registry is not asked", where=str(ref))
        return _placed(path)

    def _package(self, root: Path) -> tuple[Package, str] | None:
        """The Python package that installed a folder, and the path of its metadata from there."""
        absolute = root.absolute()
        for up, site in enumerate(list(absolute.parents)[:_HIGHEST], 1):
            below = PurePosixPath(*absolute.parts[-up:]).as_posix() + "/"
            for package, tops in self._packages_in(site):
                if absolute.parts[-up] in tops and any(file.startswith(below) for file in package.files):
                    return package, "../" * up + package.metadata.relative_to(site).as_posix()
        return None

    def _packages_in(self, site: Path) -> list[tuple[Package, frozenset[str]]]:
        """The packages installed into a folder, each with the top-level names that it brought."""
        if site not in self._packages:
            # Built whole before others see it: several threads ask.
            self._packages[site] = list(_installed(site))
        return self._packages[site]


class _Place(NamedTuple):
    """Where a model lies: its root, its files, and what a store says of it."""

    root: Path
    listing: Listing
    store: Store | None = None
    held: Held | None = None

    def where(self, path: str) -> Path:
        """Where the bytes of one of its files lie."""
        return self.held.files.get(path, self.root / path) if self.held else self.root / path


class _Contents:
    """The files of a model on this machine."""

    def __init__(self, place: _Place, ref: ModelRef, source: str) -> None:
        self.listing = place.listing
        self._place = place
        self._whole = Evidence(source=source, revision=ref.revision)

    def at(self, path: str | None) -> Evidence:
        return self._whole.model_copy(update={"path": path})

    def read(self, path: str, limit: int) -> Content:
        if (held := self._place.held) and path in held.texts and path not in held.files:
            data = held.texts[path]
            return Content(data[:limit], len(data), len(data) <= limit)
        return read_file(self._place.where(path), limit)

    def header(self, path: str) -> Header:
        return formats.read(self._place.where(path), path.rpartition("/")[2])


def _placed(path: Path) -> _Place:
    try:
        found = stores.hold(path.absolute())
        if found is not None:
            store, held = found
            listing = list_held(held.files, held.promised)
            inside = (Listed(name, len(data)) for name, data in held.texts.items() if name not in held.files)
            return _Place(path, listing._replace(files=tuple(sorted((*listing.files, *inside)))), store, held)
        if path.is_file():
            return _Place(path.parent, list_file(path))
        if path.is_dir():
            return _Place(path, list_files(path))
    except OSError as error:
        raise UnreadableError((error.strerror or str(error)).lower(), where=str(path)) from error
    raise NotFoundError("no such file or folder", where=str(path))


def _package_claims(package: Package, path: str, at: Evidence) -> Iterator[Claim]:
    for stated in package.stated:
        quote = f"{package.name} {package.version}: {stated.key}: {stated.value}"[:300]
        here = at.model_copy(update={"path": path, "lines": (stated.line, stated.line), "quote": quote})
        yield Claim(subject=Subject.WEIGHTS, place=Place.PACKAGE, stated=stated.value, evidence=here)


def _installed(site: Path) -> Iterator[tuple[Package, frozenset[str]]]:
    for folder in sorted(site.glob("*.dist-info")):
        try:
            package = python_package.read(folder)
        except UnreadableError:
            continue  # an installation without RECORD claims no files
        yield package, frozenset(file.partition("/")[0] for file in package.files)


def _closed(place: Path, why: str) -> Gap:
    return Gap(id=GapId.FILE_UNREADABLE, what="which models are there", why=f"{place}: {why}")


def _at(value: Stated, revision: str | None) -> Stated:
    """A statement of a store, with the revision that it was read at."""
    return value.model_copy(update={"evidence": value.evidence.model_copy(update={"revision": revision})})

"""Models on this machine: in plain folders, as training tools and packages leave them, and in the stores of tools."""

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

from licscan import formats
from licscan.errors import HeaderError, NotFoundError, OfflineError, UnreadableError
from licscan.formats import identify, weight_format
from licscan.formats.bounded import Content, read_file
from licscan.formats.header import Header
from licscan.formats.listing import SMALL, Listed, Listing, find_models, list_file, list_files, list_held, revision
from licscan.formats.model_files import read
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
    WeightFile,
)
from licscan.sources import stores
from licscan.sources.interface import Found, OnDisk, Reach
from licscan.sources.packages import Packages
from licscan.sources.stores import Held, Machine, Store, folder_ref

Stated = TypeVar("Stated", Claim, DeclaredBase, Identity)

HERE = "here:"

# Of so many models it is remembered where they lie, from one question about them to the next.
_REMEMBERED = 256


class FolderSource:
    """Models on this machine: in folders, whose revision is a digest of all that was looked at, and in stores."""

    name = "folder"
    schemes = frozenset({"file", "ollama", "modelscope", "oci"})
    needs_network = False

    def __init__(self, reach: Reach | None = None, machine: Machine | None = None) -> None:
        reach = reach or Reach()
        self._packages = Packages()
        self._machine = machine or Machine.this()
        self._hash_all = reach.hash_all
        self._digests = reach.digests
        self._lock = threading.Lock()
        self._places: dict[ModelRef, _Place] = {}

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
        place = self._now(ref)
        if ref.scheme != "file":
            return self._pinned(ref.at(place.held.revision if place.held else None), place)
        carrier = self._packages.of(place.root)
        besides = carrier.package.digest.encode() if carrier else b""
        if place.held:
            besides += place.held.besides + repr(sorted(place.held.texts.items())).encode()
        return self._pinned(ref.at(revision(place.where, place.listing.files, besides, self._digest)), place)

    def holds(self, pin: Pin, model: Model) -> bool:
        """Whether the facts are this source's, and nothing that they were read from changed or went missing since."""
        if self._hash_all and any(file.sha256 is None for file in model.files):
            return False
        place = self._place(pin.ref)
        if pin.ref.scheme != "file":  # else the revision is a digest of all that is read
            gone = place.held is None or not all(path.exists() for path in place.held.files.values())
            if gone or model.source == "rules":
                return False
        hashed = ((file, place.where(file.path)) for file in model.files if file.sha256)
        return all(file.sha256 == self._digest(where, read=self._is_hashed(file)) for file, where in hashed)

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
        if carrier := self._packages.of(place.root):
            claims += carrier.claims(Evidence(source=self.name, revision=ref.revision))
        added = {
            "files": tuple(self._hashed(file, place) for file in model.files),
            "claims": tuple(claims),
            "bases": (*model.bases, *(_at(base, ref.revision) for base in held.bases)),
            "same_as": tuple(_at(same, ref.revision) for same in held.same_as if same.ref.at(None) != ref.at(None)),
            "gaps": (*held.gaps, *model.gaps),
            "notes": (*held.notes, *model.notes),
        }
        return Loaded(model.model_copy(update=added))

    def on_disk(self, ref: ModelRef) -> OnDisk | None:
        """Where the bytes of a model lie, with what its store promises of them."""
        try:
            place = self._place(ref)
        except UnreadableError:
            return None
        if place.held is None or place.store is None:
            return OnDisk(Path(ref.name)) if ref.scheme == "file" else None
        return OnDisk(place.at, place.held.files, tuple(place.held.promises(place.store.name)))

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
        if file.status is FileStatus.MISSING or not self._is_hashed(file):
            return file
        return file.model_copy(update={"sha256": self._digest(place.where(file.path))})

    def _is_hashed(self, file: WeightFile) -> bool:
        return file.size <= SMALL or self._hash_all

    def _digest(self, path: Path, *, read: bool = True) -> str | None:
        return self._digests.sha256(path, read=read)

    def _stored(self, store: Store, root: Path) -> Iterator[Found]:
        for found in store.find(root):
            yield found if isinstance(found, Gap) else stores.ref_of(found, self._machine)

    def _now(self, ref: ModelRef) -> "_Place":
        """Where a model lies now.

        Raises:
            UnreadableError: Nowhere.
        """
        path = Path(ref.name) if ref.scheme == "file" else stores.locate(ref, self._machine)
        if path is None:
            raise OfflineError("no store of this machine has it, and its registry is not asked", where=str(ref))
        return _placed(path)

    def _place(self, ref: ModelRef) -> "_Place":
        """Where a model lay when it was pinned."""
        with self._lock:
            place = self._places.get(ref)
        return place or self._now(ref)

    def _pinned(self, ref: ModelRef, place: "_Place") -> Pin:
        with self._lock:
            self._places[ref] = place
            if len(self._places) > _REMEMBERED:
                del self._places[next(iter(self._places))]
        return Pin(ref)


class _Place(NamedTuple):
    """Where a model lies: by which path it is found, its root, its files, and what a store says of it."""

    at: Path
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
        if (held := self._place.held) and (packed := held.packed.get(path)) and path not in held.files:
            if packed.header is None:
                raise HeaderError(packed.why, where=path)
            return packed.header
        return formats.read(self._place.where(path), path.rpartition("/")[2])


def _placed(path: Path) -> _Place:
    try:
        found = stores.hold(path.absolute())
        if found is not None:
            store, held = found
            listing = list_held(held.files, held.promised)
            inside = [Listed(name, len(data)) for name, data in held.texts.items()]
            inside += [Listed(name, file.size, content=file.format) for name, file in held.packed.items()]
            files = sorted((*listing.files, *(one for one in inside if one.path not in held.files)))
            return _Place(path, path, listing._replace(files=tuple(files)), store, held)
        if path.is_file():
            return _Place(path, path.parent, list_file(path))
        if path.is_dir():
            return _Place(path, path, list_files(path))
    except OSError as error:
        raise UnreadableError((error.strerror or str(error)).lower(), where=str(path)) from error
    raise NotFoundError("no such file or folder", where=str(path))


def _closed(place: Path, why: str) -> Gap:
    return Gap(id=GapId.FILE_UNREADABLE, what="which models are there", why=f"{place}: {why}")


def _at(value: Stated, revision: str | None) -> Stated:
    """A statement of a store, with the revision that it was read at."""
    return value.model_copy(update={"evidence": value.evidence.model_copy(update={"revision": revision})})

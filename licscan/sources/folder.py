"""Models in plain folders: as training tools, downloads and Python packages leave them on disk."""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from licscan import formats
from licscan.errors import NotFoundError, UnreadableError
from licscan.formats import identify, python_package, weight_format
from licscan.formats.bounded import Content, read_file
from licscan.formats.header import Header
from licscan.formats.listing import Listing, find_models, list_file, list_files, revision
from licscan.formats.model_files import read
from licscan.formats.python_package import Package
from licscan.model import Claim, Evidence, Gap, GapId, Loaded, Model, ModelRef, Pin, Place, Subject
from licscan.sources.interface import Found, Reach

_HIGHEST = 6


class FolderSource:
    """Models in plain folders; the scheme is `file`, the revision a digest of all that was looked at."""

    name = "folder"
    schemes = frozenset({"file"})
    needs_network = False

    def __init__(self, _reach: Reach | None = None) -> None:
        self._packages: dict[Path, list[tuple[Package, frozenset[str]]]] = {}

    @property
    def origin(self) -> str | None:
        """None: no server is asked."""
        return None

    def means(self, _target: str) -> bool:
        """Never: folders are paths."""
        return False

    def find(self, target: str) -> Iterator[Found]:
        """Every model in a file or folder, and a gap for each folder that could not be entered.

        A folder is a model where weights, a model configuration or a model card lie in it. What lies below belongs to
        it, except where a folder below has a card of its own.
        """
        path = Path(target)
        if path.is_file():
            if weight_format(path.name) is not None or identify(path):
                yield _ref(path)
            return
        gaps: list[Gap] = []
        for folder in find_models(path, lambda place, why: gaps.append(_closed(place, why))):
            yield _ref(folder)
        yield from gaps

    def pin(self, ref: ModelRef, _before: Pin | None = None) -> Pin:
        """The model at a digest of all that is looked at, the metadata of the package around it included.

        Raises:
            UnreadableError: There is no such file or folder.
        """
        root, listing = _listing(Path(ref.name))
        package = self._package(root)
        besides = package[0].digest.encode() if package else b""
        return Pin(ref.at(revision(root, listing.files, besides)))

    def holds(self, _pin: Pin, _model: Model) -> bool:
        """Always: the revision is a digest of all that is read."""
        return True

    def load(self, pin: Pin) -> Loaded:
        """Everything that the files say.

        Raises:
            UnreadableError: There is no such file or folder.
        """
        ref = pin.ref
        root, listing = _listing(Path(ref.name))
        model = read(_FolderContents(root, listing, ref, self.name), ref, root.name or str(root))
        package = self._package(root)
        if package is None:
            return Loaded(model)
        claims = _package_claims(*package, Evidence(source=self.name, revision=ref.revision))
        return Loaded(model.model_copy(update={"claims": (*model.claims, *claims)}))

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


class _FolderContents:
    """The files of a model in a folder."""

    def __init__(self, root: Path, listing: Listing, ref: ModelRef, source: str) -> None:
        self.listing = listing
        self._root = root
        self._whole = Evidence(source=source, revision=ref.revision)

    def at(self, path: str | None) -> Evidence:
        return self._whole.model_copy(update={"path": path})

    def read(self, path: str, limit: int) -> Content:
        return read_file(self._root / path, limit)

    def header(self, path: str) -> Header:
        return formats.read(self._root / path)


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


def _ref(path: Path) -> ModelRef:
    """The reference of a path, relative below the working folder, so that reports read the same anywhere."""
    try:
        path = path.absolute().relative_to(Path.cwd())
    except ValueError:
        path = path.absolute()
    return ModelRef(scheme="file", name=path.as_posix())


def _listing(path: Path) -> tuple[Path, Listing]:
    try:
        if path.is_file():
            return path.parent, list_file(path)
        if path.is_dir():
            return path, list_files(path)
    except OSError as error:
        raise UnreadableError((error.strerror or str(error)).lower(), where=str(path)) from error
    raise NotFoundError("no such file or folder", where=str(path))


def _closed(place: Path, why: str) -> Gap:
    return Gap(id=GapId.FILE_UNREADABLE, what="which models are there", why=f"{place}: {why}")

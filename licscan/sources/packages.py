"""Packages of Python and npm that carry models: what they say of themselves is said of the models, too."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from licscan.errors import UnreadableError
from licscan.formats import node_package, python_package
from licscan.formats.package import Package
from licscan.model import Claim, Evidence, Place, Subject

_HIGHEST = 6
_MODULES = "node_modules"
# What every archive of npm unpacks to.
_UNPACKED = "package"


class Carrier(NamedTuple):
    """The package that a folder came in, and the path of its metadata from there."""

    package: Package
    path: str

    def claims(self, at: Evidence) -> Iterator[Claim]:
        """The licenses that it states."""
        for stated in self.package.stated:
            quote = f"{self.package.name} {self.package.version}: {stated.key}: {stated.value}"[:300]
            here = at.model_copy(update={"path": self.path, "lines": (stated.line, stated.line), "quote": quote})
            yield Claim(subject=Subject.WEIGHTS, place=Place.PACKAGE, stated=stated.value, evidence=here)


class Packages:
    """The packages in which folders came."""

    def __init__(self) -> None:
        self._installed: dict[Path, list[tuple[Package, frozenset[str]]]] = {}

    def of(self, root: Path) -> Carrier | None:
        """The package that a folder came in, installed by Python's tools or unpacked by npm's; None without one."""
        absolute = root.absolute()
        for up, folder in enumerate((absolute, *absolute.parents[:_HIGHEST])):
            if up and (found := self._python(absolute, folder, up)):
                return found
            if found := _node(folder, up):
                return found
        return None

    def _python(self, absolute: Path, site: Path, up: int) -> Carrier | None:
        below = PurePosixPath(*absolute.parts[-up:]).as_posix() + "/"
        for package, tops in self._packages_in(site):
            if absolute.parts[-up] in tops and any(file.startswith(below) for file in package.files):
                return Carrier(package, "../" * up + package.metadata.relative_to(site).as_posix())
        return None

    def _packages_in(self, site: Path) -> list[tuple[Package, frozenset[str]]]:
        """The packages installed into a folder, each with the top-level names that it brought."""
        if site not in self._installed:
            # Built whole before others see it: several threads ask.
            self._installed[site] = list(_installed(site))
        return self._installed[site]


def _installed(site: Path) -> Iterator[tuple[Package, frozenset[str]]]:
    for folder in sorted(site.glob("*.dist-info")):
        try:
            package = python_package.read(folder)
        except UnreadableError:
            continue  # an installation without RECORD claims no files
        yield package, frozenset(file.partition("/")[0] for file in package.files)


def _node(folder: Path, up: int) -> Carrier | None:
    """The package of npm whose top a folder is: one below `node_modules`, or an unpacked archive."""
    above = folder.parent.parent.name if folder.parent.name.startswith("@") else folder.parent.name
    if above != _MODULES and folder.name != _UNPACKED:
        return None
    try:
        return Carrier(node_package.read(folder / node_package.NAME), "../" * up + node_package.NAME)
    except UnreadableError:
        return None  # no package, or one that says nothing

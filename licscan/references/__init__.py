"""Where models are named. One module a kind of file; `FINDERS` is the list of them.

`search` walks a tree and asks each finder; it reads files, the finders only text.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from licscan.errors import UnreadableError
from licscan.formats import python_package
from licscan.formats.bounded import decode, read_file
from licscan.model import Gap, GapId, Mention
from licscan.references import python
from licscan.references.interface import Finder
from licscan.tree import Folder, walk

FINDERS: tuple[Finder, ...] = (python,)

_LIMIT = 4 << 20
# `ignore[rule] reason` is a waiver: the model is named all the same, and the gate says who let it pass.
_IGNORE = re.compile(r"#\s*licscan:\s*ignore\b(?!\s*\[)")

__all__ = ["FINDERS", "Finder", "find", "installed", "search"]


def search(target: Path) -> Iterator[Mention | Gap]:
    """The models named in a file or in the files below a folder, and a gap for each file that could not be read.

    What package managers installed is left out: what it names is not the user's choice.
    """
    if target.is_file():
        yield from find(target)
        return
    gaps: list[Gap] = []
    brought: set[Path] = set()
    for folder in walk(target, lambda place, why: gaps.append(_unreadable(place, why))):
        if not brought.isdisjoint((folder.path, *folder.path.parents)):
            continue
        brought |= {folder.path / name for name in installed(folder)}
        for name in folder.files:
            if folder.path / name not in brought:
                yield from find(folder.path / name)
    yield from gaps


def installed(folder: Folder) -> set[str]:
    """The names in a folder that Python packages brought there, by their own lists of files."""
    names: set[str] = set()
    for info in folder.folders:
        if info.endswith(".dist-info"):
            try:
                package = python_package.read(folder.path / info)
            except UnreadableError:
                continue
            names |= {info, *(file.partition("/")[0] for file in package.files)}
    return names


def find(path: Path) -> Iterator[Mention | Gap]:
    """The models that one file names."""
    finder = next((finder for finder in FINDERS if finder.wants(path.name)), None)
    if finder is None:
        return
    try:
        content = read_file(path, _LIMIT)
        if not content.whole:
            yield _unreadable(path, f"longer than {_LIMIT >> 20} MiB")
            return
        text = decode(content.data)
        lines = text.split("\n")
        for mention in finder.find(text, _shown(path)):
            if not _IGNORE.search(lines[mention.line - 1]):
                yield mention
    except UnreadableError as error:
        yield _unreadable(path, error.what)


def _shown(path: Path) -> str:
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def _unreadable(path: Path, why: str) -> Gap:
    return Gap(id=GapId.FILE_UNREADABLE, what="which models it names", why=f"{_shown(path)}: {why.lower()}")

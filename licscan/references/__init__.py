"""Where models are named. One module a kind of file; `FINDERS` is the list of them.

`search` walks a tree and asks each finder; it reads files, the finders only text.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from licscan.errors import UnreadableError
from licscan.formats.bounded import decode, read_file
from licscan.formats.tree import walk
from licscan.model import Gap, GapId, Mention
from licscan.references import python
from licscan.references.interface import Finder

FINDERS: tuple[Finder, ...] = (python,)

_LIMIT = 4 << 20
_IGNORE = re.compile(r"#\s*licscan:\s*ignore\b")

__all__ = ["FINDERS", "Finder", "find", "search"]


def search(target: Path) -> Iterator[Mention | Gap]:
    """The models named in a file or in the files below a folder, and a gap for each file that could not be read.

    Folders that package managers fill are left out: what they name is not the user's choice.
    """
    if target.is_file():
        yield from find(target)
        return
    gaps: list[Gap] = []
    installed: Path | None = None
    for folder in walk(target, lambda place, error: gaps.append(_unreadable(place, error.strerror or str(error)))):
        if installed is not None and folder.path.is_relative_to(installed):
            continue
        if any(name.endswith(".dist-info") for name in folder.folders):
            installed = folder.path
            continue
        for name in folder.files:
            yield from find(folder.path / name)
    yield from gaps


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

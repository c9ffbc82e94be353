"""Folders walked within bounds: sorted, without loops, and with what could not be entered said."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

# Version control, caches and environments: nobody keeps models there on purpose, and they are large.
SKIPPED = frozenset(
    ".git .hg .svn .venv venv .tox .nox .mypy_cache .ruff_cache .pytest_cache __pycache__ node_modules .idea".split()
)
DEEPEST = 40

Troubled = Callable[[Path, str], None]


class Folder(NamedTuple):
    """A folder: its path, and the names of its files, of its folders, and of links to folders, sorted.

    Names that are no valid text cannot be written into a report; `odd` holds them as they can be shown.
    """

    path: Path
    files: tuple[str, ...]
    folders: tuple[str, ...]
    links: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()


def list_folder(path: Path) -> Folder:
    """The names in one folder; links to folders are named apart, and never followed.

    Raises:
        OSError: It cannot be listed.
    """
    kinds: dict[str, list[str]] = {"files": [], "folders": [], "links": [], "odd": []}
    with os.scandir(path) as entries:
        for entry in entries:
            kinds[_kind(entry)].append(entry.name)
    files, folders, links = (tuple(sorted(kinds[kind])) for kind in ("files", "folders", "links"))
    return Folder(path, files, folders, links, tuple(sorted(ascii(name) for name in kinds["odd"])))


def walk(root: Path, troubled: Troubled, *, skipped: frozenset[str] = SKIPPED) -> Iterator[Folder]:
    """Every folder below and including `root`, top down, in a stable order.

    Args:
        root: Where to begin.
        troubled: Called with each place that was not looked into, and why.
        skipped: Names of folders that are not entered.
    """
    waiting = [(root, 0)]
    while waiting:
        path, depth = waiting.pop()
        try:
            folder = list_folder(path)
        except OSError as error:
            troubled(path, (error.strerror or str(error)).lower())
            continue
        yield folder
        for name in folder.links:
            troubled(path / name, "a link to a folder, which is not followed")
        for name in folder.odd:
            troubled(path, f"holds {name}, whose name is no valid text")
        below = [path / name for name in reversed(folder.folders) if name not in skipped]
        if depth < DEEPEST:
            waiting += [(place, depth + 1) for place in below]
        else:
            for place in below:
                troubled(place, f"more than {DEEPEST} folders deep")


def _kind(entry: "os.DirEntry[str]") -> str:
    try:
        entry.name.encode()
    except UnicodeEncodeError:
        return "odd"
    if entry.is_dir(follow_symlinks=False):
        return "folders"
    try:
        return "links" if entry.is_dir() else "files"
    except OSError:  # a link that leads in a circle
        return "files"

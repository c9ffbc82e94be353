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


class Folder(NamedTuple):
    """A folder: its path, and the names of its files and of its folders, sorted."""

    path: Path
    files: tuple[str, ...]
    folders: tuple[str, ...]


def list_folder(path: Path) -> Folder:
    """The names in one folder; links to folders are named but never followed.

    Raises:
        OSError: It cannot be listed.
    """
    files, folders = [], []
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            elif not entry.is_dir():
                files.append(entry.name)
    return Folder(path, tuple(sorted(files)), tuple(sorted(folders)))


def walk(
    root: Path, troubled: Callable[[Path, OSError], None], *, skipped: frozenset[str] = SKIPPED
) -> Iterator[Folder]:
    """Every folder below and including `root`, top down, in a stable order.

    Args:
        root: Where to begin.
        troubled: Called with each folder that could not be listed.
        skipped: Names of folders that are not entered.
    """
    waiting = [(root, 0)]
    while waiting:
        path, depth = waiting.pop()
        try:
            folder = list_folder(path)
        except OSError as error:
            troubled(path, error)
            continue
        yield folder
        if depth < DEEPEST:
            waiting += [(path / name, depth + 1) for name in reversed(folder.folders) if name not in skipped]

"""Which models a tree names, as the gate sees it: what a scan finds, kept while the files stay as they are."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from licscan.references import Cache, Looked, Trouble, is_left_out, look, where
from licscan.references.said import Found as Name

_VENDORED = "vendored-not-searched"


class Comment(NamedTuple):
    """`# licscan: ignore[rule] reason` on a line.

    Attributes:
        path: The file.
        line: The line.
        rules: The rules that it is about; none where it says only `ignore`.
        reason: Why.
    """

    path: str
    line: int
    rules: tuple[str, ...]
    reason: str


class Place(NamedTuple):
    """A model named at a place.

    Attributes:
        path: The file, relative to the working folder where it lies below it.
        line: The line, counted from 1.
        ref: The reference, as `licscan.model.ModelRef` writes it.
    """

    path: str
    line: int
    ref: str


@dataclass(slots=True)
class Found:
    """What a search found.

    Attributes:
        places: Where models are named.
        comments: Lines that somebody wants left alone.
        unread: What could not be read, and why.
        vendored: Folders that others wrote, which are not searched.
        files: How many files were looked at.
        excluded: How many the configuration leaves out.
    """

    places: list[Place] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    unread: list[Trouble] = field(default_factory=list)
    vendored: list[str] = field(default_factory=list)
    files: int = 0
    excluded: int = 0


def search(paths: Sequence[Path], root: Path, exclude: Sequence[str] = (), cache: Path | None = None) -> Found:
    """The models that files, and the files below folders, name.

    Args:
        paths: Files and folders.
        root: The folder of the lock: what the patterns are relative to.
        exclude: Patterns of files that are left out.
        cache: The folder in which what was read is kept; None to keep nothing.
    """
    found = Found()
    at = Path(_absolute(root))
    kept = Cache(at if cache else None, cache)
    targets = [Path(_absolute(path)) for path in paths]
    seen: set[str] = set()
    for one in _looked(targets, at, kept, found):
        if one.path in seen:
            continue
        seen.add(one.path)
        if exclude and any(fnmatchcase(os.path.relpath(one.path, at), pattern) for pattern in exclude):
            found.excluded += 1
        else:
            _add(one, found, str(at))
    kept.save(whole=at in targets)
    return found


def _looked(targets: Sequence[Path], root: Path, kept: Cache, found: Found) -> Iterator[Looked]:
    for target in targets:
        # A hook names files; what is not searched with the tree is not in the lock either.
        if target.is_file() and is_left_out(Path(os.path.relpath(target, root)).parts[:-1]):
            found.excluded += 1
            continue
        for one in look(target, kept, root=root):
            if isinstance(one, Looked):
                yield one
            elif one.gap == _VENDORED:
                found.vendored.append(one.why)
            else:
                found.unread.append(one._replace(path=shown(one.path)))


def _add(one: Looked, found: Found, root: str) -> None:
    found.files += 1
    if one.kept.found or one.kept.troubles or one.kept.comments:
        name = shown(one.path)
        found.places += [Place(name, said.line, _ref(said, one.path, root)) for said in one.kept.found]
        found.comments += [Comment(name, *said) for said in one.kept.comments]
        found.unread += [trouble._replace(path=name) for trouble in one.kept.troubles]


def _ref(said: Name, path: str, root: str) -> str:
    name = _from(root, said.name, path) if said.scheme == "file" else said.name
    return f"{said.scheme}:{name}@{said.revision}" if said.revision else f"{said.scheme}:{name}"


def _from(root: str, name: str, path: str) -> str:
    """A path as the lock has it, the same on every machine: from the folder of the lock, or as it is written."""
    there, below = where(name, path, root), f"{root}{os.sep}"
    return there.removeprefix(below).replace(os.sep, "/") if there.startswith(below) else name


def shown(file: str) -> str:
    """A path as its user would name it."""
    here = f"{os.getcwd()}{os.sep}"  # noqa: PTH109 - a thousand times
    return (file.removeprefix(here) if file.startswith(here) else file).replace(os.sep, "/")


def _absolute(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - resolve() would follow links away from the tree

"""A copy of a model on this disk: its files as they lie here, and what is promised of them."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from licscan.digests import Promise
from licscan.verify.hashing import kind, said

DEEPEST = 100
# What `huggingface_hub` leaves beside a download, and git: never part of a repository.
_ASIDE = frozenset({".git", ".cache/huggingface"})


class File(NamedTuple):
    """A file of a copy.

    Attributes:
        path: Relative to the root, with `/`, fit to be shown.
        place: Where it is opened.
        found: What the system says of it, links followed; None where it says nothing.
        trouble: Why it cannot be looked at.
        gone: Whether there is only a link that leads nowhere.
        note: What a reader must know besides.
        link: Where a link leads, as it is written there; empty where it is none.
    """

    path: str
    place: str
    found: os.stat_result | None = None
    trouble: str = ""
    gone: bool = False
    note: str = ""
    link: str = ""


@dataclass(slots=True)
class Copy:
    """A copy of a model.

    Attributes:
        name: What to call it.
        root: The folder that paths are relative to.
        ref: The model that it is one of, at its revision, as a reference; empty where nothing says it.
        files: Its files by path.
        promises: What is promised of them.
        listed: Folders, with `/` at the end, or "" for the root, all files of which are listed somewhere.
        troubles: What could not be looked into.
        notes: What a reader must know besides.
        yardsticks: Paths of files that only say what others should be; where nothing lists them, they are no part of
            the model.
    """

    name: str
    root: str
    ref: str = ""
    files: dict[str, File] = field(default_factory=dict)
    promises: list[Promise] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    yardsticks: set[str] = field(default_factory=set)

    def add(self, promises: Iterable[Promise], below: str = "") -> None:
        """Add promises whose paths are relative to a folder of the copy."""
        self.promises += (one._replace(path=f"{below}{one.path}") for one in promises) if below else promises

    def by_path(self) -> dict[str, list[Promise]]:
        """The promises of each file, each once."""
        found: dict[str, list[Promise]] = {}
        for promise in dict.fromkeys(self.promises):
            found.setdefault(promise.path, []).append(promise)
        return found

    def is_listed(self, path: str) -> bool:
        """Whether a file of this path would be listed, were it one of the model's."""
        return any(path.startswith(folder) for folder in self.listed)


class Folder(NamedTuple):
    """A folder of a copy: its path, that relative to the root with `/` at the end, its files, its folders' names."""

    place: str
    below: str
    files: list[File]
    folders: list[str]


def walk(root: str, troubled: Callable[[str], None], deepest: int = DEEPEST) -> Iterator[Folder]:
    """Every folder below and including `root`, top down and sorted. Who takes names out of `folders` has them left out.

    Args:
        root: Where to begin.
        troubled: Told of each place that is not looked into, and why.
        deepest: How many folders deep; 0 for the root alone.
    """
    waiting = [(root, "", 0)]
    while waiting:
        place, below, depth = waiting.pop()
        try:
            folder = _folder(root, place, below, troubled)
        except OSError as error:
            troubled(f"{below or place}: {said(error)}")
            continue
        yield folder
        if depth < deepest:
            waiting += [
                (os.path.join(place, name), f"{below}{_shown(name)}/", depth + 1) for name in reversed(folder.folders)
            ]
        elif deepest:
            for name in folder.folders:
                troubled(f"{below}{_shown(name)}: more than {deepest} folders deep")


def _folder(root: str, place: str, below: str, troubled: Callable[[str], None]) -> Folder:
    files: list[File] = []
    folders: list[str] = []
    with os.scandir(place) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            path = f"{below}{_shown(entry.name)}"
            if entry.is_symlink():
                found = _linked(root, entry, path)
                if found.trouble == "a folder":
                    troubled(f"{path}: a link to the folder {_shown(found.link)}, which is not followed")
                else:
                    files.append(found)
            elif entry.is_dir(follow_symlinks=False):
                if not any(path == aside or path.endswith(f"/{aside}") for aside in _ASIDE):
                    folders.append(entry.name)
            else:
                files.append(_file(entry, path))
    return Folder(place, below, files, folders)


def look(place: str, path: str) -> File:
    """One file, links followed."""
    try:
        found = os.stat(place)
    except FileNotFoundError:
        return File(path, place, gone=True)
    except (OSError, ValueError) as error:
        return File(path, place, trouble=said(error))
    odd = kind(found.st_mode)
    return File(path, place, found, trouble=f"{odd}, not a regular file" if odd else "")


def _file(entry: "os.DirEntry[str]", path: str) -> File:
    try:
        # Windows tells neither device nor inode here.
        found = os.stat(entry.path) if os.name == "nt" else entry.stat()
    except OSError as error:
        return File(path, entry.path, trouble=said(error))
    odd = kind(found.st_mode)
    return File(path, entry.path, found, trouble=f"{odd}, not a regular file" if odd else "")


def _linked(root: str, entry: "os.DirEntry[str]", path: str) -> File:
    """A link to a file; the trouble is `a folder` where it leads to one."""
    try:
        link = os.readlink(entry.path)
    except OSError as error:
        return File(path, entry.path, trouble=said(error))
    found = look(entry.path, path)._replace(link=link)
    if found.gone:
        return found._replace(trouble=f"a link to {_shown(link)}, and there is nothing")
    if found.trouble.startswith("a folder"):
        return found._replace(trouble="a folder")
    if found.trouble:
        return found._replace(trouble=f"a link to {_shown(link)}: {found.trouble}")
    inside = os.path.realpath(entry.path).startswith(os.path.join(os.path.realpath(root), ""))
    return found if inside else found._replace(note=f"a link that leads out of the folder, to {_shown(link)}")


def _shown(name: str) -> str:
    """A name as it can be written anywhere: one that is no valid text with its odd bytes as escapes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("utf-8", "backslashreplace")
    return name

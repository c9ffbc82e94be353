"""The files of a tree that could name models: without what git ignores, what was installed, and what others wrote."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from licscan.bounded import decode, read_file
from licscan.errors import UnreadableError
from licscan.references.interface import Trouble

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

# Version control, caches and environments: nobody keeps sources there on purpose, and they are large.
SKIPPED = frozenset(
    ".git .hg .svn .venv venv .tox .nox .mypy_cache .ruff_cache .pytest_cache __pycache__ .idea .hypothesis .terraform "
    ".ipynb_checkpoints .eggs .gradle .next .nuxt .svelte-kit .yarn .pnpm-store .cache".split()
)
# What somebody else wrote and this tree only carries.
VENDORED = frozenset(
    "node_modules bower_components vendor vendored _vendor third_party thirdparty third-party 3rdparty "
    "3rd_party site-packages  "
    "dist-packages jspm_packages Pods Carthage".split()
)
DEEPEST = 40
_LONGEST_LIST = 1 << 20
_CLOSED = "file-unreadable"
_VENDORED_GAP = "vendored-not-searched"
_NAMED = 3


class File(NamedTuple):
    """A file: its path, its name, and what changes when it does."""

    path: str
    name: str
    size: int
    mtime: int
    ctime: int


class _Rules(NamedTuple):
    """A `.gitignore`: the folder that it lies in, and what it says."""

    folder: str
    spec: "GitIgnoreSpec"


class _Waiting(NamedTuple):
    path: str
    rules: tuple[_Rules, ...]
    depth: int


def files(root: Path, *, vendored: bool = False) -> Iterator[File | Trouble]:
    """Every file below a folder, in a stable order, and what was not looked into.

    Args:
        root: The folder.
        vendored: Whether to enter folders of code that others wrote.
    """
    waiting = [_Waiting(str(root), tuple(_above(root)), 0)]
    left_out: list[str] = []
    while waiting:
        at = waiting.pop()
        try:
            with os.scandir(at.path) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield Trouble(_CLOSED, at.path, (error.strerror or str(error)).lower())
            continue
        rules = _with_own(at, found)
        folders: list[str] = []
        installed = _installed(at.path, found)
        for entry in found:
            if entry.name not in installed:
                yield from _entry(entry, rules, folders)
        below = []
        for path in folders:
            if os.path.basename(path) in VENDORED and not vendored:
                left_out.append(path)
            elif at.depth >= DEEPEST:
                yield Trouble(_CLOSED, path, f"more than {DEEPEST} folders deep")
            else:
                below.append(_Waiting(path, rules, at.depth + 1))
        waiting += reversed(below)
    if left_out:
        more = f" and {len(left_out) - _NAMED} more" if len(left_out) > _NAMED else ""
        yield Trouble(_VENDORED_GAP, str(root), f"{', '.join(left_out[:_NAMED])}{more}")


def is_left_out(parts: Iterable[str]) -> bool:
    """Whether folders of these names are not entered: what is not searched with a tree is not searched by itself."""
    return any(part in SKIPPED or part in VENDORED for part in parts)


def _entry(entry: "os.DirEntry[str]", rules: tuple[_Rules, ...], folders: list[str]) -> Iterator[File | Trouble]:
    """A file, or what is wrong with an entry; folders that are to be entered are put into the list."""
    kind = _kind(entry)
    if kind == "folder":
        if entry.name not in SKIPPED and not _is_ignored(entry.path + "/", rules):
            folders.append(entry.path)
    elif kind == "file":
        if not _is_ignored(entry.path, rules):
            yield from _file(entry)
    elif kind:
        folder = os.path.dirname(entry.path)
        yield Trouble(_CLOSED, folder if kind == "odd" else entry.path, _WHY[kind].format(ascii(entry.name)))


_WHY = {"link": "a link to a folder, which is not followed", "odd": "holds {}, whose name is no valid text"}


def stat(path: str) -> File | None:
    """A regular file, wherever a link to it leads; None where there is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return File(path, os.path.basename(path), found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _kind(entry: "os.DirEntry[str]") -> str:
    try:
        entry.name.encode()
        if entry.is_dir(follow_symlinks=False):
            return "folder"
        if entry.is_dir():
            return "link"
        return "file" if entry.is_file() else ""
    except UnicodeEncodeError:
        return "odd"
    except OSError:  # a link that leads in a circle
        return ""


def _file(entry: "os.DirEntry[str]") -> Iterator[File | Trouble]:
    try:
        found = entry.stat()
    except OSError as error:
        yield Trouble(_CLOSED, entry.path, (error.strerror or str(error)).lower())
        return
    yield File(entry.path, entry.name, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _above(root: Path) -> Iterator[_Rules]:
    """The rules of the folders above, up to the top of the working copy that the folder belongs to."""
    try:
        absolute = root.resolve()
    except OSError:
        return
    parents = [absolute, *absolute.parents]
    top = next((number for number, parent in enumerate(parents) if (parent / ".git").exists()), None)
    if top is None:
        return
    exclude = _read(parents[top] / ".git/info/exclude")
    if exclude is not None:
        yield _Rules(_as_seen(root, parents[top]), exclude)
    for parent in reversed(parents[1 : top + 1]):
        spec = _read(parent / ".gitignore")
        if spec is not None:
            yield _Rules(_as_seen(root, parent), spec)


def _as_seen(root: Path, parent: Path) -> str:
    """A folder above, in the notation of the paths below `root`: how much of them to add in front."""
    inside = root.resolve().relative_to(parent).as_posix()
    return f"\0{'' if inside == '.' else inside + '/'}\0{root}"


def _with_own(at: _Waiting, entries: "list[os.DirEntry[str]]") -> tuple[_Rules, ...]:
    for entry in entries:
        if entry.name == ".gitignore":
            spec = _read(Path(entry.path))
            return (*at.rules, _Rules(at.path, spec)) if spec is not None else at.rules
    return at.rules


def _read(path: Path) -> "GitIgnoreSpec | None":
    try:
        content = read_file(path, _LONGEST_LIST)
    except UnreadableError:
        return None
    lines = [line for line in decode(content.data).split("\n") if line.strip() and not line.startswith("#")]
    if not lines:
        return None
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - 20 ms, for trees that ignore something

    try:
        # RE2 answers in linear time, whatever somebody wrote into a pattern.
        return GitIgnoreSpec.from_lines(lines, backend="re2")
    except ValueError:
        return None


def _is_ignored(path: str, rules: tuple[_Rules, ...]) -> bool:
    """Whether git leaves a path alone: the innermost list that speaks of it decides."""
    for folder, spec in reversed(rules):
        if folder.startswith("\0"):
            _, before, root = folder.split("\0")
            relative = before + path[len(root.rstrip("/")) + 1 :]
        else:
            relative = path[len(folder.rstrip("/")) + 1 :]
        said = spec.check_file(relative).include
        if said is not None:
            return said
    return False


def _installed(folder: str, entries: "list[os.DirEntry[str]]") -> set[str]:
    """The names in a folder that Python packages brought there, by their own lists of files."""
    names: set[str] = set()
    for entry in entries:
        if entry.name.endswith(".dist-info"):
            from licscan.formats import python_package  # noqa: PLC0415 - for folders that packages were put into

            try:
                package = python_package.read(Path(folder) / entry.name)
            except UnreadableError:
                continue
            names |= {entry.name, *(file.partition("/")[0] for file in package.files)}
    return names

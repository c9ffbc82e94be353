"""Where models are named. One module a kind of file; `finders.FINDERS` is the list of them.

`search` walks a tree and asks each finder; it reads files, the finders only text. What it gives are plain tuples: the
gate reads thousands of them from a cache, and must not wait for the types of a report.
"""

import contextlib
import gc
import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from licscan.bounded import decode, read_file
from licscan.errors import UnreadableError
from licscan.references.cache import Cache, Kept
from licscan.references.interface import Finder, Place, Trouble
from licscan.references.said import Broken, Comment, Found
from licscan.references.walk import File, files, is_left_out, stat

if TYPE_CHECKING:
    from licscan.references.modules import Modules

_LIMIT = 1 << 20
_NOTEBOOK_LIMIT = 32 << 20  # pictures lie in them
_BEGINNING = 256 << 10
# `ignore[rule] reason` is a waiver: the model is named all the same, and the gate says who let it pass.
_IGNORE = re.compile(r"\blicscan:\s*ignore\b(?!\s*\[)")
_COMMENT = re.compile(r"\blicscan:\s*ignore\b\s*(?:\[(?P<rules>[^\]]*)\])?[\s:,-]*(?P<reason>.*)")
_END = re.compile(r"\s*(?:-->|\*/|\"\"\")\s*$")
_UNREADABLE, _BROKEN = "file-unreadable", "file-broken"

__all__ = [
    "Cache",
    "Comment",
    "Finder",
    "Found",
    "Looked",
    "Place",
    "Trouble",
    "find",
    "is_left_out",
    "is_searched",
    "look",
    "search",
    "where",
]


class Looked(NamedTuple):
    """A file that was looked at.

    Attributes:
        path: The file, below the target as that was given.
        kept: What it names.
    """

    path: str
    kept: Kept


def search(
    target: Path, *, vendored: bool = False, cache: Path | None = None, keep: bool = True
) -> Iterator[Place | Trouble]:
    """The models named in a file or in the files below a folder, and what could not be read.

    What git ignores, what package managers installed and what others wrote is left out; a file that is named is read.

    Args:
        target: A file or a folder.
        vendored: Whether to search folders of code that others wrote.
        cache: Where to keep what unchanged files name; None for the user's cache folder.
        keep: Whether to keep it at all.
    """
    if target.is_file():
        file = File(str(target), target.name, 0, 0, 0)
        yield from _told(str(target), _Reader(str(target.parent)).look(file))
        return
    kept = Cache(target if keep else None, cache)
    for one in look(target, kept, vendored=vendored):
        if isinstance(one, Trouble):
            yield one._replace(path=_shown(one.path))
        else:
            yield from _told(one.path, one.kept)
    kept.save()


def look(target: Path, cache: Cache, *, root: Path | None = None, vendored: bool = False) -> Iterator[Looked | Trouble]:
    """Every file that is searched below a folder, or a file where it is of a kind that is searched, and what it names.

    No finder is imported before a file is new.

    Args:
        target: A file or a folder.
        cache: What unchanged files named; the caller saves it.
        root: The tree that the target belongs to: nothing above is asked what a name is there.
        vendored: Whether to search folders of code that others wrote.
    """
    reader = _Reader(str(root or target))
    for file in _one(target) if target.is_file() else files(target, vendored=vendored):
        if isinstance(file, Trouble):
            yield file
            continue
        if cache.passes(file.name):
            continue
        known = cache.get(file)
        if known is None:
            if not _wanted(file.name):
                cache.pass_by(file.name)
                continue
            known = reader.look(file)
            cache.keep(file, known)
        yield Looked(file.path, known)


def _one(path: Path) -> Iterator[File | Trouble]:
    file = stat(str(path))
    yield file or Trouble(_UNREADABLE, str(path), "gone while it was looked at")


def _wanted(name: str) -> bool:
    from licscan.references import kinds  # noqa: PLC0415 - all finders, for files that are new

    return kinds.by_name(name) is not None or kinds.is_silent(name)


def where(name: str, path: str, root: str = ".") -> str:
    """A path in somebody's file, as it is seen from here: from the working folder, or another, else from its own."""
    for start in (Path(root), Path(path).parent):
        try:
            there = start / Path(name).expanduser()
            if there.exists():
                return os.path.normpath(there)
        except (OSError, ValueError, RuntimeError):  # too long, or nobody's home
            return name
    return name


def is_searched(file_name: str) -> bool:
    """Whether files of that name are searched."""
    from licscan.references import kinds  # noqa: PLC0415 - all finders

    return kinds.by_name(file_name) is not None


def find(path: Path) -> Iterator[Place | Trouble]:
    """The models that one file names."""
    yield from search(path, keep=False)


def _told(path: str, kept: Kept) -> Iterator[Place | Trouble]:
    if kept.found or kept.troubles:
        shown = _shown(path)
        for found in kept.found:
            yield Place(shown, found)
        for trouble in kept.troubles:
            yield trouble._replace(path=shown)


class _Reader:
    """Reads files; what finders need is imported with the first."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._modules: Modules | None = None

    def look(self, file: File) -> Kept:
        """What a file names, read now."""
        from licscan.references import kinds  # noqa: PLC0415
        from licscan.references.modules import Modules  # noqa: PLC0415

        self._modules = self._modules or Modules(self._root)
        finder = kinds.by_name(file.name)
        try:
            limit = _NOTEBOOK_LIMIT if kinds.is_notebook(file.name) else _LIMIT if finder else _BEGINNING
            content = read_file(Path(file.path), limit)
            if b"\0" in content.data and not content.data.startswith((b"\xff\xfe", b"\xfe\xff")):
                return Kept(troubles=_trouble("null bytes: no text") if finder else ())
            if not content.whole:
                return Kept(troubles=_trouble(f"longer than {limit >> 20} MiB") if finder else ())
            text = decode(content.data)
            name = file.name
            if finder is None:
                told = kinds.by_content(text)
                if told is None:
                    return Kept()
                finder, name = told
            return _found(finder, text, name, file.path, self._modules, broken=_encoding(content.data))
        except UnreadableError as error:
            at = f"{error.where}: " if error.where and error.where.startswith("line") else ""
            return Kept(troubles=_trouble(f"{at}{error.what}"))
        except RecursionError:
            return Kept(troubles=_trouble("nested beyond reason"))


def _found(finder: Finder, text: str, name: str, path: str, modules: "Modules", *, broken: str) -> Kept:
    modules.asked.clear()
    with _uncollected():
        given = list(finder.find(text, name, partial(modules.look, path)))
    found = tuple(one for one in given if isinstance(one, Found))
    broken = broken or next((one.why for one in given if isinstance(one, Broken)), "")
    comments: tuple[Comment, ...] = ()
    if "licscan:" in text:
        lines = text.split("\n")
        comments = _comments(lines, {one.line for one in found}, name)
        found = tuple(one for one in found if not _IGNORE.search(lines[min(one.line, len(lines)) - 1]))
    troubles = _trouble(f"{broken[:1].lower()}{broken[1:]}", _BROKEN) if broken else ()
    named = tuple(sorted(set(found), key=lambda one: (one.line, one.name)))
    return Kept(named, troubles, tuple(sorted(modules.asked)), comments)


def _comments(lines: list[str], named: set[int], name: str) -> tuple[Comment, ...]:
    """The lines that somebody wants left alone. Documents speak of such comments: there one stands beside a model."""
    from licscan.references import prose  # noqa: PLC0415

    spoken = prose.wants(name)
    return tuple(
        Comment(number, _rules(match["rules"]), _END.sub("", match["reason"]).strip())
        for number, text in enumerate(lines, 1)
        if (number in named or not spoken) and (match := _COMMENT.search(text))
    )


def _rules(stated: str | None) -> tuple[str, ...]:
    return tuple(one.strip() for one in (stated or "").split(",") if one.strip())


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """A tree is many small things that live as long as its file is read: no search among them for garbage pays."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ""
    try:
        data.decode()
    except UnicodeDecodeError:
        return "not UTF-8: read as Windows-1252"
    return ""


def _trouble(why: str, gap: str = _UNREADABLE) -> tuple[Trouble, ...]:
    return (Trouble(gap, "", why),)


def _shown(path: str) -> str:
    """A path as the user would name it: from the working folder, where it lies below."""
    absolute, here = os.path.abspath(path), os.getcwd()
    inside = absolute.startswith(here.rstrip(os.sep) + os.sep)
    shown = absolute[len(here.rstrip(os.sep)) + 1 :] if inside else path
    return shown.replace(os.sep, "/")

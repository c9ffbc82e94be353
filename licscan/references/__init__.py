"""Where models are named. One module a kind of file; `FINDERS` is the list of them.

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

from licscan.bounded import decode, read_file
from licscan.errors import UnreadableError
from licscan.references import kinds, notebook
from licscan.references.cache import Cache, Kept
from licscan.references.interface import Finder, Place, Trouble
from licscan.references.kinds import FINDERS
from licscan.references.modules import Modules
from licscan.references.said import Broken, Found
from licscan.references.walk import File, files

_LIMIT = 1 << 20
_NOTEBOOK_LIMIT = 32 << 20  # pictures lie in them
_BEGINNING = 256 << 10
_IGNORE = re.compile(r"\blicscan:\s*ignore\b")
_UNREADABLE, _BROKEN = "file-unreadable", "file-broken"

__all__ = ["FINDERS", "Finder", "Found", "Place", "Trouble", "find", "is_searched", "search"]


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
        modules = Modules(str(target.parent))
        yield from _told(str(target), _look(File(str(target), target.name, 0, 0, 0), modules))
        return
    kept = Cache(target if keep else None, cache)
    modules = Modules(str(target))
    for file in files(target, vendored=vendored):
        if isinstance(file, Trouble):
            yield file._replace(path=_shown(file.path))
            continue
        if kinds.by_name(file.name) is None and not kinds.is_silent(file.name):
            continue
        known = kept.get(file)
        if known is None:
            known = _look(file, modules)
            kept.keep(file, known)
        yield from _told(file.path, known)
    kept.save()


def is_searched(file_name: str) -> bool:
    """Whether files of that name are searched."""
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


def _look(file: File, modules: Modules) -> Kept:
    """What a file names, read now."""
    finder = kinds.by_name(file.name)
    try:
        limit = _NOTEBOOK_LIMIT if finder is notebook else _LIMIT if finder else _BEGINNING
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
        return _found(finder, text, name, file.path, modules, broken=_encoding(content.data))
    except UnreadableError as error:
        where = f"{error.where}: " if error.where and error.where.startswith("line") else ""
        return Kept(troubles=_trouble(f"{where}{error.what}"))
    except RecursionError:
        return Kept(troubles=_trouble("nested beyond reason"))


def _found(finder: Finder, text: str, name: str, path: str, modules: Modules, *, broken: str) -> Kept:
    modules.asked.clear()
    with _uncollected():
        given = list(finder.find(text, name, partial(modules.look, path)))
    found = tuple(one for one in given if isinstance(one, Found))
    broken = broken or next((one.why for one in given if isinstance(one, Broken)), "")
    if found and "licscan:" in text:
        lines = text.split("\n")
        found = tuple(one for one in found if not _IGNORE.search(lines[min(one.line, len(lines)) - 1]))
    troubles = _trouble(f"{broken[:1].lower()}{broken[1:]}", _BROKEN) if broken else ()
    return Kept(tuple(sorted(set(found), key=lambda one: (one.line, one.name))), troubles, tuple(sorted(modules.asked)))


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

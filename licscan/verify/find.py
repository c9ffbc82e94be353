"""From what a user names to copies of models on this disk."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from licscan.errors import NotFoundError, UsageError
from licscan.verify import hub_cache, images
from licscan.verify.copy import Copy
from licscan.verify.folder import is_layout, is_ollama, is_repository, read_folder

_NAME = re.compile(r"(?:(?P<scheme>hf|dataset|ollama):)?(?P<name>[^@\s]+)(?:@(?P<revision>[^@\s]+))?")
_PART = re.compile(r"[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)?")


def find(target: str) -> Iterator[Copy]:
    """The copies that a target stands for: a file, a folder, a store; a name in the Hub's cache or in Ollama.

    Raises:
        UsageError: The target means nothing.
        NotFoundError: There is no copy of that model here.
    """
    path = Path(target.removeprefix("file:")).expanduser() if target else None
    try:
        there = path is not None and (path.exists() or path.is_symlink())
    except (OSError, ValueError) as error:
        raise UsageError(str(error), where=ascii(target), remedy="check the path") from error
    if path is not None and there:
        yield from _at(path, target.removeprefix("file:"))
    elif target.startswith(("file:", "/", "./", "../", "~")) or not (named := _NAME.fullmatch(target)):
        raise UsageError("no such file or folder", where=ascii(target), remedy="check the path, or write org/name")
    elif named["scheme"] == "ollama":
        yield from _in_ollama(named["name"], target)
    else:
        yield from _in_cache(named["scheme"] or "hf", named["name"], named["revision"], target)


def _at(path: Path, shown: str) -> Iterator[Copy]:
    if not path.is_dir():
        yield _file(path, shown)
        return
    absolute = Path(os.path.abspath(path))
    if snapshot := hub_cache.snapshot_of(absolute):
        copy = hub_cache.read_snapshot(*snapshot)
        yield copy if snapshot[0] == absolute else _below(copy, absolute.relative_to(snapshot[0]).as_posix() + "/")
        return
    if found := list(_store(absolute)):
        yield from found
        return
    copy, stores = read_folder(str(path), shown)
    if copy.files or copy.promises or copy.troubles or not stores:
        yield copy
    for store in stores:
        yield from _store(Path(store))


def _store(place: Path) -> Iterator[Copy]:
    """The models in a folder that keeps them by their digests; nothing for any other folder."""
    if is_repository(str(place)):
        yield from hub_cache.read_repository(place)
    elif is_layout(str(place)):
        yield from images.read_layout(place)
    elif is_ollama(str(place)):
        yield from images.read_ollama(place)


def _file(path: Path, shown: str) -> Copy:
    """One file, with what stands beside it and speaks of it."""
    absolute = Path(os.path.abspath(path))
    if snapshot := hub_cache.snapshot_of(absolute):
        name = absolute.relative_to(snapshot[0]).as_posix()
        return _only(hub_cache.read_snapshot(*snapshot), name)
    copy, _ = read_folder(str(absolute.parent), shown, deepest=0)
    return _only(copy, absolute.name)


def _only(copy: Copy, path: str) -> Copy:
    """A copy with one of its files alone."""
    copy.files = {path: copy.files[path]} if path in copy.files else {}
    copy.promises = [promise for promise in copy.promises if promise.path == path]
    copy.troubles, copy.notes = [], []
    return copy


def _below(copy: Copy, folder: str) -> Copy:
    """A copy with the files of one of its folders alone."""
    copy.files = {path: file for path, file in copy.files.items() if path.startswith(folder)}
    copy.promises = [promise for promise in copy.promises if promise.path.startswith(folder)]
    return copy


def _in_cache(scheme: str, name: str, revision: str | None, target: str) -> Iterator[Copy]:
    if not _PART.fullmatch(name) or "--" in name or ".." in name:
        raise UsageError("no such file or folder", where=ascii(target), remedy="check the path, or write org/name")
    place = hub_cache.repository(scheme, name)
    # Without a revision the branch that everybody means, or whatever is here.
    found = list(hub_cache.read_repository(place, revision or "main"))
    if not found and not revision:
        found = list(hub_cache.read_repository(place))
    if not found:
        at = f" at {revision}" if revision and place.is_dir() else ""
        raise NotFoundError(f"no copy of it{at} in {hub_cache.root()}", where=target, remedy="name its folder")
    yield from found


def _in_ollama(name: str, target: str) -> Iterator[Copy]:
    found = list(images.read_ollama(images.ollama_root(), name))
    if not found:
        raise NotFoundError(f"no such model in {images.ollama_root()}", where=target, remedy="name its folder")
    yield from found

"""Which models a tree names, and where; what was read before is not read again while the file is as it was."""

import contextlib
import json
import os
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from licscan import __version__
from licscan.tree import Folder, walk

_COMMENT = re.compile(r"licscan:\s*ignore\b\s*(?:\[(?P<rules>[^\]]*)\])?[\s:,-]*(?P<reason>.*)")
_END = re.compile(r"\s*(?:-->|\*/|\"\"\")\s*$")
# A file that was written this short a time ago may be written again without its times telling: some file systems
# count whole seconds, or two.
_SECOND = 1_000_000_000
_RACY = _SECOND // 10


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
        files: How many files were looked at.
        excluded: How many the configuration leaves out.
    """

    places: list[Place] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)
    files: int = 0
    excluded: int = 0


def search(paths: Sequence[Path], root: Path, exclude: Sequence[str] = (), cache: Path | None = None) -> Found:
    """The models that files, and the files below folders, name.

    Args:
        paths: Files and folders.
        root: What the patterns are relative to.
        exclude: Patterns of files that are left out.
        cache: Where what was read is kept.
    """
    found = Found()
    known = _Known(cache)
    at = _absolute(root)
    for file in _files(paths, found):
        relative = os.path.relpath(file, at) if exclude else ""
        if exclude and any(fnmatchcase(relative, pattern) for pattern in exclude):
            found.excluded += 1
            continue
        found.files += 1
        _one(file, known, found)
    known.keep()
    return found


def _files(paths: Iterable[Path], found: Found) -> Iterator[str]:
    """The files to look at, each once, without what package managers brought."""
    seen: set[str] = set()
    for path in paths:
        for file in [_absolute(path)] if path.is_file() else _below(path, found):
            if file not in seen:
                seen.add(file)
                yield file


def _below(root: Path, found: Found) -> Iterator[str]:
    brought: set[Path] = set()
    for folder in walk(Path(_absolute(root)), lambda place, why: found.unread.append((shown(str(place)), why))):
        if brought and not brought.isdisjoint((folder.path, *folder.path.parents)):
            continue
        brought |= {folder.path / name for name in _installed(folder)}
        for name in folder.files:
            if not brought or folder.path / name not in brought:
                yield f"{folder.path}{os.sep}{name}"


def _installed(folder: Folder) -> Iterable[str]:
    if not any(name.endswith(".dist-info") for name in folder.folders):
        return ()
    from licscan.references import installed  # noqa: PLC0415 - rare, and slow to import

    return installed(folder)


def _one(file: str, known: "_Known", found: Found) -> None:
    name = shown(file)
    try:
        state = os.stat(file)  # noqa: PTH116 - a thousand times
    except OSError as error:
        found.unread.append((name, (error.strerror or str(error)).lower()))
        return
    mark = [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino]
    said = known.of(file, mark)
    if said is None:
        said, unread = _read(file)
        found.unread += [(name, why) for why in unread]
        if not unread:
            known.learn(file, mark, said)
    found.places += [Place(name, line, ref) for line, ref in said[0]]
    found.comments += [Comment(name, line, tuple(rules), reason) for line, rules, reason in said[1]]


def _read(file: str) -> tuple[list[list[Any]], list[str]]:
    """What a file says: models with their lines, comments with theirs; and why it cannot be read, where it cannot."""
    from licscan.formats.bounded import decode, read_file  # noqa: PLC0415 - only where a file is new
    from licscan.model import Gap  # noqa: PLC0415
    from licscan.references import find  # noqa: PLC0415

    places: list[Any] = []
    unread: list[str] = []
    for one in find(Path(file)):
        if isinstance(one, Gap):
            unread.append(one.why.removeprefix(f"{shown(file)}: "))
        else:
            places.append([one.line, str(one.ref)])
    comments: list[Any] = []
    with contextlib.suppress(Exception):  # what cannot be read was said above
        data = read_file(Path(file), 4 << 20).data
        if b"licscan:" in data:
            comments = [
                [number, _rules(match["rules"]), _END.sub("", match["reason"]).strip()]
                for number, text in enumerate(decode(data).split("\n"), 1)
                if (match := _COMMENT.search(text))
            ]
    return [places, comments if places or _is_searched(file) else []], unread


def _is_searched(file: str) -> bool:
    """Whether a file is of a kind that is searched at all: elsewhere such words are no comment on anything."""
    from licscan.references import FINDERS  # noqa: PLC0415

    return any(finder.wants(os.path.basename(file)) for finder in FINDERS)  # noqa: PTH119


def _rules(stated: str | None) -> list[str]:
    return [one.strip() for one in (stated or "").split(",") if one.strip()]


class _Known:
    """What files said when they were read last."""

    def __init__(self, place: Path | None) -> None:
        self._place = place
        self._key = _key()
        self._files: dict[str, Any] = {}
        self._used: dict[str, Any] = {}
        self._changed = False
        if place:
            with contextlib.suppress(OSError, ValueError, AttributeError, RecursionError):
                data = json.loads(place.read_bytes())
                if data.get("key") == self._key and isinstance(data.get("files"), dict):
                    self._files = data["files"]

    def of(self, file: str, mark: list[int]) -> Any:
        """What a file said, where it is still as it was."""
        kept = self._files.get(file)
        if not (isinstance(kept, list) and len(kept) == 2 and kept[0] == mark):  # noqa: PLR2004 - mark and what it said
            return None
        self._used[file] = kept
        return kept[1]

    def learn(self, file: str, mark: list[int], said: list[list[Any]]) -> None:
        """Keep what a file says, unless it may be written again within the resolution of its times."""
        coarse = mark[1] % _SECOND == 0 and mark[2] % _SECOND == 0
        if time.time_ns() - max(mark[1], mark[2]) > (2 * _SECOND if coarse else _RACY):
            self._used[file] = [mark, said]
            self._changed = True

    def keep(self) -> None:
        """Write what was learned; a cache that cannot be written is no error."""
        if not self._place or not self._changed:
            return
        part = self._place.with_suffix(f".{os.getpid()}.part")
        with contextlib.suppress(OSError):
            self._place.parent.mkdir(parents=True, exist_ok=True)
            # What was not asked for this time is kept as well: a run over one file forgets nothing of the tree.
            whole = {**self._files, **self._used}
            part.write_text(json.dumps({"key": self._key, "files": whole}), encoding="utf-8")
            part.replace(self._place)


def _key() -> str:
    """Changes with whatever decides which models a file names: this version, and the finders as they lie here."""
    folder = os.path.join(os.path.dirname(os.path.dirname(__file__)), "references")  # noqa: PTH118, PTH120
    parts = [__version__]
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            if entry.name.endswith(".py"):
                state = entry.stat()
                parts.append(f"{entry.name} {state.st_size} {state.st_mtime_ns}")
    return sha256("\0".join(parts).encode()).hexdigest()


def shown(file: str) -> str:
    """A path as its user would name it."""
    here = f"{os.getcwd()}{os.sep}"  # noqa: PTH109 - a thousand times
    return (file.removeprefix(here) if file.startswith(here) else file).replace(os.sep, "/")


def _absolute(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - resolve() would follow links away from the tree

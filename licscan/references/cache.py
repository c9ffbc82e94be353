"""What was found in files that have not changed since: kept in the user's cache folder, one file a tree."""

import hashlib
import json
import os
import time
from pathlib import Path
from typing import Any, NamedTuple

from licscan.references.interface import Trouble
from licscan.references.said import Comment, Found
from licscan.references.walk import File, stat

# A file that was written this recently may be written again within the same tick of the clock.
_FRESH = 50_000_000
# Some file systems count whole seconds, or two.
_SECOND = 1_000_000_000
_HERE = Path(__file__).parent


class Kept(NamedTuple):
    """What one file names.

    Attributes:
        found: The models.
        troubles: What could not be read of it.
        asked: The other files that were asked what a name is there.
        comments: The lines that somebody wants left alone.
    """

    found: tuple[Found, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    asked: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()


class Cache:
    """What files named when they were looked at the last time.

    Args:
        root: The tree; None to keep nothing.
        folder: Where to keep it; None for the user's cache folder.
    """

    def __init__(self, root: Path | None, folder: Path | None = None) -> None:
        self._path = None if root is None else _place(root, folder)
        self._before, self._passed = _load(self._path)
        self._now: dict[str, Any] = {}
        self._changed = False

    def get(self, file: File) -> Kept | None:
        """What a file named; None where it, or a file that it asked, is not what it was."""
        row = self._before.get(file.path)
        if row is None or row[0] != file.size or row[1] != file.mtime or row[2] != file.ctime:
            return None
        _, _, _, found, troubles, asked, comments = row
        if any(_state(path) != state for path, state in asked):
            return None
        self._now[file.path] = row
        return Kept(
            tuple(Found(*one) for one in found),
            tuple(Trouble(*one) for one in troubles),
            tuple(path for path, _ in asked),
            tuple(Comment(line, tuple(rules), reason) for line, rules, reason in comments),
        )

    def passes(self, name: str) -> bool:
        """Whether no finder wants files of that name, as far as it is known."""
        return name in self._passed

    def pass_by(self, name: str) -> None:
        """Remember that no finder wants files of that name: to ask them, all of them must be imported."""
        self._passed.add(name)
        self._changed = True

    def keep(self, file: File, kept: Kept) -> None:
        """Remember what a file names."""
        self._changed = True
        coarse = file.mtime % _SECOND == 0 and file.ctime % _SECOND == 0
        if time.time_ns() - max(file.mtime, file.ctime) < (2 * _SECOND if coarse else _FRESH):
            return
        asked = [(path, _state(path)) for path in kept.asked]
        self._now[file.path] = (file.size, file.mtime, file.ctime, kept.found, kept.troubles, asked, kept.comments)

    def save(self, *, whole: bool = True) -> None:
        """Write it down; whoever has no place for that looks at everything the next time.

        Args:
            whole: Whether the whole tree was looked at: then what was not asked for is forgotten.
        """
        if self._path is None or not (self._changed or (whole and len(self._now) != len(self._before))):
            return
        known = self._now if whole else {**self._before, **self._now}
        beside = self._path.with_suffix(f".{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside.write_text(
                json.dumps({"made": made_by(), "files": known, "passed": sorted(self._passed)}, separators=(",", ":")),
                encoding="utf-8",
            )
            beside.replace(self._path)
        except (OSError, ValueError):
            beside.unlink(missing_ok=True)


def made_by() -> str:
    """What says which version of the finders found something."""
    try:
        modules = sorted(os.scandir(_HERE), key=lambda entry: entry.name)
        state = [(one.name, one.stat().st_size, one.stat().st_mtime_ns) for one in modules if one.name.endswith(".py")]
    except OSError:  # inside an archive, where nothing changes
        state = []
    return hashlib.sha256(repr(state).encode()).hexdigest()


def _place(root: Path, folder: Path | None) -> Path:
    if folder is None:
        from platformdirs import user_cache_path  # noqa: PLC0415 - not where nothing is kept

        folder = user_cache_path("licscan", appauthor=False) / "references"
    return folder / f"{hashlib.sha256(os.fsencode(root.absolute())).hexdigest()[:32]}.json"


def _load(path: Path | None) -> tuple[dict[str, Any], set[str]]:
    """What is kept of files, and the names that no finder wants."""
    if path is None:
        return {}, set()
    try:
        kept = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}, set()
    sound = isinstance(kept, dict) and kept.get("made") == made_by() and isinstance(kept.get("files"), dict)
    return (dict(kept["files"]), set(kept["passed"])) if sound else ({}, set())


def _state(path: str) -> list[int] | None:
    file = stat(path)
    return None if file is None else [file.size, file.mtime, file.ctime]

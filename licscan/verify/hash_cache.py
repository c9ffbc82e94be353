"""What was hashed before: digests by device, inode, size and times, in the user's cache folder.

SQLite keeps it whole when a process is killed, and lets several write. Each row carries a check of its own: one that a
broken disk has changed is one that is not there. What cannot be opened is made anew; without a cache all is read again.
"""

import contextlib
import hashlib
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Self

from licscan.verify.hashing import Stamp

_FORMAT = 1
_WAIT = 20.0
_AT_ONCE = 400
_MOST = 2_000_000
# How coarse the clocks of file systems are: FAT keeps two seconds, and others as much as the system's tick.
_COARSE = 2_000_000_000
_FINE = 100_000_000
_SECOND = 1_000_000_000

Known = dict[Stamp, dict[str, str]]


class HashCache:
    """Digests of files that were hashed before.

    Args:
        place: The file; the user's own by default. None of its troubles is an error: `trouble` says what it is.
    """

    def __init__(self, place: Path | None = None) -> None:
        self.trouble = ""
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        self._written = 0.0
        self._place = place
        try:
            self._place = place or default_path()
            self._database = _opened(self._place)
        except (OSError, sqlite3.Error, RuntimeError) as error:
            self.trouble = f"nothing is remembered: {self._place or 'no cache'}: {error}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def recall(self, stamps: Iterable[Stamp]) -> Known:
        """The digests of those files that are known just so."""
        wanted = {_key(one): one for one in stamps}
        found: Known = {}
        with self._lock, self._troubled():
            if self._database is None:
                return {}
            keys = list(wanted)
            for first in range(0, len(keys), _AT_ONCE):
                some = keys[first : first + _AT_ONCE]
                marks = ",".join("?" * len(some))
                query = f"select id, digests, checked from files where id in ({marks})"  # noqa: S608 - only marks
                for key, digests, checked in self._database.execute(query, some):
                    if known := _parted(key, digests, checked):
                        found[wanted[key]] = known
        return found

    def keep(self, stamp: Stamp, begun: int, digests: Mapping[str, str]) -> None:
        """Remember the digests of a file, if its times tell it from the same file written to a moment later.

        Args:
            stamp: The file as it was before and after it was read.
            begun: When reading began, in nanoseconds.
            digests: Its digests by algorithm.
        """
        if not is_settled(stamp, begun):
            return
        key = _key(stamp)
        with self._lock, self._troubled():
            if self._database is None:
                return
            row = self._database.execute("select digests, checked from files where id = ?", (key,)).fetchone()
            known = (_parted(key, *row) if row else {}) | dict(digests)
            text = " ".join(f"{name}:{value}" for name, value in sorted(known.items()))
            self._database.execute(
                "insert or replace into files (id, digests, checked) values (?, ?, ?)", (key, text, _check(key, text))
            )
            # Not each by itself, since every commit waits for the disk; nor all at the end, since we may be killed.
            if time.monotonic() - self._written > 1:
                self._commit()

    def close(self) -> None:
        """Write what is not written yet, forget the oldest where there are too many, and let go of the file."""
        with self._lock, self._troubled():
            if self._database is not None:
                self._database.execute("delete from files where rowid <= (select max(rowid) from files) - ?", (_MOST,))
                self._commit()
        if self._database is not None:
            self._database.close()
            self._database = None

    def flush(self) -> None:
        """Write what is not written yet."""
        with self._lock, self._troubled():
            self._commit()

    def _commit(self) -> None:
        if self._database is not None:
            self._database.commit()
        self._written = time.monotonic()

    @contextlib.contextmanager
    def _troubled(self) -> Iterator[None]:
        """A cache that fails is one that is not there: what it would have said is read again."""
        try:
            yield
        except sqlite3.Error as error:
            self.trouble = f"nothing is remembered: {self._place}: {error}"
            if self._database is not None:
                self._database.close()
                self._database = None
            if self._place is not None and not isinstance(error, sqlite3.OperationalError):
                _put_aside(self._place)


def default_path() -> Path:
    """The user's own cache of digests.

    Raises:
        RuntimeError: The user has no home.
    """
    name = f"hashes-{_FORMAT}.db"
    if sys.platform == "linux" and (cache := os.environ.get("XDG_CACHE_HOME", "").strip()):
        return Path(cache, "licscan", name)
    if sys.platform == "linux":
        # What platformdirs says, too, once it is imported; that takes longer than looking at a small model.
        return Path.home() / ".cache" / "licscan" / name
    import platformdirs  # noqa: PLC0415 - see above

    return platformdirs.user_cache_path("licscan") / name


def is_settled(stamp: Stamp, begun: int) -> bool:
    """Whether a later write to a file would show in its times.

    One that comes within the same tick of the file system's clock as the last one does not. A time of whole seconds
    means a clock that knows no more; a time in the future, one that nobody knows.
    """
    return all(time_ + (_FINE if time_ % _SECOND else _COARSE) < begun for time_ in (stamp.modified, stamp.changed))


def _key(stamp: Stamp) -> bytes:
    """All of a stamp in few bytes: what differs in anything is another file."""
    text = "\0".join(map(str, stamp))
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _parted(key: bytes, digests: object, checked: object) -> dict[str, str]:
    """The digests of a row by algorithm; nothing of one that is not whole."""
    if not isinstance(digests, str) or checked != _check(key, digests):
        return {}
    return dict(part.split(":", 1) for part in digests.split())


def _check(key: bytes, digests: str) -> bytes:
    return hashlib.blake2b(digests.encode("utf-8", "replace"), key=key, digest_size=8).digest()


def _opened(place: Path) -> sqlite3.Connection:
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _connected(place)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise  # locked for too long, or not to be written: it may be sound
        _put_aside(place)
        return _connected(place)


def _put_aside(place: Path) -> None:
    """Make room for a new cache; others may do the same at this moment, and who comes last finds it gone."""
    with contextlib.suppress(OSError):
        place.replace(place.with_suffix(".broken"))


def _connected(place: Path) -> sqlite3.Connection:
    database = sqlite3.connect(place, timeout=_WAIT, check_same_thread=False)
    try:
        # What is lost when the power fails is only time, and a torn row does not match its check.
        database.execute("pragma synchronous = normal")
        database.execute("create table if not exists files (id blob primary key, digests text, checked blob)")
        database.commit()
    except BaseException:
        database.close()
        raise
    return database

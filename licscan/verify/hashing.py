"""One file read once, for all digests that are wanted of it; what happens to it meanwhile is noticed."""

import errno
import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from licscan.digests import Measured

# A FIFO that nobody writes to would be waited for. Not every system has every flag.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
# Smaller, and threads wait for one another; larger, and it falls out of the processor's cache.
BUFFER = 1 << 18
_KINDS = {stat.S_IFIFO: "a FIFO", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}
# A file of this size that was never written for the most part is a download that was not finished.
_LARGE = 1 << 30


class Stamp(NamedTuple):
    """By what a file is known again: any write to it, and any other file in its place, has another one.

    Attributes:
        device: Its file system.
        inode: Its number there.
        size: In bytes.
        modified: When its content was last written, in nanoseconds.
        changed: When anything of it was last changed; nobody sets that at will.
    """

    device: int
    inode: int
    size: int
    modified: int
    changed: int


class StoppedError(Exception):
    """Whoever asked does not want to know any more."""


def stamp(found: os.stat_result) -> Stamp:
    """The stamp of a file, from what the system says of it."""
    return Stamp(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def kind(mode: int) -> str:
    """What a file is that is no regular one; empty for one that is."""
    return "" if stat.S_ISREG(mode) else _KINDS.get(stat.S_IFMT(mode), "a folder" if stat.S_ISDIR(mode) else "no file")


def said(error: Exception) -> str:
    """What the system says, as a clause."""
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)


class Hashed(NamedTuple):
    """What reading a file gave.

    Attributes:
        measured: Size, digests, and what went wrong.
        stamp: The file as it was before and after; None where that is not one and the same.
        begun: When reading began, in nanoseconds.
    """

    measured: Measured
    stamp: Stamp | None
    begun: int


def hash_file(path: str, algorithms: Iterable[str], buffer: bytearray, read: Callable[[int], None]) -> Hashed:
    """Read a file once, and make digests of it; trouble is part of the answer.

    Args:
        path: The file.
        algorithms: Which digests, by their names in `licscan.digests.LENGTHS`.
        buffer: What it is read into.
        read: Told how many bytes were read, each time; what it raises ends the reading.
    """
    begun = time.time_ns()
    try:
        descriptor = os.open(path, _FLAGS)
    except FileNotFoundError:
        return Hashed(Measured(gone=True), None, begun)
    except (OSError, ValueError) as error:
        return Hashed(Measured(trouble=said(error)), None, begun)
    try:
        before = os.fstat(descriptor)
        if odd := kind(before.st_mode) or _holes(descriptor, before.st_size):
            return Hashed(Measured(before.st_size, trouble=odd), None, begun)
        makers = {name: _maker(name, before.st_size) for name in algorithms}
        seen = _read(descriptor, before.st_size, list(makers.values()), buffer, read)
        trouble = _disturbed(path, before, os.fstat(descriptor), seen)
    except OSError as error:
        return Hashed(Measured(trouble=said(error)), None, begun)
    finally:
        os.close(descriptor)
    if trouble:
        return Hashed(Measured(before.st_size, trouble=trouble, changed=True), None, begun)
    digests = {name: maker.hexdigest() for name, maker in makers.items()}
    return Hashed(Measured(before.st_size, digests), stamp(before), begun)


def _maker(name: str, size: int) -> Any:
    """What makes a digest; that of git begins with a head that says the size."""
    if name == "git-sha1":
        made = hashlib.sha1(usedforsecurity=False)
        made.update(b"blob %d\0" % size)
        return made
    return hashlib.new(name, usedforsecurity=False)


def _read(descriptor: int, size: int, makers: list[Any], buffer: bytearray, read: Callable[[int], None]) -> int:
    """Read a file to its end, or one step beyond where it has become longer; how many bytes there were."""
    _read_ahead(descriptor, size)
    whole, full = memoryview(buffer), len(buffer)
    into, fill = [buffer], getattr(os, "readv", _readv)
    updates = [maker.update for maker in makers]
    done = 0
    while done <= size:
        number = fill(descriptor, into)
        if not number:
            break
        part = whole if number == full else whole[:number]
        for update in updates:
            update(part)
        done += number
        read(number)
    return done


def _readv(descriptor: int, into: list[bytearray]) -> int:
    """Where the system has none."""
    data = os.read(descriptor, len(into[0]))
    into[0][: len(data)] = data
    return len(data)


def _read_ahead(descriptor: int, size: int) -> None:
    """Tell the system that the whole file is read in order; it may not care."""
    if size > BUFFER and hasattr(os, "posix_fadvise"):
        try:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_SEQUENTIAL)
        except OSError:
            return


def _disturbed(path: str, before: os.stat_result, after: os.stat_result, seen: int) -> str:
    """What happened to a file while it was read; empty where nothing did."""
    if seen != before.st_size:
        return (
            f"it had {before.st_size:,} bytes, and {seen:,} or more were read"
            if seen > before.st_size
            else (f"it had {before.st_size:,} bytes, and only {seen:,} could be read")
        )
    if stamp(before) != stamp(after):
        return "somebody wrote to it while it was read"
    try:
        now = os.stat(path)
    except OSError:
        return "it was taken away while it was read"
    return "" if stamp(now) == stamp(after) else "another file took its place while it was read"


def _holes(descriptor: int, size: int) -> str:
    """Whether a large file was for the most part never written, in words: it would be read for hours as zeros."""
    if size < _LARGE or not hasattr(os, "SEEK_DATA"):
        return ""
    written = place = 0
    try:
        while place < size and written * 2 <= size:
            start = os.lseek(descriptor, place, os.SEEK_DATA)
            place = os.lseek(descriptor, start, os.SEEK_HOLE)
            written += place - start
    except OSError as error:
        if error.errno != errno.ENXIO:  # no data behind that place: what all such files end with
            return ""
    finally:
        os.lseek(descriptor, 0, os.SEEK_SET)
    return f"{size - written:,} of its {size:,} bytes were never written" if written * 2 <= size else ""

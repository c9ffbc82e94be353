"""Copies of models compared with what is promised of them: each file is read once, and not again while unchanged."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from licscan.digests import Measured, Promise, parted
from licscan.integrity import Checked, compare, needs_reading
from licscan.verify.copy import Copy, File
from licscan.verify.hash_cache import HashCache
from licscan.verify.hashing import Hashed, Stamp, stamp
from licscan.verify.workers import Job, hash_all, processors

Watch = Callable[[int, int], None]


class Wanted(NamedTuple):
    """What to read of some copies.

    Attributes:
        algorithms: Digests to make of every file, whatever is promised; none to read only what can be compared.
        rehash: Read anew what is known from an earlier run.
        read: Whether anything is read at all; if not, only what is known from an earlier run is compared.
        jobs: How many files at a time; as many as there are processors by default.
    """

    algorithms: tuple[str, ...] = ()
    rehash: bool = False
    read: bool = True
    jobs: int | None = None


class Effort(NamedTuple):
    """What it took: bytes that were read, bytes known from an earlier run, and what is wrong with the cache."""

    read: int
    known: int
    trouble: str


class _Looked(NamedTuple):
    """A file with what is promised of it, and what is known before it is read."""

    file: File
    promises: Sequence[Promise]
    measured: Measured


def check(
    copies: Iterable[Copy], cache: HashCache, wanted: Wanted, watch: Watch = lambda _done, _total: None
) -> tuple[list[Checked], Effort]:
    """The verdicts on all files of some copies.

    Args:
        copies: The copies.
        cache: What was hashed before.
        wanted: What to read.
        watch: Told now and then how many bytes of how many were read.
    """
    looked = [(copy, list(_look(copy))) for copy in copies]
    algorithms = _algorithms((one for _, files in looked for one in files), wanted)
    measured, effort = _measure(algorithms, cache, wanted, watch)
    return [_checked(copy, files, measured) for copy, files in looked], effort


def _look(copy: Copy) -> Iterator[_Looked]:
    promises = copy.by_path()
    for path in sorted({*copy.files, *promises}):
        if path in copy.yardsticks and path not in promises and not copy.is_listed(path):
            continue
        file = copy.files.get(path) or File(path, "", gone=True)
        size = file.found.st_size if file.found else None
        measured = Measured(size, trouble=file.trouble, gone=file.gone, note=file.note)
        yield _Looked(file, promises.get(path, ()), measured)


class _Files(NamedTuple):
    """Which digests are wanted of one file on disk, however many names it has, and where it is opened."""

    place: str
    algorithms: set[str]


def _algorithms(looked: Iterable[_Looked], wanted: Wanted) -> dict[Stamp, _Files]:
    found: dict[Stamp, _Files] = {}
    for one in looked:
        if not one.file.found or one.measured.trouble or not (wanted.algorithms or _compares(one)):
            continue
        # SHA-256 always: it is what reports, statements and other tools speak of.
        names = {"sha256", *wanted.algorithms, *(parted(each.digest)[0] for each in one.promises if each.digest)}
        found.setdefault(stamp(one.file.found), _Files(one.file.place, set())).algorithms.update(names)
    return found


def _compares(one: _Looked) -> bool:
    return needs_reading(one.promises, one.measured)


def _measure(
    files: Mapping[Stamp, _Files], cache: HashCache, wanted: Wanted, watch: Watch
) -> tuple[dict[Stamp, Measured], Effort]:
    """Digests of files: known ones, and for the others those that reading them gives."""
    known = {} if wanted.rehash else cache.recall(files)
    found = {
        one: Measured(one.size, digests, cached=True)
        for one, digests in known.items()
        if files[one].algorithms <= digests.keys()
    }
    spared = sum(one.size for one in found)
    stamps = [one for one in files if one not in found]
    if not wanted.read:
        found |= {one: Measured(one.size, known[one], cached=True) for one in stamps if one in known}
        return found, Effort(0, spared, cache.trouble)
    jobs = [
        Job(number, files[one].place, one.size, tuple(sorted(files[one].algorithms)))
        for number, one in enumerate(stamps)
    ]
    total = sum(one.size for one in stamps)
    seen = 0

    def watching(done: int) -> None:
        nonlocal seen
        seen = done
        watch(done, total)

    with contextlib.closing(hash_all(jobs, wanted.jobs or processors(), watching)) as results:
        try:
            for number, hashed in results:
                found[stamps[number]] = _same(hashed, stamps[number])
                if hashed.stamp is not None:
                    cache.keep(hashed.stamp, hashed.begun, hashed.measured.digests)
        finally:
            # An interrupted run leaves what it has done to the next.
            cache.flush()
    return found, Effort(seen, spared, cache.trouble)


def _same(hashed: Hashed, listed: Stamp) -> Measured:
    """What was measured, where that is the file that was listed: it may have other names that lead to it still."""
    if hashed.measured.gone:
        return Measured(changed=True, trouble="it was taken away before it was read")
    if hashed.stamp is not None and hashed.stamp != listed:
        return Measured(changed=True, trouble="it was written to, or replaced, before it was read")
    return hashed.measured


def _checked(copy: Copy, looked: Iterable[_Looked], measured: Mapping[Stamp, Measured]) -> Checked:
    verdicts = []
    for file, promises, before in looked:
        after = measured.get(stamp(file.found)) if file.found else None
        known = after._replace(note=before.note, trouble=after.trouble or before.trouble) if after else before
        verdicts.append(compare(file.path, promises, known, listed=copy.is_listed(file.path)))
    return Checked(
        copy.name,
        copy.root,
        copy.ref,
        tuple(verdicts),
        tuple(dict.fromkeys(copy.troubles)),
        tuple(dict.fromkeys(copy.notes)),
    )

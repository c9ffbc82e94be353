"""The checksum campaign: thousands of files harmed in ways that keep their size or their times, all through the cache.

`make verify-campaign` harms 10,000; a small one is among the tests. The seed says which file is harmed how.
"""

import argparse
import hashlib
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from licscan.digests import FileStatus
from licscan.integrity import Verdict
from licscan.verify import HashCache, Wanted, check, find

SIZE = 4096
LIST = "SHA256SUMS"
Harm = Callable[[Path, Path], None]


def flip(file: Path, _other: Path) -> None:
    """Change one bit, keep the size, and set the time of the last write back."""
    before = file.stat()
    with file.open("r+b") as stream:
        stream.seek(SIZE // 3)
        byte = stream.read(1)[0]
        stream.seek(SIZE // 3)
        stream.write(bytes([byte ^ 1]))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def cut_and_pad(file: Path, _other: Path) -> None:
    """Cut the end off and fill it up with zeros, and set the time back."""
    before = file.stat()
    os.truncate(file, SIZE // 2)
    os.truncate(file, SIZE)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def swap(file: Path, other: Path) -> None:
    """Give two files each other's names."""
    between = file.with_suffix(".between")
    file.rename(between)
    other.rename(file)
    between.rename(other)


def link(file: Path, other: Path) -> None:
    """Put another name of another file in its place."""
    file.unlink()
    file.hardlink_to(other)


def symlink(file: Path, other: Path) -> None:
    """Put a link to another file in its place."""
    file.unlink()
    file.symlink_to(other.name)


def rename_over(file: Path, other: Path) -> None:
    """Rename a copy of another file over it, with all times that can be set."""
    before = file.stat()
    copy = file.with_suffix(".copy")
    shutil.copyfile(other, copy)
    os.utime(copy, ns=(before.st_atime_ns, before.st_mtime_ns))
    copy.replace(file)


def restore(file: Path, _other: Path) -> None:
    """Write an old version into it, as a tool that restores backups does: with the times of that version."""
    before = file.stat()
    old = hashlib.blake2b(file.name.encode()).digest() * (SIZE // 64)
    file.write_bytes(old)
    os.utime(file, ns=(before.st_atime_ns - 10**15, before.st_mtime_ns))


def remake(file: Path, _other: Path) -> None:
    """Remove it and make it anew at once: its inode is often given out again."""
    before = file.stat()
    file.unlink()
    file.write_bytes(bytes(SIZE))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


# Those that harm the other file too stand in `BOTH`.
HARMS: tuple[Harm, ...] = (flip, cut_and_pad, swap, link, symlink, rename_over, restore, remake)
BOTH = {swap}


@dataclass
class Outcome:
    """What a campaign found.

    Attributes:
        harmed: How many files were harmed.
        found: How many of these were found, by the kind of harm.
        unnoticed: Those that were not, each with its harm.
        wronged: Files that nobody harmed, and that are said not to be right.
        known: How many verdicts were given from the cache.
        seconds: How long it took.
    """

    harmed: int = 0
    found: Counter[str] = field(default_factory=Counter)
    unnoticed: list[str] = field(default_factory=list)
    wronged: list[str] = field(default_factory=list)
    known: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        kinds = ", ".join(f"{number} {name}" for name, number in sorted(self.found.items()))
        return (
            f"{self.harmed} files harmed, {sum(self.found.values())} found ({kinds}); {len(self.unnoticed)} not, "
            f"{len(self.wronged)} wronged; {self.known} verdicts from the cache; {self.seconds:.0f} s"
        )


def run(folder: Path, number: int, seed: int, at_once: int = 1000) -> Outcome:
    """Harm that many files, some at a time beside as many that are left alone, each time through a warm cache."""
    outcome = Outcome()
    begun = time.monotonic()
    chance = random.Random(seed)  # noqa: S311 - which is harmed is no secret
    place = folder / "hashes.db"
    turn = 0
    while outcome.harmed < number:
        models = folder / f"models-{turn}"
        _make(models, 2 * min(at_once, number - outcome.harmed), chance)
        turn += 1
        # What was just written is not remembered: a later write might bear the same time.
        time.sleep(0.15)
        _verdicts(models, place)
        warm = _verdicts(models, place)
        outcome.known += sum(verdict.measured.cached for verdict in warm)
        outcome.wronged += [verdict.path for verdict in warm if not _right(verdict)]
        _compare(_harm(models, chance), _verdicts(models, place), outcome)
        shutil.rmtree(models)
    outcome.seconds = time.monotonic() - begun
    return outcome


def _make(folder: Path, number: int, chance: random.Random) -> None:
    folder.mkdir()
    lines = []
    for one in range(number):
        data = chance.randbytes(SIZE)
        (folder / f"{one:05}.bin").write_bytes(data)
        lines.append(f"{hashlib.sha256(data).hexdigest()}  {one:05}.bin\n")
    (folder / LIST).write_text("".join(lines))


def _verdicts(folder: Path, place: Path) -> list[Verdict]:
    with HashCache(place) as cache:
        checked, _ = check(find(str(folder)), cache, Wanted())
    return list(checked[0].verdicts)


def _harm(folder: Path, chance: random.Random) -> dict[str, str]:
    """Harm about half of the files; which, and how."""
    files = sorted(folder.glob("*.bin"))
    chance.shuffle(files)
    harmed: dict[str, str] = {}
    for file, other in _pairs(files):
        harm = chance.choice(HARMS)
        harm(file, other)
        harmed[file.name] = harm.__name__
        if harm in BOTH:
            harmed[other.name] = harm.__name__
    return harmed


def _pairs(files: list[Path]) -> Iterator[tuple[Path, Path]]:
    yield from zip(files[::2], files[1::2], strict=True)


def _right(verdict: Verdict) -> bool:
    return verdict.status is FileStatus.VERIFIED


def _compare(harmed: dict[str, str], verdicts: list[Verdict], outcome: Outcome) -> None:
    for verdict in verdicts:
        harm = harmed.get(verdict.path)
        outcome.harmed += harm is not None
        if harm is None:
            outcome.wronged += [] if _right(verdict) else [verdict.path]
        elif verdict.status is FileStatus.MISMATCH:
            outcome.found[harm] += 1
        else:
            outcome.unnoticed.append(f"{harm} {verdict.path}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.verify_campaign", description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="Where to make the files: on the file system to be tried.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        found = run(Path(folder), asked.files, asked.seed)
    print(found)
    sys.exit(1 if found.unnoticed or found.wronged or not found.known else 0)


if __name__ == "__main__":
    main()

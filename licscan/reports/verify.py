"""Verdicts on files, for people at a terminal and as JSON. No library: an unchanged folder is shown in a moment."""

import datetime
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from licscan import __version__
from licscan.digests import FileStatus, Promise, parted
from licscan.integrity import Checked, Verdict, counted

SCHEMA_VERSION = 1

_WIDTH = 80
_EXAMPLES = 5
_ORDER = tuple(FileStatus(name) for name in "mismatch truncated changed missing extra unverified verified".split())
_COLORS = {
    FileStatus.VERIFIED: "32",
    FileStatus.MISMATCH: "1;31",
    FileStatus.TRUNCATED: "1;31",
    FileStatus.CHANGED: "31",
    FileStatus.MISSING: "33",
    FileStatus.EXTRA: "33",
    FileStatus.UNVERIFIED: "33",
}
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")
_STEP = 1024


def write(
    checked: Sequence[Checked], stream: TextIO, *, read: int, known: int, seconds: float, verbose: bool = False
) -> None:
    """Write verdicts for a terminal: what is wrong first, what is right in one line.

    Args:
        checked: The copies.
        stream: Where to.
        read: How many bytes were read.
        known: How many were known from an earlier run.
        seconds: How long that took.
        verbose: Show every file, with all that is promised of it.
    """
    color = stream.isatty() and not os.environ.get("NO_COLOR")
    for copy in checked:
        stream.writelines(line + "\n" for line in _head(copy))
        for group in _groups(copy.verdicts, verbose=verbose):
            stream.writelines(line + "\n" for line in _group(group, color=color, verbose=verbose))
        for words in (*copy.notes, *(f"not looked into: {trouble}" for trouble in copy.troubles)):
            _put(stream, words, 2)
    everything = [verdict for copy in checked for verdict in copy.verdicts]
    rate = f" in {seconds:.1f} s, {size(int(read / seconds))}/s" if read and seconds > 0 else ""
    _put(stream, f"{len(everything):,} files: {_numbers(counted(everything))}")
    _put(stream, f"{size(read)} read{rate}; {size(known)} known from an earlier run")


def write_json(
    checked: Sequence[Checked], stream: TextIO, *, created: datetime.datetime, read: int, known: int
) -> None:
    """Write verdicts as JSON; `docs/verify.md` says what stands where."""
    everything = [verdict for copy in checked for verdict in copy.verdicts]
    numbers: dict[str, int] = {status.value: number for status, number in counted(everything).items()}
    said = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "licscan", "version": __version__},
        "created": created.isoformat(),
        "copies": [_copy(copy) for copy in checked],
        "summary": {"files": len(everything), **numbers, "bytes_read": read, "bytes_known": known},
    }
    json.dump(said, stream, indent=2, ensure_ascii=False)
    stream.write("\n")


def size(number: float) -> str:
    """A number of bytes as people read it."""
    for unit in _UNITS[:-1]:
        if number < _STEP:
            return f"{number:.0f} {unit}" if unit == "bytes" or number >= 100 else f"{number:.1f} {unit}"  # noqa: PLR2004
        number /= _STEP
    return f"{number:.1f} {_UNITS[-1]}"


def _copy(copy: Checked) -> dict[str, object]:
    return {
        "name": copy.name,
        "root": copy.root,
        "ref": copy.ref or None,
        "files": [_file(verdict) for verdict in copy.verdicts],
        "notes": copy.notes,
        "troubles": copy.troubles,
    }


def _file(verdict: Verdict) -> dict[str, object]:
    measured = verdict.measured
    return {
        "path": verdict.path,
        "status": verdict.status.value,
        "why": verdict.why,
        "size": measured.size,
        "digests": dict(measured.digests),
        "promises": [{"source": one.source, "digest": one.digest, "size": one.size} for one in verdict.promises],
        "known": measured.cached,
        "note": measured.note,
    }


def _head(copy: Checked) -> list[str]:
    """Name and numbers, on one line if they fit: a name is never cut, since it may be copied from here."""
    name, numbers = _harmless(copy.name), _numbers(counted(copy.verdicts))
    whole = f"{name}: {numbers}"
    return [whole] if len(whole) <= _WIDTH else [name, *_folded(numbers, 2)]


def _groups(verdicts: Iterable[Verdict], *, verbose: bool) -> Iterator[list[Verdict]]:
    """What is shown together: files of one status for one reason; each by itself where its digests are wrong."""
    groups: dict[tuple[FileStatus, str], list[Verdict]] = {}
    for verdict in verdicts:
        alone = verbose or verdict.status in {FileStatus.MISMATCH, FileStatus.TRUNCATED, FileStatus.CHANGED}
        if verdict.status is not FileStatus.VERIFIED or verbose:
            groups.setdefault((verdict.status, verdict.path if alone else verdict.why), []).append(verdict)
    yield from sorted(groups.values(), key=lambda group: _ORDER.index(group[0].status))


def _group(group: list[Verdict], *, color: bool, verbose: bool) -> Iterator[str]:
    first = group[0]
    paths = [verdict.path for verdict in group]
    for number, path in enumerate(paths[:_EXAMPLES]):
        # The rest of the lines is folded, a name is not: it may be copied from here.
        status = f"{first.status.value:<10}" if number == 0 else " " * 10
        yield f"  {_colored(status, first.status, color=color)}  {_harmless(path)}"
    if len(paths) > _EXAMPLES:
        yield f"{'':14}and {len(paths) - _EXAMPLES:,} more"
    if first.why:
        yield from _folded(first.why, 14)
    if first.measured.note and len(group) == 1:
        yield from _folded(first.measured.note, 14)
    if verbose or (first.status is FileStatus.MISMATCH and len(group) == 1):
        yield from _digests(first)


def _digests(verdict: Verdict) -> Iterator[str]:
    """What is promised, by whom, and what is so: digests on lines of their own, since they fill one."""
    promised: dict[str, list[Promise]] = {}
    for one in verdict.promises:
        if one.digest:
            promised.setdefault(one.digest, []).append(one)
    for digest, promises in promised.items():
        algorithm, value = parted(digest)
        yield from _folded(f"{algorithm} by {', '.join(dict.fromkeys(one.source for one in promises))}", 14)
        yield from _value(value)
    wanted = {parted(digest)[0] for digest in promised} or {"sha256"}
    for algorithm, value in verdict.measured.digests.items():
        if algorithm in wanted and f"{algorithm}:{value}" not in promised:
            yield f"{'':14}{algorithm} of the file"
            yield from _value(value)


def _value(value: str) -> Iterator[str]:
    """A digest, in lines of 64 digits."""
    yield from (f"{'':14}{value[first : first + 64]}" for first in range(0, len(value), 64))


def _numbers(numbers: dict[FileStatus, int]) -> str:
    return ", ".join(f"{numbers[status]:,} {status}" for status in reversed(_ORDER) if status in numbers) or "no files"


def _put(stream: TextIO, words: str, indent: int = 0) -> None:
    stream.writelines(line + "\n" for line in _folded(words, indent))


def _folded(words: str, indent: int) -> list[str]:
    margin = " " * indent
    harmless = _harmless(words)
    if indent + len(harmless) <= _WIDTH:
        return [margin + harmless]
    import textwrap  # noqa: PLC0415 - 2 ms, and most lines fit

    return textwrap.wrap(
        harmless,
        _WIDTH,
        initial_indent=margin,
        subsequent_indent=margin + ("" if indent else "  "),
        break_on_hyphens=False,
    )


def _harmless(words: str) -> str:
    """Words of any origin without what would move the cursor; most have nothing of the kind."""
    if words.isascii() and words.isprintable():
        return words
    from licscan.text import printable  # noqa: PLC0415 - it is a neighbor of what describes models

    return printable(words)


def _colored(words: str, status: FileStatus, *, color: bool) -> str:
    return f"\x1b[{_COLORS[status]}m{words}\x1b[0m" if color else words

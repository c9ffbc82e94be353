"""What reports of findings for machines share: paths, one fingerprint a place, and words in one line."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from licscan.text import fold, printable

HELP = "docs/gate.md"
Plain = Mapping[str, Any]


def told(report: Plain) -> Iterator[Plain]:
    """The findings that nobody let pass."""
    yield from (one for one in report["findings"] if one["waiver"] is None)


def words(one: Plain) -> str:
    """What is wrong and what to do, in one harmless line."""
    return printable(fold(f"{one['message']}; to do: {one['remedy']}"))


def marked(findings: Iterator[Plain] | list[Plain]) -> Iterator[tuple[Plain, str]]:
    """Each finding with a fingerprint of its own: the same from run to run, another for each place in a file.

    Lines are left out: they move with every edit above them.
    """
    seen: dict[tuple[str, str], int] = {}
    for one in findings:
        key = str(one["fingerprint"]), str(one["path"])
        number = seen[key] = seen.get(key, 0) + 1
        yield one, hashlib.sha256("\0".join((*key, str(number))).encode()).hexdigest()[:32]

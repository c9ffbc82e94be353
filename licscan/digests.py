"""Digests of files: how they are written, what is promised of a file, what was measured, and the words for what is so.

Plain values and no library: what compares a hundred gigabytes is not to wait for what describes models.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

# By the number of hex digits; where two algorithms share one, the usual one.
LENGTHS = {
    "md5": 32,
    "sha1": 40,
    "git-sha1": 40,
    "sha224": 56,
    "sha256": 64,
    "sha384": 96,
    "sha512": 128,
    "blake2b": 128,
}
# Whoever wants to can make two files with one such digest; it finds an accident, and proves nothing.
FORGEABLE = frozenset({"md5"})

_HEX = re.compile(r"[0-9a-f]+")


class FileStatus(StrEnum):
    """What is known of a file's bytes against what its publisher promised."""

    VERIFIED = "verified"
    MISMATCH = "mismatch"
    UNVERIFIED = "unverified"
    MISSING = "missing"
    EXTRA = "extra"
    TRUNCATED = "truncated"
    CHANGED = "changed"


class Promise(NamedTuple):
    """What somebody says of a file: its digest, its size, or, with neither, only that it is there.

    Attributes:
        path: Relative to the model's root, with `/`.
        source: Who says so, in a few words: a file's name, `the Hub's list`, `blob name`.
        digest: `algorithm:hex`, the algorithm one of `LENGTHS`; `git-sha1` is that of git's object.
        size: In bytes.
    """

    path: str
    source: str
    digest: str | None = None
    size: int | None = None


class Measured(NamedTuple):
    """What is so of a file on disk.

    Attributes:
        size: In bytes; None where it is not known.
        digests: Hex digests by algorithm, as far as they were wanted.
        trouble: Why it could not be looked at; empty where it could.
        changed: Whether somebody wrote to it while it was read.
        gone: Whether it is not there.
        note: What a reader must know besides: where a link leads.
        cached: Whether the digests were known from an earlier run.
    """

    size: int | None = None
    digests: Mapping[str, str] = {}
    trouble: str = ""
    changed: bool = False
    gone: bool = False
    note: str = ""
    cached: bool = False


def written(algorithm: str, value: object) -> str | None:
    """A digest as `algorithm:hex` in lower case; None for what is no digest of that algorithm."""
    if not isinstance(value, str) or len(value) != LENGTHS.get(algorithm):
        return None
    low = value.lower()
    return f"{algorithm}:{low}" if _HEX.fullmatch(low) else None


def parted(digest: str) -> tuple[str, str]:
    """Algorithm and hex of a digest that `written` gave."""
    algorithm, _, value = digest.partition(":")
    return algorithm, value

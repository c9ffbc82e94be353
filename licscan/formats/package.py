"""What packages of every kind say of themselves."""

from pathlib import Path
from typing import NamedTuple

LONGEST = 2_000


class Stated(NamedTuple):
    """A license field: its name, its value, its line."""

    key: str
    value: str
    line: int


class Package(NamedTuple):
    """A package as it lies unpacked.

    Attributes:
        name: Its name on the index.
        version: Its version.
        metadata: The file that says so.
        stated: Its license fields.
        files: The files that it installed, relative to the folder that it was installed into; none where that folder is
            its own.
        digest: Of its metadata, in hex.
    """

    name: str
    version: str
    metadata: Path
    stated: tuple[Stated, ...]
    files: frozenset[str]
    digest: str

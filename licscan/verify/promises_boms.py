"""Digests of files that a bill of materials gives."""

from collections.abc import Collection, Iterator

from licscan import materials
from licscan.digests import Promise, parted
from licscan.verify.small import inside


def is_one(text: str) -> bool:
    """Whether a text is a bill of materials."""
    return materials.is_one(text)


def read(text: str, source: str, there: Collection[str]) -> tuple[list[Promise], list[str]]:
    """What a bill of materials promises of the files of a copy, and what it says of none of them for sure.

    Args:
        text: The document; it may list several models, and files by their names alone.
        source: What to call it.
        there: The paths of the copy's files.

    Raises:
        UnreadableError: It cannot be read.
    """
    found: dict[tuple[str, str], dict[str, None]] = {}
    for name, digest in materials.files(materials.read(text)):
        path = inside(name.removeprefix("./"))
        if path and (whose := _place(path, there)):
            found.setdefault((whose, parted(digest)[0]), {})[digest] = None
    doubtful = sorted({path for (path, _), digests in found.items() if len(digests) > 1})
    promises = [
        Promise(path, source, digest)
        for (path, _), digests in found.items()
        if path not in doubtful
        for digest in digests
    ]
    return promises, [f"{source}: gives several digests for {path}" for path in doubtful]


def _place(path: str, there: Collection[str]) -> str | None:
    """The file that a path or a name means; the path itself where that file is not here, None for a name alone."""
    if path in there:
        return path
    named = list(_called(path, there))
    if len(named) == 1:
        return named[0]
    return path if "/" in path or not named else None


def _called(name: str, there: Collection[str]) -> Iterator[str]:
    if "/" not in name:
        yield from (one for one in there if one.rpartition("/")[2] == name)

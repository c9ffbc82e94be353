"""Digests of files that a bill of materials gives."""

from collections.abc import Collection

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
    bom = materials.read(text)
    # Of several models, this is a copy of one: what is not here may be another's.
    alone = sum(part.kind == materials.MODEL and part.direct for part in bom.parts) <= 1
    for name, digest in materials.files(bom):
        path = inside(name.removeprefix("./"))
        if path and (whose := _place(path, there, alone=alone)):
            found.setdefault((whose, parted(digest)[0]), {})[digest] = None
    doubtful = sorted({path for (path, _), digests in found.items() if len(digests) > 1})
    promises = [
        Promise(path, source, digest)
        for (path, _), digests in found.items()
        if path not in doubtful
        for digest in digests
    ]
    return promises, [f"{source}: gives several digests for {path}" for path in doubtful]


def _place(path: str, there: Collection[str], *, alone: bool) -> str | None:
    """The file that a path or a name means; the path itself where that file should be here and is not."""
    if path in there:
        return path
    named = [one for one in there if one.rpartition("/")[2] == path]
    if len(named) == 1:
        return named[0]
    return path if alone and not named else None

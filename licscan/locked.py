"""What a lock promises of the files of a copy: the digests that it holds, as of the day that it names.

No library is imported here: `licscan verify` looks at every copy.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from licscan.digests import Promise, written
from licscan.lock import NAME, Entry, Lock
from licscan.revisions import split
from licscan.verify import Copy
from licscan.verify.small import inside, size_of

_FILE, _OLLAMA = "file:", "ollama:"


def promise(copies: Iterable[Copy], lock: Lock, folder: Path) -> None:
    """Add to copies what a lock promises of the models that they are copies of.

    Args:
        copies: The copies.
        lock: The lock.
        folder: Where it lies: paths of models in it begin there.
    """
    for copy in copies:
        for ref, entry in lock.models.items():
            copy.add(_of_file(copy, ref, entry, folder) if ref.startswith(_FILE) else _of_name(copy, ref, entry))


def _of_name(copy: Copy, ref: str, entry: Entry) -> Iterator[Promise]:
    """The promises of a model that is known by a name, at the commit that the copy is of."""
    name, _ = split(ref)
    mine, revision = split(copy.ref)
    if not copy.ref or name.casefold() != mine.casefold() or revision not in {None, entry.get("commit")}:
        return
    if revision is None and not ref.startswith(_OLLAMA):
        copy.notes.append(f"{NAME} is of commit {entry.get('commit')}; of which one this copy is, nothing says")
    for one in _promises(entry):
        if not ref.startswith(_OLLAMA):
            yield one
        elif one.digest and one.digest.startswith("sha256:"):
            # The lock has the files of the model; here lie the blobs that they are.
            yield one._replace(path=f"blobs/{one.digest.replace(':', '-')}")


def _of_file(copy: Copy, ref: str, entry: Entry, folder: Path) -> Iterator[Promise]:
    """The promises of a model that is known by its place: the copy's, or one below it."""
    place = os.path.realpath(folder / split(ref)[0].removeprefix(_FILE))
    root = os.path.realpath(copy.root)
    if not os.path.isdir(place):  # noqa: PTH112 - plain paths, as in all of verify
        place = os.path.dirname(place)  # noqa: PTH120 - likewise
    if place != root and not place.startswith(os.path.join(root, "")):  # noqa: PTH118 - likewise
        return
    below = "" if place == root else f"{os.path.relpath(place, root).replace(os.sep, '/')}/"
    for one in _promises(entry):
        path = f"{below}{one.path}"
        yield one._replace(path=path)


def _promises(entry: Entry) -> Iterator[Promise]:
    """What an entry says of its files: the publisher's digest, else the one that was found then."""
    files = entry.get("files")
    for file in files if isinstance(files, list) else ():
        path = inside(file.get("path")) if isinstance(file, dict) else None
        if path is None:
            continue
        algorithm, _, value = str(file.get("promised") or f"sha256:{file.get('sha256')}").partition(":")
        digest, size = written(algorithm, value), size_of(file.get("size"))
        if digest or size:
            yield Promise(path, NAME, digest, size or None)

"""A folder that `hf download --local-dir` filled: beside the files lies what each was at which commit, and no name.

huggingface_hub, `_local_folder.py`: `.cache/huggingface/download/<path>.metadata` holds commit, etag and time.
"""

import os
from pathlib import Path

from licscan.errors import UnreadableError
from licscan.formats.bounded import decode, read_file
from licscan.formats.tree import walk
from licscan.model import Gap, GapId
from licscan.sources.stores.interface import COMMIT, SHA256, Held, Store, within

_BOOKS = Path(".cache") / "huggingface"
_LIMIT = 4096
_SUFFIX = ".metadata"


class LocalFolder(Store):
    """A folder with the Hub client's own books in it."""

    name = "local-dir"

    def hold(self, path: Path) -> Held | None:
        """The files of the folder, with the commit and the digests that its books state."""
        books = path / _BOOKS / "download"
        if not books.is_dir():
            return None
        held = Held(path.name)
        for folder in walk(path, lambda *_: None):
            if folder.path == path / ".cache" or path / ".cache" in folder.path.parents:
                continue
            for name in folder.files:
                inside = within((folder.path / name).relative_to(path).as_posix())
                if inside:
                    held.files[inside] = folder.path / name
        commits = {commit for name in held.files if (commit := _book(books, name, held))}
        if len(commits) == 1:
            (held.revision,) = commits
            held.notes.append(f"downloaded from a hub at commit {held.revision}, which does not say of which model")
        elif commits:
            why = f"its files were downloaded at {len(commits)} commits: {', '.join(sorted(commits))}"
            held.gaps.append(Gap(id=GapId.REVISION_NOT_ESTABLISHED, what="at which commit this holds", why=why))
        return held


def _book(books: Path, name: str, held: Held) -> str | None:
    """The commit that a file is of, its digest taken down; None where it was changed since, or has no entry."""
    path = books / f"{name}{_SUFFIX}"
    try:
        lines = decode(read_file(path, _LIMIT).data).splitlines()
        changed = os.stat(held.files[name]).st_mtime > float(lines[2]) + 1  # noqa: PTH116 - as the client compares
    except (UnreadableError, OSError, ValueError, IndexError):
        return None
    commit, etag = lines[0].strip(), lines[1].strip()
    if SHA256.fullmatch(etag):
        held.promised[name] = f"sha256:{etag}"
    elif COMMIT.fullmatch(etag):
        held.promised[name] = f"git-sha1:{etag}"
    if changed:
        held.notes.append(f"{name}: changed after it was downloaded")
        return None
    return commit if COMMIT.fullmatch(commit) else None

"""A plain folder as a copy of a model: everything below it, and whatever in it says what the files should be."""

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from licscan.digests import Promise
from licscan.errors import UnreadableError
from licscan.verify import promises_files, promises_hub, promises_sums, statement
from licscan.verify.copy import DEEPEST, Copy, File, Folder, walk
from licscan.verify.small import inside, read_bytes, read_head, read_json

# A pointer is some 130 bytes, and none of these is a file of weights.
_POINTERS = range(100, 600)
_TEXTS = (".json", ".txt", ".md", ".py", ".yaml", ".yml", ".jinja", ".gitattributes", ".metadata")
_DOWNLOADS = ".cache/huggingface"
_MOST_TREES = 50
_METADATA = 4096


def read_folder(root: str, name: str, deepest: int = DEEPEST) -> tuple[Copy, list[str]]:
    """A folder with all that lies below it, and the folders in it that are stores of models themselves.

    Args:
        root: The folder.
        name: What to call the copy.
        deepest: How many folders deep; 0 for the root alone.
    """
    copy = Copy(name, root)
    stores: list[str] = []
    for folder in walk(root, copy.troubles.append, deepest):
        if any(is_repository(os.path.join(folder.place, below)) for below in folder.folders):
            _leave_cache(folder)
        for file in folder.files:
            if file.path in copy.files:
                copy.troubles.append(f"{file.path}: two names that are shown alike")
            copy.files[file.path] = file
        _spoken(copy, folder)
        _downloads(copy, folder)
        for below in list(folder.folders):
            place = os.path.join(folder.place, below)
            if is_store(place):
                folder.folders.remove(below)
                stores.append(place)
    weigh_headers(copy)
    return copy, stores


def _leave_cache(folder: Folder) -> None:
    """Leave out what lies in the root of a cache of the Hub beside the repositories: locks, shared blobs, marks."""
    folder.files.clear()
    for name in (".locks", "blobs"):
        if name in folder.folders:
            folder.folders.remove(name)


def is_store(place: str) -> bool:
    """Whether a folder keeps models by the digests of their files: of the Hub's cache, Ollama, or an OCI layout."""
    return is_repository(place) or is_ollama(place) or is_layout(place)


def is_repository(place: str) -> bool:
    """Whether a folder is that of a repository in the cache of `huggingface_hub`."""
    name = os.path.basename(place)
    return "s--" in name and os.path.isdir(os.path.join(place, "snapshots"))


def is_ollama(place: str) -> bool:
    """Whether a folder is a store of Ollama."""
    return (
        os.path.isdir(os.path.join(place, "manifests"))
        and os.path.isdir(os.path.join(place, "blobs"))
        and not (is_layout(place))
    )


def is_layout(place: str) -> bool:
    """Whether a folder is an OCI image layout, or the store of a runner that keeps one."""
    return os.path.isdir(os.path.join(place, "blobs", "sha256")) and any(
        os.path.exists(os.path.join(place, name)) for name in ("index.json", "oci-layout", "manifests", "models.json")
    )


def _spoken(copy: Copy, folder: Folder) -> None:
    """What the files of a folder say of those beside them."""
    for file in folder.files:
        name = file.path.rpartition("/")[2]
        try:
            if promises_sums.is_list(name):
                text = read_bytes(file.place, promises_sums.LIMIT).decode("utf-8", "replace")
                _measure_with(copy, folder, file, promises_sums.read(text, name))
            elif name.endswith(promises_files.INDEX_SUFFIXES):
                _index(copy, folder, file, name)
            elif statement.is_statement(name):
                read = statement.parse(read_bytes(file.place), file.path)
                source = f"{name}, its signature not checked" if read.signed else name
                _measure_with(copy, folder, file, read.promises(source))
        except UnreadableError as error:
            copy.troubles.append(f"{file.path}: {error.what}")
        if digest := _named_by_digest(folder.place, name):
            copy.promises.append(Promise(file.path, "blob name", digest))
        _pointer(copy, file)


def _measure_with(copy: Copy, folder: Folder, file: File, promises: Iterable[Promise]) -> None:
    """Take the promises of a file that is there for nothing else."""
    found = list(promises)
    if found:
        copy.yardsticks.add(file.path)
        copy.add(found, folder.below)


def _named_by_digest(place: str, name: str) -> str | None:
    if os.path.basename(place) == "blobs" and is_repository(os.path.dirname(place)):
        return promises_hub.etag_digest(name)
    return promises_hub.named_by_digest(place.replace(os.sep, "/"), name)


def _index(copy: Copy, folder: Folder, file: File, name: str) -> None:
    """The shards that an index names; and a note where they hold another number of bytes than it counts."""
    shards, total = promises_files.read_index(read_json(file.place), name)
    named = list(shards)
    copy.add(named, folder.below)
    if total is None or not name.endswith(".safetensors.index.json"):
        return
    there = {one.path: one for one in folder.files}
    held = 0
    for shard in named:
        found = there.get(f"{folder.below}{shard.path}")
        length = promises_files.header_length(read_head(found.place, 8)) if found and found.found else None
        if found is None or found.found is None or length is None:
            return
        held += found.found.st_size - 8 - length
    if held != total:
        copy.notes.append(f"{file.path} counts {total:,} bytes of tensors, and its shards hold {held:,}")


def _pointer(copy: Copy, file: File) -> None:
    if file.found and not file.trouble and file.found.st_size in _POINTERS and not file.path.endswith(_TEXTS):
        head = read_head(file.place, promises_files.POINTER_LONGEST + 1)
        if promise := promises_files.read_pointer(head, file.path):
            copy.promises.append(promise)
            copy.files[file.path] = file._replace(note="it is only a git-LFS pointer: the file was never fetched")


def weigh_headers(copy: Copy) -> None:
    """Where nothing gives a digest of a safetensors file, take the size that its header gives it."""
    promised = {promise.path for promise in copy.promises if promise.digest}
    for file in copy.files.values():
        if file.path.endswith(".safetensors") and file.path not in promised and file.found and not file.trouble:
            length = promises_files.header_length(read_head(file.place, 8))
            head = read_head(file.place, 8 + length) if length else b""
            if promise := promises_files.read_header(head, file.path):
                copy.promises.append(promise)


def _downloads(copy: Copy, folder: Folder) -> None:
    """What `hf download --local-dir` has written of the files that it put here: commit, ETag, and the tree."""
    place = Path(folder.place, _DOWNLOADS)
    if not place.is_dir():
        return
    commits: dict[str, str] = {}
    found: list[Promise] = []
    for below in walk(str(place / "download"), lambda _: None):
        for file in below.files:
            path = inside(file.path.removesuffix(".metadata")) if file.path.endswith(".metadata") else None
            said = promises_hub.read_metadata(read_head(file.place, _METADATA).decode("utf-8", "replace"))
            if path and said:
                commits[path] = said[0]
                if said[1]:
                    found.append(Promise(path, "download record", said[1]))
    copy.add(found, folder.below)
    _tree(copy, folder, place, commits)


def _tree(copy: Copy, folder: Folder, place: Path, commits: dict[str, str]) -> None:
    """The list of the commit that most of the files are of; the others may be of another one."""
    trees = sorted((place / "trees").glob("*.json"))[:_MOST_TREES]
    usual = Counter(commits.values()).most_common(1)
    commit = usual[0][0] if usual else trees[0].stem if len(trees) == 1 else ""
    file = place / "trees" / f"{commit}.json"
    if not promises_hub.COMMIT.fullmatch(commit) or not file.exists():
        return
    if read_list(copy, str(file), folder.below, {path for path, one in commits.items() if one != commit}):
        copy.notes.append(f"downloaded at commit {commit}")


def read_list(copy: Copy, place: str, below: str = "", but: frozenset[str] | set[str] = frozenset()) -> bool:
    """Take the promises of a file of `trees/`, but for some paths; False, and a trouble, where it cannot be read."""
    source = f"trees/{os.path.basename(place)[:8]}"
    try:
        read = promises_hub.read_tree(read_json(place), source)
    except UnreadableError as error:
        copy.troubles.append(f"{source}: {error.what}")
        return False
    if read is None:
        copy.troubles.append(f"{source}: written in words that are not known")
        return False
    promises, meaningless = read
    copy.add((one for one in promises if one.path not in but), below)
    if meaningless:
        copy.troubles.append(f"{source}: {meaningless} entries name no file")
    else:
        copy.listed.append(below)
    return True

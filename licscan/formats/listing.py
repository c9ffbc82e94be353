"""Which folders hold a model, which files belong to it, and a digest of all that is looked at."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from licscan.errors import UnreadableError
from licscan.formats import card, identify, may_be_weights, model_config, weight_format
from licscan.formats.bounded import decode, open_regular, read_file, sha256_of
from licscan.formats.front_matter import split
from licscan.formats.names import CONFIG_LIMIT, is_card_name, is_read, text_kind
from licscan.formats.tree import Folder, Troubled, list_folder, walk

_ENDS = 1 << 16
# So large a file is hashed in 25 ms; larger ones only for those who ask for it.
SMALL = 32 << 20


class Listing(NamedTuple):
    """The files of a model, sorted, and what of its folders was not looked into, with the reason."""

    files: tuple["Listed", ...]
    troubles: tuple[str, ...] = ()


class Listed(NamedTuple):
    """A file of the model.

    Attributes:
        path: Below the root, with `/`.
        size: In bytes; -1 where it is not known.
        promised: The digest that the publisher states, as `algorithm:hex`.
        content: The format of weights that its content shows, where its name promises none.
    """

    path: str
    size: int
    promised: str | None = None
    content: str | None = None

    @property
    def format(self) -> str | None:
        """The format of weights that it is; None where it is none."""
        return self.content or weight_format(self.path.rpartition("/")[2])


def has_card(folder: Folder) -> bool:
    """Whether a folder holds the card of a model: a README with the front matter of the Hub."""
    for name in folder.files:
        if is_card_name(name):
            try:
                head = decode(read_file(folder.path / name, _ENDS).data)
            except UnreadableError:
                continue
            if head.lstrip().startswith("---\n") and card.is_card(split(head)):
                return True
    return False


def has_model(folder: Folder) -> bool:
    """Whether a folder holds a model by what lies directly in it: weights, or the configuration that loads some."""
    if any(weight_format(name) for name in folder.files):
        return True
    if any(may_be_weights(name) and identify(folder.path / name) for name in folder.files):
        return True
    return bool({"adapter_config.json", "model_index.json"} & set(folder.files)) or _is_transformers(folder)


def is_own_model(folder: Folder) -> bool:
    """Whether a folder inside a model's is its own model: it has a card, or a model with a README or license."""
    speaks = any(is_card_name(name) or text_kind(name) == "license" for name in folder.files)
    return has_card(folder) or (speaks and has_model(folder))


def find_models(root: Path, troubled: Troubled, left: Callable[[Folder], bool] = lambda _: False) -> Iterator[Path]:
    """The folders of models below and including `root`; what lies below belongs to it, unless it is its own model.

    Args:
        root: Where to begin.
        troubled: Called with each place that was not looked into, and why.
        left: Whether a folder is somebody else's to look at.
    """
    found: set[Path] = set()
    for folder in walk(root, troubled, left=left):
        inside = not found.isdisjoint(folder.path.parents)
        if is_own_model(folder) if inside else has_model(folder) or has_card(folder):
            found.add(folder.path)
            yield folder.path


def list_files(root: Path) -> Listing:
    """All files that belong to the model in a folder."""
    troubles: list[str] = []
    found: list[Listed] = []
    own: set[Path] = set()

    def troubled(place: Path, why: str) -> None:
        troubles.append(f"{place.relative_to(root).as_posix()}: {why}")

    for folder in walk(root, troubled):
        if folder.path != root and (not own.isdisjoint(folder.path.parents) or is_own_model(folder)):
            own.add(folder.path)
            continue
        below = "" if folder.path == root else f"{folder.path.relative_to(root).as_posix()}/"
        found += (_listed(folder.path / name, f"{below}{name}") for name in folder.files)
    return Listing(tuple(sorted(found)), tuple(troubles))


def list_file(path: Path) -> Listing:
    """A single weight file, with what lies beside it and speaks of it; other weights there are other models."""
    folder = list_folder(path.parent)
    beside = (name for name in folder.files if is_read(name))
    listed = {name: _listed(path.parent / name, name) for name in {path.name, *beside}}
    if listed[path.name].format is None:
        # Whoever names a single file says that it is one of weights; its content says of which kind.
        listed[path.name] = listed[path.name]._replace(content=identify(path))
    return Listing(tuple(sorted(listed.values())))


def list_held(files: Mapping[str, Path], promised: Mapping[str, str]) -> Listing:
    """The files of a model whose bytes lie elsewhere, by their paths in the model, with the digests promised."""
    listed = (_listed(where, path)._replace(promised=promised.get(path)) for path, where in files.items())
    return Listing(tuple(sorted(listed)))


def revision(
    where: Callable[[str], Path],
    files: Iterable[Listed],
    besides: bytes = b"",
    digest: Callable[[Path], str | None] = sha256_of,
) -> str:
    """A digest of all that is looked at: every file's path and size, small files whole, large weights by both ends.

    Args:
        where: Where a file of the model lies.
        files: Its files.
        besides: What else is read of it, outside its folder.
        digest: Who makes the digest of a small weight file.

    The same files give the same revision on any machine. What lies in the middle of a large weight file is the business
    of checksums, not of this.
    """
    whole = hashlib.sha256(besides)
    for file in files:
        whole.update(f"{file.path}\0{file.size}\0".encode())
        if file.format and 2 * _ENDS < file.size <= SMALL:
            whole.update((digest(where(file.path)) or "").encode())
        elif file.format:
            whole.update(_ends(where(file.path), file.size))
        elif is_read(file.path):
            whole.update(_content(where(file.path)))
    return f"tree-{whole.hexdigest()[:32]}"


def _is_transformers(folder: Folder) -> bool:
    if "config.json" not in folder.files:
        return False
    try:
        fields = model_config.parse(decode(read_file(folder.path / "config.json", CONFIG_LIMIT).data))
    except UnreadableError:
        return False
    return not fields.keys().isdisjoint({"model_type", "architectures", "_name_or_path"})


def _ends(path: Path, size: int) -> bytes:
    try:
        with os.fdopen(open_regular(path), "rb") as stream:
            head = stream.read(_ENDS)
            stream.seek(max(0, size - _ENDS))
            return head + stream.read(_ENDS)
    except (UnreadableError, OSError):
        return b""


def _listed(where: Path, path: str) -> Listed:
    try:
        size = os.stat(where).st_size  # noqa: PTH116 - half the time of Path.stat
    except OSError:
        return Listed(path, -1)
    name = path.rpartition("/")[2]
    open_ = may_be_weights(name) and weight_format(name) is None
    return Listed(path, size, content=identify(where) if open_ else None)


def _content(path: Path) -> bytes:
    try:
        return read_file(path, CONFIG_LIMIT).data
    except UnreadableError:
        return b""

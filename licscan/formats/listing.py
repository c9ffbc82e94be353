"""Which folders hold a model, which files belong to it, and a digest of all that is looked at."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from licscan.errors import UnreadableError
from licscan.formats import card, model_config, weight_format
from licscan.formats.bounded import decode, open_regular, read_file
from licscan.formats.front_matter import split
from licscan.tree import Folder, Troubled, list_folder, walk

# How much of a file is read at most.
CARD_LIMIT = 2 << 20
TEXT_LIMIT = 1 << 20
CONFIG_LIMIT = 8 << 20

TextKind = Literal["policy", "notice", "license"]

_ENDS = 1 << 16
_CARD = re.compile(r"readme(?:\.(?:md|markdown|mdx|txt|rst))?|model_?card\.md", re.IGNORECASE)
_TEXTS: tuple[tuple[TextKind, re.Pattern[str]], ...] = (
    ("policy", re.compile(r"(?:acceptable[_-]?)?use[_-]?policy.*|.*prohibited[_-]?use.*|aup(?:\..*)?", re.IGNORECASE)),
    ("notice", re.compile(r"(?:third[_-]?party[_-]?)?notices?(?:[._-].*)?", re.IGNORECASE)),
    (
        "license",
        re.compile(
            r"(?:.*[._-])?(?:(?:un)?licen[cs]es?|copying|eula|terms(?:[_-]of[_-]use)?)(?:[._-].*)?", re.IGNORECASE
        ),
    ),
)
# Code and data whose names speak of licenses, and no text of one.
_NO_TEXTS = re.compile(
    r".*\.(?:py|pyc|js|ts|json|jsonl|ya?ml|toml|csv|tsv|png|jpe?g|gif|svg|ico|css|sh|c|h|cpp|rs|go)", re.IGNORECASE
)
_CONFIGS = ("config.json", "adapter_config.json", "model_index.json", "modules.json")


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
    """

    path: str
    size: int
    promised: str | None = None


def is_card_name(name: str) -> bool:
    """Whether a file is a card by its name."""
    return bool(_CARD.fullmatch(name))


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
    return bool({"adapter_config.json", "model_index.json"} & set(folder.files)) or _is_transformers(folder)


def is_own_model(folder: Folder) -> bool:
    """Whether a folder inside a model's is its own model: it has a card, or a model with a README or license."""
    speaks = any(is_card_name(name) or text_kind(name) == "license" for name in folder.files)
    return has_card(folder) or (speaks and has_model(folder))


def find_models(root: Path, troubled: Troubled) -> Iterator[Path]:
    """The folders of models below and including `root`; what lies below belongs to it, unless it is its own model."""
    found: set[Path] = set()
    for folder in walk(root, troubled):
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
        found += (_listed(root, f"{below}{name}") for name in folder.files)
    return Listing(tuple(sorted(found)), tuple(troubles))


def list_file(path: Path) -> Listing:
    """A single weight file, with what lies beside it and speaks of it; other weights there are other models."""
    folder = list_folder(path.parent)
    beside = (name for name in folder.files if is_read(name))
    return Listing(tuple(sorted(_listed(path.parent, name) for name in {path.name, *beside})))


def revision(root: Path, files: Iterable[Listed], besides: bytes = b"") -> str:
    """A digest of all that is looked at: every file's path and size, small files whole, weights by both ends.

    Args:
        root: The model's folder.
        files: Its files.
        besides: What else is read of it, outside its folder.

    The same files give the same revision on any machine. What lies in the middle of a weight file is the business of
    checksums, not of this.
    """
    whole = hashlib.sha256(besides)
    for file in files:
        whole.update(f"{file.path}\0{file.size}\0".encode())
        name = file.path.rpartition("/")[2]
        if weight_format(name):
            whole.update(_ends(root / file.path, file.size))
        elif is_read(file.path):
            whole.update(_content(root / file.path))
    return f"tree-{whole.hexdigest()[:32]}"


def _is_transformers(folder: Folder) -> bool:
    if "config.json" not in folder.files:
        return False
    try:
        fields = model_config.parse(decode(read_file(folder.path / "config.json", CONFIG_LIMIT).data))
    except UnreadableError:
        return False
    return not fields.keys().isdisjoint({"model_type", "architectures", "_name_or_path"})


def is_read(path: str) -> bool:
    """Whether a file is read whole: a card, a license or policy, a configuration, at the top of the model."""
    folder, _, name = path.rpartition("/")
    if folder:
        return folder.casefold() in {"licenses", "license"} and text_kind(name) is not None
    return is_card_name(name) or name in _CONFIGS or text_kind(name) is not None


def text_kind(name: str) -> TextKind | None:
    """What a file is by its name: license, use policy, notice; None for other files."""
    if _NO_TEXTS.fullmatch(name):
        return None
    return next((kind for kind, pattern in _TEXTS if pattern.fullmatch(name)), None)


def _ends(path: Path, size: int) -> bytes:
    try:
        with os.fdopen(open_regular(path), "rb") as stream:
            head = stream.read(_ENDS)
            stream.seek(max(0, size - _ENDS))
            return head + stream.read(_ENDS)
    except (UnreadableError, OSError):
        return b""


def _listed(root: Path, path: str) -> Listed:
    try:
        return Listed(path, os.stat(root / path).st_size)  # noqa: PTH116 - half the time of Path.stat
    except OSError:
        return Listed(path, -1)


def _content(path: Path) -> bytes:
    try:
        return read_file(path, CONFIG_LIMIT).data
    except UnreadableError:
        return b""

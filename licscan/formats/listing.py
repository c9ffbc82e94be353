"""Which folders hold a model, which files belong to it, and a digest of all that is looked at."""

import hashlib
import os
import re
from pathlib import Path
from typing import Literal, NamedTuple

from licscan.errors import UnreadableError
from licscan.formats import card, model_config, weight_format
from licscan.formats.bounded import decode, read_file
from licscan.formats.front_matter import split
from licscan.formats.tree import Folder, list_folder

CONFIG_LIMIT = 8 << 20

TextKind = Literal["policy", "notice", "license"]

_ENDS = 1 << 16
_DEEPEST = 6
_CARD = re.compile(r"readme\.(?:md|markdown|mdx|txt|rst)|model_?card\.md", re.IGNORECASE)
_TEXTS: tuple[tuple[TextKind, re.Pattern[str]], ...] = (
    ("policy", re.compile(r"(?:acceptable[_-]?)?use[_-]?policy.*|.*prohibited[_-]?use.*|aup(?:\..*)?", re.IGNORECASE)),
    ("notice", re.compile(r"(?:third[_-]?party[_-]?)?notices?(?:[._-].*)?", re.IGNORECASE)),
    (
        "license",
        re.compile(r"(?:.*[._-])?(?:(?:un)?licen[cs]es?|copying|terms(?:[_-]of[_-]use)?)(?:[._-].*)?", re.IGNORECASE),
    ),
)
_TEXT_SUFFIXES = frozenset({"", ".txt", ".md", ".rst", ".html", ".markdown"})
_CONFIGS = ("config.json", "adapter_config.json", "model_index.json", "modules.json")


class Listed(NamedTuple):
    """A file of the model: its path below the root, as text with `/`, and its size."""

    path: str
    size: int


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


def list_files(root: Path, separate: frozenset[str] = frozenset()) -> list[Listed]:
    """All regular files below a model's root, sorted; folders named in `separate` are models of their own.

    Args:
        root: The model's folder.
        separate: Paths below it, with `/`, that are left out.
    """
    found: list[Listed] = []
    waiting = [("", 0)]
    while waiting:
        below, depth = waiting.pop()
        try:
            folder = list_folder(root / below)
        except OSError:
            continue  # the walk that found the model has said so
        for name in folder.files:
            path = f"{below}{name}"
            try:
                found.append(Listed(path, os.stat(root / path).st_size))  # noqa: PTH116 - half the time of Path.stat
            except OSError:
                found.append(Listed(path, -1))
        deeper = (name for name in folder.folders if not name.startswith(".") and f"{below}{name}" not in separate)
        waiting += [(f"{below}{name}/", depth + 1) for name in deeper if depth < _DEEPEST]
    return sorted(found)


def revision(root: Path, files: list[Listed]) -> str:
    """A digest of all that is looked at: every file's path and size, small files whole, weights by both ends.

    The same files give the same revision on any machine. What lies in the middle of a weight file is the business of
    checksums, not of this.
    """
    whole = hashlib.sha256()
    for file in files:
        whole.update(f"{file.path}\0{file.size}\0".encode("utf-8", "surrogateescape"))
        name = file.path.rpartition("/")[2]
        if weight_format(name):
            whole.update(_ends(root / file.path, file.size))
        elif _is_read(file.path):
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


def _is_read(path: str) -> bool:
    name = path.rpartition("/")[2]
    return "/" not in path and (bool(is_card_name(name)) or name in _CONFIGS or text_kind(name) is not None)


def text_kind(name: str) -> TextKind | None:
    """What a file is by its name: license, use policy, notice; None for other files."""
    if os.path.splitext(name)[1].casefold() not in _TEXT_SUFFIXES and not re.search(r"[-.]\d", name):  # noqa: PTH122
        return None
    return next((kind for kind, pattern in _TEXTS if pattern.fullmatch(name)), None)


def _ends(path: Path, size: int) -> bytes:
    try:
        with path.open("rb") as stream:
            head = stream.read(_ENDS)
            stream.seek(max(0, size - _ENDS))
            return head + stream.read(_ENDS)
    except OSError:
        return b""


def _content(path: Path) -> bytes:
    try:
        return read_file(path, CONFIG_LIMIT).data
    except UnreadableError:
        return b""

"""What a user names, turned into references: paths, names of models, organisations, collections, source trees."""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from licscan.errors import LicscanError, UsageError
from licscan.model import Gap, Mention, ModelRef
from licscan.references import search
from licscan.sources import Source


class Targets(NamedTuple):
    """What some targets stand for.

    Attributes:
        refs: The models, each once, in order.
        mentions: Where they are named.
        gaps: What could not be looked into.
        troubles: Targets that mean nothing.
    """

    refs: tuple[ModelRef, ...]
    mentions: tuple[Mention, ...] = ()
    gaps: tuple[Gap, ...] = ()
    troubles: tuple[LicscanError, ...] = ()


def find(targets: Sequence[str], sources: Sequence[Source]) -> Targets:
    """What targets stand for: references, files, folders of models, source trees, organisations and collections.

    A target that means nothing is trouble, and the others are looked at all the same.
    """
    refs: dict[ModelRef, None] = {}
    mentions: list[Mention] = []
    gaps: list[Gap] = []
    troubles: list[LicscanError] = []
    for target in targets:
        try:
            for found in _find(target, sources):
                if isinstance(found, Gap):
                    gaps.append(found)
                elif isinstance(found, Mention):
                    mentions.append(found)
                    refs[found.ref] = None
                else:
                    refs[found] = None
        except LicscanError as error:
            troubles.append(error)
    return Targets(tuple(refs), tuple(mentions), tuple(dict.fromkeys(gaps)), tuple(troubles))


def _find(target: str, sources: Sequence[Source]) -> Iterator[ModelRef | Mention | Gap]:
    path = _path_of(target, sources)
    if path is None:
        source = next((source for source in sources if source.means(target)), None)
        yield from source.find(target) if source else [ModelRef.parse(target)]
        return
    nothing = True
    local = (source for source in sources if "file" in source.schemes)
    for found in itertools.chain(*(source.find(str(path)) for source in local), search(path)):
        nothing = False
        yield found
    if nothing and path.is_file():
        remedy = "give a weight file, a source file, or a folder"
        raise UsageError("neither weights nor a source file that is searched", where=ascii(target), remedy=remedy)


def _path_of(target: str, sources: Sequence[Source]) -> Path | None:
    """The path that a target is; None for a reference. A path that is there wins over a model's name.

    Raises:
        UsageError: The target is empty, no text, or a path that is not there.
    """
    shown = ascii(target)
    if not target.strip():
        raise UsageError("an empty target", where=shown, remedy="name a model, a file or a folder")
    try:
        target.encode()
    except UnicodeEncodeError:
        raise UsageError("no valid text", where=shown, remedy="rename it, or scan the folder around it") from None
    if target.startswith("file:"):
        ref = ModelRef.parse(target)
        path, must_be_there = Path(ref.name), True
    else:
        marked = target.startswith(("./", "../", "/", "~", ".\\", "..\\")) or target in {".", ".."}
        path, must_be_there = Path(target).expanduser() if target.startswith("~") else Path(target), marked
    try:
        if path.exists():
            return path
    except (OSError, ValueError) as error:
        what = (getattr(error, "strerror", None) or str(error)).lower()
        raise UsageError(what, where=shown, remedy="check the path") from error
    if must_be_there or not (_is_reference(target) or any(source.means(target) for source in sources)):
        raise UsageError("no such file or folder", where=shown, remedy="check the path, or write org/name")
    return None


def _is_reference(target: str) -> bool:
    """Whether a target that is no path should be read as a reference, if only to say what is wrong with it."""
    try:
        ModelRef.parse(target)
    except UsageError:
        return ":" in target
    return True

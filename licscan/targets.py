"""What a user names, turned into references: paths, names of models, organisations, collections, source trees."""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from licscan.errors import LicscanError, UsageError
from licscan.hub_renames import canonical, identity
from licscan.model import Gap, GapId, Mention, ModelRef
from licscan.references import Place, Trouble, is_searched, search, where
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


def find(targets: Sequence[str], sources: Sequence[Source], *, vendored: bool = False) -> Targets:
    """What targets stand for: references, files, folders of models, source trees, organisations and collections.

    A target that means nothing is trouble, and the others are looked at all the same.

    Args:
        targets: What the user names.
        sources: Where models live.
        vendored: Whether to search folders of code that others wrote for references.
    """
    refs: dict[tuple[str, ...], ModelRef] = {}
    mentions: list[Mention] = []
    gaps: list[Gap] = []
    troubles: list[LicscanError] = []
    for target in targets:
        try:
            for found in _find(target, sources, vendored=vendored):
                if isinstance(found, Gap):
                    gaps.append(found)
                    continue
                if isinstance(found, Mention):
                    mentions.append(found)
                    if found.ref.is_pattern:
                        gaps.append(_in_part(found))
                        continue
                ref = found.ref if isinstance(found, Mention) else found
                refs.setdefault(_key(ref), _meant(ref) if isinstance(found, Mention) else ref)
        except LicscanError as error:
            troubles.append(error)
    return Targets(tuple(refs.values()), tuple(mentions), tuple(dict.fromkeys(gaps)), tuple(troubles))


def _key(ref: ModelRef) -> tuple[str, ...]:
    """What two references to one model have in common."""
    return (*identity(ref.scheme, ref.name), ref.revision or "")


def _meant(ref: ModelRef) -> ModelRef:
    """The repository that a name in somebody's file leads to."""
    return ref.model_copy(update={"name": canonical(ref.name)}) if ref.scheme == "hf" else ref


def _in_part(mention: Mention) -> Gap:
    why = f"{mention.path}:{mention.line}: only {mention.ref.name} stands there"
    return Gap(id=GapId.NAME_KNOWN_IN_PART, what="which model is meant", why=why)


_WHAT = {
    GapId.VENDORED_NOT_SEARCHED: "which models other people's code names",
    GapId.FILE_BROKEN: "whether it names more models",
    GapId.MODEL_NOT_IDENTIFIED: "which models are meant",
}


def named(path: Path, *, vendored: bool = False) -> Iterator[Mention | Gap]:
    """The models that a file, or the files below a folder, name.

    Args:
        path: The file or folder.
        vendored: Whether to search folders of code that others wrote.
    """
    for one in search(path, vendored=vendored):
        if isinstance(one, Trouble):
            gap = GapId(one.gap)
            what = _WHAT.get(gap, "which models it names")
            yield Gap(
                id=gap, what=what, why=one.why if gap is GapId.VENDORED_NOT_SEARCHED else f"{one.path}: {one.why}"
            )
        else:
            yield Mention(path=one.path, line=one.found.line, ref=_ref(one))


def _ref(place: Place) -> ModelRef:
    found = place.found
    name = where(found.name, place.path) if found.scheme == "file" else found.name
    return ModelRef(scheme=found.scheme, name=name, revision=found.revision)


def _find(target: str, sources: Sequence[Source], *, vendored: bool) -> Iterator[ModelRef | Mention | Gap]:
    path = _path_of(target, sources)
    if path is None:
        source = next((source for source in sources if source.means(target)), None)
        yield from source.find(target) if source else [ModelRef.parse(target)]
        return
    nothing = True
    local = (source for source in sources if "file" in source.schemes)
    for found in itertools.chain(*(source.find(str(path)) for source in local), named(path, vendored=vendored)):
        nothing = False
        yield found
    if nothing and path.is_file() and not is_searched(path.name):
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

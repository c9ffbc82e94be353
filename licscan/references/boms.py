"""Models named in bills of materials: CycloneDX and SPDX, whatever wrote them.

What such a document lists is named there, as in any other file; what only stands for a base or for training data is
found when the model itself is looked at.
"""

import re
from collections.abc import Iterator

from licscan import materials
from licscan.materials import purl
from licscan.references import addresses, shapes
from licscan.references.judge import judge
from licscan.references.python_names import Look
from licscan.references.said import NOT_IDENTIFIED, Broken, Found, Said

_COMMIT = re.compile(r"[0-9a-fA-F]{40}")
_REVISION = re.compile(r"[\w][\w./-]{0,99}")
_OLLAMA = re.compile(r"[\w][\w./:-]{0,200}")
_SHOWN = 3
_LONGEST = 60


def wants(file_name: str) -> bool:
    """Whether a file is called as bills of materials are; others are known by what is in them."""
    return materials.is_named_so(file_name)


def is_one(text: str) -> bool:
    """Whether a text is a bill of materials, whatever its file is called."""
    return materials.is_one(text)


def find(text: str, _path: str = "", _look: Look | None = None) -> Iterator[Found | Broken]:
    """The models and data sets that a bill of materials lists, each at the line of its name.

    Args:
        text: The document; one that is none names nothing.

    Raises:
        UnreadableError: It cannot be read.
    """
    if not materials.is_one(text):
        return
    read = materials.read(text)
    nameless = []
    for part in read.parts:
        if not part.direct:
            continue
        line = read.lines[part.path]
        if found := named(part.named, part.kind, line):
            yield found if found.revision else found._replace(revision=_commit(part.version))
        else:
            nameless.append(f"{part.named.name[:_LONGEST]!a} in line {line}")
    if nameless:
        more = f", and {len(nameless) - _SHOWN} more" if len(nameless) > _SHOWN else ""
        why = f"no package URL, address or name leads to {', '.join(nameless[:_SHOWN])}{more}"
        yield Broken(why, NOT_IDENTIFIED)


def named(one: materials.Named, kind: str = materials.MODEL, line: int = 1) -> Found | None:
    """The model or data set that a name in a bill of materials means; None where it leads nowhere."""
    for words in one.purls:
        meant = purl.read(words)
        if meant and _is_sound(meant):
            return Found(line, *meant)
    for address in one.urls:
        place, revision = _parted(address)
        if known := addresses.read(place):
            scheme, name, stated = known
            return Found(line, scheme, name, stated or revision)
    told = judge(Said(one.name, line, key="dataset" if kind == materials.DATASET else "model"))
    return told if told and told.scheme != "file" else None


def _is_sound(meant: purl.Meant) -> bool:
    """Whether a name is one that its place can have: package URLs may hold anything."""
    if meant.revision is not None and not _REVISION.fullmatch(meant.revision):
        return False
    if meant.scheme == "ollama":
        return bool(_OLLAMA.fullmatch(meant.name))
    plain = shapes.HUB_NAME.fullmatch(meant.name) or (meant.scheme == "hf" and shapes.BARE.fullmatch(meant.name))
    return bool(plain) and not any(sign in meant.name for sign in ("--", ".."))


def _parted(address: str) -> tuple[str, str | None]:
    """An address without the revision that SPDX writes behind it: `git+https://host/owner/name@revision`."""
    plain = address.removeprefix("git+")
    place, at, revision = plain.rpartition("@")
    return (place, revision) if at and "://" in place and _REVISION.fullmatch(revision) else (plain, None)


def _commit(version: str) -> str | None:
    """A version, where it is a commit: others are no revisions."""
    return version.lower() if _COMMIT.fullmatch(version) else None

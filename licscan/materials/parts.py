"""What a bill of materials says of models and data sets, whatever format it is in."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from licscan.digests import written

Path = tuple[str | int, ...]
Tree = dict[str, Any]

MODEL, DATASET = "model", "dataset"

# As CycloneDX and SPDX write the names of algorithms, without signs and case.
_ALGORITHMS = {
    "md5": "md5",
    "sha1": "sha1",
    "sha224": "sha224",
    "sha256": "sha256",
    "sha384": "sha384",
    "sha512": "sha512",
    "blake2b512": "blake2b",
}
# What SPDX writes where it says nothing.
_SILENT = frozenset({"NOASSERTION", "NONE"})


class Stated(NamedTuple):
    """A license that a bill of materials states.

    Attributes:
        words: An id, an expression or a name, as it stands there.
        how: `declared`, `concluded`, or nothing where the document does not tell.
    """

    words: str
    how: str = ""


class Named(NamedTuple):
    """A model or data set, by whatever names it is given.

    Attributes:
        name: Its name, with its group or owner where that stands apart.
        purls: Its package URLs.
        urls: Addresses where it lies.
    """

    name: str
    purls: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()


class Part(NamedTuple):
    """A model or data set that a bill of materials lists.

    Attributes:
        kind: `model` or `dataset`.
        named: What it is called.
        version: The version that is stated.
        path: Where it stands in the document.
        key: Where its name stands; what a reader is sent to.
        licenses: What is stated of its license.
        digests: Of the thing itself, as `algorithm:hex`.
        bases: The models that it comes from.
        data: The data that it was trained or tested on.
        direct: Whether the document is about it; not so where it only stands for what another one comes from.
        tree: All that the document says of it, in the shape of its format's JSON.
    """

    kind: str
    named: Named
    version: str
    path: Path
    key: Path
    licenses: tuple[Stated, ...]
    digests: tuple[str, ...]
    bases: tuple[Named, ...]
    data: tuple[Named, ...]
    direct: bool
    tree: Tree


class Bom(NamedTuple):
    """A bill of materials.

    Attributes:
        family: `cyclonedx`, `spdx2` or `spdx3`.
        form: `json`, `xml`, `yaml` or `tag-value`.
        version: That of the format.
        document: The whole of it, in the shape of its format's JSON; of SPDX 3, its elements by id under `elements`.
        parts: The models and data sets that it lists.
        lines: The line of each part's name, by the path of the part.
    """

    family: str
    form: str
    version: str
    document: Tree
    parts: tuple[Part, ...]
    lines: Mapping[Path, int]


def pointer(path: Path) -> str:
    """A path as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def text(node: object, key: str) -> str:
    """A text of a mapping, without white space around it; empty where there is none, or where it says nothing."""
    found = node.get(key) if isinstance(node, dict) else None
    plain = found.strip() if isinstance(found, str) else ""
    return "" if plain in _SILENT else plain


def tree(node: object, *keys: str) -> Tree:
    """A mapping inside a mapping; an empty one where there is none."""
    for key in keys:
        node = node.get(key) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else {}


def items(node: object, key: str) -> Iterator[tuple[int, Tree]]:
    """The mappings of a list inside a mapping, with their numbers; one that stands alone counts as a list."""
    found = node.get(key) if isinstance(node, dict) else None
    for number, one in enumerate(found if isinstance(found, list) else [found]):
        if isinstance(one, dict):
            yield number, one


def texts(node: object, key: str) -> Iterator[str]:
    """The texts of a list inside a mapping; one that stands alone counts as a list."""
    found = node.get(key) if isinstance(node, dict) else None
    for one in found if isinstance(found, list) else [found]:
        if isinstance(one, str) and one.strip() and one.strip() not in _SILENT:
            yield one.strip()


def digest(algorithm: str, value: str) -> str | None:
    """A digest as `algorithm:hex`; None for one of no known algorithm, or that is none."""
    plain = "".join(sign for sign in algorithm.casefold() if sign.isalnum())
    return written(_ALGORITHMS.get(plain, ""), value)

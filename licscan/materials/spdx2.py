"""Models and data sets in an SPDX 2 document, in the shape of its JSON (https://spdx.github.io/spdx-spec/v2.3/)."""

import re
from collections.abc import Iterator

from licscan.materials import purl
from licscan.materials.parts import DATASET, MODEL, Named, Part, Path, Stated, Tree, digest, items, text, texts

# `A DESCENDANT_OF B`: A comes from B. The other way round in the second.
_FROM = frozenset({"DESCENDANT_OF", "GENERATED_FROM", "VARIANT_OF", "COPY_OF", "PATCH_FOR"})
_TO = frozenset({"ANCESTOR_OF", "GENERATES"})
# SPDX 2 has no word for data that a model learned from; these are the nearest.
_DATA = frozenset({"DEPENDS_ON", "BUILD_DEPENDENCY_OF", "DATA_FILE_OF", "TRAINED_ON", "TEST_CASE_OF", "OTHER"})
_SAID = re.compile(r"(?:an? )?(?:(?:machine[ -]learning|AI|ML) model|(?P<data>data ?set))\b", re.IGNORECASE)
_PAIR = re.compile(r"([\w-]{1,50}(?::[\w.-]{1,100}){1,5})=(.+)")
_PLAIN = re.compile(r"[A-Za-z]\w{1,50}")
_HUB = ("https://huggingface.co/", "git+https://huggingface.co/", "https://hf.co/")


def load(document: Tree) -> Tree:
    """A document with its packages and files by id under `elements`, and what relates them under `relationships`.

    As in SPDX 3, `relationships` of a package holds ids by the type of relationship, of type OTHER by the one word of
    its comment. As in CycloneDX, its `properties` hold names and values: the lines `name=value` of its annotations.
    """
    elements: dict[str, Tree] = {}
    for key in ("packages", "files"):
        for _, node in items(document, key):
            node["relationships"] = {}
            node["properties"] = [pair for _, one in items(node, "annotations") for pair in _pairs(one)]
            elements.setdefault(text(node, "SPDXID"), node)
    for _, one in items(document, "relationships"):
        if (known := elements.get(text(one, "spdxElementId"))) is not None:
            known["relationships"].setdefault(_type(one), []).append(text(one, "relatedSpdxElement"))
    for _, one in items(document, "annotations"):  # of tags and values: each says what it is about
        if (known := elements.get(text(one, "spdxElementId"))) is not None:
            known["properties"] += _pairs(one)
    return {**document, "elements": elements}


def parts(document: Tree) -> Iterator[Part]:
    """Every model and data set among the packages."""
    nodes: dict[Path, Tree] = {("packages", number): node for number, node in items(document, "packages")}
    kinds = {path: kind for path, node in nodes.items() if (kind := _kind(node))}
    ids = {text(nodes[path], "SPDXID"): path for path in kinds}
    bases, data = _links(document, ids, kinds)
    behind = {one for many in (*bases.values(), *data.values()) for one in many}
    described = set(_described(document))
    for path, kind in kinds.items():
        node = nodes[path]
        named, key = _named(node, path)
        stated = (("licenseDeclared", "declared"), ("licenseConcluded", "concluded"))
        yield Part(
            kind,
            named,
            text(node, "versionInfo"),
            path,
            key,
            tuple(Stated(words, how) for field, how in stated if (words := text(node, field))),
            tuple(_digests(node)),
            tuple(_named(nodes[base], base)[0] for base in bases.get(path, ())),
            tuple(_named(nodes[one], one)[0] for one in data.get(path, ())),
            path not in behind or text(node, "SPDXID") in described,
            node,
        )


def files(document: Tree) -> Iterator[tuple[str, str]]:
    """The name and each digest of every file that is listed, be it as a package of its own."""
    for _, node in items(document, "files"):
        yield from ((text(node, "fileName"), one) for one in _digests(node))
    for _, node in items(document, "packages"):
        name = text(node, "name") if _is_file(node) else text(node, "packageFileName")
        yield from ((name, one) for one in _digests(node))


def _is_file(node: Tree) -> bool:
    return text(node, "primaryPackagePurpose").upper() == "FILE"


Links = dict[Path, list[Path]]


def _links(document: Tree, ids: dict[str, Path], kinds: dict[Path, str]) -> tuple[Links, Links]:
    """What models come from, and the data that they learned from."""
    bases: Links = {}
    data: Links = {}
    for _, one in items(document, "relationships"):
        word = _word(one)
        child, base = ids.get(text(one, "spdxElementId")), ids.get(text(one, "relatedSpdxElement"))
        if child is None or base is None or child == base:
            continue
        if word in _TO or (word in _DATA and kinds[child] == DATASET):
            child, base = base, child
        if kinds[child] == kinds[base] and word in (_FROM | _TO):
            bases.setdefault(child, []).append(base)
        elif kinds[child] == MODEL and kinds[base] == DATASET and word in (_DATA | _FROM | _TO):
            data.setdefault(child, []).append(base)
    return bases, data


def _pairs(annotation: Tree) -> Iterator[Tree]:
    """The names and values of an annotation, a line each; names have a namespace, as in CycloneDX."""
    for line in text(annotation, "comment").split("\n"):
        if found := _PAIR.fullmatch(line.strip()):
            yield {"name": found[1], "value": found[2]}


def _type(relationship: Tree) -> str:
    """The type of a relationship; of one that SPDX 2 has no word for, the word of its comment."""
    word, said = _word(relationship), text(relationship, "comment")
    return said if word == "OTHER" and _PLAIN.fullmatch(said) else word


def _word(relationship: Tree) -> str:
    return text(relationship, "relationshipType").upper().replace("-", "_")


def _described(document: Tree) -> Iterator[str]:
    yield from texts(document, "documentDescribes")
    for _, one in items(document, "relationships"):
        if text(one, "relationshipType") == "DESCRIBES":
            yield text(one, "relatedSpdxElement")


def _kind(node: Tree) -> str | None:
    for words in _purls(node):
        if meant := purl.read(words):
            return DATASET if meant.scheme == "dataset" else MODEL
    if _is_file(node):
        return None  # a file of a model, listed as a package of its own
    address = text(node, "downloadLocation")
    if address.startswith(_HUB):
        return DATASET if "/datasets/" in address else MODEL
    # Words of later versions, which some write in this one; others, ourselves included, say it in the comment.
    told = {"MODEL": MODEL, "DATA": DATASET}.get(text(node, "primaryPackagePurpose").upper())
    said = _SAID.match(text(node, "comment"))
    return told or ((DATASET if said["data"] else MODEL) if said else None)


def _purls(node: Tree) -> Iterator[str]:
    for _, one in items(node, "externalRefs"):
        yield from purl.of(text(one, "referenceLocator"))


def _named(node: Tree, path: Path) -> tuple[Named, Path]:
    """What a package is called, and where that stands."""
    purls = tuple(_purls(node))
    urls = tuple(filter(None, (text(node, "downloadLocation").removeprefix("git+"), text(node, "homepage"))))
    at = next((number for number, one in items(node, "externalRefs") if purl.of(text(one, "referenceLocator"))), None)
    key = (*path, "name") if at is None else (*path, "externalRefs", at, "referenceLocator")
    return Named(text(node, "name"), purls, urls), key


def _digests(node: Tree) -> Iterator[str]:
    for _, one in items(node, "checksums"):
        if found := digest(text(one, "algorithm"), text(one, "checksumValue")):
            yield found

"""Models and data sets in an SPDX 3 document, as JSON-LD (https://spdx.github.io/spdx-spec/v3.0.1/).

The elements are a graph: what belongs to one is said by its fields and by relationships. Keys are written with the
prefix of their profile (`ai_domain`), or whole, as addresses; here they bear their plain names (`domain`).
"""

import re
from collections.abc import Iterator, Mapping

from licscan.materials import purl
from licscan.materials.parts import DATASET, MODEL, Named, Part, Path, Stated, Tree, digest, items, text, texts

_PROFILE = re.compile(r"^(?:.*[/#:])?(?:(?:ai|dataset|software|core|simplelicensing|expandedlicensing|extension)_)?")
_AI, _DATA, _PACKAGE = "AIPackage", "DatasetPackage", "Package"
# From the child to the base, and from the base to the child.
_FROM = ("descendantOf",)
_TO = ("ancestorOf", "hasVariant", "amendedBy", "modifiedBy")
_LEARNED = ("trainedOn", "testedOn", "finetunedOn", "pretrainedOn")
_HASHES = frozenset({"Hash"})
_LICENSES = {"hasDeclaredLicense": "declared", "hasConcludedLicense": "concluded"}


def load(document: Tree) -> Tree:
    """A document with its elements by id under `elements`, keys plain, and what relates them under `relationships`.

    `relationships` of an element holds ids by the type of relationship, `related` those from the other end.
    """
    elements: dict[str, Tree] = {}
    listed = list(items(document, "@graph")) or [(-1, document)]
    for number, node in listed:
        plain: Tree = {plain_key(key): value for key, value in node.items()}
        plain["type"] = plain_key(text(plain, "type") or text(node, "@type"))
        plain |= {"at": number, "relationships": {}, "related": {}}
        name = text(plain, "spdxId") or text(node, "@id") or f"\0{number}"
        elements[name] = plain
    for node in list(elements.values()):
        if node["type"].endswith("Relationship"):
            _relate(elements, node)
        _without_fillers(elements, node)
    return {**document, "elements": elements}


def _without_fillers(elements: Mapping[str, Tree], node: Tree) -> None:
    """Take away the times that profiles demand, where they are only that of the document: nobody knew them."""
    info = node.get("creationInfo")
    known = elements.get(info, {}) if isinstance(info, str) else info
    written = text(known, "created")
    for key in ("releaseTime", "builtTime"):
        if written and text(node, key) == written:
            del node[key]


def plain_key(key: str) -> str:
    """A key or type without the prefix of its profile."""
    return _PROFILE.sub("", key, count=1) or key


def _relate(elements: Mapping[str, Tree], node: Tree) -> None:
    kind = plain_key(text(node, "relationshipType"))
    child = text(node, "from")
    for other in texts(node, "to"):
        for one, key, end in ((child, "relationships", other), (other, "related", child)):
            found = elements.get(one)
            if found is not None:
                found[key].setdefault(kind, []).append(end)


def parts(document: Tree) -> Iterator[Part]:
    """Every model and data set among the elements."""
    elements: dict[str, Tree] = document["elements"]
    kinds = {name: kind for name, node in elements.items() if (kind := _kind(node))}
    bases = {name: [one for one in _bases(elements[name]) if one in kinds] for name in kinds}
    data = {name: [one for one in _ends(elements[name], _LEARNED) if one in kinds] for name in kinds}
    behind = {one for many in (*bases.values(), *data.values()) for one in many}
    roots = {root for node in elements.values() for root in texts(node, "rootElement")}
    for name, kind in kinds.items():
        node = elements[name]
        at: Path = () if node["at"] < 0 else ("@graph", node["at"])
        yield Part(
            kind,
            _named(node),
            text(node, "packageVersion"),
            at,
            at,
            tuple(_licenses(node, elements)),
            tuple(_digests(node)),
            tuple(_named(elements[one]) for one in bases[name] if one != name),
            tuple(_named(elements[one]) for one in data[name] if one != name),
            name not in behind or name in roots,
            node,
        )


def files(document: Tree) -> Iterator[tuple[str, str]]:
    """The name and each digest of every file that is listed."""
    for node in document["elements"].values():
        if node["type"] == "File":
            yield from ((text(node, "name"), one) for one in _digests(node))


def _kind(node: Tree) -> str | None:
    known = {_AI: MODEL, _DATA: DATASET}.get(node["type"])
    if known or node["type"] != _PACKAGE:
        return known
    for words in _purls(node):
        if meant := purl.read(words):
            return DATASET if meant.scheme == "dataset" else MODEL
    return {"model": MODEL, "data": DATASET}.get(plain_key(text(node, "primaryPurpose")))


def _purls(node: Tree) -> Iterator[str]:
    yield from purl.of(text(node, "packageUrl"))
    for _, one in items(node, "externalIdentifier"):
        plain = {plain_key(key): value for key, value in one.items()}
        yield from purl.of(text(plain, "identifier"))


def _named(node: Tree) -> Named:
    urls = (text(node, "downloadLocation").removeprefix("git+"), text(node, "homePage"))
    return Named(text(node, "name"), tuple(dict.fromkeys(_purls(node))), tuple(filter(None, urls)))


def _ends(node: Tree, kinds: tuple[str, ...], key: str = "relationships") -> Iterator[str]:
    related = node.get(key)
    for kind in kinds if isinstance(related, dict) else ():
        yield from texts(related, kind)


def _bases(node: Tree) -> Iterator[str]:
    yield from _ends(node, _FROM)
    yield from _ends(node, _TO, "related")


def _licenses(node: Tree, elements: Mapping[str, Tree]) -> Iterator[Stated]:
    for kind, how in _LICENSES.items():
        for name in _ends(node, (kind,)):
            said = elements.get(name, {})
            words = text(said, "licenseExpression") or text(said, "name") or name.rpartition("/")[2]
            if words not in {"", "NoAssertionLicense", "NoneLicense"}:
                yield Stated(words, how)


def _digests(node: Tree) -> Iterator[str]:
    for _, one in items(node, "verifiedUsing"):
        plain = {plain_key(key): value for key, value in one.items()}
        kind = plain_key(text(plain, "type") or text(one, "@type"))
        found = digest(plain_key(text(plain, "algorithm")), text(plain, "hashValue"))
        if kind in _HASHES and found:
            yield found

"""Models and data sets in a CycloneDX document, in the shape of its JSON (https://cyclonedx.org/docs/1.7/json/)."""

from collections.abc import Iterator, Mapping

from licscan.materials import purl
from licscan.materials.parts import DATASET, MODEL, Named, Part, Path, Stated, Tree, digest, items, text, tree

# Addresses of other kinds lead to chats, advisories and the like.
_PLACES = frozenset({"website", "distribution", "distribution-intake", "vcs", "model-card", "documentation"})
# Who nests deeper than any product is refused, not followed.
_DEEPEST = 100


def parts(document: Tree) -> Iterator[Part]:
    """Every model and data set among the components."""
    known = dict(_components(document))
    refs = {text(node, "bom-ref"): node for node in known.values()}
    training = {text(one, "ref") for node in known.values() for one in _datasets(node)} - {""}
    for path, node in known.items():
        kind = _kind(node)
        if kind:
            named = _named(node)
            direct = not (kind == DATASET and text(node, "bom-ref") in training)
            key = (*path, "purl" if named.purls else "name")
            bases = tuple(_named(base) for _, base in items(tree(node, "pedigree"), "ancestors"))
            data = tuple(_dataset(one, refs) for one in _datasets(node))
            licenses, digests = tuple(_licenses(node)), tuple(_digests(node))
            yield Part(kind, named, text(node, "version"), path, key, licenses, digests, bases, data, direct, node)
            yield from _inside(path, node)


def files(document: Tree) -> Iterator[tuple[str, str]]:
    """The name and each digest of every file that is listed, and of every model that is one."""
    for node in dict(_components(document)).values():
        name = text(node, "name") if text(node, "type") == "file" else _file_name(node)
        yield from ((name, one) for one in _digests(node))


def _file_name(node: Tree) -> str:
    """The name of the file that a component consists of, where a property gives it."""
    said = {text(one, "name"): text(one, "value") for _, one in items(node, "properties")}
    return said.get("licscan:file:path") or said.get("bsi:component:filename") or ""


def _components(document: Tree) -> Iterator[tuple[Path, Tree]]:
    """Every component, nested ones too, in the order of the document."""
    main = tree(document, "metadata", "component")
    waiting: list[tuple[Path, Tree, int]] = []
    if main:
        waiting.append((("metadata", "component"), main, 0))
    listed = [(("components", number), node, 0) for number, node in items(document, "components")]
    waiting = [*reversed(listed), *waiting]
    while waiting:
        path, node, depth = waiting.pop()
        yield path, node
        if depth < _DEEPEST:
            below = [((*path, "components", number), one, depth + 1) for number, one in items(node, "components")]
            waiting += reversed(below)


def _kind(node: Tree) -> str | None:
    meant = next(filter(None, map(purl.read, purl.of(text(node, "purl")))), None)
    if meant and meant.scheme == "dataset":
        return DATASET
    if text(node, "type") == "machine-learning-model" or isinstance(node.get("modelCard"), dict) or meant:
        return MODEL
    if text(node, "type") == "data" and any(text(one, "type") == "dataset" for _, one in items(node, "data")):
        return DATASET
    return None


def _inside(path: Path, node: Tree) -> Iterator[Part]:
    """The data sets that a model's card describes in itself."""
    card = (*path, "modelCard", "modelParameters", "datasets")
    for number, one in items(tree(node, "modelCard", "modelParameters"), "datasets"):
        if not text(one, "ref"):
            at = (*card, number)
            yield Part(DATASET, _dataset(one, {}), "", at, (*at, "name"), (), (), (), (), direct=False, tree=one)


def _named(node: Tree) -> Named:
    group, name = text(node, "group"), text(node, "name")
    # Some tools write package URLs where others write ids of their own.
    purls = purl.of(text(node, "purl")) or purl.of(text(node, "bom-ref"))
    urls = (text(one, "url") for _, one in items(node, "externalReferences") if text(one, "type") in _PLACES)
    return Named(f"{group}/{name}" if group and "/" not in name else name, purls, tuple(filter(None, urls)))


def _datasets(node: Tree) -> Iterator[Tree]:
    for _, one in items(tree(node, "modelCard", "modelParameters"), "datasets"):
        yield one


def _dataset(node: Tree, refs: Mapping[str, Tree]) -> Named:
    ref = text(node, "ref")
    if ref and ref in refs:
        return _named(refs[ref])
    address = text(tree(node, "contents"), "url")
    return Named(text(node, "name") or ref, purl.of(ref), (address,) if address else ())


def _licenses(node: Tree) -> Iterator[Stated]:
    for place, how in ((node, ""), (tree(node, "evidence"), "concluded")):
        for _, one in items(place, "licenses"):
            inside = tree(one, "license")
            words = text(one, "expression") or text(inside, "id") or text(inside, "name") or text(inside, "url")
            if words:
                yield Stated(words, text(inside, "acknowledgement") or text(one, "acknowledgement") or how)


def _digests(node: Tree) -> Iterator[str]:
    for _, one in items(node, "hashes"):
        if found := digest(text(one, "alg"), text(one, "content")):
            yield found

"""Bills of materials that others wrote: which models and data sets they list, and what they say of them.

CycloneDX as JSON and XML, SPDX 2 as JSON, YAML, RDF, tags and values, SPDX 3 as JSON-LD. Lenient: no validator, and
whatever is not of the expected kind is as if it were not there. Bounded, and nothing is fetched. Plain values: the
gate reads these too.
"""

import re

from licscan.errors import UnreadableError
from licscan.materials import cyclonedx, cyclonedx_xml, json_text, rdf, spdx2, spdx3, tag_value, xml_tree
from licscan.materials.parts import DATASET, MODEL, Bom, Named, Part, Path, Stated, Tree, pointer

LIMIT = 32 << 20
# Names of files that nothing else is in; JSON is known by what is in it.
_NAMES = re.compile(
    r".*\.(?:spdx|jsonld)|.*\.spdx\.rdf(?:\.xml)?|.*\.rdf|.*\.spdx3?\.ya?ml|(?:.*[-_.])?(?:(?:ai|ml|s)?-?bom|cdx|cyclonedx)(?:[-_.].*)?\.xml",
    re.IGNORECASE,
)
# A word that is in every such document, for the many texts that are none, and what says it for sure.
_JSON = (
    ("cyclonedx", '"bomFormat"', re.compile(r'"bomFormat"\s*:\s*"CycloneDX"')),
    ("spdx2", '"spdxVersion"', re.compile(r'"spdxVersion"\s*:\s*"SPDX-2')),
    ("spdx3", "spdx.org/rdf/3.", re.compile(r'"[^"\n]{0,80}spdx\.org/rdf/3\.[^"\n]{0,80}"')),
)
_TAGS = re.compile(r"(?m)^SPDXVersion:[ \t]*SPDX-2")
_YAML = re.compile(r"(?m)^\"?spdxVersion\"?:[ \t]*[\"']?SPDX-2")
_RDF = "spdx.org/rdf/terms"
_BEGINNING = 4096

__all__ = [
    "DATASET",
    "LIMIT",
    "MODEL",
    "Bom",
    "Named",
    "Part",
    "Path",
    "Stated",
    "Tree",
    "files",
    "is_named_so",
    "is_one",
    "pointer",
    "read",
]


def is_named_so(file_name: str) -> bool:
    """Whether a file is called as bills of materials alone are."""
    return bool(_NAMES.fullmatch(file_name))


def is_one(text: str) -> bool:
    """Whether a text is a bill of materials, or the beginning of one."""
    return _family(text) is not None


def read(text: str) -> Bom:
    """A bill of materials.

    Args:
        text: The document, decoded.

    Raises:
        UnreadableError: It is none, broken, or of a form that is not read; `where` is the line, where that is known.
    """
    known = _family(text)
    if known is None:
        raise UnreadableError("no bill of materials: neither CycloneDX nor SPDX 2 or 3")
    family, form = known
    document, lines = _document(text, form)
    if family != "cyclonedx":
        document = _GRAPHS[family](document)
    found = tuple(_READERS[family].parts(document))
    if form == "json":
        lines = json_text.lines(text, {path for part in found for path in (part.path, part.key)})
    at = {part.path: lines.get(part.key) or lines.get(part.path, 1) for part in found}
    return Bom(family, form, _version(family, document), document, found, at)


def files(bom: Bom) -> tuple[tuple[str, str], ...]:
    """The name and each digest of every file that a bill of materials lists."""
    return tuple(pair for pair in _READERS[bom.family].files(bom.document) if pair[0])


_GRAPHS = {"spdx2": spdx2.load, "spdx3": spdx3.load}
_READERS = {"cyclonedx": cyclonedx, "spdx2": spdx2, "spdx3": spdx3}


def _family(text: str) -> tuple[str, str] | None:
    """The family of formats, and the form, of a text."""
    begun = text[:_BEGINNING].lstrip()
    if begun.startswith(("{", "[")):
        return next(((family, "json") for family, word, sure in _JSON if word in text and sure.search(text)), None)
    if begun.startswith("<"):
        if cyclonedx_xml.SPACE in begun:
            return "cyclonedx", "xml"
        return ("spdx2", "rdf") if _RDF in begun else None
    if _TAGS.search(begun):
        return "spdx2", "tag-value"
    return ("spdx2", "yaml") if _YAML.search(text) else None


def _document(text: str, form: str) -> tuple[Tree, dict[Path, int]]:
    if form == "xml":
        return cyclonedx_xml.load(xml_tree.load(text))
    if form == "tag-value":
        return tag_value.load(text)
    if form == "rdf":
        return rdf.load(text)
    if form == "yaml":
        from licscan.formats import marked_yaml  # noqa: PLC0415 - all readers of formats, for a rare one

        marked = marked_yaml.load(text)
        value, lines = marked.value, marked.lines
    else:
        value, lines = json_text.load(text), {}
    if not isinstance(value, dict):
        raise UnreadableError("no bill of materials: not a mapping")
    return value, lines


def _version(family: str, document: Tree) -> str:
    if family == "cyclonedx":
        return str(document.get("specVersion", ""))[:20]
    if family == "spdx2":
        return str(document.get("spdxVersion", "")).removeprefix("SPDX-")[:20]
    stated = [str(node.get("specVersion", "")) for node in document["elements"].values() if "specVersion" in node]
    nested = [
        node["creationInfo"] for node in document["elements"].values() if isinstance(node.get("creationInfo"), dict)
    ]
    stated += [str(node.get("specVersion", "")) for node in nested]
    return next(filter(None, stated), "3.0")[:20]

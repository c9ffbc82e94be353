"""SPDX 2 as RDF in XML: read by the SPDX project's own library, and brought into the shape of its JSON."""

import re
from typing import Any

from licscan.errors import UnreadableError
from licscan.materials import xml_tree
from licscan.materials.parts import Path, Tree

_ABOUT = re.compile(r"""rdf:(?:about|ID)\s*=\s*["'][^"'\n]*?#?([A-Za-z0-9.-]+)["']""")


def load(text: str) -> tuple[Tree, dict[Path, int]]:
    """A document, and the line at which each of its packages is first described.

    Args:
        text: The document, decoded.

    Raises:
        UnreadableError: It is no XML, has a document type, is beyond the bounds, or is no SPDX 2.
    """
    xml_tree.load(text)  # no entities, not too deep, not too many: the library looks after none of these
    # Half a second, and most documents are JSON.
    from rdflib import Graph  # noqa: PLC0415
    from spdx_tools.spdx.jsonschema.document_converter import DocumentConverter  # noqa: PLC0415
    from spdx_tools.spdx.parser.error import SPDXParsingError  # noqa: PLC0415
    from spdx_tools.spdx.parser.rdf.rdf_parser import translate_graph_to_document  # noqa: PLC0415

    try:
        document: dict[str, Any] = DocumentConverter().convert(  # type: ignore[no-untyped-call]
            translate_graph_to_document(Graph().parse(data=text, format="xml"))
        )
    except SPDXParsingError as error:
        raise UnreadableError(f"no SPDX 2 in RDF: {str(error)[:300]}") from error
    except Exception as error:
        raise UnreadableError(f"no SPDX 2 in RDF: {type(error).__name__}: {str(error)[:200]}") from error
    at: dict[str, int] = {}
    for found in _ABOUT.finditer(text):
        at.setdefault(found[1], text.count("\n", 0, found.start()) + 1)
    packages = sorted(document.get("packages", ()), key=lambda one: at.get(one.get("SPDXID", ""), 1))
    document["packages"] = packages
    return document, {("packages", number): at.get(one.get("SPDXID", ""), 1) for number, one in enumerate(packages)}

"""CycloneDX in XML, brought into the shape that it has in JSON.

https://cyclonedx.org/docs/1.7/xml/: the same model, but lists are elements around elements, and what has a text and an
attribute is an object in JSON.
"""

from collections.abc import Callable
from typing import Any

from licscan.materials.parts import Path, Tree
from licscan.materials.xml_tree import Element

SPACE = "cyclonedx.org/schema/bom/"

# Elements that are lists in JSON, whatever their children are called.
_LISTS = frozenset(
    "components services hashes licenses externalReferences properties ancestors descendants variants commits patches "
    "authors lifecycles datasets inputs outputs users useCases technicalLimitations performanceTradeoffs tags "
    "ethicalConsiderations fairnessAssessments performanceMetrics energyConsumptions energyProviders compositions "
    "dependencies annotations vulnerabilities assemblies manufacturers custodians stewards owners sensitiveData "
    "licenseTypes altIds notes graphics declarations formulation citations".split()
)
# Elements that come several times without one around them.
_REPEATED = frozenset({"contact"})
_MARKED = frozenset({"component", "purl", "name"})


def load(root: Element) -> tuple[Tree, dict[Path, int]]:
    """A document in the shape of its JSON, and the lines of components and their names."""
    lines: dict[Path, int] = {}
    found = _object(root, (), lines)
    found["bomFormat"] = "CycloneDX"
    found["specVersion"] = root.space.rpartition("/")[2]
    return found, lines


def _value(node: Element, at: Path, lines: dict[Path, int]) -> Any:
    if node.tag in _MARKED:
        lines[at] = node.line
    if node.tag == "tools" and any(child.tag == "tool" for child in node.children):
        return [_value(child, (*at, number), lines) for number, child in enumerate(node.children)]
    if node.tag in _LISTS:
        return [_item(child, (*at, number), lines) for number, child in enumerate(node.children)]
    if node.children:
        return _object(node, at, lines)
    return _leaf(node)


def _item(node: Element, at: Path, lines: dict[Path, int]) -> Any:
    """An item of a list."""
    if "compositions" in at and "ref" in node.attributes:
        return node.attributes["ref"]
    if node.tag == "license":
        return {"license": _object(node, (*at, "license"), lines)}
    plain = _PLAIN.get(node.tag)
    return plain(node) if plain else _value(node, at, lines)


def _dependency(node: Element) -> Tree:
    below = [child.attributes.get("ref", "") for child in node.children if child.tag == "dependency"]
    return {"ref": node.attributes.get("ref", ""), "dependsOn": below}


_PLAIN: dict[str, Callable[[Element], Tree]] = {
    "expression": lambda node: {"expression": node.text, **node.attributes},
    "ref": lambda node: {"ref": node.text},
    "property": lambda node: {"name": node.attributes.get("name", ""), "value": node.text},
    "dependency": _dependency,
}


def _object(node: Element, at: Path, lines: dict[Path, int]) -> Tree:
    found: Tree = {_camel(key): value for key, value in node.attributes.items()}
    for child in node.children:
        name = child.tag
        if name in found:
            before = found[name]
            many = before if isinstance(before, list) else [before]
            found[name] = [*many, _value(child, (*at, name, len(many)), lines)] if len(many) < _MOST else many
        else:
            value = _value(child, (*at, name), lines)
            found[name] = [value] if name in _REPEATED else value
    if node.text and "content" not in found:
        found["content"] = node.text
    return found


# So often an element comes beside itself where no list is around it: contacts, addresses.
_MOST = 1000


def _leaf(node: Element) -> Any:
    if node.attributes:
        return {**{_camel(key): value for key, value in node.attributes.items()}, "content": node.text}
    return node.text


def _camel(key: str) -> str:
    return {"content-type": "contentType"}.get(key, key)

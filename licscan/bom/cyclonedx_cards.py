"""What CycloneDX has and its Python library has not: the card of a model, what a dataset holds, what is known complete.

The one place where CycloneDX is written by hand (docs/decisions/024-manifest-documents.md).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from licscan.bom.parts import Part

# What an element is called that stands for one item of a list.
_ITEMS = {
    "datasets": "ref",
    "inputs": "input",
    "outputs": "output",
    "owners": "owner",
    "assemblies": "assembly",
    "dependencies": "dependency",
}
# A list of one text: the text is not an element of its own but an attribute there.
_REFERENCES = frozenset({"assemblies", "dependencies"})
_FROM_TO = re.compile(r"([a-z]+(?:-text)?)-to-([a-z0-9]+)")


def added(part: Part) -> dict[str, Any]:
    """What is added to a component, as its JSON has it."""
    if part.is_data:
        return {"data": [_data(part)]}
    return {"modelCard": _card(part)}


def compositions(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """For which parts what they come from is known to be incomplete, and for which nobody can say."""
    found: dict[str, list[str]] = {"incomplete": [], "unknown": []}
    for part in parts:
        found["unknown" if part.complete else "incomplete"].append(part.key)
    return [{"aggregate": name, "dependencies": keys} for name, keys in found.items() if keys]


def insert(component: Element, additions: Mapping[str, Any]) -> None:
    """Add to a component's XML what is added to its JSON: both stand behind everything that the library writes."""
    for name, value in additions.items():
        for one in value if name == "data" else [value]:
            component.append(element(name, one))


def element(name: str, value: Any) -> Element:
    """The XML of a value, as far as the schema names elements after its keys."""
    made = Element(name)
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "bom-ref":
                made.set(key, inner)
            else:
                made.append(element(key, inner))
    elif isinstance(value, list):
        for one in value:
            _append_item(made, name, one)
    else:
        made.text = str(value)
    return made


def _append_item(parent: Element, name: str, one: Any) -> None:
    item = _ITEMS[name]
    if name in _REFERENCES:
        SubElement(parent, item).set("ref", one)
    elif name == "datasets":
        SubElement(parent, item).text = one["ref"]
    else:
        parent.append(element(item, one))


def _card(part: Part) -> dict[str, Any]:
    parameters: dict[str, Any] = {}
    if part.task:
        parameters["task"] = part.task
    if part.architecture:
        parameters["modelArchitecture"] = part.architecture
    if part.datasets:
        parameters["datasets"] = [{"ref": key} for key in part.datasets]
    if part.task and (found := _FROM_TO.fullmatch(part.task)):
        parameters["inputs"] = [{"format": word} for word in found[1].split("-")]
        parameters["outputs"] = [{"format": found[2]}]
    card: dict[str, Any] = {"bom-ref": f"{part.key}-card"}
    if parameters:
        card["modelParameters"] = parameters
    return card


def _data(part: Part) -> dict[str, Any]:
    data: dict[str, Any] = {"bom-ref": f"{part.key}-data", "type": "dataset", "name": part.name}
    if part.page:
        data["contents"] = {"url": part.page}
    if part.supplier:
        data["governance"] = {"owners": [{"organization": {"name": part.supplier}}]}
    return data

"""What CycloneDX has and its Python library has not: the card of a model, what a dataset holds, what is known complete.

And properties, of which a model has fifty: the library compares each with each, which takes longer than all the rest.
This is the one place where CycloneDX is written by hand (docs/decisions/024-manifest-documents.md).
"""

from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from licscan.bom.parts import Part
from licscan.bom.properties import Pair, of_training

# What an element is called that stands for one item of a list.
_ITEMS = {
    "datasets": "ref",
    "inputs": "input",
    "outputs": "output",
    "owners": "owner",
    "properties": "property",
    "tags": "tag",
    "assemblies": "assembly",
    "dependencies": "dependency",
}
# A list of one text: the text is not an element of its own but an attribute there.
_REFERENCES = frozenset({"assemblies", "dependencies"})
# What the library writes of a component behind its properties.
_BEHIND = frozenset({"components", "evidence"})


def added(part: Part) -> dict[str, Any]:
    """What is added to a component, as its JSON has it."""
    single = part.files[0] if len(part.files) == 1 else None
    pairs = [*part.properties, *(single.pairs() if single else ())]
    rest = {"data": [_data(part)]} if part.is_data else {"modelCard": _card(part)}
    tags = {"tags": list(part.described.tags)} if part.described.tags else {}
    return {"properties": _properties(pairs), **rest, **tags}


def added_to_files(part: Part) -> dict[str, dict[str, Any]]:
    """What is added to the components of a part's files, by `bom-ref`."""
    return {file.key: {"properties": _properties(file.pairs())} for file in part.files}


def compositions(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """For which parts what they come from is known to be incomplete, and for which nobody can say."""
    found: dict[str, list[str]] = {"incomplete": [], "unknown": []}
    for part in parts:
        found["unknown" if part.complete else "incomplete"].append(part.key)
    return [{"aggregate": name, "dependencies": keys} for name, keys in found.items() if keys]


def insert(component: Element, additions: Mapping[str, Any]) -> None:
    """Add to a component's XML what is added to its JSON: properties before what follows them, the rest at the end."""
    for name, value in additions.items():
        if name == "properties":
            at = next((at for at, one in enumerate(component) if one.tag in _BEHIND), len(component))
            component.insert(at, element(name, value))
        else:
            component.extend(element(name, one) for one in (value if name == "data" else [value]))


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
    elif name == "properties":
        made = SubElement(parent, item)
        made.set("name", one["name"])
        made.text = one["value"]
    elif name == "datasets":
        SubElement(parent, item).text = one["ref"]
    else:
        parent.append(element(item, one))


def _card(part: Part) -> dict[str, Any]:
    told = part.described
    parameters = {
        "task": told.task,
        "architectureFamily": told.family,
        "modelArchitecture": told.architecture,
        "datasets": [{"ref": key} for key in part.datasets],
        "inputs": [{"format": word} for word in told.inputs],
        "outputs": [{"format": word} for word in told.outputs],
    }
    card: dict[str, Any] = {"bom-ref": f"{part.key}-card"}
    if said := {key: value for key, value in parameters.items() if value}:
        card["modelParameters"] = said
    if told.emissions:
        pairs = _properties(of_training(told.emissions))
        card["considerations"] = {"environmentalConsiderations": {"properties": pairs}}
    return card


def _data(part: Part) -> dict[str, Any]:
    data: dict[str, Any] = {"bom-ref": f"{part.key}-data", "type": "dataset", "name": part.name}
    contents: dict[str, Any] = {"url": part.page} if part.page else {}
    if part.described.sizes:
        contents["properties"] = _properties(("licscan:size-category", one) for one in part.described.sizes)
    if contents:
        data["contents"] = contents
    if part.supplier:
        data["governance"] = {"owners": [{"organization": {"name": part.supplier}}]}
    return data


def _properties(pairs: Iterable[Pair]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]

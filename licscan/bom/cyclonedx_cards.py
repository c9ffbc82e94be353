"""What CycloneDX has and its Python library has not: the card of a model, what a dataset holds, what is known complete.

And properties, of which a model has fifty: the library compares each with each, which takes longer than all the rest.
This is the one place where CycloneDX is written by hand (docs/decisions/024-manifest-documents.md).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from licscan.bom.parts import File, Part
from licscan.bom.properties import Pair

# What an element is called that stands for one item of a list.
_ITEMS = {
    "datasets": "ref",
    "inputs": "input",
    "outputs": "output",
    "owners": "owner",
    "properties": "property",
    "assemblies": "assembly",
    "dependencies": "dependency",
}
# A list of one text: the text is not an element of its own but an attribute there.
_REFERENCES = frozenset({"assemblies", "dependencies"})
# What the library writes of a component behind its properties.
_BEHIND = frozenset({"components", "evidence"})
_FROM_TO = re.compile(r"([a-z]+(?:-text)?)-to-([a-z0-9]+)")


def added(part: Part) -> dict[str, Any]:
    """What is added to a component, as its JSON has it."""
    single = part.files[0] if len(part.files) == 1 else None
    pairs = [*part.properties, *(_of_file(single) if single else ())]
    rest = {"data": [_data(part)]} if part.is_data else {"modelCard": _card(part)}
    return {"properties": _properties(pairs), **rest}


def added_to_files(part: Part) -> dict[str, dict[str, Any]]:
    """What is added to the components of a part's files, by `bom-ref`."""
    return {file.key: {"properties": _properties(_of_file(file))} for file in part.files}


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


def _properties(pairs: Iterable[Pair]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _of_file(file: File) -> Iterator[Pair]:
    yield "bsi:component:filename", file.name
    yield "bsi:component:executable", "executable" if file.executable else "non-executable"
    yield "bsi:component:archive", "archive" if file.archive else "no archive"
    yield "bsi:component:structured", "structured" if file.structured else "unstructured"
    yield "licscan:file:path", file.path
    yield "licscan:file:format", file.format
    yield "licscan:file:size", str(file.size)
    yield "licscan:file:status", file.status

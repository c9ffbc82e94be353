"""CycloneDX 1.6 and 1.7: the library writes each component, and the document is put together around them.

Whole documents are not given to the library: it looks every dependency up among all others, which takes minutes for a
thousand models, and keeps all of them in memory.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple, TextIO
from xml.etree import ElementTree as ET

from cyclonedx.model import ExternalReference, ExternalReferenceType, Property, XsUri
from cyclonedx.model.bom import BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.contact import OrganizationalContact, OrganizationalEntity
from cyclonedx.model.lifecycle import LifecyclePhase, PredefinedLifecycle
from cyclonedx.model.tool import ToolRepository
from cyclonedx.schema.schema import BaseSchemaVersion, SchemaVersion1Dot6, SchemaVersion1Dot7

from licscan.bom.cyclonedx_cards import added, added_to_files, compositions, element, insert
from licscan.bom.cyclonedx_licenses import Licenses
from licscan.bom.cyclonedx_parts import component
from licscan.bom.parts import Part, parts
from licscan.bom.words import line
from licscan.manifest.bill import Bill

VERSIONS = ("1.6", "1.7")

_ROOT = "document"
_VIEWS: dict[str, type[BaseSchemaVersion]] = {"1.6": SchemaVersion1Dot6, "1.7": SchemaVersion1Dot7}
_TOOL_PAGE = "https://pypi.org/project/licscan/"


class _Written(NamedTuple):
    """What a document lists.

    Attributes:
        listed: Parts that are components of their own, in order.
        all: All parts, by key.
    """

    listed: list[Part]
    all: dict[str, Part]


def write_json(bill: Bill, stream: TextIO, spec_version: str = VERSIONS[0]) -> None:
    """Write a bill as CycloneDX JSON, one component at a time."""
    view, all_ = _VIEWS[spec_version], _gather(bill)
    licenses = Licenses(details=spec_version != VERSIONS[0])
    head = {
        "$schema": f"http://cyclonedx.org/schema/bom-{spec_version}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": spec_version,
        "serialNumber": bill.serial_number,
        "version": 1,
        "metadata": json.loads(_metadata(bill).as_json(view_=view)),  # type: ignore[attr-defined]
    }
    stream.write(_dump(head).removesuffix("\n}") + ',\n  "components": [')
    between = "\n    "
    for part in all_.listed:
        made = json.loads(component(part, licenses, all_.all).as_json(view_=view))  # type: ignore[attr-defined]
        of_files = added_to_files(part)
        for file in made.get("components", ()):
            file.update(of_files[file["bom-ref"]])
        stream.write(between + _dump({**made, **added(part)}).replace("\n", "\n    "))
        between = ",\n    "
    tail = {
        "dependencies": [{"ref": key, "dependsOn": needed} for key, needed in _dependencies(all_)],
        "compositions": compositions(all_.listed),
        "properties": [{"name": name, "value": value} for name, value in _properties(bill)],
    }
    stream.write("\n  ]," + _dump({name: value for name, value in tail.items() if value}).removeprefix("{") + "\n")


def write_xml(bill: Bill, stream: TextIO, spec_version: str = VERSIONS[0]) -> None:
    """Write a bill as CycloneDX XML, one component at a time."""
    view, all_ = _VIEWS[spec_version], _gather(bill)
    licenses = Licenses(details=spec_version != VERSIONS[0])
    root = (
        f'<bom xmlns="http://cyclonedx.org/schema/bom/{spec_version}" serialNumber="{bill.serial_number}" version="1">'
    )
    stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n')
    _write(_metadata(bill).as_xml(view_=view, as_string=False, element_name="metadata"), stream)  # type: ignore[attr-defined]
    stream.write("  <components>\n")
    for part in all_.listed:
        made = component(part, licenses, all_.all).as_xml(view_=view, as_string=False, element_name="component")  # type: ignore[attr-defined]
        of_files = added_to_files(part)
        for file in made.iterfind("components/component"):
            insert(file, of_files[file.attrib["bom-ref"]])
        insert(made, added(part))
        _write(made, stream, level=2)
    stream.write("  </components>\n")
    dependencies = ET.Element("dependencies")
    for key, needed in _dependencies(all_):
        one = ET.SubElement(dependencies, "dependency", ref=key)
        for other in needed:
            ET.SubElement(one, "dependency", ref=other)
    _write(dependencies, stream)
    composed = ET.Element("compositions")
    composed.extend(element("composition", one) for one in compositions(all_.listed))
    if len(composed):
        _write(composed, stream)
    properties = ET.Element("properties")
    for name, value in _properties(bill):
        ET.SubElement(properties, "property", name=name).text = value
    _write(properties, stream)
    stream.write("</bom>\n")


def _gather(bill: Bill) -> _Written:
    """All parts. A base is listed where something cannot be used without it; others stand in the pedigree alone."""
    found = {part.key: part for part in parts(bill)}
    needed = {key for part in found.values() for key in part.needs}
    listed = [part for part in found.values() if part.asked or part.is_data or part.key in needed]
    return _Written(listed, found)


def _metadata(bill: Bill) -> BomMetaData:
    tool = Component(
        type=ComponentType.APPLICATION,
        name=bill.tool.name,
        version=bill.tool.version,
        bom_ref="tool",
        external_references=[ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(_TOOL_PAGE))],
        properties=[Property(name="licscan:rules", value=bill.tool.rules)],
    )
    by = _author(bill)
    return BomMetaData(
        tools=ToolRepository(components=[tool]),
        component=Component(type=ComponentType.APPLICATION, name=line(bill.name) or "models", bom_ref=_ROOT),
        manufacturer=by,
        authors=by.contacts if by else (),
        timestamp=bill.created,
        # What was there was looked at; nothing was built.
        lifecycles=[PredefinedLifecycle(LifecyclePhase.DISCOVERY)],
    )


def _author(bill: Bill) -> OrganizationalEntity | None:
    """Whoever the document is by, with the address under which they can be asked."""
    if bill.author is None:
        return None
    name, contact = line(bill.author.name), bill.author.contact
    if contact and "://" in contact:
        return OrganizationalEntity(name=name, urls=[XsUri(contact)])
    return OrganizationalEntity(name=name, contacts=[OrganizationalContact(name=name, email=contact)])


def _dependencies(all_: _Written) -> Iterator[tuple[str, list[str]]]:
    """What each needs: the document its models, an adapter its base, a model its data; some need nothing."""
    yield _ROOT, [part.key for part in all_.listed if part.asked]
    for part in all_.listed:
        yield part.key, sorted({*part.needs, *part.datasets})


def _properties(bill: Bill) -> Iterator[tuple[str, str]]:
    yield "licscan:models", str(bill.number)
    for gap in bill.gaps:
        yield f"licscan:gap:{gap.id.value}", line(f"{gap.what}: {gap.why}")


def _dump(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _write(made: ET.Element, stream: TextIO, level: int = 1) -> None:
    ET.indent(made, "  ", level)
    stream.write("  " * level + ET.tostring(made, encoding="unicode") + "\n")

"""SPDX 3.0.1 JSON-LD with the profiles Core, Software, SimpleLicensing, AI and Dataset, by `spdx-python-model`."""

import datetime
import json
from collections.abc import Iterable
from typing import Any, TextIO

from spdx_python_model.bindings import v3_0_1 as spdx

from licscan.bom.files import File
from licscan.bom.license_refs import LicenseRefs, is_listed, refs_in
from licscan.bom.parts import Link, Part, parts
from licscan.bom.properties import Pair
from licscan.bom.words import block, line
from licscan.formats.modality import modality_of
from licscan.licenses.expression import is_exception
from licscan.manifest.bill import Bill
from licscan.model import Relation

VERSION = "3.0.1"

_NOBODY = "NOASSERTION"
_ALGORITHMS = {
    "sha1": spdx.HashAlgorithm.sha1,
    "sha256": spdx.HashAlgorithm.sha256,
    "sha512": spdx.HashAlgorithm.sha512,
}
_KINDS = {
    "text": spdx.dataset_DatasetType.text,
    "image": spdx.dataset_DatasetType.image,
    "audio": spdx.dataset_DatasetType.audio,
    "video": spdx.dataset_DatasetType.video,
}
_BSI = "software_additionalPurpose field is used to indicate the properties of BSI TR-03183-2"
_TOOL_PAGE = "https://pypi.org/project/licscan/"
_Type = spdx.RelationshipType
_Whole = spdx.RelationshipCompleteness


def write(bill: Bill, stream: TextIO) -> None:
    """Write a bill as SPDX 3.0.1 JSON-LD."""
    document = _Document(bill)
    data = spdx.JSONLDSerializer().serialize_data(_Objects(document.made()), force_at_graph=True)
    for element in data["@graph"]:
        if pairs := document.properties.get(element.get("spdxId", "")):
            element["extension"] = [_extension(pairs)]
    # An element a line: indented, a thousand models take two seconds more and twice the room.
    elements = ",\n".join(json.dumps(element, ensure_ascii=False) for element in data["@graph"])
    stream.write(f'{{\n"@context": {json.dumps(data["@context"])},\n"@graph": [\n{elements}\n]\n}}\n')


class _Objects(spdx.SHACLObjectSet):
    """Elements that are only to be written: nobody looks them up, and the index takes longer than all the rest."""

    def add_index(self, obj: Any) -> None:
        """Leave it out."""


def _extension(pairs: Iterable[Pair]) -> dict[str, Any]:
    """Pairs as CycloneDX has them, for which SPDX has an extension. Of objects there would be fifty for each model."""
    entries = [
        {"type": "extension_CdxPropertyEntry", "extension_cdxPropName": name, "extension_cdxPropValue": value}
        for name, value in pairs
    ]
    return {"type": "extension_CdxPropertiesExtension", "extension_cdxProperty": entries}


class _Document:
    """One document as it is drawn up: elements by their place in the document.

    Args:
        bill: What it is written from.

    Attributes:
        properties: What is added to elements once they are written, by id.
    """

    def __init__(self, bill: Bill) -> None:
        self._bill = bill
        self._refs = LicenseRefs(lambda id_: is_listed(id_) or is_exception(id_))
        self._expressions: dict[str, Any] = {}
        self._agents: dict[str, Any] = {}
        self._models: dict[str, Any] = {}
        self._elements: list[Any] = []
        self._relations = 0
        self.properties: dict[str, tuple[Pair, ...]] = {}
        self._info = spdx.CreationInfo(
            _id="_:creation", specVersion=VERSION, created=bill.created.astimezone(datetime.UTC).replace(microsecond=0)
        )

    def made(self) -> list[Any]:
        """All elements, with the document that holds them."""
        name = f"{self._bill.tool.name}-{self._bill.tool.version}"
        tool = self._new(spdx.Tool, "tool", name=name, description=f"licscan:rules={self._bill.tool.rules}")
        tool.externalIdentifier.append(_address(_TOOL_PAGE))
        self._info.createdBy, self._info.createdUsing = [self._author(name)], [tool]
        all_ = list(parts(self._bill))
        for part in all_:
            self._models[part.key] = self._package(part)
        for part in all_:
            self._relate_all(part)
        self._texts()
        return [self._info, *self._elements, *self._collections([part for part in all_ if part.asked])]

    def _new(self, kind: Any, key: str, **fields: Any) -> Any:
        made = kind(_id=f"{self._bill.namespace}#{key}", creationInfo=self._info, **fields)
        self._elements.append(made)
        return made

    def _author(self, tool: str) -> Any:
        """Whoever the document is by; where nobody is named, the program that wrote it."""
        by = self._bill.author
        if by is None:
            return self._new(spdx.SoftwareAgent, "author", name=tool)
        made = self._new(spdx.Organization, "author", name=line(by.name))
        if by.contact:
            made.externalIdentifier.append(_address(by.contact))
        return made

    def _collections(self, asked: list[Part]) -> list[Any]:
        """The bill, and the document around it."""
        data = self._new(
            spdx.simplelicensing_LicenseExpression, "data-license", simplelicensing_licenseExpression="CC0-1.0"
        )
        roots = [self._models[part.key] for part in asked]
        profiles = _profiles(self._elements)
        common: dict[str, Any] = {"creationInfo": self._info, "name": line(self._bill.name) or "models"}
        sbom = spdx.software_Sbom(_id=f"{self._bill.namespace}#bill", **common, profileConformance=profiles)
        sbom.software_sbomType.append(spdx.software_SbomType.analyzed)
        if roots:
            self._relate(sbom, _Type.contains, roots, whole=_Whole.complete)
        elements = list(self._elements)
        sbom.rootElement, sbom.element = roots or elements[:1], elements
        gaps = "\n".join(f"licscan:gap:{gap.id}={line(f'{gap.what}: {gap.why}')}" for gap in self._bill.gaps)
        if gaps:
            sbom.comment = gaps
        document = spdx.SpdxDocument(_id=f"{self._bill.namespace}#document", **common, profileConformance=profiles)
        document.dataLicense = data
        document.rootElement, document.element = [sbom], [sbom, *elements]
        return [sbom, document]

    def _package(self, part: Part) -> Any:
        made = self._new(spdx.dataset_DatasetPackage if part.is_data else spdx.ai_AIPackage, part.key, name=part.name)
        agent = self._agent(part)
        made.suppliedBy, made.originatedBy = agent, [agent]
        made.software_packageVersion = part.version or _NOBODY
        made.software_downloadLocation = part.repository or part.page or _NOBODY
        made.summary = part.sentence
        if part.page:
            made.software_homePage = part.page
        if part.copyrights:
            made.software_copyrightText = "\n".join(block(one) for one in part.copyrights)
        made.software_attributionText = [line(words) for words in part.attributions]
        made.externalIdentifier = _identifiers(part)
        self._dates(made, part)
        if part.is_data:
            made.software_primaryPurpose = spdx.software_SoftwarePurpose.data
            made.dataset_datasetType = _kinds(part) or [spdx.dataset_DatasetType.noAssertion]
        else:
            _describe(made, part)
        if card := part.described.card:
            described = spdx.ExternalRef(externalRefType=spdx.ExternalRefType.documentation, locator=[card.url])
            if card.sha256:
                described.comment = f"SHA-256: {card.sha256}"
            made.externalRef = [described]
        if len(part.files) == 1:
            made.verifiedUsing = _hashes(part.files[0])
        if part.properties:
            self.properties[made._id] = part.properties  # noqa: SLF001 - what the library calls it
        return made

    def _dates(self, made: Any, part: Part) -> None:
        """When it was released; the profiles ask for a time, and where none is known it is that of this look."""
        known = datetime.datetime.combine(part.released, datetime.time(), datetime.UTC) if part.released else None
        made.releaseTime = known or self._info.created
        names = "releaseTime"
        if part.is_data:
            made.builtTime = made.releaseTime
            names = "builtTime" if known else "releaseTime and builtTime"
        if known is None or part.is_data:
            made.comment = f"{names}: not established; it was out by then."

    def _agent(self, part: Part) -> Any:
        name = part.supplier or _NOBODY
        if name not in self._agents:
            made = self._new(spdx.Organization, f"agent-{len(self._agents) + 1}", name=name)
            if part.supplier_page:
                made.externalIdentifier.append(_address(part.supplier_page))
            if part.supplier is None:
                made.comment = "Nobody says whose it is."
            self._agents[name] = made
        return self._agents[name]

    def _relate_all(self, part: Part) -> None:
        """Its licenses, its files, what it was made from and trained on."""
        made = self._models[part.key]
        for stated, kind in (
            (part.declared, _Type.hasDeclaredLicense),
            (part.concluded, _Type.hasConcludedLicense),
        ):
            self._relate(made, kind, [self._license(stated, part)], whole=_Whole.complete)
        files = [self._file(file) for file in part.files]
        if files:
            self._relate(made, _Type.hasDistributionArtifact, files, whole=_Whole.complete)
        whole = _Whole.noAssertion if part.complete else _Whole.incomplete
        if part.datasets:
            self._relate(made, _Type.trainedOn, [self._models[key] for key in part.datasets], whole=whole)
        for link in part.bases:
            self._relate_base(made, link, whole)
        needed = [self._models[key] for key in part.needs]
        if needed:
            self._relate(made, _Type.dependsOn, needed, whole=whole)

    def _relate_base(self, made: Any, link: Link, whole: Any) -> None:
        """How a model comes from another; one whose outputs alone were learned from is no ancestor."""
        outputs = link.relation is Relation.TRAINED_ON_OUTPUTS
        kind = _Type.other if outputs else _Type.descendantOf
        via = f" by way of {link.child}" if link.child else ""
        comment = f"{link.relation}{via}, declared in {link.said}"
        self._relate(made, kind, [self._models[link.base]], whole=whole, comment=comment)

    def _relate(self, from_: Any, kind: Any, to: list[Any], *, whole: Any, comment: str | None = None) -> None:
        self._relations += 1
        made = self._new(
            spdx.Relationship, f"relationship-{self._relations}", from_=from_, to=to, relationshipType=kind
        )
        made.completeness = whole
        if comment:
            made.comment = comment

    def _file(self, file: File) -> Any:
        made = self._new(spdx.software_File, file.key, name=file.name, comment=_BSI)
        made.software_fileKind = spdx.software_FileKindType.file
        made.software_primaryPurpose = spdx.software_SoftwarePurpose.model
        purposes = [
            spdx.software_SoftwarePurpose.container if file.structured else spdx.software_SoftwarePurpose.firmware
        ]
        if file.executable:
            purposes.append(spdx.software_SoftwarePurpose.executable)
        if file.archive:
            purposes.append(spdx.software_SoftwarePurpose.archive)
        made.software_additionalPurpose = purposes
        made.verifiedUsing = _hashes(file)
        made.description = f"{file.path}; {file.format}; {file.size} bytes; {file.status}"
        if file.url:
            kind = spdx.ExternalRefType.binaryArtifact
            made.externalRef = [spdx.ExternalRef(externalRefType=kind, locator=[file.url])]
        return made

    def _license(self, stated: str | None, part: Part) -> Any:
        """The license of an expression: one element for each, whatever the number of parts that are under it."""
        written = self._refs.expression(stated, part.texts)
        if written is None:
            return spdx.expandedlicensing_IndividualLicensingInfo.NAMED_INDIVIDUALS["NoAssertionLicense"]
        if written not in self._expressions:
            made = self._new(
                spdx.simplelicensing_LicenseExpression,
                f"license-{len(self._expressions) + 1}",
                simplelicensing_licenseExpression=written,
            )
            custom = [spdx.DictionaryEntry(key=ref, value=f"{self._bill.namespace}#{ref}") for ref in refs_in(written)]
            made.simplelicensing_customIdToUri = custom
            self._expressions[written] = made
        return self._expressions[written]

    def _texts(self) -> None:
        """The texts of licenses that SPDX does not list; last, for a text may come up late."""
        for one in self._refs.extracted.values():
            made = self._new(
                spdx.simplelicensing_SimpleLicensingText,
                one.id,
                name=line(one.name),
                simplelicensing_licenseText=one.text,
            )
            if one.comment:
                made.comment = one.comment
            if one.url:
                kind = spdx.ExternalRefType.license
                made.externalRef = [spdx.ExternalRef(externalRefType=kind, locator=[one.url])]


def _kinds(part: Part) -> list[Any]:
    """What kinds of data a dataset holds, by its modality and the tasks that it is for."""
    said = (part.modality, *map(modality_of, part.described.tasks))
    return list(dict.fromkeys(_KINDS[one] for one in said if one in _KINDS))


def _describe(made: Any, part: Part) -> None:
    """What the AI profile asks of a model besides."""
    made.software_primaryPurpose = spdx.software_SoftwarePurpose.model
    told = part.described
    training = [part.sentence] if part.bases or part.datasets else []
    if training or told.emissions:
        made.ai_informationAboutTraining = "\n".join((*training, *told.emissions))
    made.ai_typeOfModel = [word for word in (told.architecture, told.family, told.adapter) if word]
    made.ai_domain = list(dict.fromkeys(word for word in (part.modality, *told.tasks) if word))


def _profiles(elements: Iterable[Any]) -> list[Any]:
    kinds = spdx.ProfileIdentifierType
    # Not `extension`: the context and the shapes of the specification do not agree on it.
    found = [kinds.core, kinds.software, kinds.simpleLicensing]
    if any(isinstance(one, spdx.ai_AIPackage) for one in elements):
        found.append(kinds.ai)
    if any(isinstance(one, spdx.dataset_DatasetPackage) for one in elements):
        found.append(kinds.dataset)
    return found


def _identifiers(part: Part) -> list[Any]:
    kinds = spdx.ExternalIdentifierType
    found = [spdx.ExternalIdentifier(externalIdentifierType=kinds.other, identifier=line(part.ref))]
    if part.purl:
        found.insert(0, spdx.ExternalIdentifier(externalIdentifierType=kinds.packageUrl, identifier=part.purl))
    return found


def _address(where: str) -> Any:
    kinds = spdx.ExternalIdentifierType
    kind = kinds.urlScheme if "://" in where else kinds.email
    return spdx.ExternalIdentifier(externalIdentifierType=kind, identifier=where)


def _hashes(file: File) -> list[Any]:
    return [spdx.Hash(algorithm=_ALGORITHMS[name], hashValue=value) for name, value in file.digests]

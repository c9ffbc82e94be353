"""One bill of materials in every form that is read: a fine-tune of a base, the data that it learned from, a library."""

import io
import json
from typing import Any

from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
from spdx_tools.spdx.writer.rdf.rdf_writer import write_document_to_stream

COMMIT = "0123456789abcdef0123456789abcdef01234567"
MODEL = f"pkg:huggingface/harbor/pilot@{COMMIT}"
BASE = "pkg:huggingface/harbor/keel"
DATA = "pkg:huggingface/datasets/harbor/logbook"
SHA256, SHA512 = "a1" * 32, "b2" * 64

CYCLONEDX: dict[str, Any] = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
    "version": 1,
    "metadata": {
        "timestamp": "2026-05-01T00:00:00Z",
        "tools": {"components": [{"type": "application", "name": "maker", "version": "2"}]},
        "component": {"type": "application", "name": "shop", "version": "1"},
    },
    "components": [
        {"type": "library", "bom-ref": "lib", "name": "transformers", "version": "4.50.0"},
        {
            "type": "machine-learning-model",
            "bom-ref": "model",
            "group": "harbor",
            "name": "pilot",
            "version": COMMIT,
            "supplier": {"name": "Harbor", "url": ["https://example.org/harbor"]},
            "purl": MODEL,
            "licenses": [{"license": {"name": "Harbor License 1.0", "acknowledgement": "declared"}}],
            "hashes": [{"alg": "SHA-256", "content": SHA256}, {"alg": "SHA-512", "content": SHA512}],
            "pedigree": {
                "ancestors": [{"type": "machine-learning-model", "group": "harbor", "name": "keel", "purl": BASE}]
            },
            "modelCard": {"modelParameters": {"task": "text-generation", "datasets": [{"ref": "data"}]}},
            "properties": [{"name": "bsi:component:filename", "value": "pilot.safetensors"}],
        },
        {
            "type": "data",
            "bom-ref": "data",
            "name": "logbook",
            "purl": DATA,
            "data": [{"type": "dataset", "name": "logbook"}],
        },
    ],
    "dependencies": [{"ref": "model", "dependsOn": ["data"]}],
    "compositions": [{"aggregate": "incomplete", "dependencies": ["model"]}],
}

CYCLONEDX_XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6" serialNumber="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79" version="1">
  <metadata>
    <timestamp>2026-05-01T00:00:00Z</timestamp>
    <tools><components><component type="application"><name>maker</name><version>2</version></component></components></tools>
    <component type="application"><name>shop</name><version>1</version></component>
  </metadata>
  <components>
    <component type="library" bom-ref="lib"><name>transformers</name><version>4.50.0</version></component>
    <component type="machine-learning-model" bom-ref="model">
      <supplier><name>Harbor</name><url>https://example.org/harbor</url></supplier>
      <group>harbor</group>
      <name>pilot</name>
      <version>{COMMIT}</version>
      <hashes><hash alg="SHA-256">{SHA256}</hash><hash alg="SHA-512">{SHA512}</hash></hashes>
      <licenses><license acknowledgement="declared"><name>Harbor License 1.0</name></license></licenses>
      <purl>{MODEL}</purl>
      <pedigree><ancestors><component type="machine-learning-model"><group>harbor</group><name>keel</name>
        <purl>{BASE}</purl></component></ancestors></pedigree>
      <properties><property name="bsi:component:filename">pilot.safetensors</property></properties>
      <modelCard><modelParameters><task>text-generation</task>
        <datasets><ref>data</ref></datasets></modelParameters></modelCard>
    </component>
    <component type="data" bom-ref="data"><name>logbook</name><purl>{DATA}</purl>
      <data><type>dataset</type><name>logbook</name></data></component>
  </components>
  <dependencies><dependency ref="model"><dependency ref="data"/></dependency></dependencies>
  <compositions><composition><aggregate>incomplete</aggregate>
    <dependencies><dependency ref="model"/></dependencies></composition></compositions>
</bom>
"""


def _package(name: str, ref: str, purl: str, **more: Any) -> dict[str, Any]:
    reference = {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}
    return {
        "SPDXID": f"SPDXRef-{ref}",
        "name": name,
        "downloadLocation": "NOASSERTION",
        "externalRefs": [reference],
        **more,
    }


SPDX2: dict[str, Any] = {
    "spdxVersion": "SPDX-2.3",
    "dataLicense": "CC0-1.0",
    "SPDXID": "SPDXRef-DOCUMENT",
    "name": "shop",
    "documentNamespace": "https://example.org/shop",
    "creationInfo": {"created": "2026-05-01T00:00:00Z", "creators": ["Tool: maker-2"]},
    "packages": [
        _package("transformers", "lib", "pkg:pypi/transformers@4.50.0"),
        _package(
            "harbor/pilot",
            "model",
            MODEL,
            versionInfo=COMMIT,
            supplier="Organization: Harbor",
            licenseDeclared="LicenseRef-harbor",
            licenseConcluded="NOASSERTION",
            packageFileName="pilot.safetensors",
            checksums=[
                {"algorithm": "SHA256", "checksumValue": SHA256},
                {"algorithm": "SHA512", "checksumValue": SHA512},
            ],
        ),
        _package("harbor/keel", "base", BASE),
        _package("logbook", "data", DATA),
    ],
    "relationships": [
        {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-model"},
        {"spdxElementId": "SPDXRef-model", "relationshipType": "DESCENDANT_OF", "relatedSpdxElement": "SPDXRef-base"},
        {"spdxElementId": "SPDXRef-data", "relationshipType": "DATA_FILE_OF", "relatedSpdxElement": "SPDXRef-model"},
    ],
}

SPDX2_TAGS = f"""SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: shop
DocumentNamespace: https://example.org/shop
Creator: Tool: maker-2
Created: 2026-05-01T00:00:00Z

PackageName: transformers
SPDXID: SPDXRef-lib
ExternalRef: PACKAGE-MANAGER purl pkg:pypi/transformers@4.50.0

PackageName: harbor/pilot
SPDXID: SPDXRef-model
PackageVersion: {COMMIT}
PackageFileName: pilot.safetensors
PackageSupplier: Organization: Harbor
PackageChecksum: SHA256: {SHA256}
PackageChecksum: SHA512: {SHA512}
PackageLicenseDeclared: LicenseRef-harbor
PackageLicenseConcluded: NOASSERTION
PackageComment: <text>Two lines,
PackageName: neither of which begins a package.</text>
ExternalRef: PACKAGE-MANAGER purl {MODEL}

PackageName: harbor/keel
SPDXID: SPDXRef-base
ExternalRef: PACKAGE-MANAGER purl {BASE}

PackageName: logbook
SPDXID: SPDXRef-data
ExternalRef: PACKAGE-MANAGER purl {DATA}

Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-model
Relationship: SPDXRef-model DESCENDANT_OF SPDXRef-base
Relationship: SPDXRef-data DATA_FILE_OF SPDXRef-model
"""

SPDX2_YAML = f"""spdxVersion: SPDX-2.3
SPDXID: SPDXRef-DOCUMENT
name: shop
documentNamespace: https://example.org/shop
creationInfo:
  created: "2026-05-01T00:00:00Z"
  creators: ["Tool: maker-2"]
packages:
- SPDXID: SPDXRef-lib
  name: transformers
- SPDXID: SPDXRef-model
  name: harbor/pilot
  versionInfo: {COMMIT}
  packageFileName: pilot.safetensors
  supplier: "Organization: Harbor"
  licenseDeclared: LicenseRef-harbor
  checksums:
  - {{algorithm: SHA256, checksumValue: {SHA256}}}
  - {{algorithm: SHA512, checksumValue: {SHA512}}}
  externalRefs:
  - referenceCategory: PACKAGE-MANAGER
    referenceType: purl
    referenceLocator: {MODEL}
- {{SPDXID: SPDXRef-base, name: harbor/keel, externalRefs: [{{referenceType: purl, referenceLocator: "{BASE}"}}]}}
- {{SPDXID: SPDXRef-data, name: logbook, externalRefs: [{{referenceType: purl, referenceLocator: "{DATA}"}}]}}
relationships:
- {{spdxElementId: SPDXRef-model, relationshipType: DESCENDANT_OF, relatedSpdxElement: SPDXRef-base}}
- {{spdxElementId: SPDXRef-data, relationshipType: DATA_FILE_OF, relatedSpdxElement: SPDXRef-model}}
"""


def _relation(number: int, kind: str, whose: str, to: str) -> dict[str, Any]:
    ends = {"from": whose, "to": [to], "relationshipType": kind, "completeness": "incomplete"}
    return {"type": "Relationship", "spdxId": f"urn:r{number}", "creationInfo": "_:made", **ends}


SPDX3: dict[str, Any] = {
    "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
    "@graph": [
        {
            "type": "CreationInfo",
            "@id": "_:made",
            "specVersion": "3.0.1",
            "created": "2026-05-01T00:00:00Z",
            "createdBy": ["urn:harbor"],
        },
        {
            "type": "Organization",
            "spdxId": "urn:harbor",
            "name": "Harbor",
            "externalIdentifier": [{"externalIdentifierType": "email", "identifier": "crew@example.org"}],
        },
        {"type": "software_Package", "spdxId": "urn:lib", "name": "transformers"},
        {
            "type": "ai_AIPackage",
            "spdxId": "urn:model",
            "name": "harbor/pilot",
            "suppliedBy": "urn:harbor",
            "originatedBy": ["urn:harbor"],
            "software_packageVersion": COMMIT,
            "software_packageUrl": MODEL,
            "software_primaryPurpose": "model",
            "verifiedUsing": [
                {"type": "Hash", "algorithm": "sha256", "hashValue": SHA256},
                {"type": "Hash", "algorithm": "sha512", "hashValue": SHA512},
            ],
        },
        {"type": "ai_AIPackage", "spdxId": "urn:base", "name": "harbor/keel", "software_packageUrl": BASE},
        {"type": "dataset_DatasetPackage", "spdxId": "urn:data", "name": "logbook", "software_packageUrl": DATA},
        {
            "type": "simplelicensing_LicenseExpression",
            "spdxId": "urn:license",
            "simplelicensing_licenseExpression": "LicenseRef-harbor",
        },
        _relation(1, "hasDeclaredLicense", "urn:model", "urn:license"),
        _relation(2, "descendantOf", "urn:model", "urn:base"),
        _relation(3, "trainedOn", "urn:model", "urn:data"),
        {"type": "SpdxDocument", "spdxId": "urn:document", "name": "shop", "rootElement": ["urn:model"]},
    ],
}


def _rdf() -> str:
    """The document in the form of RDF, as the SPDX project's library writes it."""
    written = io.BytesIO()
    parser = JsonLikeDictParser()  # type: ignore[no-untyped-call]
    write_document_to_stream(parser.parse(SPDX2), written, validate=False)
    return written.getvalue().decode()


ALL = {
    "shop.cdx.json": json.dumps(CYCLONEDX, indent=2),
    "shop.cdx.xml": CYCLONEDX_XML,
    "shop.spdx.json": json.dumps(SPDX2, indent=2),
    "shop.spdx": SPDX2_TAGS,
    "shop.spdx.yaml": SPDX2_YAML,
    "shop.spdx.rdf": _rdf(),
    "shop.spdx3.json": json.dumps(SPDX3, indent=2),
}

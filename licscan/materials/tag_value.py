"""SPDX 2 as tags and values, brought into the shape of its JSON (https://spdx.github.io/spdx-spec/v2.3/)."""

import re
from typing import Any

from licscan.materials.parts import Path, Tree

_LINE = re.compile(r"(?P<tag>[A-Za-z][A-Za-z0-9-]*):[ \t]*(?P<value>.*)")
_BEGIN, _END = "<text>", "</text>"
_CHECKSUM = re.compile(r"(?P<algorithm>[\w-]+):\s*(?P<value>[0-9A-Fa-f]+)")
_REFERENCE = re.compile(r"(?P<category>\S+)\s+(?P<type>\S+)\s+(?P<locator>\S+)")
_RELATION = re.compile(r"(?P<from>\S+)\s+(?P<type>\S+)\s+(?P<to>\S+)")

# The tag that begins an entry, the list in which it stands, and the key of its value there.
_BEGINNINGS = {
    "PackageName": ("packages", "name"),
    "FileName": ("files", "fileName"),
    "LicenseID": ("hasExtractedLicensingInfos", "licenseId"),
}
_SINGLE = {
    "SPDXVersion": "spdxVersion",
    "DataLicense": "dataLicense",
    "SPDXID": "SPDXID",
    "DocumentName": "name",
    "DocumentNamespace": "documentNamespace",
    "DocumentComment": "comment",
    "PackageVersion": "versionInfo",
    "PackageFileName": "packageFileName",
    "PackageSupplier": "supplier",
    "PackageOriginator": "originator",
    "PackageDownloadLocation": "downloadLocation",
    "PackageHomePage": "homepage",
    "PackageLicenseConcluded": "licenseConcluded",
    "PackageLicenseDeclared": "licenseDeclared",
    "PackageLicenseComments": "licenseComments",
    "PackageCopyrightText": "copyrightText",
    "PackageSummary": "summary",
    "PackageDescription": "description",
    "PackageComment": "comment",
    "PackageSourceInfo": "sourceInfo",
    "PrimaryPackagePurpose": "primaryPackagePurpose",
    "ReleaseDate": "releaseDate",
    "BuiltDate": "builtDate",
    "ValidUntilDate": "validUntilDate",
    "FilesAnalyzed": "filesAnalyzed",
    "LicenseConcluded": "licenseConcluded",
    "FileCopyrightText": "copyrightText",
    "ExtractedText": "extractedText",
    "LicenseName": "name",
    "LicenseComment": "comment",
    "LicenseCrossReference": "seeAlsos",
}
_OF_ANNOTATIONS = {
    "AnnotationDate": "annotationDate",
    "AnnotationType": "annotationType",
    "AnnotationComment": "comment",
    "SPDXREF": "spdxElementId",
}
_OF_CREATION = {"Created": "created", "LicenseListVersion": "licenseListVersion", "CreatorComment": "comment"}


def load(words: str) -> tuple[Tree, dict[Path, int]]:
    """A document in the shape of its JSON, and the lines of its packages, their names, and their references.

    Args:
        words: The document; tags that nobody knows are left out.
    """
    reader = _Reader()
    for line, tag, value in _pairs(words):
        reader.take(line, tag, value)
    return reader.document, reader.lines


def _pairs(words: str) -> list[tuple[int, str, str]]:
    """Every tag with its line and value; a value in `<text>` goes on until that ends."""
    found: list[tuple[int, str, str]] = []
    open_text: list[str] | None = None
    for number, line in enumerate(words.split("\n"), 1):
        if open_text is not None:
            before, end, _ = line.partition(_END)
            open_text.append(before)
            if end:
                found[-1] = (*found[-1][:2], "\n".join(open_text))
                open_text = None
            continue
        match = _LINE.fullmatch(line.rstrip())
        if match is None:
            continue
        value = match["value"].strip()
        if value.startswith(_BEGIN):
            value, end, _ = value.removeprefix(_BEGIN).partition(_END)
            open_text = None if end else [value]
        found.append((number, match["tag"], value))
    if open_text is not None:
        found[-1] = (*found[-1][:2], "\n".join(open_text))
    return found


class _Reader:
    """Puts each value where it belongs: a tag belongs to the entry that began last."""

    def __init__(self) -> None:
        self.document: Tree = {}
        self.lines: dict[Path, int] = {}
        self._entry: Tree = self.document
        self._path: Path = ()
        self._annotation: Tree = {}

    def take(self, line: int, tag: str, value: str) -> None:
        """Take one tag and its value."""
        if tag in _BEGINNINGS:
            where, key = _BEGINNINGS[tag]
            many = self.document.setdefault(where, [])
            self._entry, self._path = {key: value}, (where, len(many))
            many.append(self._entry)
            self.lines[self._path] = self.lines[(*self._path, key)] = line
        elif tag in _SINGLE:
            self._entry.setdefault(_SINGLE[tag], value)
        elif tag in _OF_CREATION:
            self.document.setdefault("creationInfo", {})[_OF_CREATION[tag]] = value
        elif tag == "Creator":
            self.document.setdefault("creationInfo", {}).setdefault("creators", []).append(value)
        elif tag == "Annotator":
            self._annotation = {"annotator": value}
            self.document.setdefault("annotations", []).append(self._annotation)
        elif tag in _OF_ANNOTATIONS:
            self._annotation.setdefault(_OF_ANNOTATIONS[tag], value)
        elif tag == "Relationship":
            self._relation(value)
        elif tag == "RelationshipComment" and (many := self.document.get("relationships")):
            many[-1].setdefault("comment", value)
        else:
            self._several(line, tag, value)

    def _relation(self, value: str) -> None:
        if match := _RELATION.match(value):
            said = {"spdxElementId": match["from"], "relationshipType": match["type"]}
            many = self.document.setdefault("relationships", [])
            many.append({**said, "relatedSpdxElement": match["to"]})

    def _several(self, line: int, tag: str, value: str) -> None:
        """What an entry may have several of."""
        if tag in {"PackageChecksum", "FileChecksum"} and (match := _CHECKSUM.fullmatch(value)):
            self._add("checksums", {"algorithm": match["algorithm"], "checksumValue": match["value"]})
        elif tag == "ExternalRef" and (match := _REFERENCE.fullmatch(value)):
            said = {"referenceCategory": match["category"], "referenceType": match["type"]}
            number = self._add("externalRefs", {**said, "referenceLocator": match["locator"]})
            self.lines[(*self._path, "externalRefs", number, "referenceLocator")] = line
        elif tag == "PackageAttributionText":
            self._add("attributionTexts", value)

    def _add(self, key: str, value: Any) -> int:
        many = self._entry.setdefault(key, [])
        many.append(value)
        return len(many) - 1

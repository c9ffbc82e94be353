"""SPDX 2.3, JSON and tag-value, by `spdx-tools`."""

import datetime
import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, TextIO

from license_expression import LicenseExpression  # type: ignore[import-untyped]
from spdx_tools.common.spdx_licensing import spdx_licensing
from spdx_tools.spdx.jsonschema.document_converter import DocumentConverter
from spdx_tools.spdx.model import (
    Actor,
    ActorType,
    Annotation,
    AnnotationType,
    Checksum,
    ChecksumAlgorithm,
    CreationInfo,
    Document,
    ExternalPackageRef,
    ExternalPackageRefCategory,
    ExtractedLicensingInfo,
    Package,
    PackagePurpose,
    Relationship,
    RelationshipType,
    SpdxNoAssertion,
    SpdxNone,
)
from spdx_tools.spdx.writer.tagvalue.tagvalue_writer import write_document

from licscan.bom.files import File
from licscan.bom.license_refs import Extracted, LicenseRefs, is_listed
from licscan.bom.parts import Link, Part, parts
from licscan.bom.properties import Pair
from licscan.bom.words import block, line
from licscan.manifest.bill import Bill
from licscan.model import Relation

_DOCUMENT = "SPDXRef-DOCUMENT"
_ALGORITHMS = {
    "sha1": ChecksumAlgorithm.SHA1,
    "sha256": ChecksumAlgorithm.SHA256,
    "sha512": ChecksumAlgorithm.SHA512,
}
_KNOWN = spdx_licensing.known_symbols
# The tag-value format ends a text with this, wherever it stands.
_END, _END_WRITTEN = "</text>", "<\\/text>"


def write_json(bill: Bill, stream: TextIO) -> None:
    """Write a bill as SPDX 2.3 JSON."""
    json.dump(_converted(_Document(bill).made()), stream, indent=2, ensure_ascii=False)
    stream.write("\n")


def write_tag_value(bill: Bill, stream: TextIO) -> None:
    """Write a bill as SPDX 2.3 tag-value; the mark that would end a text is written with a backslash in it."""
    write_document(_Document(bill, end=_END_WRITTEN).made(), stream)


def _converted(document: Document) -> dict[str, Any]:
    """A document as its JSON has it.

    The library looks for the annotations of a package among all of them, which takes half a minute for a thousand
    models: each package is converted in a document of its own.
    """
    converter = DocumentConverter()  # type: ignore[no-untyped-call]
    annotations = {one.spdx_id: one for one in document.annotations}
    packages = []
    for package in document.packages:
        own = annotations.get(package.spdx_id)
        alone = Document(document.creation_info, annotations=[own] if own else [])
        packages.append(converter.package_converter.convert(package, alone))
    document.packages, document.annotations = [], []
    return {**converter.convert(document), **({"packages": packages} if packages else {})}


class _Document:
    """One document as it is drawn up.

    Args:
        bill: What it is written from.
        end: How `</text>` is written in texts.
    """

    def __init__(self, bill: Bill, end: str = _END) -> None:
        self._bill = bill
        self._end = end
        self._when = bill.created.astimezone(datetime.UTC).replace(tzinfo=None, microsecond=0)
        self._tool = Actor(ActorType.TOOL, f"{bill.tool.name}-{bill.tool.version}")
        self._refs = LicenseRefs(_KNOWN.__contains__, is_listed)
        self._packages: list[Package] = []
        self._links: list[Relationship] = []
        self._annotations: list[Annotation] = []

    def made(self) -> Document:
        """The document, with all parts of the bill."""
        for part in parts(self._bill):
            self._add(part)
        if not self._links:
            # Nothing was found, and a document must describe something, or say that it is nothing.
            self._links.append(Relationship(_DOCUMENT, RelationshipType.DESCRIBES, SpdxNone()))
        return Document(
            self._creation(),
            packages=self._packages,
            relationships=self._links,
            annotations=self._annotations,
            extracted_licensing_info=[self._extracted(one) for one in self._refs.extracted.values()],
        )

    def _creation(self) -> CreationInfo:
        gaps = "".join(f"\nlicscan:gap:{gap.id}={line(f'{gap.what}: {gap.why}')}" for gap in self._bill.gaps)
        return CreationInfo(
            "SPDX-2.3",
            _DOCUMENT,
            line(self._bill.name) or "models",
            self._bill.namespace,
            creators=[*_authors(self._bill), self._tool],
            created=self._when,
            document_comment=self._text(f"licscan:rules={self._bill.tool.rules}{gaps}"),
        )

    def _add(self, part: Part) -> None:
        id_ = f"SPDXRef-{part.key}"
        self._packages.append(self._package(part, id_))
        self._annotate(id_, _pairs(part))
        if part.asked:
            self._links.append(Relationship(_DOCUMENT, RelationshipType.DESCRIBES, id_))
        for file in part.files if len(part.files) > 1 else ():
            self._packages.append(self._file(part, file))
            self._annotate(f"SPDXRef-{file.key}", file.pairs())
            self._links.append(Relationship(id_, RelationshipType.CONTAINS, f"SPDXRef-{file.key}"))
        self._links += [_base(id_, link) for link in part.bases]
        for key in part.datasets:
            self._links.append(Relationship(id_, RelationshipType.OTHER, f"SPDXRef-{key}", "trainedOn"))

    def _annotate(self, id_: str, pairs: Iterable[Pair]) -> None:
        """Add what 2.3 has no field for, a line each, as docs/manifest-properties.md has it."""
        words = "\n".join(f"{name}={value}" for name, value in pairs)
        self._annotations.append(Annotation(id_, AnnotationType.OTHER, self._tool, self._when, self._text(words)))

    def _package(self, part: Part, id_: str) -> Package:
        single = part.files[0] if len(part.files) == 1 else None
        released = datetime.datetime.combine(part.released, datetime.time()) if part.released else None
        supplier = Actor(ActorType.ORGANIZATION, part.supplier) if part.supplier else SpdxNoAssertion()
        copyright_ = self._text("\n".join(block(one) for one in part.copyrights))
        return Package(
            id_,
            part.name,
            part.repository or SpdxNoAssertion(),
            version=part.version,
            file_name=single.name if single else None,
            supplier=supplier,
            originator=supplier,
            files_analyzed=False,
            checksums=_checksums(single) if single else [],
            homepage=part.page,
            license_concluded=self._license(part.concluded, part),
            license_declared=self._license(part.declared, part),
            license_comment=self._license_comment(part),
            copyright_text=copyright_ or SpdxNoAssertion(),
            summary=self._text(part.sentence),
            external_references=_identifiers(part),
            attribution_texts=[self._text(line(words)) for words in part.attributions],
            # 2.3 has no word for models, nor for data.
            primary_package_purpose=PackagePurpose.OTHER,
            release_date=released,
            comment="A dataset." if part.is_data else "A machine learning model.",
        )

    def _file(self, part: Part, file: File) -> Package:
        """A file of weights as a package: as a file it would need a SHA-1, which nobody gives."""
        supplier = Actor(ActorType.ORGANIZATION, part.supplier) if part.supplier else SpdxNoAssertion()
        return Package(
            f"SPDXRef-{file.key}",
            file.path,
            file.url or SpdxNoAssertion(),
            version=part.version,
            file_name=file.name,
            supplier=supplier,
            files_analyzed=False,
            checksums=_checksums(file),
            license_concluded=self._license(part.concluded, part),
            license_declared=SpdxNoAssertion(),
            copyright_text=SpdxNoAssertion(),
            primary_package_purpose=PackagePurpose.FILE,
        )

    def _license(self, stated: str | None, part: Part) -> LicenseExpression | SpdxNoAssertion:
        written = self._refs.expression(stated, part.texts)
        return _parsed(written) if written else SpdxNoAssertion()

    def _license_comment(self, part: Part) -> str | None:
        telling = ("licscan:license:match", "licscan:license:freedom", "licscan:level")
        said = [f"{name}={value}" for name, value in part.properties if name in telling]
        return "; ".join(said) or None

    def _extracted(self, one: Extracted) -> ExtractedLicensingInfo:
        references = [one.url] if one.url else []
        return ExtractedLicensingInfo(one.id, self._text(one.text), line(one.name), references, one.comment)

    def _text(self, text: str) -> str:
        return text.replace(_END, self._end)


def _authors(bill: Bill) -> list[Actor]:
    if bill.author is None:
        return []
    contact = bill.author.contact
    email = contact if contact and "://" not in contact else None
    return [Actor(ActorType.ORGANIZATION, line(bill.author.name), email)]


@cache
def _parsed(expression: str) -> LicenseExpression:
    return spdx_licensing.parse(expression)


def _base(id_: str, link: Link) -> Relationship:
    """How a model comes from another; one whose outputs alone were learned from is no ancestor."""
    outputs = link.relation is Relation.TRAINED_ON_OUTPUTS
    kind = RelationshipType.OTHER if outputs else RelationshipType.DESCENDANT_OF
    via = f" (by way of {link.child})" if link.child else ""
    return Relationship(id_, kind, f"SPDXRef-{link.base}", f"{link.relation}{via}, declared in {link.said}")


def _pairs(part: Part) -> Iterator[Pair]:
    """What stands in the annotation of a package: also what other formats have fields for, and 2.3 has not."""
    yield from part.properties
    if part.supplier_page:
        yield "licscan:supplier:url", part.supplier_page
    yield "licscan:dependencies", "unknown" if part.complete else "incomplete"
    if len(part.files) == 1:
        yield from part.files[0].pairs()


def _identifiers(part: Part) -> list[ExternalPackageRef]:
    found = []
    if part.purl:
        found.append(ExternalPackageRef(ExternalPackageRefCategory.PACKAGE_MANAGER, "purl", part.purl))
    if card := part.described.card:
        digest = f"SHA-256: {card.sha256}" if card.sha256 else None
        found.append(ExternalPackageRef(ExternalPackageRefCategory.OTHER, "model-card", card.url, digest))
    return found


def _checksums(file: File) -> list[Checksum]:
    return [Checksum(_ALGORITHMS[name], value) for name, value in file.digests]

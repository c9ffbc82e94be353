"""Parts as components of CycloneDX, as its library has them; what it has no place for is added in `cyclonedx_cards`."""

from collections.abc import Iterable, Iterator

from cyclonedx.model import (
    ExternalReference,
    ExternalReferenceType,
    HashAlgorithm,
    HashType,
    Property,
    XsUri,
)
from cyclonedx.model.component import Component, ComponentScope, ComponentType, Pedigree
from cyclonedx.model.component_evidence import ComponentEvidence, Copyright
from cyclonedx.model.contact import OrganizationalEntity
from packageurl import PackageURL

from licscan.bom.cyclonedx_licenses import Licensed, Licenses
from licscan.bom.files import File
from licscan.bom.parts import Link, Part
from licscan.bom.words import block

_ALGORITHMS = {"sha1": HashAlgorithm.SHA_1, "sha256": HashAlgorithm.SHA_256, "sha512": HashAlgorithm.SHA_512}


def component(part: Part, licenses: Licenses, others: dict[str, Part]) -> Component:
    """A part as a component: its own facts, its files, and what it was made from.

    Args:
        part: The part.
        licenses: The licenses of the document.
        others: The parts that others were made from, by key.
    """
    licensed = licenses.of(part)
    single = part.files[0] if len(part.files) == 1 else None
    made = _plain(part, licensed, part.key)
    made.description = part.sentence
    made.hashes = _hashes(single) if single else ()
    made.external_references = (*made.external_references, *_references(part, licensed, single))
    made.components = [_file(file) for file in part.files] if not single else ()
    ancestors = [_ancestor(part, link, others, licenses) for link in _each_base(part)]
    if ancestors:
        made.pedigree = Pedigree(ancestors=ancestors)
    return made


def _plain(part: Part, licensed: Licensed, ref: str) -> Component:
    group, _, name = part.name.rpartition("/") if part.repository else ("", "", part.name)
    supplier = _entity(part)
    evidence = None
    if licensed.seen or part.copyrights:
        evidence = ComponentEvidence(
            licenses=licensed.seen, copyright=[Copyright(text=block(one)) for one in part.copyrights]
        )
    return Component(
        type=ComponentType.DATA if part.is_data else ComponentType.MACHINE_LEARNING_MODEL,
        name=name,
        group=group or None,
        version=part.version,
        bom_ref=ref,
        supplier=supplier,
        manufacturer=supplier,
        publisher=part.supplier,
        scope=ComponentScope.REQUIRED if part.asked else None,
        licenses=licensed.licenses,
        copyright="\n".join(part.copyrights) or None,
        purl=PackageURL.from_string(part.purl) if part.purl else None,
        evidence=evidence,
        external_references=_pages(part),
    )


def _each_base(part: Part) -> Iterable[Link]:
    """Its bases, each once: a model that it comes from in two ways has both in its properties."""
    return {link.base: link for link in reversed(part.bases)}.values()


def _ancestor(part: Part, link: Link, others: dict[str, Part], licenses: Licenses) -> Component:
    """A model that another was made from. Ancestors of ancestors stand beside them: a circle has no end."""
    base = others[link.base]
    made = _plain(base, licenses.of(base), f"{part.key}-from-{base.key}")
    pairs = [pair for pair in base.properties if pair[0] in _OF_ANCESTORS]
    pairs += [("licscan:relation", link.relation.value), ("licscan:declared-by", link.said)]
    if link.child:
        pairs.append(("licscan:child", link.child))
    made.properties = [Property(name=name, value=value) for name, value in pairs]
    return made


_OF_ANCESTORS = frozenset({"licscan:ref", "licscan:level"})


def _entity(part: Part) -> OrganizationalEntity | None:
    if part.supplier is None:
        return None
    return OrganizationalEntity(name=part.supplier, urls=[XsUri(part.supplier_page)] if part.supplier_page else ())


def _pages(part: Part) -> Iterator[ExternalReference]:
    if part.page:
        yield ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(part.page))
    if part.repository:
        url = part.repository.removeprefix("git+")
        yield ExternalReference(type=ExternalReferenceType.VCS, url=XsUri(url.partition("@")[0]))


def _references(part: Part, licensed: Licensed, single: File | None) -> Iterator[ExternalReference]:
    if single and single.url:
        yield ExternalReference(type=ExternalReferenceType.DISTRIBUTION, url=XsUri(single.url), hashes=_hashes(single))
    elif part.page:
        yield ExternalReference(type=ExternalReferenceType.DISTRIBUTION, url=XsUri(part.page))
    if card := part.described.card:
        kind = ExternalReferenceType.DOCUMENTATION if part.is_data else ExternalReferenceType.MODEL_CARD
        hashes = [HashType(alg=HashAlgorithm.SHA_256, content=card.sha256)] if card.sha256 else []
        yield ExternalReference(type=kind, url=XsUri(card.url), hashes=hashes)
    for url in licensed.urls:
        yield ExternalReference(type=ExternalReferenceType.LICENSE, url=XsUri(url))


def _file(file: File) -> Component:
    references = []
    if file.url:
        references = [
            ExternalReference(type=ExternalReferenceType.DISTRIBUTION, url=XsUri(file.url), hashes=_hashes(file))
        ]
    return Component(
        type=ComponentType.FILE,
        name=file.path,
        bom_ref=file.key,
        hashes=_hashes(file),
        external_references=references,
    )


def _hashes(file: File) -> list[HashType]:
    return [HashType(alg=_ALGORITHMS[name], content=value) for name, value in file.digests]

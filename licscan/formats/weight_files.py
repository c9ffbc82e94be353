"""The weight files of a model read into facts: what their headers state, and what could not be read of them."""

import hashlib
from dataclasses import dataclass, field

from licscan.errors import UnreadableError
from licscan.formats import card, properties
from licscan.formats.bounded import decode
from licscan.formats.contents import Contents
from licscan.formats.header import Header
from licscan.formats.license_keys import LicenseKey
from licscan.formats.lineage_names import declared
from licscan.formats.listing import Listed
from licscan.formats.names import is_card_name, text_kind
from licscan.formats.private import veiled
from licscan.model import (
    Claim,
    DeclaredBase,
    DeclaredDataset,
    Evidence,
    FileStatus,
    Gap,
    GapId,
    LicenseText,
    Place,
    Property,
    Subject,
    WeightFile,
)

# Formats whose headers tell how many parameters a file holds.
_COUNTED = frozenset({"safetensors", "gguf"})
_SHOWN = 3
_LONGEST = 300


@dataclass(slots=True)
class WeightFacts:
    """What the weight files of a model say."""

    files: list[WeightFile] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    bases: list[DeclaredBase] = field(default_factory=list)
    datasets: list[DeclaredDataset] = field(default_factory=list)
    texts: list[LicenseText] = field(default_factory=list)
    properties: list[Property] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


def read(contents: Contents, subject: Subject) -> WeightFacts:
    """Everything that the weight files of a model say; never fails.

    Args:
        contents: The files.
        subject: What the model consists of; data need no weights.
    """
    found = WeightFacts()
    unread: dict[tuple[GapId, str], list[str]] = {}
    counted: dict[str, int | None] = {}
    for file in contents.listing.files:
        if file.format is None:
            continue
        header: Header | None = None
        try:
            header = contents.header(file.path)
        except UnreadableError as error:
            unread.setdefault((GapId(error.gap), error.what), []).append(file.path)
        else:
            _stated(header, file.path, contents.at(file.path), found)
            if header.unsure:
                unread.setdefault((GapId.HEADERS_SAMPLED, header.unsure), []).append(file.path)
        found.files.append(_weight_file(file, header))
        if found.files[-1].format in _COUNTED:
            counted[file.path] = header.parameters if header else None
    found.properties += properties.of_files(counted, contents.at(None))
    _cut_short(found, unread)
    for (gap, reason), paths in unread.items():
        found.gaps.append(Gap(id=gap, what="what weight files say of themselves", why=f"{_several(paths)}: {reason}"))
    if not found.files and subject is Subject.WEIGHTS:
        why = f"no weight file among the files {'that are known' if contents.listing.troubles else 'of the model'}"
        found.gaps.append(Gap(id=GapId.WEIGHTS_NOT_SEEN, what="the weights that the license is about", why=why))
    return found


def header_claim(key: str, about: LicenseKey | None, value: str, here: Evidence) -> Claim:
    """A license that a header or configuration states under a key."""
    evidence = here.model_copy(update={"quote": veiled(f"{key}: {value[:_LONGEST]}")[:_LONGEST], "section": key[:100]})
    subject = (about.subject if about else None) or Subject.WEIGHTS
    return Claim(subject=subject, place=Place.WEIGHT_HEADER, stated=value[:2000], evidence=evidence)


def _weight_file(file: Listed, header: Header | None) -> WeightFile:
    named = file.format or ""
    pointer = header is not None and header.status is FileStatus.MISSING
    return WeightFile(
        path=file.path,
        format=header.format if header and not pointer else named,
        size=max(0, header.size if header and header.size is not None else file.size),
        promised=file.promised or (header.promised if header else None),
        header=header.shown() if header else {},
        status=header.status if header else FileStatus.UNVERIFIED,
    )


def _stated(header: Header, path: str, here: Evidence, found: WeightFacts) -> None:
    found.claims += [header_claim(key, about, value, here) for key, about, value in header.licenses()]
    found.bases += [declared(origin, here) for origin in header.bases]
    found.properties += properties.of_header(header.pairs, here)
    for key, name in header.datasets:
        shown = veiled(name)[:_LONGEST]
        quote = f"{key}: {shown}"[:_LONGEST]
        found.datasets.append(
            DeclaredDataset(stated=shown, evidence=here.model_copy(update={"quote": quote, "section": key[:100]}))
        )
    for name, data in header.texts:
        _inside(name, data, path, here, found)


def _inside(name: str, data: bytes, path: str, here: Evidence, found: WeightFacts) -> None:
    """A card or license that lies inside a weight file."""
    digest = hashlib.sha256(data).hexdigest()
    place = f"{path}!{name}"
    evidence = here.model_copy(update={"path": place, "sha256": digest})
    plain = name.rpartition("/")[2]
    if is_card_name(plain):
        facts = card.read(decode(data), evidence)
        found.claims += facts.claims
        found.bases += facts.bases
        found.datasets += facts.datasets
        found.properties += facts.properties
        found.gaps += facts.gaps
    elif kind := text_kind(plain):
        found.texts.append(LicenseText(path=place, kind=kind, sha256=digest, text=decode(data), evidence=evidence))


def _cut_short(found: WeightFacts, unread: dict[tuple[GapId, str], list[str]]) -> None:
    """What a header tells of the bytes behind it, as gaps."""
    for file in found.files:
        if file.status is FileStatus.MISSING:
            reason = "a git-LFS pointer, and the file itself is not here"
            unread.setdefault((GapId.HEADER_NOT_READ, reason), []).append(file.path)
        elif file.status is FileStatus.TRUNCATED:
            found.notes.append(f"{file.path}: cut short: its header announces more than the file holds")


def _several(paths: list[str]) -> str:
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return f"{', '.join(paths[:_SHOWN])}{more}"

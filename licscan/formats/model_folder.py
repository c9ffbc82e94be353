"""A folder of model files read into facts: card, license files, configurations, weight headers, the package around it.

Every source whose models lie in folders uses it; each says by itself what the folder is called and at which revision.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from licscan.errors import UnreadableError
from licscan.formats import card, model_config, weight_format
from licscan.formats.bounded import decode, read_file
from licscan.formats.front_matter import split
from licscan.formats.license_keys import LicenseKey
from licscan.formats.listing import CONFIG_LIMIT, Listed, Listing, is_card_name, is_read, text_kind
from licscan.formats.python_package import Package
from licscan.model import (
    Claim,
    DeclaredBase,
    Evidence,
    Gap,
    GapId,
    LicenseText,
    Model,
    ModelRef,
    Place,
    Subject,
    WeightFile,
)

_CARD_LIMIT = 2 << 20
_TEXT_LIMIT = 1 << 20


Files = tuple[Listed, ...]


@dataclass(slots=True)
class _Found:
    claims: list[Claim] = field(default_factory=list)
    texts: list[LicenseText] = field(default_factory=list)
    files: list[WeightFile] = field(default_factory=list)
    bases: list[DeclaredBase] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    modality: str | None = None


def read(root: Path, listing: Listing, ref: ModelRef, source: str, package: tuple[Package, str] | None) -> Model:
    """Everything that the files of a folder say; never fails.

    Args:
        root: The model's folder.
        listing: Its files.
        ref: The model, at the revision that was looked at.
        source: Who looks.
        package: The Python package that installed the folder, and the path of its metadata from the root.
    """
    at = Evidence(source=source, revision=ref.revision)
    found = _Found()
    files = listing.files
    for trouble in listing.troubles:
        found.gaps.append(Gap(id=GapId.FILE_UNREADABLE, what="all files of the model", why=trouble))
    facts = _cards(root, files, at, found)
    _texts(root, files, at, found)
    _missing_texts(files, facts, found)
    _configs(root, files, at, found)
    _weights(root, files, at, found)
    if package:
        found.claims += _package_claims(*package, at)
    return Model(
        ref=ref,
        name=root.name or str(root),
        source=source,
        modality=facts.modality or found.modality,
        subject=facts.subject,
        claims=tuple(facts.claims + found.claims),
        texts=tuple(found.texts),
        files=tuple(found.files),
        bases=tuple(_each_base_once(facts.bases + found.bases)),
        datasets=tuple(facts.datasets),
        gaps=tuple(facts.gaps + found.gaps),
    )


def _read_text(root: Path, path: str, limit: int, at: Evidence, found: _Found) -> tuple[str, Evidence, bool] | None:
    """A file's text, the file as evidence, and whether that is all of it; None, and a gap, where it cannot be read."""
    try:
        content = read_file(root / path, limit)
    except UnreadableError as error:
        found.gaps.append(Gap(id=GapId.FILE_UNREADABLE, what=f"what {path} says", why=f"{path}: {error.what}"))
        return None
    sha256 = hashlib.sha256(content.data).hexdigest() if content.whole else None
    return decode(content.data), at.model_copy(update={"path": path, "sha256": sha256}), content.whole


def _cards(root: Path, files: Files, at: Evidence, found: _Found) -> card.CardFacts:
    facts = card.CardFacts()
    names = [file.path for file in files if "/" not in file.path and is_card_name(file.path)]
    if not names:
        why = "no README beside the weights"
        facts.gaps.append(Gap(id=GapId.CARD_MISSING, what="what the publisher says of the model", why=why))
    for name in names:
        opened = _read_text(root, name, _CARD_LIMIT, at, found)
        if opened is None:
            continue
        text, here, whole = opened
        if not whole:
            why = f"{name}: only its first {_CARD_LIMIT >> 20} MiB were read"
            facts.gaps.append(Gap(id=GapId.CARD_TRUNCATED, what="what the rest of the card says", why=why))
        # A card of a dataset beside no weights describes the data that lie there.
        subject = Subject.DATA if card.is_dataset_card(split(text)) and not _has_weights(files) else Subject.WEIGHTS
        one = card.read(text, here, subject)
        facts.subject = subject
        facts.claims += one.claims
        facts.bases += one.bases
        facts.datasets += one.datasets
        facts.links += one.links
        facts.gaps += one.gaps
        facts.modality = facts.modality or one.modality
    return facts


def _has_weights(files: Files) -> bool:
    return any(weight_format(file.path.rpartition("/")[2]) for file in files)


def _texts(root: Path, files: Files, at: Evidence, found: _Found) -> None:
    for file in files:
        kind = text_kind(file.path.rpartition("/")[2]) if is_read(file.path) else None
        if kind is None or is_card_name(file.path):
            continue
        if file.path.casefold().endswith((".pdf", ".docx", ".doc", ".odt")):
            why = f"{file.path}: a document that is no plain text"
            found.gaps.append(Gap(id=GapId.FILE_UNREADABLE, what="what the license file says", why=why))
            continue
        opened = _read_text(root, file.path, _TEXT_LIMIT, at, found)
        if opened:
            text, here, whole = opened
            digest = here.sha256 or hashlib.sha256(text.encode()).hexdigest()
            found.texts.append(LicenseText(path=file.path, kind=kind, sha256=digest, text=text))
            if not whole:
                why = f"{file.path}: longer than {_TEXT_LIMIT >> 20} MiB"
                found.gaps.append(Gap(id=GapId.FILE_UNREADABLE, what="what the rest of the file says", why=why))


def _missing_texts(files: Files, facts: card.CardFacts, found: _Found) -> None:
    paths = {file.path.casefold() for file in files}
    for link in facts.links:
        if link.removeprefix("./").casefold() not in paths:
            why = f"the card points to {link}, and there is no such file"
            found.gaps.append(Gap(id=GapId.LICENSE_TEXT_MISSING, what="the license text that the card names", why=why))


def _configs(root: Path, files: Files, at: Evidence, found: _Found) -> None:
    readers = {"config.json": model_config.read_config, "adapter_config.json": model_config.read_adapter_config}
    for file in files:
        if file.path not in readers:
            continue
        opened = _read_text(root, file.path, CONFIG_LIMIT, at, found)
        if opened is None:
            continue
        text, here, _ = opened
        try:
            config = readers[file.path](text, here)
        except UnreadableError as error:
            why = f"{file.path}: {error.what}"
            found.gaps.append(Gap(id=GapId.FILE_UNREADABLE, what=f"what {file.path} says", why=why))
            continue
        found.modality = found.modality or config.modality
        if config.base:
            found.bases.append(config.base)
        found.claims += [_header_claim(key, None, value, here) for key, value in config.licenses]


def _weights(root: Path, files: Files, at: Evidence, found: _Found) -> None:
    unread: dict[str, list[str]] = {}
    for file in files:
        known = weight_format(file.path.rpartition("/")[2])
        if known is None:
            continue
        header: dict[str, str] = {}
        if known.read is None:
            unread.setdefault(known.name, []).append(file.path)
        else:
            try:
                opened = known.read(root / file.path)
                header = opened.shown()
                here = at.model_copy(update={"path": file.path})
                found.claims += [_header_claim(key, about, value, here) for key, about, value in opened.licenses()]
            except UnreadableError as error:
                why = f"{file.path}: {error.what}"
                found.gaps.append(Gap(id=GapId.HEADER_NOT_READ, what="what the weight file says of itself", why=why))
        found.files.append(WeightFile(path=file.path, format=known.name, size=max(0, file.size), header=header))
    for name, paths in unread.items():
        why = f"no reader for {name}: {', '.join(paths[:3])}{', …' if len(paths) > 3 else ''}"  # noqa: PLR2004
        found.gaps.append(Gap(id=GapId.HEADER_NOT_READ, what="what the weight files say of themselves", why=why))
    if not found.files:
        why = "no weight file in the folder"
        found.gaps.append(Gap(id=GapId.WEIGHTS_NOT_SEEN, what="the weights that the license is about", why=why))


def _header_claim(key: str, about: LicenseKey | None, value: str, here: Evidence) -> Claim:
    quote = f"{key}: {value}"[:300]
    evidence = here.model_copy(update={"quote": quote, "section": key[:100]})
    subject = (about.subject if about else None) or Subject.WEIGHTS
    return Claim(subject=subject, place=Place.WEIGHT_HEADER, stated=value[:2000], evidence=evidence)


def _package_claims(package: Package, path: str, at: Evidence) -> Iterator[Claim]:
    for stated in package.stated:
        quote = f"{package.name} {package.version}: {stated.key}: {stated.value}"[:300]
        here = at.model_copy(update={"path": path, "lines": (stated.line, stated.line), "quote": quote})
        yield Claim(subject=Subject.WEIGHTS, place=Place.PACKAGE, stated=stated.value, evidence=here)


def _each_base_once(bases: list[DeclaredBase]) -> Iterator[DeclaredBase]:
    """Bases in order of declaration; a second place that names the same model adds nothing."""
    seen: set[str] = set()
    for base in bases:
        name = str(base.ref) if base.ref else base.stated
        if name not in seen:
            seen.add(name)
            yield base

"""The files of a model read into facts: card, license files, configurations, weight headers.

Every source uses it; where the bytes come from, and what a file is as evidence, is for the source to say (`Contents`).
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from licscan.errors import UnreadableError
from licscan.formats import base_prose, card, model_config, published, weight_files
from licscan.formats.bounded import decode
from licscan.formats.contents import Contents
from licscan.formats.front_matter import split
from licscan.formats.listing import Listed, Listing
from licscan.formats.names import CARD_LIMIT, CONFIG_LIMIT, TEXT_LIMIT, is_card_name, is_read, text_kind
from licscan.formats.properties import each_once
from licscan.formats.weight_files import header_claim
from licscan.model import (
    Claim,
    DeclaredBase,
    Evidence,
    Gap,
    GapId,
    LicenseText,
    Model,
    ModelRef,
    Part,
    Property,
    PropertyId,
    Subject,
)

Files = tuple[Listed, ...]


@dataclass(slots=True)
class _Found:
    claims: list[Claim] = field(default_factory=list)
    texts: list[LicenseText] = field(default_factory=list)
    bases: list[DeclaredBase] = field(default_factory=list)
    properties: list[Property] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    modality: str | None = None


def read(contents: Contents, ref: ModelRef, name: str, *, is_data: bool = False) -> Model:
    """Everything that the files of a model say; never fails.

    Args:
        contents: The files.
        ref: The model, at the revision that was looked at.
        name: What to call it.
        is_data: Whether it is known to be a dataset.
    """
    found = _Found()
    for trouble in contents.listing.troubles:
        found.gaps.append(Gap(id=GapId.FILES_NOT_LISTED, what="all files of the model", why=trouble))
    facts = _cards(contents, found, is_data=is_data or ref.scheme == "dataset")
    _texts(contents, found)
    _missing_texts(contents.listing, facts, found)
    _configs(contents, found)
    weights = weight_files.read(contents, facts.subject)
    return Model(
        ref=ref,
        name=name,
        source=contents.at(None).source,
        modality=facts.modality or found.modality,
        subject=facts.subject,
        claims=tuple(facts.claims + found.claims + weights.claims),
        texts=tuple(found.texts + weights.texts),
        files=tuple(weights.files),
        bases=tuple(each_base_once(facts.bases + found.bases + weights.bases)),
        datasets=tuple(dict.fromkeys(facts.datasets + weights.datasets)),
        properties=each_once(facts.properties + found.properties + weights.properties),
        notes=tuple(weights.notes),
        gaps=tuple(facts.gaps + found.gaps + weights.gaps),
        parts=(*found.parts, *published.files(contents.listing, contents.at(None))),
    )


def each_base_once(bases: list[DeclaredBase]) -> Iterator[DeclaredBase]:
    """Bases in order of declaration; a second place that names the same model adds nothing."""
    seen: set[str] = set()
    for base in bases:
        name = str(base.ref) if base.ref else base.stated
        if name not in seen:
            seen.add(name)
            yield base


def _read_text(contents: Contents, path: str, limit: int, found: _Found) -> tuple[str, Evidence, bool] | None:
    """A file's text, the file as evidence, and whether that is all of it; None, and a gap, where it cannot be read."""
    try:
        content = contents.read(path, limit)
    except UnreadableError as error:
        found.gaps.append(Gap(id=GapId(error.gap), what=f"what {path} says", why=f"{path}: {error.what}"))
        return None
    sha256 = hashlib.sha256(content.data).hexdigest() if content.whole else None
    return decode(content.data), contents.at(path).model_copy(update={"sha256": sha256}), content.whole


def _cards(contents: Contents, found: _Found, *, is_data: bool) -> card.CardFacts:
    facts = card.CardFacts(subject=Subject.DATA if is_data else Subject.WEIGHTS)
    files = contents.listing.files
    names = [file.path for file in files if "/" not in file.path and is_card_name(file.path)]
    if not names:
        why = f"no README among the files{' that are known' if contents.listing.troubles else ''}"
        facts.gaps.append(Gap(id=GapId.CARD_MISSING, what="what the publisher says of the model", why=why))
    for name in names:
        opened = _read_text(contents, name, CARD_LIMIT, found)
        if opened is None:
            continue
        text, here, whole = opened
        if not whole:
            why = f"{name}: only its first {CARD_LIMIT >> 20} MiB were read"
            facts.gaps.append(Gap(id=GapId.CARD_TRUNCATED, what="what the rest of the card says", why=why))
        # A card of a dataset beside no weights describes the data that lie there.
        matter = split(text)
        of_data = is_data or (card.is_dataset_card(matter) and not _has_weights(files))
        subject = Subject.DATA if of_data else Subject.WEIGHTS
        one = card.read(matter, here, subject)
        found.parts += published.card(name, matter, here)
        facts.subject = subject
        facts.properties += [*one.properties, Property(id=PropertyId.CARD, values=(name,), evidence=here)]
        facts.claims += one.claims
        named = None if one.bases or of_data else base_prose.base(matter, here)
        facts.bases += one.bases + ([named] if named else [])
        facts.datasets += one.datasets
        facts.links += one.links
        found.texts += prompts(one.prompts, name, here)
        facts.gaps += one.gaps
        facts.modality = facts.modality or one.modality
    return facts


def _has_weights(files: Files) -> bool:
    return any(file.format for file in files)


def _texts(contents: Contents, found: _Found) -> None:
    for file in contents.listing.files:
        kind = text_kind(file.path.rpartition("/")[2]) if is_read(file.path) else None
        if kind is None or is_card_name(file.path):
            continue
        if file.path.casefold().endswith((".pdf", ".docx", ".doc", ".odt")):
            why = f"{file.path}: a document that is no plain text"
            found.gaps.append(Gap(id=GapId.FILE_UNREADABLE, what="what the license file says", why=why))
            continue
        opened = _read_text(contents, file.path, TEXT_LIMIT, found)
        if opened:
            text, here, whole = opened
            digest = here.sha256 or hashlib.sha256(text.encode()).hexdigest()
            found.texts.append(LicenseText(path=file.path, kind=kind, sha256=digest, text=text, evidence=here))
            if not whole:
                why = f"{file.path}: longer than {TEXT_LIMIT >> 20} MiB"
                found.gaps.append(Gap(id=GapId.FILE_UNREADABLE, what="what the rest of the file says", why=why))


def prompts(found: Iterable[tuple[str, str]], card_name: str, at: Evidence) -> Iterator[LicenseText]:
    """What users must agree to, as texts: each says its own terms, whatever license the card names."""
    for key, words in found:
        digest = hashlib.sha256(words.encode()).hexdigest()
        here = at.model_copy(update={"section": key})
        yield LicenseText(path=f"{card_name}#{key}", kind="gate-prompt", sha256=digest, text=words, evidence=here)


def _missing_texts(listing: Listing, facts: card.CardFacts, found: _Found) -> None:
    paths = {file.path.casefold() for file in listing.files}
    missing = "it is not among the files that are known" if listing.troubles else "there is no such file"
    for link in facts.links:
        if link.removeprefix("./").casefold() not in paths:
            why = f"the card points to {link}, and {missing}"
            found.gaps.append(Gap(id=GapId.LICENSE_TEXT_MISSING, what="the license text that the card names", why=why))


def _configs(contents: Contents, found: _Found) -> None:
    readers = model_config.READERS
    for file in contents.listing.files:
        if file.path not in readers:
            continue
        opened = _read_text(contents, file.path, CONFIG_LIMIT, found)
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
        found.bases += config.bases
        found.properties += config.properties
        for words in config.texts:
            digest = hashlib.sha256(words.encode()).hexdigest()
            path = f"{file.path}#LICENSE"
            found.texts.append(LicenseText(path=path, kind="license", sha256=digest, text=words, evidence=here))
        found.claims += [header_claim(key, None, value, here) for key, value in config.licenses]

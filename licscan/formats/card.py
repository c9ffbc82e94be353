"""A model or dataset card: what its front matter and its prose state, as claims and declarations with their lines."""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from licscan.formats.front_matter import Entry, FrontMatter, split
from licscan.formats.hub_names import model_ref
from licscan.formats.license_keys import LicenseKey, license_key
from licscan.formats.modality import modality_of
from licscan.formats.properties import OF_CARDS, stated
from licscan.formats.prose import Said, search
from licscan.model import (
    Claim,
    DeclaredBase,
    DeclaredDataset,
    Evidence,
    Gap,
    GapId,
    Place,
    Property,
    Relation,
    Subject,
)

# Keys that only a card of the Hub has: front matter with none of them belongs to some other page.
CARD_KEYS = frozenset(
    "license license_name license_link base_model base_model_relation datasets library_name pipeline_tag model-index "
    "model_name tags widget inference language languages task_categories task_ids size_categories pretty_name".split()
)

# What a user is shown, and agrees to, before the Hub gives the files.
_PROMPTS = ("extra_gated_prompt", "extra_gated_heading", "extra_gated_description")
# A longer prompt is the text of a license itself: sentences of that speak of more than this model.
_LONGEST_PROMPT = 4_000
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
# "By clicking you accept the Acme Community License."
_AGREED = re.compile(
    r"\b(?:accept|agree|consent|acknowledge)\w*\b.{0,100}\b(?:licen[cs]e|agreement|terms)\b", re.IGNORECASE
)
_QUOTED = 300
_MOST = 50
_MOST_BASES = 300
_OPERATOR = re.compile(r"\s(?:and|or|with)\s", re.IGNORECASE)


@dataclass(slots=True)
class CardFacts:
    """What a card states.

    Attributes:
        claims: Licenses, unresolved.
        bases: Models that it says it comes from.
        datasets: Datasets that it says it was trained on.
        modality: What it works on, where the card's task says it.
        properties: What it says that the model is and does.
        links: License links that name a file beside the card.
        prompts: What a user agrees to before the files are given: its key, and the words.
        gaps: What could not be read.
        subject: What the card is about.
    """

    claims: list[Claim] = field(default_factory=list)
    bases: list[DeclaredBase] = field(default_factory=list)
    datasets: list[DeclaredDataset] = field(default_factory=list)
    modality: str | None = None
    properties: list[Property] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    prompts: list[tuple[str, str]] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    subject: Subject = Subject.WEIGHTS


# Keys of dataset cards; where no weights lie beside one, it is a dataset that it describes.
DATASET_KEYS = frozenset(
    "task_categories task_ids size_categories pretty_name dataset_info configs annotations_creators".split()
)


def is_dataset_card(matter: FrontMatter) -> bool:
    """Whether front matter is that of a dataset's card."""
    return any(entry.key in DATASET_KEYS for entry in matter.entries)


def is_card(matter: FrontMatter) -> bool:
    """Whether front matter is that of a model or dataset card."""
    return any(entry.key in CARD_KEYS or license_key(entry.key) for entry in matter.entries)


def read(card: str | FrontMatter, at: Evidence, subject: Subject = Subject.WEIGHTS) -> CardFacts:
    """What a card states; never fails.

    Args:
        card: The card, lines ending in LF, or taken apart.
        at: The card as evidence; lines and quotes are added to it.
        subject: What the card is about: weights, or data for a dataset's card.
    """
    matter = split(card) if isinstance(card, str) else card
    facts = read_entries(matter.entries, at, subject)
    if matter.problem:
        saved = f"; {len(matter.entries)} lines could be saved" if matter.entries else ""
        what = "what the card's front matter says beyond single lines"
        facts.gaps.insert(0, Gap(id=GapId.CARD_BROKEN, what=what, why=f"{at.path}: {matter.problem}{saved}"))
    for said in search(matter.body, matter.body_line):
        for named in said.subjects or {subject}:
            evidence = _evidence(at, said.line, said.text, section=said.heading)
            facts.claims.append(Claim(subject=named, place=Place.CARD_PROSE, stated=said.text, evidence=evidence))
    return facts


def read_metadata(metadata: Mapping[str, object], at: Evidence, subject: Subject = Subject.WEIGHTS) -> CardFacts:
    """What a card's front matter states, where it comes as data (the Hub's `cardData`) and not as text."""
    return read_entries(tuple(Entry(str(key), value, 0) for key, value in metadata.items()), at, subject)


def read_entries(entries: tuple[Entry, ...], at: Evidence, subject: Subject) -> CardFacts:
    """What the entries of a front matter state."""
    facts = CardFacts(properties=[one for entry in entries for one in _properties(entry, at)])
    for entry in entries:
        key = entry.key.strip().casefold()
        if found := license_key(key):
            _license(facts, entry, at, subject, found)
        elif key == "base_model":
            relation = next(
                (text for other in entries if other.key == "base_model_relation" for text in _texts(other)), ""
            )
            _bases(facts, entry, at, relation)
        elif key in {"datasets", "dataset", "train_datasets"}:
            _datasets(facts, entry, at)
        elif key == "pipeline_tag":
            facts.modality = next((modality for text in _texts(entry) if (modality := modality_of(text))), None)
        elif key in _PROMPTS:
            _prompt(facts, entry, at, subject)
        elif key == "tags":
            licenses = list(dict.fromkeys(tag for tag in _texts(entry) if tag.casefold().startswith("license:")))
            evidence = _at(at, entry)
            if len(licenses) > _MOST:
                why = f"{at.path or at.section}: the tags name {len(licenses)} licenses; the first {_MOST} were read"
                facts.gaps.append(Gap(id=GapId.LICENSE_LIST, what="all licenses that are stated", why=why))
            for tag in licenses[:_MOST]:
                _claim(facts, tag.partition(":")[2], evidence, subject)
    return facts


def _properties(entry: Entry, at: Evidence) -> Iterator[Property]:
    """What an entry says that the model is and does."""
    if id_ := OF_CARDS.get(entry.key.strip().casefold()):
        yield from stated(id_, entry.value, _at(at, entry))


def _license(facts: CardFacts, entry: Entry, at: Evidence, subject: Subject, key: LicenseKey) -> None:
    evidence, subject = _at(at, entry), key.subject or subject
    values = list(dict.fromkeys(_texts(entry)))
    if len(values) > _MOST:
        why = f"{at.path or at.section}: {entry.key} lists {len(values)} licenses; the first {_MOST} were read"
        facts.gaps.append(Gap(id=GapId.LICENSE_LIST, what="all licenses that are stated", why=why))
        values = values[:_MOST]
    if key.is_link:
        for value in values:
            _link(facts, value, evidence, subject)
    elif len(values) > 1 and isinstance(entry.value, list):
        bracketed = (f"({value})" if _OPERATOR.search(value) else value for value in values)
        _claim(facts, " AND ".join(bracketed), evidence, subject)
        shown = ", ".join(values)
        why = f"{at.path or at.section}: {entry.key} lists {shown} without saying how they combine; read as all of them"
        facts.gaps.append(Gap(id=GapId.LICENSE_LIST, what="which license holds for which part", why=why))
    else:
        for value in values:
            _claim(facts, value, evidence, subject)


def _link(facts: CardFacts, value: str, evidence: Evidence, subject: Subject) -> None:
    if re.match(r"(?:https?:)?//|www\.|[\w-]+(?:\.[\w-]+)+/", value):
        _claim(facts, value, evidence, subject)
    else:
        facts.links.append(value)


def _prompt(facts: CardFacts, entry: Entry, at: Evidence, subject: Subject) -> None:
    words = "\n".join(_texts(entry))
    if not words:
        return
    facts.prompts.append((entry.key.strip(), words))
    if len(words) > _LONGEST_PROMPT:
        return
    agreed = (Said(sentence, 1, frozenset(), None) for sentence in _SENTENCE.split(words) if _AGREED.search(sentence))
    sentences = {said.text: said for said in (*agreed, *search(words))}
    for said in sentences.values():
        for named in said.subjects or {subject}:
            evidence = _evidence(at, entry.line, said.text, section=entry.key.strip())
            facts.claims.append(Claim(subject=named, place=Place.GATE_PROMPT, stated=said.text, evidence=evidence))


def _claim(facts: CardFacts, value: str, evidence: Evidence, subject: Subject) -> None:
    facts.claims.append(Claim(subject=subject, place=Place.CARD_TAG, stated=value[:2000], evidence=evidence))


def _bases(facts: CardFacts, entry: Entry, at: Evidence, stated_relation: str) -> None:
    relations = {relation.value: relation for relation in Relation}
    names = list(dict.fromkeys(_texts(entry)))
    if len(names) > _MOST_BASES:
        why = f"{at.path or at.section}: {entry.key} lists {len(names)} models; the first {_MOST_BASES} were read"
        facts.gaps.append(Gap(id=GapId.BASES_NOT_FOLLOWED, what="the terms of all its bases", why=why))
        names = names[:_MOST_BASES]
    relation = relations.get(stated_relation.casefold(), Relation.MERGE if len(names) > 1 else Relation.UNSTATED)
    evidence = _at(at, entry)
    for name in names:
        facts.bases.append(
            DeclaredBase(stated=name[:_QUOTED], ref=model_ref(name), relation=relation, evidence=evidence)
        )


def _datasets(facts: CardFacts, entry: Entry, at: Evidence) -> None:
    names = list(dict.fromkeys(_texts(entry)))
    if len(names) > _MOST_BASES:
        why = f"{at.path or at.section}: {entry.key} lists {len(names)} datasets; the first {_MOST_BASES} were read"
        facts.gaps.append(Gap(id=GapId.DATASETS_NOT_LOOKED_AT, what="which data it was trained on", why=why))
    evidence = _at(at, entry)
    facts.datasets += [
        DeclaredDataset(stated=name, ref=model_ref(name, "dataset"), evidence=evidence) for name in names[:_MOST_BASES]
    ]


def _texts(entry: Entry) -> Iterator[str]:
    """All words of a value: a string, a list, a list of lists, a mapping of configurations to lists."""
    waiting = deque([entry.value])
    while waiting:  # as many as the reader of the YAML allowed
        value = waiting.popleft()
        if isinstance(value, str) and value.strip():
            yield value.strip()
        elif isinstance(value, Mapping):
            waiting.extendleft(reversed(list(value.values())))
        elif isinstance(value, list | tuple):
            waiting.extendleft(reversed(list(value)))


def _at(at: Evidence, entry: Entry) -> Evidence:
    value = entry.value if isinstance(entry.value, str) else ", ".join(list(_texts(entry))[:_MOST])
    return _evidence(at, entry.line, f"{entry.key}: {value}")


def _evidence(at: Evidence, line: int, quote: str, section: str | None = None) -> Evidence:
    words = " ".join(quote.split())
    words = words if len(words) <= _QUOTED else words[: _QUOTED - 1] + "…"
    return at.model_copy(update={"lines": (line, line) if line else None, "quote": words, "section": section})

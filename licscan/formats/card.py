"""A model or dataset card: what its front matter and its prose state, as claims and declarations with their lines."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from licscan.formats.front_matter import Entry, FrontMatter, split
from licscan.formats.hub_names import model_ref
from licscan.formats.modality import modality_of
from licscan.formats.prose import search
from licscan.model import (
    Claim,
    DeclaredBase,
    DeclaredDataset,
    Evidence,
    Gap,
    GapId,
    Place,
    Relation,
    Subject,
)

# Keys that only a card of the Hub has: front matter with none of them belongs to some other page.
CARD_KEYS = frozenset(
    "license license_name license_link base_model base_model_relation datasets library_name pipeline_tag model-index "
    "model_name tags widget inference language languages task_categories task_ids size_categories pretty_name".split()
)

_QUOTED = 300
_MOST = 50
_NEAR = 0.82  # one letter missing, doubled or swapped in "license"
_LICENSE_KEY = re.compile(r"(?P<before>\w+_)?licen[cs]es?(?:_(?P<after>\w+))?")
_SUBJECT_WORDS = {"code": Subject.CODE, "data": Subject.DATA, "dataset": Subject.DATA, "weights": Subject.WEIGHTS}
_LINKS = frozenset({"link", "url", "file", "path"})


@dataclass(slots=True)
class CardFacts:
    """What a card states.

    Attributes:
        claims: Licenses, unresolved.
        bases: Models that it says it comes from.
        datasets: Datasets that it says it was trained on.
        modality: What it works on, where the card's task says it.
        links: License links that name a file beside the card.
        gaps: What could not be read.
    """

    claims: list[Claim] = field(default_factory=list)
    bases: list[DeclaredBase] = field(default_factory=list)
    datasets: list[DeclaredDataset] = field(default_factory=list)
    modality: str | None = None
    links: list[str] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


def is_card(matter: FrontMatter) -> bool:
    """Whether front matter is that of a model or dataset card."""
    return any(entry.key in CARD_KEYS or _license_key(entry.key) for entry in matter.entries)


def read(text: str, at: Evidence, subject: Subject = Subject.WEIGHTS) -> CardFacts:
    """What a card states; never fails.

    Args:
        text: The card; lines end in LF.
        at: The card as evidence; lines and quotes are added to it.
        subject: What the card is about: weights, or data for a dataset's card.
    """
    matter = split(text)
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
    facts = CardFacts()
    for entry in entries:
        key = entry.key.strip().casefold()
        if found := _license_key(key):
            _license(facts, entry, at, subject, found)
        elif key == "base_model":
            relation = next(
                (text for other in entries if other.key == "base_model_relation" for text in _texts(other)), ""
            )
            _bases(facts, entry, at, relation)
        elif key in {"datasets", "dataset", "train_datasets"}:
            facts.datasets += [DeclaredDataset(stated=text, evidence=_at(at, entry)) for text in _texts(entry)]
        elif key == "pipeline_tag":
            facts.modality = next((modality for text in _texts(entry) if (modality := modality_of(text))), None)
        elif key == "tags":
            for tag in _texts(entry):
                if tag.casefold().startswith("license:"):
                    _claim(facts, tag.partition(":")[2], _at(at, entry), subject)
    return facts


def _license_key(key: str) -> tuple[Subject | None, bool] | None:
    """What a key that speaks of a license is about, and whether it holds a link; None for other keys."""
    plain = re.sub(r"[\s-]+", "_", key.strip().casefold())
    found = _LICENSE_KEY.fullmatch(plain)
    if found is None:
        if not plain.startswith("l"):
            return None
        near = difflib.get_close_matches(plain, ["license", "licenses", "licence"], n=1, cutoff=_NEAR)
        return (None, False) if near else None
    before, after = (found["before"] or "").rstrip("_"), found["after"] or ""
    return _SUBJECT_WORDS.get(before), after in _LINKS


def _license(facts: CardFacts, entry: Entry, at: Evidence, subject: Subject, key: tuple[Subject | None, bool]) -> None:
    named, is_link = key
    evidence, subject = _at(at, entry), named or subject
    values = list(dict.fromkeys(_texts(entry)))[:_MOST]
    if is_link:
        for value in values:
            _link(facts, value, evidence, subject)
    elif len(values) > 1 and isinstance(entry.value, list):
        _claim(facts, " AND ".join(values), evidence, subject)
        shown = ", ".join(values)
        why = f"{at.path}: {entry.key} lists {shown} without saying how they combine; read as all of them"
        facts.gaps.append(Gap(id=GapId.LICENSE_LIST, what="which license holds for which part", why=why))
    else:
        for value in values:
            _claim(facts, value, evidence, subject)


def _link(facts: CardFacts, value: str, evidence: Evidence, subject: Subject) -> None:
    if re.match(r"(?:https?:)?//|www\.|[\w-]+(?:\.[\w-]+)+/", value):
        _claim(facts, value, evidence, subject)
    else:
        facts.links.append(value)


def _claim(facts: CardFacts, value: str, evidence: Evidence, subject: Subject) -> None:
    facts.claims.append(Claim(subject=subject, place=Place.CARD_TAG, stated=value[:2000], evidence=evidence))


def _bases(facts: CardFacts, entry: Entry, at: Evidence, stated_relation: str) -> None:
    relations = {relation.value: relation for relation in Relation}
    names = list(dict.fromkeys(_texts(entry)))[:_MOST]
    relation = relations.get(stated_relation.casefold(), Relation.MERGE if len(names) > 1 else Relation.UNSTATED)
    for name in names:
        facts.bases.append(
            DeclaredBase(stated=name[:_QUOTED], ref=model_ref(name), relation=relation, evidence=_at(at, entry))
        )


def _texts(entry: Entry) -> Iterator[str]:
    """All words of a value: a string, a list, a list of lists, a mapping of configurations to lists."""
    waiting = [entry.value]
    for _ in range(1000):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, str) and value.strip():
            yield value.strip()
        elif isinstance(value, Mapping):
            waiting = [*value.values(), *waiting]
        elif isinstance(value, list | tuple):
            waiting = [*value, *waiting]


def _at(at: Evidence, entry: Entry) -> Evidence:
    value = entry.value if isinstance(entry.value, str) else ", ".join(list(_texts(entry))[:_MOST])
    return _evidence(at, entry.line, f"{entry.key}: {value}")


def _evidence(at: Evidence, line: int, quote: str, section: str | None = None) -> Evidence:
    words = " ".join(quote.split())
    words = words if len(words) <= _QUOTED else words[: _QUOTED - 1] + "…"
    return at.model_copy(update={"lines": (line, line) if line else None, "quote": words, "section": section})

"""What a document lists: models, then the models and datasets that they come from, alike for every format."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from licscan.bom.described import Described, described
from licscan.bom.files import HUB, File, files
from licscan.bom.properties import Pair, of_model, of_related
from licscan.bom.words import line
from licscan.manifest.bill import Bill, Component, Related, Text
from licscan.manifest.names import commit, page, reference
from licscan.manifest.names import key as keyed
from licscan.model import GapId, ModelRef, Relation
from licscan.revisions import unpinned

_HALF_OPEN = frozenset(
    {GapId.BASE_NOT_RESOLVED, GapId.BASES_NOT_FOLLOWED, GapId.NOT_LOOKED_AT, GapId.CARD_BROKEN, GapId.CARD_MISSING,
     GapId.CARD_TRUNCATED, GapId.UNREACHABLE, GapId.ACCESS_DENIED, GapId.NOT_FOUND, GapId.INVALID_ANSWER, GapId.FAILED}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """How a part comes from another.

    Attributes:
        base: Key of the other.
        relation: How.
        child: Key of the part that comes from it, where that is not the part itself.
        said: Where that is declared.
    """

    base: str
    relation: Relation
    child: str | None
    said: str


@dataclass(frozen=True, slots=True)
class Part:
    """One model or dataset of a document.

    Attributes:
        key: Unique within the document.
        ref: The reference, or the words where it is none.
        name: What to call it.
        is_data: Whether it is a dataset.
        asked: Whether the document is about it; False for what the others come from.
        version: Commit, digest, tag or day; None where none is established.
        purl: Its package URL.
        page: Its page.
        repository: Its git repository, where it has one.
        supplier: Whose repository or service it is.
        supplier_page: Their page.
        modality: text, image, ...
        described: What is stated of what it is and does.
        released: The day from which it holds.
        declared: The license that its publisher states.
        concluded: The license that was concluded.
        texts: License texts at hand, its own first.
        files: Its files of weights.
        bases: The models that it comes from.
        datasets: Keys of the data that it was trained on.
        sentence: What it is, in one sentence.
        attributions: The exact words that licenses dictate for it.
        copyrights: Lines that name holders.
        properties: Everything else that is so about it, as `licscan:` pairs.
        complete: Whether nothing is known to be missing among what it comes from.
    """

    key: str
    ref: str
    name: str
    is_data: bool
    asked: bool
    version: str | None
    purl: str | None
    page: str | None
    repository: str | None
    supplier: str | None
    supplier_page: str | None
    modality: str | None
    described: Described
    released: datetime.date | None
    declared: str | None
    concluded: str | None
    texts: tuple[Text, ...]
    files: tuple[File, ...]
    bases: tuple[Link, ...]
    datasets: tuple[str, ...]
    sentence: str
    attributions: tuple[str, ...]
    copyrights: tuple[str, ...]
    properties: tuple[Pair, ...]
    complete: bool

    @property
    def needs(self) -> tuple[str, ...]:
        """Keys of what it cannot be used without: an adapter does nothing without its base."""
        own = (link for link in self.bases if link.child is None)
        return tuple(dict.fromkeys(link.base for link in own if link.relation is Relation.ADAPTER))


def parts(bill: Bill) -> list[Part]:
    """The models of a bill in their order, then what they come from and is not among them, each once."""
    asked: list[Part] = []
    around: dict[str, tuple[Related, tuple[Text, ...]]] = {}
    for component in bill.components:
        for related in (*component.bases, *component.datasets):
            own = tuple(text for text in component.texts if text.inherited_from == related.name)
            if related.key not in around or (own and not around[related.key][1]):
                around[related.key] = (related, own)
        asked.append(_of_component(component))
    same = _same(asked)
    there = {part.key for part in asked}
    others = [_of_related(*found) for key, found in around.items() if same.get(key, key) not in there]
    return [*(_led(part, same) for part in asked), *others]


def _same(asked: Iterable[Part]) -> dict[str, str]:
    """Keys of names without a revision, and those of the models of the bill that they mean, where there is only one."""
    found: dict[str, list[str]] = {}
    for part in asked:
        found.setdefault(keyed(unpinned(part.ref)), []).append(part.key)
    return {name: keys[0] for name, keys in found.items() if len(keys) == 1}


def _led(part: Part, same: dict[str, str]) -> Part:
    """A part with what it comes from as the bill has it; nothing comes from itself."""
    links = (
        replace(link, base=same.get(link.base, link.base), child=same.get(link.child or "", link.child))
        for link in part.bases
    )
    own = (link for link in links if link.base != part.key)
    bases = tuple(replace(link, child=None) if link.child == part.key else link for link in own)
    return replace(part, bases=bases, datasets=tuple(dict.fromkeys(same.get(key, key) for key in part.datasets)))


def _of_component(component: Component) -> Part:
    model = component.assessment
    ref, facts = model.ref, component.facts
    supplier, their_page = _supplier(ref)
    names = {related.name: related.key for related in component.bases}
    return Part(
        key=component.key,
        ref=str(ref),
        name=line(component.name),
        is_data=ref.scheme == "dataset",
        asked=True,
        version=_version(ref),
        purl=component.purl,
        page=component.url,
        repository=_repository(ref),
        supplier=supplier,
        supplier_page=their_page,
        modality=model.modality,
        described=described(model.properties),
        released=(facts.published if facts else None) or ref.date,
        declared=_declared(component),
        concluded=component.concluded,
        texts=component.texts,
        files=tuple(files(component)),
        bases=tuple(_links(component, names)),
        datasets=tuple(dict.fromkeys(related.key for related in component.datasets)),
        sentence=_sentence(component),
        attributions=tuple(dict.fromkeys(duty.words for duty in component.duties if duty.words)),
        copyrights=component.copyrights,
        properties=tuple(of_model(component)),
        complete=not any(gap.id in _HALF_OPEN for gap in model.gaps),
    )


def _declared(component: Component) -> str | None:
    """What its publisher states: a text that lies with it says more than a name that nobody recognises."""
    if component.concluded is None:
        own = (text for text in component.texts if text.kind == "license" and text.inherited_from is None)
        symbol = next((text.symbol for text in own if text.symbol and text.words is not None), None)
        if symbol:
            return symbol
    stated = component.declared[0] if component.declared else None
    return (stated.expression or stated.stated) if stated else None


def _links(component: Component, names: dict[str, str]) -> Iterator[Link]:
    for related in component.bases:
        if related.relation is None or related.key == component.key:
            continue
        where = related.evidence.path or related.evidence.source
        child = names.get(related.child) if related.child else None
        yield Link(related.key, related.relation, None if child == component.key else child, line(where))


def _of_related(related: Related, texts: tuple[Text, ...]) -> Part:
    ref = reference(related.name)
    is_data = related.relation is None
    supplier, their_page = _supplier(ref) if ref else (None, None)
    told = described(related.facts.properties if related.facts else ())
    what = "Dataset" if is_data else "Model"
    return Part(
        key=related.key,
        ref=related.name,
        name=line(ref.name if ref and ref.scheme in {"hf", "dataset"} else related.name) or "unnamed",
        is_data=is_data,
        asked=False,
        version=_version(ref) if ref else None,
        purl=related.purl,
        page=page(ref) if ref else None,
        repository=_repository(ref) if ref else None,
        supplier=supplier,
        supplier_page=their_page,
        modality=related.facts.modality if related.facts else None,
        described=told,
        released=ref.date if ref else None,
        declared=None,
        concluded=related.license,
        texts=texts,
        files=(),
        bases=(),
        datasets=(),
        sentence=f"{what} that a model of this document was {'trained on' if is_data else 'made from'}.",
        attributions=(),
        copyrights=(),
        properties=tuple(of_related(related)),
        complete=False,
    )


def _version(ref: ModelRef) -> str | None:
    if ref.revision:
        return commit(ref) or line(ref.revision)
    tag = ref.name.rpartition(":")[2] if ref.scheme in {"ollama", "oci"} and ":" in ref.name.rpartition("/")[2] else ""
    return line(tag) or None


def _repository(ref: ModelRef) -> str | None:
    """Its git repository at its commit, as SPDX writes what lies in a version control system."""
    if ref.scheme not in {"hf", "dataset"} or ref.is_pattern:
        return None
    at = commit(ref)
    return f"git+{HUB}/{'datasets/' if ref.scheme == 'dataset' else ''}{ref.name}{f'@{at}' if at else ''}"


def _supplier(ref: ModelRef) -> tuple[str | None, str | None]:
    """Whose repository or service it is, and their page."""
    first, slash, _ = ref.name.partition("/")
    if not slash or ref.scheme == "file":
        return ("Ollama", "https://ollama.com/library") if ref.scheme == "ollama" else (None, None)
    pages = {"hf": HUB, "dataset": HUB, "ollama": "https://ollama.com"}
    safe = ref.scheme in pages and quote(first, safe="") == first
    return line(first), f"{pages[ref.scheme]}/{first}" if safe else None


def _sentence(component: Component) -> str:
    """What it is, from facts alone."""
    model = component.assessment
    kind = "dataset" if model.ref.scheme == "dataset" else "model"
    what = f"{line(model.modality)} {kind}" if model.modality else kind
    parts_ = [f"{what[0].upper()}{what[1:]}, {model.level}"]
    own = [base for base in component.bases if base.child is None and base.relation]
    if own:
        shown = ", ".join(f"{line(base.name)} ({base.relation})" for base in own[:3])
        parts_.append(f"made from {shown}{f' and {len(own) - 3} more' if len(own) > 3 else ''}")  # noqa: PLR2004
    if component.datasets:
        parts_.append(f"trained on {len(component.datasets)} declared dataset{'s' * (len(component.datasets) > 1)}")
    return "; ".join(parts_) + "."

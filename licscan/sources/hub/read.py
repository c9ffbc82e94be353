"""The facts of a commit, from the answers that were kept: pure, so that the same answers give the same facts."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from licscan.errors import (
    DeniedError,
    HeaderError,
    InvalidAnswerError,
    NotFoundError,
    UnreachableError,
    UnreadableError,
)
from licscan.formats import model_files, safetensors, weight_format
from licscan.formats.bounded import Content
from licscan.formats.card import read_metadata
from licscan.formats.header import Header
from licscan.formats.hub_names import model_ref
from licscan.formats.listing import Listed, Listing
from licscan.formats.modality import modality_of
from licscan.formats.names import is_card_name
from licscan.formats.properties import OF_CONFIGS, count, each_once, of_fields, stated
from licscan.model import (
    Access,
    Claim,
    DeclaredBase,
    DeclaredDataset,
    Evidence,
    Gap,
    GapId,
    Model,
    ModelRef,
    Place,
    Property,
    PropertyId,
    Relation,
    Subject,
)
from licscan.sources.hub.checks import Address
from licscan.sources.hub.gather import FILE, HEAD, INFO, MOST_HEADS, RECORD, TREE
from licscan.sources.hub.record import SHA, Record, read_record, read_tree

_BASE = "base_model:"
_MOST_FACTS = 20
_ERRORS: dict[str, type[UnreadableError]] = {
    kind.gap: kind
    for kind in (UnreadableError, HeaderError, NotFoundError, DeniedError, UnreachableError, InvalidAnswerError)
}


def read(ref: ModelRef, kept: Mapping[str, bytes], source: str) -> Model:
    """Everything that the answers say.

    Args:
        ref: The repository, at its commit.
        kept: The answers, as `gather` names them.
        source: Whose they are.

    Raises:
        UnreadableError: They are not the answers of one commit.
    """
    try:
        contents = _Kept(ref, kept, source)
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableError("the answers that were kept are not complete", where=str(ref)) from error
    model = model_files.read(contents, ref, ref.name)
    if not (ref.revision and SHA.fullmatch(ref.revision)):
        why = "the server names no commit: what was read is that of the moment"
        gap = Gap(id=GapId.REVISION_NOT_ESTABLISHED, what="at which commit this holds", why=why)
        model = model.model_copy(update={"gaps": (*model.gaps, gap)})
    # Facts that lack these must not be taken for all that there is, and are asked for again.
    for name, what in ((INFO, "what the hub says beside the files"), ("files", "which files there are")):
        if trouble := contents.trouble(name):
            gap = Gap(id=GapId(trouble["gap"]), what=what, why=trouble["why"])
            model = model.model_copy(update={"gaps": (*model.gaps, gap)})
    return _with_record(model, contents, ref)


class _Kept:
    """The files of a commit, as far as they were asked for."""

    def __init__(self, ref: ModelRef, kept: Mapping[str, bytes], source: str) -> None:
        known = json.loads(kept[RECORD])
        self.record = read_record(json.loads(kept[INFO]) if INFO in kept else None)
        pages = [json.loads(kept[name]) for name in sorted(kept, key=_page) if name.startswith(TREE)]
        self._kept = kept
        self._troubles: dict[str, dict[str, str]] = known["troubles"]
        self._cut: dict[str, int] = known["cut"]
        self.endpoint = str(known["endpoint"])
        folder = "datasets/" if Address.of(ref).kind == "datasets" else ""
        self._page = f"{known['endpoint']}/{folder}{ref.name}"
        self._whole = Evidence(source=source, revision=ref.revision, url=self._page)
        self.listing = self._listing(known, pages)
        self.sizes = {file.path: file.size for file in self.listing.files}

    def _listing(self, known: dict[str, Any], pages: list[Any]) -> Listing:
        files, left_out = read_tree(pages)
        if not files:
            files, left_out = self.record.files or (), self.record.left_out
        troubles: list[str] = []
        if trouble := self._troubles.get("files"):
            troubles.append(f"the list of files: {trouble['why']}")
        if not known["listed"]:
            # What was asked for by its usual name, and was there or might be.
            names = [name.removeprefix(FILE) for name in (*self._kept, *self._troubles) if name.startswith(FILE)]
            here = (name for name in names if self._troubles.get(FILE + name, {}).get("gap") != "not-found")
            files = tuple(Listed(name, -1) for name in sorted(set(here)) if name != "*")
            troubles.append("no list of files was had; those of the usual names were asked for")
        if left_out:
            troubles.append(f"{left_out} entries of the list of files mean nothing")
        return Listing(files, tuple(troubles))

    @property
    def has_card(self) -> bool:
        """Whether there is a card, and every one could be had."""
        cards = [file.path for file in self.listing.files if is_card_name(file.path)]
        return bool(cards) and all(FILE + name in self._kept for name in cards)

    def trouble(self, name: str) -> dict[str, str] | None:
        """What was wrong with an answer."""
        return self._troubles.get(name)

    def at(self, path: str | None) -> Evidence:
        if path is None or not self._whole.revision:
            return self._whole.model_copy(update={"path": path})
        url = f"{self._page}/blob/{self._whole.revision}/{path}"
        return self._whole.model_copy(update={"path": path, "url": url})

    def read(self, path: str, limit: int) -> Content:
        data = self._kept.get(FILE + path)
        if data is None:
            raise self._why(FILE + path, UnreadableError("was not asked for", where=path))
        size = max(self.sizes.get(path, -1), len(data))
        return Content(data[:limit], size, path not in self._cut and len(data) <= limit)

    def header(self, path: str) -> Header:
        known = weight_format(path.rpartition("/")[2])
        name = known or "such files"
        if HEAD + path in self._kept:
            return safetensors.read_head(self._kept[HEAD + path], path)
        if HEAD + path in self._troubles or FILE + "*" in self._troubles:
            raise self._why(HEAD + path, HeaderError("was not asked for", where=path))
        if name == "safetensors":
            return Header(name, unsure=f"of many weight files, the headers of {MOST_HEADS} are asked for at most")
        if name == "gguf" and self.record.gguf:
            facts = [
                (f"general.{key}", str(value))
                for key, value in self.record.gguf.items()
                if isinstance(value, str | int)
            ]
            return Header(name, tuple(facts[:_MOST_FACTS]), unsure="the hub's own account of one header was taken")
        raise HeaderError(f"headers of {name} are not read over a network", where=path)

    def _why(self, name: str, default: UnreadableError) -> UnreadableError:
        trouble = self._troubles.get(name) or self._troubles.get(FILE + "*")
        if trouble is None:
            return default
        return _ERRORS.get(trouble["gap"], UnreadableError)(trouble["why"], where=name.partition("/")[2])


def _with_record(model: Model, contents: _Kept, ref: ModelRef) -> Model:
    """The model with what the hub says beside its files; the files themselves outrank that."""
    record, here = contents.record, contents.at(None)
    subject = Subject.DATA if ref.scheme == "dataset" else model.subject
    claims, bases, datasets = model.claims, list(model.bases), model.datasets
    properties = model.properties
    if not contents.has_card:
        # Nobody could read the card: the hub has its front matter too, and tags made from it.
        said = read_metadata(record.card, here.model_copy(update={"section": "cardData"}), subject)
        claims = (*claims, *(said.claims or _tagged(record, here, subject)))
        bases = [*said.bases, *bases]
        datasets = (*datasets, *(said.datasets or _tagged_datasets(record, here)))
        properties = (*said.properties, *properties)
        model = model.model_copy(update={"texts": (*model.texts, *model_files.prompts(said.prompts, "cardData", here))})
    return model.model_copy(
        update={
            "claims": claims,
            "bases": tuple(model_files.each_base_once(_with_relations(bases, record.tags, here))),
            "datasets": datasets,
            "properties": each_once((*properties, *_properties(record, here, properties))),
            "subject": subject,
            "modality": model.modality or (modality_of(record.task) if record.task else None),
            "tags": record.tags,
            "access": record.access,
            "origin": contents.endpoint,
            "published": record.published,
            "notes": tuple(notes(record, ref)),
        }
    )


def _properties(record: Record, here: Evidence, known: Iterable[Property]) -> Iterator[Property]:
    """What only the hub says of what a model is and does: what the files say themselves outranks it."""
    said = {one.id for one in known}
    fields = {
        "pipeline_tag": (PropertyId.TASK, record.task),
        "library_name": (PropertyId.LIBRARY, record.library),
        "createdAt": (PropertyId.CREATED, record.created.isoformat() if record.created else None),
    }
    for key, (id_, value) in fields.items():
        if id_ not in said and value:
            yield from stated(id_, value, here.model_copy(update={"section": key, "quote": f"{key}: {value}"[:300]}))
    yield from (one for one in of_fields(record.config, OF_CONFIGS, here) if one.id not in {*said, PropertyId.TASK})
    if PropertyId.PARAMETERS not in said:
        yield from _parameters(record, here)


def _parameters(record: Record, here: Evidence) -> Iterator[Property]:
    """How many parameters the hub counted, where the types that it names are those of parameters."""
    types = record.safetensors.get("parameters")
    counts = {key: number for key, number in types.items() if _is_count(number)} if isinstance(types, dict) else {}
    total, section = count(counts), "safetensors"
    if total is None and not record.safetensors and _is_count(record.gguf.get("total")):
        total, section = record.gguf["total"], "gguf"
    if total:
        shown = ", ".join(f"{key} {number}" for key, number in counts.items()) or f"total {total}"
        at = here.model_copy(update={"section": section, "quote": f"{section}: {shown}"[:300]})
        yield from stated(PropertyId.PARAMETERS, total, at)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 48


def notes(record: Record, ref: ModelRef) -> Iterator[str]:
    """What a reader must know of a repository besides: how access is given, a new name."""
    if record.access is Access.GATED:
        how = {"auto": "access is given automatically", "manual": "the publisher decides each request"}
        more = f"; {how[record.approval]}" if record.approval in how else ""
        yield f"gated: the hub gives the files only to users who accept the publisher's terms{more}"
    if record.access is Access.PRIVATE:
        yield "private: only members of its organisation are given the files"
    if record.access is Access.DISABLED:
        yield "disabled: the hub gives the files to nobody"
    if record.id and record.id.casefold() != ref.name.casefold():
        yield f"the hub calls it {record.id} now"


def _tagged(record: Record, here: Evidence, subject: Subject) -> tuple[Claim, ...]:
    tags = [tag for tag in record.tags if tag.startswith("license:")]
    return tuple(
        Claim(
            subject=subject,
            place=Place.CARD_TAG,
            stated=tag.removeprefix("license:"),
            evidence=here.model_copy(update={"section": "tags", "quote": tag[:300]}),
        )
        for tag in tags
    )


def _tagged_datasets(record: Record, here: Evidence) -> tuple[DeclaredDataset, ...]:
    names = [tag for tag in record.tags if tag.startswith("dataset:")]
    return tuple(
        DeclaredDataset(
            stated=tag.removeprefix("dataset:"),
            ref=model_ref(tag.removeprefix("dataset:"), "dataset"),
            evidence=here.model_copy(update={"section": "tags", "quote": tag[:300]}),
        )
        for tag in names
    )


def _with_relations(bases: list[DeclaredBase], tags: tuple[str, ...], here: Evidence) -> list[DeclaredBase]:
    """The bases, with the relation that the hub worked out where the card states none, and those that only it names."""
    relations = {relation.value: relation for relation in Relation}
    tagged: dict[str, Relation] = {}
    for tag in tags:
        if tag.startswith(_BASE):
            relation, colon, name = tag.removeprefix(_BASE).partition(":")
            if colon and relation in relations:
                tagged[name.casefold()] = relations[relation]
            else:
                tagged.setdefault(tag.removeprefix(_BASE).casefold(), Relation.UNSTATED)
    found = []
    for base in bases:
        relation_ = tagged.pop(base.stated.casefold(), Relation.UNSTATED)
        unstated = base.relation is Relation.UNSTATED
        found.append(base.model_copy(update={"relation": relation_}) if unstated else base)
    for name, relation_ in tagged.items():
        quote = next((tag for tag in tags if tag.casefold().endswith(f":{name}")), name)
        named = quote.rpartition(":")[2]
        evidence = here.model_copy(update={"section": "tags", "quote": quote[:300]})
        found.append(DeclaredBase(stated=named[:300], ref=model_ref(named), relation=relation_, evidence=evidence))
    return found


def _page(name: str) -> int:
    number = name.removeprefix(TREE)
    return int(number) if number.isdigit() else -1

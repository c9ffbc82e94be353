"""The entries of an audit: what is known of each model, made when it is asked for."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import overload

from licscan import reviews
from licscan.audit.dossier import Earlier, Entry
from licscan.audit.filters import Filters
from licscan.audit.judging import Before
from licscan.changes import since
from licscan.config import Configuration
from licscan.licenses.expression import parse, terms
from licscan.licenses.resolve import record_of
from licscan.lineage import name
from licscan.model import Assessment, Finding, License, Mention, ModelReview, Report
from licscan.quotations import Altered
from licscan.rulebook import Policy, Rulebook


def _nothing(_model: Assessment) -> Assessment | None:
    return None


@dataclass(frozen=True, slots=True)
class Basis:
    """What an audit is made with.

    Attributes:
        rules: The rule base.
        policy: The policy.
        policy_name: How it was chosen.
        told: What the configuration says: the organisation, waivers, severities.
        now: The time that the audit bears.
        decisions: What people decided about models, oldest first.
        filters: What it is narrowed to.
        judged: Whether the gate has judged: its findings stay as they are.
        last: What the run before found of a model, for rules about changes; None where nothing was.
        earlier: What it is compared with.
        before: What was found of a model then; None where nothing was.
        quoted: A model in the license's own words, where a text is at hand.
        altered: Where the license texts of a model differ from the licenses that they are copies of.
    """

    rules: Rulebook
    policy: Policy
    policy_name: str
    told: Configuration
    now: datetime.datetime
    decisions: Sequence[ModelReview] = ()
    filters: Filters = field(default_factory=Filters)
    judged: bool = False
    last: Before = _nothing
    earlier: Earlier | None = None
    before: Before = _nothing
    quoted: Callable[[Assessment], Assessment] = lambda model: model
    altered: Callable[[Assessment], tuple[Altered, ...]] = lambda _model: ()


def places(mentions: Iterable[Mention]) -> dict[tuple[str, str], list[Mention]]:
    """The places that name models, by the name of the model."""
    found: dict[tuple[str, str], list[Mention]] = {}
    for mention in mentions:
        found.setdefault(name(mention.ref), []).append(mention)
    return found


class Entries:
    """The models that are in an audit, each read and made anew when it is asked for.

    Args:
        report: All models.
        basis: What the audit is made with.
        keys: The anchors of those that are in it, by their places among all.
        of: The findings of all models, in order.
    """

    def __init__(self, report: Report, basis: Basis, keys: Mapping[int, str], of: Sequence[Sequence[Finding]]) -> None:
        self._report = report
        self._basis = basis
        self._keys = keys
        self._of = of
        self._places = places(report.mentions)
        self._history = reviews.by_model(basis.decisions)

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[Entry]:
        number = 0
        for position, model in enumerate(self._report.models):
            if position in self._keys:
                number += 1
                yield self._entry(number, position, model)

    def _entry(self, number: int, position: int, model: Assessment) -> Entry:
        mine, basis = name(model.ref), self._basis
        return Entry(
            number=number,
            key=self._keys[position],
            model=basis.quoted(model),
            findings=tuple(self._of[position]),
            mentions=tuple(self._places.get(mine, ())),
            review=reviews.state(model, self._history.get(mine, ()), basis.now.date()),
            text=reviews.text_of(model),
            records=tuple(_records(model, basis.rules)),
            changes=since(lambda: basis.before(model), model) if basis.earlier else None,
            altered=basis.altered(model),
        )


class Models(Sequence[Assessment]):
    """The models of entries."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Assessment]:
        return (entry.model for entry in self._entries)

    @overload
    def __getitem__(self, index: int) -> Assessment: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Assessment, ...]: ...
    def __getitem__(self, index: int | slice) -> Assessment | tuple[Assessment, ...]:
        return tuple(self)[index]


def _records(model: Assessment, rules: Rulebook) -> Iterator[License]:
    """The records that a model's terms come from: of its license, of its bases', and of the policies in these."""
    licenses = (model.license.spdx, *(one.license for one in model.lineage if one.binds))
    found: dict[str, License] = {}
    waiting = [record for words in licenses if words for record in _named(words, rules)]
    while waiting:
        record = waiting.pop(0)
        if record.id not in found:
            found[record.id] = record
            waiting += [rules.licenses[one] for one in record.incorporates if one in rules.licenses]
    yield from found.values()


def _named(words: str, rules: Rulebook) -> Iterator[License]:
    tree = parse(words)
    for term in terms(tree) if tree else ():
        record = record_of(term.symbol, rules)
        if record:
            yield record

"""What a run found, as it is for who asks now: the organisation's own numbers, and the licenses that were curated."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload

from licscan import lineage, reviews
from licscan.assess import assess
from licscan.errors import UsageError
from licscan.gate.standing import standing
from licscan.judge import limits
from licscan.model import (
    Assessment,
    GapId,
    Limitation,
    Loaded,
    ModelRef,
    ModelReview,
    Obligation,
    Organisation,
    Place,
    Report,
    Threshold,
)
from licscan.quotations import Altered, Quotations
from licscan.rulebook import Rulebook
from licscan.store import Store

_TEXTS = frozenset({Place.LICENSE_FILE, Place.GATE_PROMPT})
_THRESHOLD = "threshold"
_OF_DUTIES = ("activity", "status", "because", "inherited_from")

Change = Callable[[Assessment], Assessment]
# A model, and the models that it comes from.
Facts = tuple[Loaded, tuple[Loaded, ...]]


class Anew(Sequence[Assessment]):
    """Models as they are now, each made when it is asked for: never all of them at hand.

    Args:
        models: The models as they were found.
        change: What becomes of each.
    """

    def __init__(self, models: Sequence[Assessment], change: Change) -> None:
        self._models = models
        self._change = change

    def __len__(self) -> int:
        return len(self._models)

    def __iter__(self) -> Iterator[Assessment]:
        return map(self._change, self._models)

    @overload
    def __getitem__(self, index: int) -> Assessment: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Assessment, ...]: ...
    def __getitem__(self, index: int | slice) -> Assessment | tuple[Assessment, ...]:
        if isinstance(index, slice):
            return tuple(map(self._change, self._models[index]))
        return self._change(self._models[index])


def stands(rules: Rulebook, organisation: Organisation) -> Change:
    """What makes of a model what it is for an organisation: thresholds, limitations and duties by what it says today.

    Args:
        rules: The rule base.
        organisation: What it says of itself.
    """
    who = limits(rules)

    def change(found: Assessment) -> Assessment:
        if not found.clauses:
            return found
        # Only what decides is looked at; JSON of all clauses and duties would cost more than to judge them.
        deciding = [one.model_dump(mode="json") for one in found.clauses if one.id in who or one.id == _THRESHOLD]
        duties = [{name: getattr(one, name) for name in _OF_DUTIES} for one in found.obligations]
        now = standing({"modality": found.modality, "clauses": deciding, "obligations": duties}, who, organisation)
        return found.model_copy(
            update={
                "thresholds": tuple(map(Threshold.model_validate, now["thresholds"])),
                "limitations": tuple(map(Limitation.model_validate, now["limitations"])),
                "obligations": tuple(map(_stands, found.obligations, duties, now["obligations"])),
            }
        )

    return change


def _stands(duty: Obligation, was: dict[str, Any], now: dict[str, Any]) -> Obligation:
    return duty if now == was else duty.model_copy(update={"status": now["status"], "because": now["because"]})


class Recall:
    """The models of a run as they are now.

    Args:
        store: The database that holds the facts; it must stay open while the models are read.
        rules: The rule base.
        organisation: What the organisation says of itself.
        today: The day by which decisions hold.
    """

    def __init__(self, store: Store, rules: Rulebook, organisation: Organisation, today: datetime.date) -> None:
        self._store = store
        self._rules = rules
        self._today = today
        self._stands = stands(rules, organisation)
        self._words = Quotations(rules)
        self._last: tuple[ModelRef, Facts | None] | None = None
        self._run = 0

    def report(self, report: Report) -> Report:
        """A run's report with its models as they are now; its findings stay those of the run."""
        self._run = report.run or 0
        decide = decided(self._facts, self._rules, self._store.reviews(), self._today)
        models = Anew(report.models, lambda found: self._stands(decide(found)))
        return report.model_copy(update={"models": models})

    def altered(self, found: Assessment) -> tuple[Altered, ...]:
        """Where the license texts of a model differ from the licenses that they are copies of."""
        facts = self._facts(found.ref) if found.license.match == "modified" else None
        return self._words.altered(facts[0].model) if facts else ()

    def quoted(self, found: Assessment) -> Assessment:
        """A model of the report in the license's own words, where a text was kept."""
        lies_here = any(one.place in _TEXTS for one in found.license.claims)
        if all(one.quote or not (lies_here or one.inherited_from) for one in found.clauses):
            return found
        facts = self._facts(found.ref)
        return self._words.quoted(found, facts[0].model, [base.model for base in facts[1]]) if facts else found

    def _facts(self, ref: ModelRef) -> Facts | None:
        """The facts of a model; the last ones are at hand, since what follows is about the same model."""
        if self._last is None or self._last[0] != ref:
            self._last = ref, self._store.facts(self._run, ref)
        return self._last[1]


def decided(
    facts: Callable[[ModelRef], Facts | None], rules: Rulebook, decisions: Sequence[ModelReview], today: datetime.date
) -> Change:
    """What makes of a model of a run what it is by the licenses that people found it and its bases to be under.

    Args:
        facts: The facts of a model of the run and of its bases, where they can be had.
        rules: The rule base.
        decisions: What was decided, oldest first.
        today: The day by which decisions hold.
    """
    current = reviews.curations(decisions, today)
    # A decision that was taken back since the run changes what it touched, too.
    ever = {lineage.name(one.model) for one in decisions if one.concluded}

    def change(found: Assessment) -> Assessment:
        if not ever or ever.isdisjoint(_around(found)):
            return found
        known = facts(found.ref)
        return _told(found, current) if known is None else _assessed(found, known, rules, current)

    return change


def _told(found: Assessment, current: dict[reviews.Name, ModelReview]) -> Assessment:
    """A model whose facts nobody here has read: that it was decided otherwise is said, and changes nothing."""
    one = current.get(lineage.name(found.ref))
    if one is None or one.concluded == found.license.spdx:
        return found
    note = f"a review says that it is under {one.concluded}; of this run too little is kept to judge it by that"
    return found.model_copy(update={"notes": (*found.notes, note)})


def _assessed(found: Assessment, known: Facts, rules: Rulebook, current: dict[reviews.Name, ModelReview]) -> Assessment:
    loaded, bases = known
    models = {lineage.key(base.asked or base.model.ref): reviews.curated(base.model, current) for base in bases}
    made = assess(reviews.curated(loaded.model, current), models, rules)
    # What was open only on that day, and what a descriptor said, is no part of the facts.
    besides = tuple(gap for gap in found.gaps if gap.id is GapId.REVISION_NOT_ESTABLISHED and gap not in made.gaps)
    framework = found.mof.model_copy(update={"filled": made.mof.filled})
    return made.model_copy(update={"mof": framework, "gaps": (*made.gaps, *besides)})


def _around(found: Assessment) -> set[reviews.Name]:
    """The model and all that it comes from."""
    named = {lineage.name(found.ref)}
    for words in (*(one.base for one in found.lineage), *(one.name for one in found.datasets)):
        try:
            named.add(lineage.name(ModelRef.parse(words)))
        except UsageError:
            continue  # words that are no reference
    return named

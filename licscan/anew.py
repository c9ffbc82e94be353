"""What a run found, as it is for who asks now: the organisation's own numbers, and the licenses that were curated."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from typing import overload

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
    Report,
    Threshold,
)
from licscan.rulebook import Rulebook
from licscan.store import Store

_OF_TERMS = {"modality", "clauses", "obligations"}

Change = Callable[[Assessment], Assessment]


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
        now = standing(found.model_dump(mode="json", include=_OF_TERMS), who, organisation)
        return found.model_copy(
            update={
                "thresholds": tuple(map(Threshold.model_validate, now["thresholds"])),
                "limitations": tuple(map(Limitation.model_validate, now["limitations"])),
                "obligations": tuple(map(Obligation.model_validate, now["obligations"])),
            }
        )

    return change


def of_run(report: Report, store: Store, rules: Rulebook, organisation: Organisation, today: datetime.date) -> Report:
    """A run's report with its models as they are now; its findings stay those of the run.

    Args:
        report: The report, with the number of its run.
        store: The database that it comes from; it must stay open while the models are read.
        rules: The rule base.
        organisation: What the organisation says of itself.
        today: The day by which decisions hold.
    """
    stand = stands(rules, organisation)
    decide = decided(report.run or 0, store, rules, store.reviews(), today)
    return report.model_copy(update={"models": Anew(report.models, lambda found: stand(decide(found)))})


def decided(run: int, store: Store, rules: Rulebook, decisions: Sequence[ModelReview], today: datetime.date) -> Change:
    """What makes of a model of a run what it is by the licenses that people found it and its bases to be under.

    Args:
        run: The run's number.
        store: The database that holds its facts.
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
        facts = store.facts(run, found.ref)
        return found if facts is None else _assessed(found, *facts, rules, current)

    return change


def _assessed(
    found: Assessment,
    loaded: Loaded,
    bases: tuple[Loaded, ...],
    rules: Rulebook,
    current: dict[reviews.Name, ModelReview],
) -> Assessment:
    models = {lineage.key(base.asked or base.model.ref): reviews.curated(base.model, current) for base in bases}
    made = assess(reviews.curated(loaded.model, current), models, rules)
    # What was open only on that day, and what a descriptor said, is no part of the facts.
    besides = tuple(gap for gap in found.gaps if gap.id is GapId.REVISION_NOT_ESTABLISHED and gap not in made.gaps)
    return made.model_copy(update={"mof": found.mof, "gaps": (*made.gaps, *besides)})


def _around(found: Assessment) -> set[reviews.Name]:
    """The model and all that it comes from."""
    named = {lineage.name(found.ref)}
    for words in (*(one.base for one in found.lineage), *(one.name for one in found.datasets)):
        try:
            named.add(lineage.name(ModelRef.parse(words)))
        except UsageError:
            continue  # words that are no reference
    return named

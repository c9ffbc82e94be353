"""What a run found, as it is for who asks now: by what the organisation says of itself today."""

from collections.abc import Callable, Iterator, Sequence
from typing import overload

from licscan.gate.standing import standing
from licscan.judge import limits
from licscan.model import Assessment, Limitation, Obligation, Organisation, Threshold
from licscan.rulebook import Rulebook

_OF_TERMS = {"modality", "clauses", "obligations"}


class Anew(Sequence[Assessment]):
    """Models as they are now, each made when it is asked for: never all of them at hand.

    Args:
        models: The models as they were found.
        change: What becomes of each.
    """

    def __init__(self, models: Sequence[Assessment], change: Callable[[Assessment], Assessment]) -> None:
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


def stands(rules: Rulebook, organisation: Organisation) -> Callable[[Assessment], Assessment]:
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

"""A number of the organisation's beside the number from which a license changes, as a small bar."""

from typing import NamedTuple

from licscan import measures
from licscan.model import Clause, Organisation, Threshold

# The limit stands at two thirds, so that what lies beyond it can be seen.
WIDE, LIMIT = 150, 100
_SMALLEST = 2


class Bar(NamedTuple):
    """How long the bar is, in pixels, and where the limit stands; None where no number is at hand."""

    filled: int | None
    wide: int = WIDE
    limit: int = LIMIT


def bar(threshold: Threshold, clauses: tuple[Clause, ...], organisation: Organisation) -> Bar:
    """The bar of a threshold: numbers are those of its clause and of the organisation, never read out of sentences.

    Args:
        threshold: The threshold.
        clauses: The clauses of its model, which it was made of.
        organisation: What the organisation said of itself.
    """
    bound = next((one.values for one in clauses if one.id == "threshold" and _same(one, threshold)), None)
    amounts = organisation.amounts.get(threshold.metric, ())
    yours = next((one.value for one in amounts if measures.words(one) == threshold.yours), None)
    if bound is None or yours is None:
        return Bar(None)
    limit = int(str(bound["value"]))
    filled = round(LIMIT * yours / limit) if limit else WIDE
    # Rounding must not put a number on the other side of the limit than it is on.
    over = yours > limit or (yours == limit and bound["comparator"] == ">=")
    filled = max(filled, LIMIT + _SMALLEST) if over else min(filled, LIMIT)
    return Bar(min(WIDE, max(_SMALLEST, filled)))


def _same(clause: Clause, threshold: Threshold) -> bool:
    return clause.inherited_from == threshold.inherited_from and measures.limit(clause.values) == threshold.limit

"""Numbers, places and activities at which a license ends, as statements about a model."""

from collections.abc import Iterable, Iterator

from licscan import measures
from licscan.model import Clause, License, Limitation, Organisation, Threshold
from licscan.rulebook import Rulebook


def thresholds(
    clauses: Iterable[tuple[License, Clause]], organisation: Organisation, inherited_from: str | None = None
) -> Iterator[Threshold]:
    """The numbers from which a license changes, each with where the organisation stands.

    Args:
        clauses: Clauses, each with the record that it comes from.
        organisation: What the organisation said of itself.
        inherited_from: The base whose clauses these are; None for the model's own.
    """
    by_record: dict[str, list[Clause]] = {}
    for record, clause in clauses:
        if clause.id == "threshold":
            by_record.setdefault(record.id, []).append(clause)
    for some in by_record.values():
        alone = [(clause.values, measures.against(clause.values, organisation)) for clause in some]
        for clause, reached in zip(some, measures.counting(alone), strict=True):
            yield Threshold.model_validate(
                {
                    "clause": clause.id,
                    "metric": str(clause.values["metric"]),
                    "limit": measures.limit(clause.values),
                    "effect": str(clause.values["effect"]),
                    "inherited_from": inherited_from,
                    "evidence": clause.evidence,
                    **reached._asdict(),
                }
            )


def limitations(
    clauses: Iterable[tuple[License, Clause]],
    organisation: Organisation,
    rules: Rulebook,
    *,
    modality: str | None = None,
    inherited_from: str | None = None,
) -> Iterator[Limitation]:
    """What is not granted, each with whether the organisation comes under it.

    Args:
        clauses: Clauses, each with the record that it comes from.
        organisation: What the organisation said of itself.
        rules: The rule base.
        modality: That of the model: some limitations are meant for some kinds of model alone.
        inherited_from: The base whose clauses these are; None for the model's own.
    """
    seen = set()
    for _, clause in clauses:
        rule = rules.clauses[clause.id]
        mark = (clause.id, str(clause.values))
        if rule.applies is None or mark in seen:
            continue
        seen.add(mark)
        status, yours = measures.under(clause.values, rule.condition, rule.asked, organisation, modality)
        yield Limitation.model_validate(
            {
                "clause": clause.id,
                "text": measures.limitation_words(rule.title, clause.values),
                "yours": yours,
                "status": status,
                "inherited_from": inherited_from,
                "evidence": clause.evidence,
            }
        )

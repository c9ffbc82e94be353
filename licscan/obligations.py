"""From clauses to what the user must do, activity by activity, and to the numbers that matter."""

from collections.abc import Iterable, Iterator

from licscan.model import Clause, Kind, License, Obligation, Threshold
from licscan.rulebook import Rulebook

_SIGNS = {">": "above", ">=": "from"}


def owed(
    clauses: Iterable[tuple[License, Clause]], rules: Rulebook, inherited_from: str | None
) -> Iterator[Obligation]:
    """What some clauses ask the user to do.

    Args:
        clauses: Clauses, each with the record that it comes from.
        rules: The rule base, for the sentences.
        inherited_from: The base whose clauses these are; None for the model's own.
    """
    clauses = list(clauses)
    # Where a number adds a duty, the duty to show a name waits for it.
    waiting = {record.id for record, clause in clauses if clause.values.get("effect") == "duty"}
    seen = set()
    for record, clause in clauses:
        rule = rules.clauses[clause.id]
        # The license says that its policy is to be kept; that the policy lists forbidden uses is no second duty.
        if rule.obligation is None or (record.kind is Kind.POLICY and clause.id == "acceptable-use"):
            continue
        text = sentence(rule.obligation, clause, rules)
        depends = record.id in waiting and rule.id == "attribution-display"
        for activity in clause.on or (None,):
            if (text, activity) in seen:
                continue
            seen.add((text, activity))
            yield Obligation(
                id="/".join(filter(None, (inherited_from, record.id, clause.id, activity))),
                text=text,
                clause=clause.id,
                activity=activity,
                status="tell-us" if depends else "owed",
                inherited_from=inherited_from,
                evidence=clause.evidence,
            )


def thresholds(clauses: Iterable[tuple[License, Clause]]) -> Iterator[Threshold]:
    """The numbers from which a license changes; whether they are reached depends on the organization."""
    for _, clause in clauses:
        if clause.id == "threshold":
            metric = str(clause.values["metric"])
            evidence = clause.evidence
            yield Threshold(clause=clause.id, metric=metric, limit=limit(clause), status="tell-us", evidence=evidence)


def limit(clause: Clause) -> str:
    """A threshold in words: `above 700,000,000 monthly active users on 2024-07-23: separate-license`."""
    values = clause.values
    number = f"{int(str(values['value'])):,}"
    amount = f"{values['currency']} {number}" if values.get("currency") else number
    parts = [_SIGNS[str(values["comparator"])], amount, str(values["metric"]).replace("_", " ")]
    if values.get("as_of"):
        parts.append(f"on {values['as_of']}")
    return f"{' '.join(parts)}: {str(values['effect']).replace('-', ' ')}"


def sentence(template: str, clause: Clause, rules: Rulebook) -> str:
    """An obligation's sentence with the clause's values in their places."""
    for name, spec in rules.clauses[clause.id].values.items():
        value = clause.values.get(name)
        shown = spec.unstated if value in (None, False) else spec.stated.replace("{}", str(value))
        template = template.replace(f"{{{name}}}", shown)
    return template.replace('.".', '."')

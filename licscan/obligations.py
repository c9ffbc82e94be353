"""From clauses to what the user must do, activity by activity."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from licscan.measures import Reached, against, together
from licscan.model import Activity, Clause, Kind, License, Obligation, Organisation
from licscan.organisation import DOING
from licscan.rulebook import Rulebook

Status = Literal["owed", "not-owed", "tell-us"]
Owned = tuple[License, Clause]

# The duties that a number adds, where a license ties one to it.
_WAITING = "attribution-display"


class Duties(NamedTuple):
    """Whose duties they are, and on what they depend.

    Attributes:
        rules: The rule base, for the sentences.
        organisation: What the organisation said of itself.
        name: The name of the model, which may have to carry words.
        inherited_from: The base whose clauses these are; None for the model's own.
    """

    rules: Rulebook
    organisation: Organisation
    name: str
    inherited_from: str | None = None

    def owed(self, clauses: Iterable[Owned]) -> Iterator[Obligation]:
        """What some clauses ask the user to do, each with the record that it comes from."""
        clauses = list(clauses)
        waiting = _waiting(clauses, self.organisation)
        seen = set()
        ids: dict[str, int] = {}
        for record, clause in clauses:
            rule = self.rules.clauses[clause.id]
            # The license says that its policy is to be kept; that the policy lists forbidden uses is no second duty.
            if rule.obligation is None or (record.kind is Kind.POLICY and clause.id == "acceptable-use"):
                continue
            text = sentence(rule.obligation, clause, self.rules)
            reached = waiting.get(record.id) if clause.id == _WAITING else None
            for activity in clause.on or (None,):
                if (text, activity) in seen:
                    continue
                seen.add((text, activity))
                duty = self._one(record, clause, activity, text, reached)
                # A license may ask twice for the like: two notices, two displays.
                ids[duty.id] = number = ids.get(duty.id, 0) + 1
                yield duty if number == 1 else duty.model_copy(update={"id": f"{duty.id}/{number}"})

    def _one(
        self, record: License, clause: Clause, activity: Activity | None, text: str, reached: Reached | None
    ) -> Obligation:
        status, because = _status(activity, self.organisation, reached)
        words = clause.values.get("text")
        if clause.id == "output-naming" and (naming := _naming(record)):
            # The name that a license dictates for derivatives is meant for what learned from outputs, too.
            words = naming.values["text"]
            place = " at its beginning" if naming.values.get("position") == "prefix" else ""
            text = f'{text.rstrip(".")}: with "{words}"{place}.'
        return Obligation(
            id="/".join(filter(None, (self.inherited_from, record.id, clause.id, activity))),
            text=text,
            clause=clause.id,
            activity=activity,
            status=status,
            because=because,
            words=str(words) if words else None,
            carried=carries(self.name, clause) if clause.id == "naming-requirement" else None,
            inherited_from=self.inherited_from,
            evidence=clause.evidence,
        )


def _naming(record: License) -> Clause | None:
    """The clause that dictates a name for derivatives."""
    return next((one for one in record.clauses if one.id == "naming-requirement" and one.values.get("text")), None)


def carries(name: str, clause: Clause) -> bool:
    """Whether a model's name carries the words that a license dictates for derivatives, where it dictates them."""
    own = name.rpartition("/")[2].casefold()
    words = str(clause.values["text"]).casefold()
    plain = {words, words.replace(" ", "-"), words.replace(" ", "_"), words.replace(" ", "")}
    if clause.values.get("position") == "prefix":
        return any(own.startswith(one) for one in plain)
    return any(one in own for one in plain)


def _waiting(clauses: Iterable[Owned], organisation: Organisation) -> Mapping[str, Reached]:
    """By record: where the numbers stand that add a duty; of several one is enough, unless the license wants all."""
    found: dict[str, list[tuple[Mapping[str, object], Reached]]] = {}
    for record, clause in clauses:
        if clause.id == "threshold" and clause.values.get("effect") == "duty":
            found.setdefault(record.id, []).append((clause.values, against(clause.values, organisation)))
    return {record: together(some) for record, some in found.items()}


def _status(
    activity: Activity | None, organisation: Organisation, reached: Reached | None
) -> tuple[Status, str | None]:
    done = organisation.activities
    if activity and done is not None and activity not in done:
        return "not-owed", f"you do not {DOING[activity]}"
    if reached is None:
        return "owed", None
    if reached.status == "tell-us":
        return "tell-us", reached.because
    return ("owed" if reached.status == "reached" else "not-owed"), reached.because


def sentence(template: str, clause: Clause, rules: Rulebook) -> str:
    """An obligation's sentence with the clause's values in their places."""
    for name, spec in rules.clauses[clause.id].values.items():
        value = clause.values.get(name)
        shown = spec.unstated if value in (None, False) else spec.stated.replace("{}", str(value))
        template = template.replace(f"{{{name}}}", shown)
    return template.replace('.".', '."')

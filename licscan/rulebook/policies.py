"""What conditions can speak of, and the policies that are written in them."""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from pydantic import Field, JsonValue

from licscan.condition import Condition, Vocabulary, parse
from licscan.model import Review, Value

_ORGANISATION = (
    "activities",
    "territories",
    "purposes",
    "fields",
    "monthly_active_users",
    "daily_active_users",
    "annual_revenue",
    "monthly_revenue",
    "employees",
    "funding",
)
LEVELS: Vocabulary = {
    "subject": ("is",),
    "released": ("is",),
    "freedom": ("is",),
    "artefacts": ("is",),
}
# What a policy sees of a model; the first field is meant where a condition names none. `clause` and `obligation` have
# the values of the clause besides.
MODEL: Vocabulary = {
    "model": ("name", "ref", "scheme", "modality", "owner"),
    "level": ("id", "unknown"),
    "license": ("id", "spdx", "freedom", "reciprocity", "match", "reviewed", "candidate"),
    "clause": ("id", "on", "inherited_from"),
    "threshold": ("status", "metric", "effect", "inherited_from"),
    "limitation": ("id", "status", "inherited_from"),
    "obligation": ("id", "status", "activity", "carried", "inherited_from"),
    "base": ("ref", "relation", "level", "license", "binds"),
    "dataset": ("name", "freedom", "license", "seen"),
    "artefact": ("id", "state"),
    "conflict": ("id", "subject"),
    "gap": ("id", "unfinished", "passing"),
    "integrity": ("status", "path", "format"),
    "revision": ("pinned", "id"),
    "source": ("id",),
    "change": ("id", "before", "after"),
    "organisation": _ORGANISATION,
}
# What may stand in a message.
PLACES = ("model", "level", "license", "reason", "found", "quote", "tell")


def of_limits(values: tuple[str, ...]) -> Vocabulary:
    """What the condition of a limitation can speak of: its own values, and the organisation."""
    own: Vocabulary = {"this": values} if values else {}
    return {"organisation": _ORGANISATION, **own}


def of_models(values: Mapping[str, object]) -> Vocabulary:
    """What a policy can speak of, the values of all clause types included."""
    names = tuple(name for name in values if name not in MODEL["clause"])
    return {**MODEL, "clause": (*MODEL["clause"], *names)}


class PolicyRule(Value):
    """One thing that a policy objects to.

    Attributes:
        id: Unique within the policy; the key of waivers.
        title: What it is called.
        severity: How bad it is; `off` takes a rule of the extended policy away.
        when: What must hold of a model.
        message: What is wrong, with `{model}`, `{level}`, `{license}`, `{reason}`, `{found}` and `{quote}` filled in.
        remedy: What to do.
        open: What follows where the organisation did not say what would decide: an objection like any other, one of
            that severity, or none.
    """

    id: str
    title: str = ""
    severity: Literal["error", "warning", "note", "off"]
    when: JsonValue = None
    message: str = ""
    remedy: str = ""
    open: Literal["error", "warning", "note", "pass"] | None = None

    def condition(self, vocabulary: Vocabulary) -> Condition:
        """The condition, read.

        Raises:
            ConditionError: It says something that the language does not have.
        """
        return parse(self.when, vocabulary)


class PolicyCase(Value):
    """A case that a policy proves itself with.

    Attributes:
        title: What the case is.
        model: Facts, by subject as conditions name them.
        organisation: What the organisation says of itself.
        objections: The rules that must object, no more and no less.
    """

    title: str
    model: dict[str, JsonValue]
    organisation: dict[str, JsonValue] = Field(default_factory=dict)
    objections: tuple[str, ...]


class Policy(Value):
    """What an organisation objects to: a file of `rules/policies`, or a user's own.

    Attributes:
        id: File name, and key everywhere.
        title: What to call it.
        why: For whom it is.
        extends: The policy whose rules it takes over; a rule of the same id replaces that one.
        rules: What it objects to.
        cases: What proves it.
        reviewed: Who looked at it.
    """

    id: str
    title: str
    why: str
    extends: str | None = None
    rules: tuple[PolicyRule, ...] = ()
    cases: tuple[PolicyCase, ...] = ()
    reviewed: Review | None = None

    @cached_property
    def by_id(self) -> dict[str, PolicyRule]:
        """The rules by their ids."""
        return {rule.id: rule for rule in self.rules}

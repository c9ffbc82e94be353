"""What rule files hold besides licenses, model families and providers: clause types and levels."""

from enum import StrEnum
from functools import cached_property
from typing import Literal

from pydantic import Field, JsonValue

from licscan.condition import Condition, Facts, holds, parse
from licscan.measures import ASKED
from licscan.model import (
    Activity,
    Freedom,
    Level,
    Subject,
    Value,
)
from licscan.rulebook.detectors import Cases
from licscan.rulebook.policies import LEVELS, of_limits


class ClauseGroup(StrEnum):
    """What a clause does to the user: asks, limits, allows, or none of these."""

    CONDITION = "condition"
    LIMITATION = "limitation"
    PERMISSION = "permission"
    OTHER = "other"


class ValueType(StrEnum):
    """What a value of a clause is; numbers are written in plain digits in a record."""

    TEXT = "text"
    COUNT = "count"
    DATE = "date"
    FLAG = "flag"
    CHOICE = "choice"
    LIST = "list"


class ClauseValue(Value):
    """One named value of a clause type.

    Attributes:
        type: What it is.
        of: For a choice: what may be chosen.
        required: Whether a recorded clause must give it.
        stated: How it stands in the obligation's sentence, `{}` being the value.
        unstated: What stands there where it is not given.
    """

    type: ValueType
    of: tuple[str, ...] = ()
    required: bool = False
    stated: str = "{}"
    unstated: str = ""


class ClauseExamples(Value):
    """Sentences that prove a detector: which it must find, and which it must leave alone."""

    match: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


class Pattern(Value):
    """One way in which a text says a clause.

    Attributes:
        pattern: What is searched for, in the syntax of RE2, case ignored, white space folded, typography flattened;
            `{phrase}` stands for a file of `rules/phrases`. A named group is the value of that name.
        values: Values that the pattern stands for, or the cases that decide them.
        needs: Patterns that must stand in the same sentence, each of them.
        unless: Patterns that rule the find out when they stand in the same sentence.
        anywhere: Whether it also counts in what is otherwise left aside: definitions, recitals.
        across: Whether it may reach beyond the sentence in which it begins, as from the head of a list to its items.
    """

    pattern: str
    values: dict[str, str | list[str] | Cases] = Field(default_factory=dict)
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    anywhere: bool = False
    across: bool = False


class Phrase(Value):
    """Words of one meaning that patterns share.

    Attributes:
        id: Its name in patterns.
        title: What they mean.
        words: Patterns, any of which stands for it.
    """

    id: str
    title: str
    words: tuple[str, ...] = Field(min_length=1)


class ClauseRule(Value):
    """A clause type of `rules/clauses`.

    Attributes:
        id: File name, anchor, and key everywhere.
        title: What to call it.
        group: Under which heading it is shown.
        status: Whether its detector can be relied on; a draft has none yet and lives on records alone.
        why: Why it matters to the user.
        references: Public pages about it.
        obligation: What to do, a sentence with `{value}` places; None where it is no duty.
        on: The activities that trigger it, where a record does not say otherwise.
        applies: Of a limitation, a condition over the clause and the organisation: who comes under it.
        values: The values that it has.
        examples: What its patterns must and must not find.
    """

    id: str
    title: str
    group: ClauseGroup
    status: Literal["draft", "stable", "deprecated"]
    why: str
    references: tuple[str, ...] = ()
    obligation: str | None = None
    on: tuple[Activity, ...] = ()
    applies: JsonValue = None
    values: dict[str, ClauseValue] = Field(default_factory=dict)
    examples: ClauseExamples = ClauseExamples()

    @cached_property
    def condition(self) -> Condition | None:
        """Who comes under a limitation; None for what is none."""
        return None if self.applies is None else parse(self.applies, of_limits(tuple(self.values)))

    @property
    def asked(self) -> tuple[str, ...]:
        """What the condition asks of the organisation besides numbers."""
        return tuple(name for name in ASKED if f"'{name}'" in str(self.applies))


class ClauseFile(ClauseRule):
    """A clause type as its file has it, with its patterns.

    Attributes:
        find: Patterns that find it in a text.
        unless: Patterns that rule a find out.
    """

    find: tuple[Pattern, ...] = ()
    unless: tuple[str, ...] = ()


class Weight(StrEnum):
    """How a clause counts toward the freedom of a license."""

    NONE = "none"
    NOTICE = "notice"
    CONDITIONAL = "conditional"
    NONCOMMERCIAL = "noncommercial"

    @property
    def freedom(self) -> Freedom:
        """The freedom of a license whose strictest clause counts so."""
        return Freedom.FREE if self is Weight.NONE else Freedom(self.value)


class ClauseWeight(Value):
    """How a clause counts, where that depends on one of its values.

    Attributes:
        by: The value that decides.
        cases: How each value of it counts.
        otherwise: How it counts when a record does not give the value.
    """

    by: str
    cases: dict[str, Weight]
    otherwise: Weight


class FreedomRules(Value):
    """`rules/levels/freedom.yaml`: how every clause counts."""

    id: str
    title: str
    why: str
    clauses: dict[str, Weight | ClauseWeight]


class LevelRow(Value):
    """One row of the decision table.

    Attributes:
        when: A condition over `subject` (weights or data), `released`, `freedom` and `artefacts` (complete or
            incomplete: data, code and recipe, the bases' too); None fits everything.
        level: What follows.
        because: The reason, as shown to users; `{license}` and `{missing}` are filled in.
    """

    when: JsonValue = None
    level: Level
    because: str

    @cached_property
    def condition(self) -> Condition | None:
        """The condition, read."""
        return None if self.when is None else parse(self.when, LEVELS)


class LevelTable(Value):
    """`rules/levels/table.yaml`: from freedom and artefacts to a level; the first row that fits decides."""

    id: str
    title: str
    why: str
    rows: tuple[LevelRow, ...]

    def row(self, *, subject: Subject, released: bool, freedom: Freedom, complete: bool) -> LevelRow:
        """The first row that is for a case. There are few cases: each is worked out once.

        Raises:
            LookupError: None is; a rule base where that can be is not loaded.
        """
        case = (subject, released, freedom, complete)
        if case not in self._known:
            facts: Facts = {
                "subject": [{"is": subject.value}],
                "released": [{"is": released}],
                "freedom": [{"is": freedom.value}],
                "artefacts": [{"is": "complete" if complete else "incomplete"}],
            }
            fitting = (row for row in self.rows if row.condition is None or holds(row.condition, facts).holds)
            found = next(fitting, None)
            if found is None:
                raise LookupError(f"{subject}, released {released}, freedom {freedom}, complete {complete}")
            self._known[case] = found
        return self._known[case]

    @cached_property
    def _known(self) -> dict[tuple[Subject, bool, Freedom, bool], LevelRow]:
        return {}


class Names(Value):
    """Every way in which a record is named, and the record that it means.

    Attributes:
        hub: Ids of the Hub's license field, in lower case.
        spdx: SPDX ids, in lower case.
        keys: Names as `licscan.text.name_key` leaves them.
        urls: Addresses as `licscan.text.url_key` leaves them.
    """

    hub: dict[str, str]
    spdx: dict[str, str]
    keys: dict[str, str]
    urls: dict[str, str]

"""What the fields of conditions can be at all, where that is a closed list: another word never holds."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from licscan.condition import Condition, Leaf, Test
from licscan.model import Activity, FileStatus, Freedom, GapId, Level, Openness, Reciprocity, Relation, UnknownReason
from licscan.rulebook.records import ClauseRule

Domains: TypeAlias = Mapping[tuple[str, str], frozenset[str]]

_MATCHES = ("exact", "modified", "tag", "none")
_ROLES = ("machine", "person", "counsel")
_ARTEFACTS = ("weights", "data", "data_information", "code", "recipe")
_CONFLICTS = (
    "license-claims base-license base-reciprocity merge-licenses outputs-training derivative-name record-outdated "
    "checksum"
).split()
_CHANGES = "license freedom level-lowered level-raised clause base dataset file conflict gap looked-at".split()
_TELL = "tell-us"


def domains(clauses: Mapping[str, ClauseRule], licenses: Iterable[str] = ()) -> Domains:
    """The closed lists, by subject and field.

    Args:
        clauses: The clause types; values of theirs that are a choice are closed lists too.
        licenses: The ids of the records; where none are given, any id may be one of a user's own.
    """
    chosen = {name: value.of for rule in clauses.values() for name, value in rule.values.items() if value.of}
    threshold = clauses["threshold"].values if "threshold" in clauses else {}
    found: dict[tuple[str, str], Iterable[object]] = {
        ("level", "id"): Level,
        ("level", "unknown"): UnknownReason,
        ("license", "freedom"): Freedom,
        ("license", "candidate"): Freedom,
        ("license", "reciprocity"): Reciprocity,
        ("license", "match"): _MATCHES,
        ("license", "reviewed"): _ROLES,
        ("license", "id"): licenses,
        ("base", "level"): Level,
        ("base", "relation"): Relation,
        ("dataset", "freedom"): Freedom,
        ("artefact", "id"): _ARTEFACTS,
        ("artefact", "state"): Openness,
        ("integrity", "status"): FileStatus,
        ("conflict", "id"): _CONFLICTS,
        ("change", "id"): _CHANGES,
        ("gap", "id"): GapId,
        ("threshold", "status"): ("below", "reached", _TELL),
        ("threshold", "effect"): threshold["effect"].of if "effect" in threshold else (),
        ("threshold", "metric"): threshold["metric"].of if "metric" in threshold else (),
        ("limitation", "status"): ("applies", "does-not-apply", _TELL),
        ("obligation", "status"): ("owed", "not-owed", _TELL),
        ("obligation", "activity"): Activity,
        ("clause", "on"): Activity,
        **{(subject, "id"): clauses for subject in ("clause", "limitation", "obligation")},
        **{("clause", name): _choices(name, clauses) for name in chosen},
    }
    return {key: frozenset(map(str, values)) for key, values in found.items() if values}


def _choices(name: str, clauses: Mapping[str, ClauseRule]) -> Iterable[str]:
    """All choices of a value of that name; none where one type takes any word for it."""
    values = [rule.values[name] for rule in clauses.values() if name in rule.values]
    return {choice for value in values for choice in value.of} if all(value.of for value in values) else ()


def misspelt(condition: Condition, known: Domains) -> Iterator[tuple[str, str]]:
    """What a condition compares with that its field can never be, and what to write instead."""
    if not isinstance(condition, Leaf):
        for part in condition.parts:
            yield from misspelt(part, known)
        return
    for test in condition.tests:
        domain = known.get((condition.subject, test.name))
        for value in sorted(map(str, named(test) or ())) if domain else ():
            if domain and value not in domain and not value.startswith(("organisation.", "this.")):
                near = difflib.get_close_matches(value, domain, n=1)
                remedy = f"did you mean {near[0]}?" if near else f"write one of {', '.join(sorted(domain)[:20])}"
                yield f"it can never hold that {condition.subject}.{test.name} is {value!r}", remedy


def named(test: Test) -> frozenset[object] | None:
    """The values that a test allows, where it names them."""
    if test.sign == "is":
        return frozenset({test.operand})
    return frozenset(test.operand) if test.sign == "in" and isinstance(test.operand, tuple) else None

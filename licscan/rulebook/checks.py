"""What must hold between rule files: every clause counts, every case has a level, every name leads somewhere."""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence

from licscan.condition import ConditionError, Vocabulary, parse
from licscan.model import Clause, Freedom, Kind, License, Reciprocity, Subject, stricter
from licscan.rulebook.families import ModelFacts
from licscan.rulebook.policies import LEVELS, of_limits
from licscan.rulebook.providers import Provider
from licscan.rulebook.reader import RuleFile
from licscan.rulebook.records import (
    ClauseRule,
    ClauseWeight,
    FreedomRules,
    LevelTable,
    Names,
    Weight,
)

Licenses = Mapping[str, License]

_SYMBOL = re.compile(r"[\w.+:-]+")
_OPERATORS = frozenset({"AND", "OR", "WITH"})


def every_clause_counts(file: RuleFile, rules: FreedomRules, clauses: Mapping[str, ClauseRule]) -> None:
    """`rules/levels/freedom.yaml` names every clause type, and nothing else."""
    for missing in sorted(clauses.keys() - rules.clauses.keys()):
        raise file.refusal(("clauses",), f"does not say how {missing} counts", "add it")
    for unknown in sorted(rules.clauses.keys() - clauses.keys()):
        raise file.refusal(("clauses", unknown), "is no clause type", "see rules/clauses")
    for name, weight in rules.clauses.items():
        if isinstance(weight, ClauseWeight):
            value = clauses[name].values.get(weight.by)
            if value is None or set(weight.cases) != set(value.of):
                key = ("clauses", name, "cases")
                raise file.refusal(key, f"does not cover all of {weight.by}", "name every choice once")


def every_case_has_a_level(file: RuleFile, table: LevelTable) -> None:
    """Whatever is found, one row of `rules/levels/table.yaml` fits."""
    both = (True, False)
    for index, row in enumerate(table.rows):
        if row.when is not None:
            readable(file, ("rows", index, "when"), row.when, LEVELS)
    for subject, released, freedom, complete in itertools.product(Subject, both, Freedom, both):
        try:
            table.row(subject=subject, released=released, freedom=freedom, complete=complete)
        except LookupError:
            artefacts = "complete" if complete else "incomplete"
            case = f"{subject}, released {released}, freedom {freedom}, artefacts {artefacts}"
            raise file.refusal(("rows",), f"has no row for {case}".lower(), "add one") from None


def readable(file: RuleFile, key: tuple[str | int, ...], data: object, vocabulary: Vocabulary) -> None:
    """A condition says nothing that the language does not have.

    Raises:
        RuleError: It does; the message names file, line and key.
    """
    try:
        parse(data, vocabulary, key)
    except ConditionError as error:
        raise file.refusal(error.path, error.what, error.remedy) from error


def every_limit_is_readable(files: Iterable[RuleFile], clauses: Mapping[str, ClauseRule]) -> None:
    """The conditions of limitations speak of the clause's own values and of the organisation."""
    for file in files:
        rule = clauses[str(file.fields["id"])]
        if rule.applies is not None:
            readable(file, ("applies",), rule.applies, of_limits(tuple(rule.values)))


def check_licenses(files: Mapping[str, RuleFile], records: Licenses, rules: FreedomRules) -> dict[str, License]:
    """The records, families given what their members share; every reference leads to a record, every freedom follows.

    Raises:
        RuleError: A reference leads nowhere, or a freedom is not what the clauses say.
    """
    for record in records.values():
        _references(files[record.id], record, records)
    whole = {record.id: _with_members(record, records) for record in records.values()}
    for record in whole.values():
        _freedom(files[record.id], record, whole, rules)
        _reciprocity(files[record.id], record)
    return whole


def every_license_has_a_record(file: RuleFile, facts: Iterable[ModelFacts], records: Licenses, names: Names) -> None:
    """The license of every family is an expression over SPDX ids and `LicenseRef-<record id>`, all of them recorded."""
    for index, fact in enumerate(facts):
        for symbol in _SYMBOL.findall(fact.license or ""):
            known = symbol.removeprefix("LicenseRef-") in records or symbol.casefold() in names.spdx
            if symbol not in _OPERATORS and not known:
                key = ("families", index, "license")
                raise file.refusal(key, f"{symbol} has no record", "write an SPDX id or LicenseRef-<record id>")


def every_prefix_means_one_provider(providers: Sequence[tuple[RuleFile, Provider]]) -> None:
    """No first part of a name means two providers, and those that may follow are known."""
    meant: dict[str, str] = {}
    known = {one.id for _, one in providers}
    for file, one in providers:
        for prefix in {one.id, *one.prefixes}:
            other = meant.setdefault(prefix.casefold(), one.id)
            if other != one.id:
                raise file.refusal(("prefixes",), f"{prefix!r} already means {other}", "a prefix means one provider")
        for name in one.only:
            if name not in known:
                raise file.refusal(("only",), f"{name!r} is no provider", "name one of rules/providers")


def weigh(clause: Clause, rules: FreedomRules) -> Weight:
    """How a clause counts toward freedom."""
    weight = rules.clauses[clause.id]
    if isinstance(weight, Weight):
        return weight
    return weight.cases.get(str(clause.values.get(weight.by)), weight.otherwise)


def _references(file: RuleFile, record: License, records: Licenses) -> None:
    named = {
        "supersedes": (record.supersedes,) if record.supersedes else (),
        "incorporates": record.incorporates,
        "members": record.members,
    }
    for key, ids in named.items():
        for name in ids:
            if name not in records:
                raise file.refusal((key,), f"{name!r} has no record", "add rules/licenses/<id>.yaml, or remove it")
    if (record.kind is Kind.FAMILY) != bool(record.members):
        raise file.refusal(("members",), "belongs to a family, and to nothing else", "name the members")


def _with_members(record: License, records: Licenses) -> License:
    """A family says what all its members say; where they differ, it says nothing."""
    if record.kind is not Kind.FAMILY:
        return record
    members = [records[name] for name in record.members]
    shared = [
        clause
        for clause in members[0].clauses
        if all(any(_same(clause, other) for other in member.clauses) for member in members[1:])
    ]
    own = tuple(clause.model_copy(update={"evidence": record.evidence}) for clause in shared)
    return record.model_copy(update={"clauses": own, "complete": False})


def _same(one: Clause, other: Clause) -> bool:
    return (one.id, one.values, one.on) == (other.id, other.values, other.on)


def _freedom(file: RuleFile, record: License, records: Licenses, rules: FreedomRules) -> None:
    expected = _expected_freedom(record, records, rules)
    if record.freedom is not expected:
        raise file.refusal(("freedom",), f"is {record.freedom}, but what it rests on says {expected}", "mend either")


def _expected_freedom(record: License, records: Licenses, rules: FreedomRules) -> Freedom:
    if record.kind is Kind.NOT_A_LICENSE:
        return Freedom.UNKNOWN
    if record.kind is Kind.LICENSE and not record.complete and not record.clauses:
        return Freedom.UNKNOWN  # a name whose text nobody read
    if record.kind is Kind.FAMILY:
        freedoms = {records[name].freedom for name in record.members}
        return freedoms.pop() if len(freedoms) == 1 else Freedom.UNKNOWN
    expected = Freedom.FREE
    for clause in record.clauses:
        expected = stricter(expected, weigh(clause, rules).freedom)
    # A show of the name is part of some licenses that OSI and FSF approve (GPL-3.0, section 5d).
    return Freedom.FREE if record.approved and expected is Freedom.NOTICE else expected


def _reciprocity(file: RuleFile, record: License) -> None:
    if record.kind is not Kind.LICENSE:
        return
    expected = Reciprocity.NONE
    for clause in record.clauses:
        if clause.id == "source-disclosure" and clause.values.get("network") is True:
            expected = Reciprocity.NETWORK
        elif clause.id == "share-alike" and expected is Reciprocity.NONE:
            expected = Reciprocity.SHARE_ALIKE
    if record.reciprocity is not expected:
        raise file.refusal(("reciprocity",), f"is {record.reciprocity}, but its clauses say {expected}", "mend either")

"""What an expression grants and asks: the freedom, reciprocity and clauses of all its licenses together."""

from typing import NamedTuple

from licscan.licenses.expression import AllOf, AnyOf, Node, Term, parse, terms, write
from licscan.licenses.resolve import record_of
from licscan.model import Clause, Freedom, Kind, License, Reciprocity, stricter
from licscan.rulebook import Rulebook

_FREEDOM, _RECIPROCITY = list(Freedom), list(Reciprocity)


class Reading(NamedTuple):
    """One way to read the license of something.

    Attributes:
        expression: The expression that was read.
        records: The records that hold: of a choice, those that were chosen.
        unknown: Symbols that no record stands for.
        freedom: How free it leaves its users.
        reciprocity: What must be given back.
        clauses: All terms that hold, each with the record that it comes from.
        chosen: Whether there was a choice, and the freest was taken.
        named: All records that the expression names, those that were not chosen included.
    """

    expression: str
    records: tuple[License, ...]
    unknown: tuple[str, ...]
    freedom: Freedom
    reciprocity: Reciprocity
    clauses: tuple[tuple[License, Clause], ...]
    chosen: bool = False
    named: frozenset[str] = frozenset()


def read(expression: str, rules: Rulebook) -> Reading:
    """Read an expression over SPDX ids and `LicenseRef-<record id>`.

    Of a choice (`OR`) the user may take the freest; of what holds together (`AND`) the strictest decides. A limitation
    that is known makes the whole at least as strict, whatever else is unknown.
    """
    return rules.remembered("reading", expression, _read)


def _read(expression: str, rules: Rulebook) -> Reading:
    tree = parse(expression)
    if tree is None:
        return unread(expression)
    kept, chosen = _choose(tree, rules)
    found = [(term, record_of(term.symbol, rules)) for term in terms(kept)]
    records = tuple(record for _, record in found if record is not None)
    return Reading(
        expression=expression,
        records=records,
        unknown=tuple(term.symbol for term, record in found if record is None),
        freedom=_freedom(kept, rules),
        reciprocity=max((record.reciprocity for record in records), key=_RECIPROCITY.index, default=Reciprocity.NONE),
        clauses=tuple(
            (part, clause) for record in records for part in _whole(record, rules) for clause in part.clauses
        ),
        chosen=chosen,
        named=frozenset(record.id for term in terms(tree) if (record := record_of(term.symbol, rules))),
    )


def unread(words: str) -> Reading:
    """The reading of words that mean nothing known."""
    return Reading(words, (), (words,), Freedom.UNKNOWN, Reciprocity.NONE, ())


def _choose(node: Node, rules: Rulebook) -> tuple[Node, bool]:
    """The node with every choice made for the freest part, and whether there was one."""
    if isinstance(node, Term):
        return node, False
    parts = [_choose(part, rules) for part in node.parts]
    if isinstance(node, AnyOf):
        return min((part for part, _ in parts), key=lambda part: _burden(part, rules)), True
    return AllOf(tuple(part for part, _ in parts)), any(chosen for _, chosen in parts)


def _burden(node: Node, rules: Rulebook) -> tuple[int, int, int, str]:
    """How much a choice asks of the user, the least first, whatever the order in which the choices were written."""
    records = [record for term in terms(node) if (record := record_of(term.symbol, rules))]
    reciprocity = max((_RECIPROCITY.index(record.reciprocity) for record in records), default=0)
    clauses = sum(len(record.clauses) for record in records)
    return _FREEDOM.index(_freedom(node, rules)), reciprocity, clauses, write(node)


def _whole(record: License, rules: Rulebook) -> tuple[License, ...]:
    """A license and the policies that it makes part of itself: some terms stand only there."""
    return (record, *(rules.licenses[name] for name in record.incorporates))


def _freedom(node: Node, rules: Rulebook) -> Freedom:
    if isinstance(node, Term):
        record = record_of(node.symbol, rules)
        return record.freedom if record and record.kind is not Kind.NOT_A_LICENSE else Freedom.UNKNOWN
    freedoms = [_freedom(part, rules) for part in node.parts]
    if isinstance(node, AnyOf):
        return min(freedoms, key=_FREEDOM.index)
    known = [freedom for freedom in freedoms if freedom is not Freedom.UNKNOWN]
    strictest = Freedom.FREE
    for freedom in known:
        strictest = stricter(strictest, freedom)
    if len(known) < len(freedoms) and strictest in {Freedom.FREE, Freedom.NOTICE}:
        return Freedom.UNKNOWN
    return strictest

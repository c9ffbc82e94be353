"""A model among those that it comes from: what is known of each of these by itself."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from licscan import catalogue, identity, inheritance, lineage
from licscan.alone import Alone, alone, unseen
from licscan.lineage import Link
from licscan.model import DeclaredBase, Model, ModelRef, Organisation
from licscan.rulebook import Rulebook

Bases = Mapping[lineage.Key, Model]


class Memory(NamedTuple):
    """What was found before, where many models are assessed with the same bases and for the same organisation.

    Attributes:
        alone: Bases by themselves, by name, facts and day.
        terms: What clauses come to, by whatever it depends on.
    """

    alone: dict[tuple[lineage.Key, int, date | None], Alone]
    terms: dict[tuple[object, ...], Any]

    @classmethod
    def empty(cls) -> "Memory":
        """Nothing was found yet."""
        return cls({}, {})


class Around(NamedTuple):
    """What a model is assessed with.

    Attributes:
        bases: The facts of the models and datasets that it comes from, as far as they could be had, by `lineage.key`.
        rules: The rule base.
        organisation: What the organisation said of itself.
        memory: What was found of bases before; the same ones serve many models.
    """

    bases: Bases
    rules: Rulebook
    organisation: Organisation = Organisation()
    memory: Memory | None = None

    def alone(self, ref: ModelRef, day: date | None) -> Alone:
        """A base by itself, from the facts at hand, or from its name alone."""
        key = lineage.key(ref)
        model = self.bases.get(key)
        mark = (key, id(model) if model else 0, day)
        found = self.memory.alone.get(mark) if self.memory is not None else None
        if found is None:
            found = alone(identity.completed(model or unseen(ref), self.bases), self.rules, day)
            if self.memory is not None:
                self.memory.alone[mark] = found
        return found

    def bases_of(self, ref: ModelRef, day: date | None) -> list[DeclaredBase]:
        """What a base comes from: as it says, or the rule base; of one that nobody knows, as its name says."""
        own = self.alone(ref, day)
        unknown = not (own.known or own.model.seen)
        named = catalogue.namesake(ref, self.rules) if unknown else None
        return [*own.bases, *([named] if named else ())]


class Base(NamedTuple):
    """A base, and what is known of it.

    Attributes:
        declared: How it is declared, by whom.
        own: What is so of it by itself; None where nothing at all is known.
        binds: Whether its terms reach the model.
    """

    declared: Link
    own: Alone | None
    binds: bool

    @property
    def name(self) -> str:
        """The reference, or the words where they are none; of one that is read from a name, the family."""
        base = self.declared.base
        if base.evidence.section == catalogue.BY_NAME and self.own and self.own.known:
            return self.own.known.facts.title
        return str(base.ref) if base.ref else base.stated


def base_of(link: Link, around: Around, day: date | None) -> Base:
    """The base that a link leads to."""
    if link.base.ref is None:
        return Base(link, None, binds=True)
    own = around.alone(link.base.ref, day)
    if not (own.known or own.model.seen):
        return Base(link, None, inheritance.binds(link.base.relation, None))
    return Base(link, own, inheritance.binds(link.base.relation, own.conclusion))

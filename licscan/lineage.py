"""Which models a model comes from: all of them, each once, cycles included."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from licscan.model import DeclaredBase, Model, ModelRef

Key = tuple[str, str, str]

# Deeper and broader than any chain seen on the Hub (13 links; 65 parents of one merge).
DEEPEST = 20
MOST = 200
# So many datasets of a model are looked at.
MOST_DATASETS = 50


class Link(NamedTuple):
    """A model that comes from another.

    Attributes:
        child: The base that declares it; None for the model itself.
        base: What it declares.
        again: Whether the base is one that another link led to before.
    """

    child: ModelRef | None
    base: DeclaredBase
    again: bool = False


def key(ref: ModelRef) -> Key:
    """What identifies a base among others: its name, the Hub ignores case, and the revision that is meant."""
    return *name(ref), ref.revision or ""


def name(ref: ModelRef) -> tuple[str, str]:
    """What identifies a model whatever its revision."""
    return ref.scheme, ref.name.casefold() if ref.scheme in {"hf", "dataset"} else ref.name


def named(model: Model) -> list[ModelRef]:
    """The models that a model names: those that it is a copy of, and those that it comes from."""
    return [same.ref for same in model.same_as] + [base.ref for base in model.bases if base.ref]


def trace(
    model: Model, bases_of: Callable[[ModelRef], Iterable[DeclaredBase]], own: Iterable[DeclaredBase]
) -> tuple[list[Link], bool]:
    """All links from a model to its bases and from these to theirs, nearest first; and whether a bound cut it off.

    Each base is followed once; a second link to it is marked. What leads back to the model itself is left out.

    Args:
        model: The model.
        bases_of: The declared bases of a reference; nothing for one that is not known.
        own: The model's own declared bases.
    """
    seen: set[tuple[str, ...]] = set()
    itself = name(model.ref)
    found: list[Link] = []
    level: list[tuple[ModelRef | None, DeclaredBase]] = [(None, base) for base in own]
    for _ in range(DEEPEST):
        below: list[tuple[ModelRef | None, DeclaredBase]] = []
        for child, base in level:
            known = key(base.ref) if base.ref else ("", base.stated)
            if known[:2] == itself or (child and base.ref and name(child) == name(base.ref)):
                continue
            if len(found) >= MOST:
                return found, True
            found.append(Link(child, base, again=known in seen))
            if base.ref and known not in seen:
                below += [(base.ref, deeper) for deeper in bases_of(base.ref)]
            seen.add(known)
        if not below:
            return found, False
        level = below
    return found, True

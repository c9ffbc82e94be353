"""Which models a model comes from: all of them, each once, cycles included."""

from collections.abc import Callable, Iterable

from licscan.model import DeclaredBase, Model, ModelRef

Key = tuple[str, str, str]

# Deeper and broader than any chain seen on the Hub (13 links; 65 parents of one merge).
DEEPEST = 20
MOST = 200


def key(ref: ModelRef) -> Key:
    """What identifies a base among others: its name, the Hub ignores case, and the revision that is meant."""
    return *name(ref), ref.revision or ""


def name(ref: ModelRef) -> tuple[str, str]:
    """What identifies a model whatever its revision."""
    return ref.scheme, ref.name.casefold() if ref.scheme in {"hf", "dataset"} else ref.name


def named(model: Model) -> list[ModelRef]:
    """The models that a model names: those that it is a copy of, and those that it comes from."""
    return [same.ref for same in model.same_as] + [base.ref for base in model.bases if base.ref]


def ancestors(
    model: Model, bases_of: Callable[[ModelRef], Iterable[DeclaredBase]], own: Iterable[DeclaredBase]
) -> tuple[list[DeclaredBase], bool]:
    """All bases of a model, nearest first, each once; and whether the bound cut the search off.

    Args:
        model: The model.
        bases_of: The declared bases of a reference; nothing for one that is not known.
        own: The model's own declared bases.
    """
    seen: set[tuple[str, ...]] = set()
    itself = name(model.ref)
    found: list[DeclaredBase] = []
    level = list(own)
    for _ in range(DEEPEST):
        below: list[DeclaredBase] = []
        for base in level:
            known = key(base.ref) if base.ref else ("", base.stated)
            if known in seen or known[:2] == itself:
                continue
            if len(found) >= MOST:
                return found, True
            seen.add(known)
            found.append(base)
            if base.ref:
                below += bases_of(base.ref)
        if not below:
            return found, False
        level = below
    return found, True

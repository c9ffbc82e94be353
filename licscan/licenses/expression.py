"""SPDX license expressions: parsed by `license-expression`, which is imported only where there is an operator."""

import re
from functools import cache
from typing import NamedTuple

OPERATOR = re.compile(r"[\s)](?:and|or|with)[\s(]", re.IGNORECASE)


class Term(NamedTuple):
    """One license of an expression, with the exception that it comes with."""

    symbol: str
    exception: str | None = None


class AllOf(NamedTuple):
    """Licenses that hold together."""

    parts: "tuple[Node, ...]"


class AnyOf(NamedTuple):
    """Licenses of which the user may choose one."""

    parts: "tuple[Node, ...]"


Node = Term | AllOf | AnyOf


def parse(text: str) -> Node | None:
    """The tree of an expression; None where it is none.

    Args:
        text: Such as `MIT OR (Apache-2.0 AND CC-BY-4.0)`; the symbols may be any words without blanks.
    """
    if not OPERATOR.search(text):
        return Term(text.strip()) if re.fullmatch(r"\s*[\w.+:-]+\s*", text) else None
    # 60 ms of import, for one card in a hundred.
    from license_expression import (  # type: ignore[import-untyped]  # noqa: PLC0415
        ExpressionError,
        ExpressionParseError,
        Licensing,
    )

    try:
        return _node(Licensing().parse(text))
    except (ExpressionError, ExpressionParseError, RecursionError, TypeError):
        return None


def is_exception(name: str) -> bool:
    """Whether SPDX lists an exception by that name; every one on its list adds permissions, none takes any away."""
    return name.casefold() in _exceptions()


@cache
def _exceptions() -> frozenset[str]:
    from license_expression import get_spdx_licensing  # noqa: PLC0415 - 60 ms, for one card in ten thousand

    symbols = get_spdx_licensing().known_symbols.values()
    return frozenset(symbol.key.casefold() for symbol in symbols if symbol.is_exception)


def write(node: Node, *, inside: bool = False) -> str:
    """The expression of a tree, with no more brackets than needed."""
    if isinstance(node, Term):
        return f"{node.symbol} WITH {node.exception}" if node.exception else node.symbol
    operator = " AND " if isinstance(node, AllOf) else " OR "
    text = operator.join(write(part, inside=True) for part in node.parts)
    return f"({text})" if inside else text


def terms(node: Node) -> tuple[Term, ...]:
    """All licenses of a tree, in order, each once."""
    if isinstance(node, Term):
        return (node,)
    return tuple(dict.fromkeys(term for part in node.parts for term in terms(part)))


def _node(parsed: object) -> Node | None:
    arguments = getattr(parsed, "args", ())
    if not arguments:
        license_symbol = getattr(parsed, "license_symbol", None)
        if license_symbol is not None:
            return Term(license_symbol.key, parsed.exception_symbol.key)  # type: ignore[attr-defined]
        key = getattr(parsed, "key", None)
        return Term(key) if key else None
    parts = [_node(part) for part in arguments]
    if any(part is None for part in parts):
        return None
    kind = AllOf if type(parsed).__name__ == "AND" else AnyOf
    return kind(tuple(part for part in parts if part is not None))

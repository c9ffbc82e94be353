"""Licenses of a component of CycloneDX: an id that SPDX lists, a name with its text, or an expression."""

from collections.abc import Iterator
from typing import NamedTuple

from cyclonedx.model import AttachedText, Property, XsUri
from cyclonedx.model.license import (
    DisjunctiveLicense,
    License,
    LicenseAcknowledgement,
    LicenseExpression,
    LicenseExpressionDetails,
)
from cyclonedx.spdx import is_supported_id

from licscan.bom.license_refs import Extracted, LicenseRefs, is_single, refs_in
from licscan.bom.parts import Part
from licscan.licenses.expression import Term, is_exception, parse, terms

_DECLARED, _CONCLUDED = LicenseAcknowledgement.DECLARED, LicenseAcknowledgement.CONCLUDED


class Licensed(NamedTuple):
    """Where the licenses of a component stand.

    Attributes:
        licenses: In the component itself.
        seen: In its evidence.
        urls: Where texts are published that were not at hand.
    """

    licenses: list[License]
    seen: list[License]
    urls: list[str]


class Licenses:
    """The licenses of one document.

    Args:
        details: Whether an expression can have the texts of its parts beside it, as from version 1.7 on.
    """

    def __init__(self, *, details: bool) -> None:
        self._refs = LicenseRefs(lambda id_: is_supported_id(id_) or is_exception(id_))
        self._details = details

    def of(self, part: Part) -> Licensed:
        """The licenses of a part, declared and concluded.

        A component has one expression or several licenses, never both: where one of the two is an expression, the
        concluded license stands in the component, and the declared one in its evidence.
        """
        concluded = self._refs.expression(part.concluded, part.texts)
        declared = self._refs.expression(part.declared, part.texts)
        urls = [one.url for one in self._extracted(concluded, declared) if one.url and not one.held]
        if not concluded or not declared:
            stated, why = (concluded, _CONCLUDED) if concluded else (declared, _DECLARED)
            return Licensed([self._one(stated, why)] if stated else [], self._left_out(stated), urls)
        if is_single(concluded) and is_single(declared):
            again = declared == concluded
            both = [self._one(concluded, _CONCLUDED), self._one(declared, _DECLARED, bare=again)]
            return Licensed(both, [], urls)
        seen: list[License] = [self._one(declared, _DECLARED, bare=declared == concluded)]
        if not self._details:
            # The texts of an expression's parts have no place beside it: each part is a license of its own there.
            symbols = [term.symbol for term in _terms(declared)]
            seen = [self._one(symbol, _DECLARED) for symbol in symbols]
            seen += [self._one(ref, None) for ref in refs_in(concluded) if ref not in symbols]
        return Licensed([self._one(concluded, _CONCLUDED)], seen, urls)

    def _left_out(self, stated: str | None) -> list[License]:
        """The texts that an expression names and cannot bring."""
        if stated is None or is_single(stated) or self._details:
            return []
        return [self._one(ref, None) for ref in refs_in(stated)]

    def _one(self, stated: str, why: LicenseAcknowledgement | None, *, bare: bool = False) -> License:
        if not is_single(stated):
            details = (
                [_details(self._refs.extracted[ref]) for ref in refs_in(stated)] if self._details and not bare else []
            )
            return LicenseExpression(stated, acknowledgement=why, details=details)
        if stated not in self._refs.extracted:
            return DisjunctiveLicense(id=stated, acknowledgement=why)
        found = self._refs.extracted[stated]
        return DisjunctiveLicense(
            name=found.name,
            text=None if bare else AttachedText(content=found.text),
            url=XsUri(found.url) if found.url else None,
            acknowledgement=why,
            properties=[Property(name="licscan:license:ref", value=found.id)],
        )

    def _extracted(self, *stated: str | None) -> Iterator[Extracted]:
        ids = dict.fromkeys(ref for one in stated if one for ref in refs_in(one))
        return (self._refs.extracted[ref] for ref in ids)


def _details(found: Extracted) -> LicenseExpressionDetails:
    return LicenseExpressionDetails(
        found.id, text=AttachedText(content=found.text), url=XsUri(found.url) if found.url else None
    )


def _terms(expression: str) -> tuple[Term, ...]:
    tree = parse(expression)
    return terms(tree) if tree else ()

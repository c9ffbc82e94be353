"""What a bill of materials lacks, held against what others want to find in one: pure, from document and rules."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from licscan.materials import DATASET, MODEL, Bom, Part, Tree
from licscan.materials.paths import Places
from licscan.rulebook import Element, Framework

_SHOWN = 5
_LONGEST = 300
_NUMBER = re.compile(r"\d{1,9}")
NAMES = {"cyclonedx": "CycloneDX", "spdx2": "SPDX 2", "spdx3": "SPDX 3"}


class Status(StrEnum):
    """What is so of an element."""

    PRESENT = "present"
    PARTIAL = "partial"
    MISSING = "missing"
    NO_PLACE = "no-place"  # the format has no field for it
    NOT_APPLICABLE = "not-applicable"  # there is nothing that could have it


class Row(NamedTuple):
    """One element of a framework, and what the document says of it.

    Attributes:
        element: The element.
        status: What is so.
        has: How many have it: models, data sets, or the document.
        of: How many should.
        lacking: Names of those that lack it, the first few.
        found: A value that was found, cut short.
    """

    element: Element
    status: Status
    has: int
    of: int
    lacking: tuple[str, ...] = ()
    found: str = ""

    @property
    def counts(self) -> bool:
        """Whether the framework wants it in any case, and there is something that could have it."""
        return self.element.need == "required" and self.status is not Status.NOT_APPLICABLE

    @property
    def is_open(self) -> bool:
        """Whether it is wanted, and not there, or not for all."""
        return self.counts and self.status is not Status.PRESENT


class Score(NamedTuple):
    """A document held against a framework.

    Attributes:
        framework: The framework.
        rows: Each of its elements.
    """

    framework: Framework
    rows: tuple[Row, ...]

    @property
    def wanted(self) -> int:
        """How many elements count."""
        return sum(row.counts for row in self.rows)

    @property
    def complete(self) -> int:
        """How many of them are there, for all that should have them."""
        return sum(row.counts and row.status is Status.PRESENT for row in self.rows)

    @property
    def share(self) -> float:
        """The mean of how far each of them is there, 0 to 1."""
        parts = [row.has / row.of for row in self.rows if row.counts]
        return sum(parts) / len(parts) if parts else 1.0


def score(bom: Bom, framework: Framework) -> Score:
    """What a document has and lacks of a framework.

    Models count that the document is about; data sets, all of them.
    """
    models = [part for part in bom.parts if part.kind == MODEL and part.direct]
    datasets = [part for part in bom.parts if part.kind == DATASET]
    parts = {"model": models, "dataset": datasets}
    places = Places(bom.document)
    rows = []
    for element in framework.elements:
        if element.of == "document":
            rows.append(_of_document(bom, element, places))
        else:
            rows.append(_of_parts(bom, element, parts[element.of], places))
    return Score(framework, tuple(rows))


def remedy(row: Row, bom: Bom) -> str:
    """Where what is missing would come from, as a sentence without a full stop."""
    if row.status is Status.NO_PLACE:
        able = [NAMES[family] for family in NAMES if row.element.places(family)]
        elsewhere = f"; {' and '.join(able)} {'has' if len(able) == 1 else 'have'} one" if able else ""
        return f"{NAMES[bom.family]} has no field for it{elsewhere}"
    return row.element.origin


def _of_document(bom: Bom, element: Element, places: Places) -> Row:
    if element.formats is not None:
        lowest = element.formats.get(bom.family)
        stated = f"{NAMES[bom.family]} {bom.version}"
        if lowest and _version(bom.version) >= _version(lowest):
            return Row(element, Status.PRESENT, 1, 1, found=stated)
        return Row(element, Status.MISSING, 0, 1, (stated,))
    if not element.places(bom.family):
        return Row(element, Status.NO_PLACE, 0, 1)
    found = _value(element, bom.family, {}, places)
    return Row(
        element, Status.MISSING if found is None else Status.PRESENT, int(found is not None), 1, found=found or ""
    )


def _of_parts(bom: Bom, element: Element, parts: Iterable[Part], places: Places) -> Row:
    values = {part.path: _value(element, bom.family, part.tree, places) for part in parts}
    lacking = [_called(part) for part in parts if values[part.path] is None]
    has, of = len(values) - len(lacking), len(values)
    if not of:
        return Row(element, Status.NOT_APPLICABLE, 0, 0)
    if not element.places(bom.family):
        return Row(element, Status.NO_PLACE, 0, of)
    status = Status.PRESENT if has == of else Status.PARTIAL if has else Status.MISSING
    found = next((value for value in values.values() if value is not None), "")
    return Row(element, status, has, of, tuple(lacking[:_SHOWN]), found)


def _value(element: Element, family: str, tree: Tree, places: Places) -> str | None:
    """What is said, of the first place that says something fit; None where none does."""
    for path in element.places(family):
        for value in places.find(path, tree):
            shown = str(value)[:_LONGEST] if isinstance(value, str | int | float | bool) else "stated"
            if element.like is None or _is_like(shown, element.like):
                return shown
    return None


def _is_like(value: str, pattern: str) -> bool:
    import re2  # noqa: PLC0415 - for the few elements that say what a value looks like

    return re2.fullmatch(pattern, value) is not None


def _called(part: Part) -> str:
    return (part.named.name or next(iter(part.named.purls), "") or "without a name")[:_LONGEST]


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in _NUMBER.findall(text))

"""What others want to find in a bill of materials, as rule files: `rules/frameworks/<id>.yaml`."""

import datetime
import re
from collections.abc import Iterable, Iterator
from typing import Literal

import re2
from pydantic import Field

from licscan.materials import paths
from licscan.model import Review, Value
from licscan.rulebook.reader import RuleFile

FAMILIES = ("cyclonedx", "spdx2", "spdx3")
_VERSION = re.compile(r"\d+(?:\.\d+)*")


class Document(Value):
    """What a framework rests on.

    Attributes:
        title: The title of the document.
        publisher: Who publishes it.
        version: Which version.
        published: The day.
        url: Where it is published.
        read: How it was read: itself, quoted at length by others, or as others retell it.
        through: Where it was read, if not there.
    """

    title: str
    publisher: str
    version: str | None = None
    published: datetime.date
    url: str
    read: Literal["itself", "quoted", "retold"]
    through: str | None = None


class Element(Value):
    """One thing that a framework wants to find.

    Attributes:
        id: Unique within the framework.
        title: What it is.
        group: Under which heading the framework has it.
        section: Its number there.
        of: What must have it: the document, each model, or each data set.
        need: `required`; `additional` where it is wanted only where there is such a thing.
        draft: Whether its source could not be read, so that it may be worded otherwise there.
        formats: The lowest version of each format that will do; only of the document.
        cyclonedx: Where it stands in CycloneDX, any of these; none where that has no place for it.
        spdx2: Where it stands in SPDX 2.
        spdx3: Where it stands in SPDX 3.
        like: What a value must look like, in the syntax of RE2.
        origin: Where the fact would come from.
        reference: Where the document is another one than the framework's own.
    """

    id: str
    title: str
    group: str
    section: str | None = None
    of: Literal["document", "model", "dataset"] = "model"
    need: Literal["required", "additional"] = "required"
    draft: bool = False
    formats: dict[str, str] | None = None
    cyclonedx: tuple[str, ...] = ()
    spdx2: tuple[str, ...] = ()
    spdx3: tuple[str, ...] = ()
    like: str | None = None
    origin: str
    reference: str | None = None

    def places(self, family: str) -> tuple[str, ...]:
        """Where it stands in a family of formats."""
        found: tuple[str, ...] = getattr(self, family)
        return found


class Framework(Value):
    """A list of what a bill of materials should say.

    Attributes:
        id: File name, and key everywhere.
        title: What to call it.
        why: For whom it is, and whether anybody must.
        source: What it rests on.
        elements: What it wants to find.
        reviewed: Who looked at it.
    """

    id: str
    title: str
    why: str
    source: Document
    elements: tuple[Element, ...] = Field(min_length=1)
    reviewed: Review


def frameworks(files: Iterable[RuleFile]) -> dict[str, Framework]:
    """The frameworks, by id.

    Raises:
        RuleError: A file is wrong: an id comes twice, a path or pattern cannot be read, an element is found nowhere.
    """
    found = {}
    for file in files:
        one = file.make(Framework, file.fields)
        seen: set[str] = set()
        for index, element in enumerate(one.elements):
            at = ("elements", index)
            if element.id in seen:
                raise file.refusal((*at, "id"), f"{element.id!r} stands twice", "ids are unique")
            seen.add(element.id)
            for field, what in _wrong(element):
                raise file.refusal((*at, field), what, "mend it")
        found[one.id] = one
    return found


def _wrong(element: Element) -> Iterator[tuple[str, str]]:
    if (element.formats is not None) == any(element.places(family) for family in FAMILIES):
        yield "cyclonedx", "says neither where it stands nor which formats will do, or both"
    if element.formats is not None and element.of != "document":
        yield "formats", "belongs to the document"
    for family, version in (element.formats or {}).items():
        if family not in FAMILIES or not _VERSION.fullmatch(version):
            yield "formats", f"{family}: {version!r} is no version of {', '.join(FAMILIES)}"
    if element.like is not None:
        try:
            re2.compile(element.like)
        except re2.error as error:
            yield "like", f"is no pattern: {error}"
    for family in FAMILIES:
        yield from ((family, what) for path in element.places(family) if (what := _wrong_path(path, element)))


def _wrong_path(path: str, element: Element) -> str | None:
    try:
        way = paths.parse(path)
    except ValueError as error:
        return f"{path!r}: {error}"
    if element.of == "document" and not way.from_document:
        return f"{path!r} begins at a part, and the element is of the document"
    return None

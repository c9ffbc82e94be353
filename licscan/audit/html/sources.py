"""The bytes that the statements about one model rest on: each once, under a letter that marks the statements."""

from typing import NamedTuple

from markupsafe import Markup

from licscan.audit.html.shell import visible
from licscan.model import Evidence

_LETTERS = 26
_RULES = "rules"


class Source(NamedTuple):
    """A file, page or record: its letter, who was asked, where it lies, at which commit, and its digest."""

    mark: str
    source: str
    path: str | None
    url: str | None
    revision: str | None
    sha256: str | None


class Place(NamedTuple):
    """Where in a source something stands, in words; empty for all of it. The link leads to the source."""

    mark: str
    words: str
    record: bool
    link: Markup


class Sources:
    """The sources of one model, in the order in which they are cited.

    Args:
        number: The model's place in the audit: each of its sources has an id of its own in the page.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._found: dict[tuple[str | None, ...], tuple[Source, Markup]] = {}

    def place(self, evidence: Evidence) -> Place:
        """Where something stands, its source noted."""
        # A record is told by its address and digest; the page that it names is told with the statement.
        key = evidence.source, evidence.path, evidence.url, evidence.revision, evidence.sha256
        if key not in self._found:
            mark = _letters(len(self._found))
            link = Markup('<a class="src" href="#s{}{}">{}</a>').format(self._number, mark, mark)
            self._found[key] = Source(mark, *key), link
        source, link = self._found[key]
        return Place(source.mark, within(evidence), evidence.source == _RULES, link)

    def cite(self, evidence: Evidence | None) -> Markup:
        """Where something stands, as the page says it: the place in words, and the letter of the source."""
        if evidence is None:
            return Markup()
        place = self.place(evidence)
        return (
            Markup('<span class="at">{}</span> {}').format(visible(place.words), place.link)
            if place.words
            else place.link
        )

    @property
    def all(self) -> tuple[Source, ...]:
        """Those that were cited so far."""
        return tuple(source for source, _ in self._found.values())


def within(evidence: Evidence) -> str:
    """The place in its file: `section 1.b, lines 3 to 5`."""
    parts = [f"section {evidence.section}"] if evidence.section else []
    if evidence.lines:
        first, last = evidence.lines
        parts.append(f"line {first}" if first == last else f"lines {first} to {last}")
    return ", ".join(parts)


def _letters(number: int) -> str:
    """A to Z, then AA, AB, ..."""
    letters = ""
    while number >= 0:
        letters = chr(ord("A") + number % _LETTERS) + letters
        number = number // _LETTERS - 1
    return letters

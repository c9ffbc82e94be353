"""What texts are searched with: the patterns of all clause types, compiled; every text and group of words once."""

import zlib
from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from licscan.model import Value


class Cases(Value):
    """A value that the words around a find decide.

    Attributes:
        within: Where to look: in the match, in its sentence, or around it: in its sentence, and where that has none but
            the last case, in the ones beside it as well.
        cases: For each value the pattern that stands for it; the first that is found decides, of a list all are taken.
        otherwise: The value where none is found; None to leave it out.
    """

    within: Literal["match", "sentence", "around"] = "sentence"
    cases: dict[str, str]
    otherwise: str | None = None


class Part(Value):
    """Words of a pattern between two gaps, its phrases written out.

    Attributes:
        text: What is searched for.
        needles: Groups of words of each of which it needs one, by places in `Detectors.groups`; the rarest first.
        share: In how many sentences of a sample one of the rarest group stands.
        loose: Whether it may match much more or much less at one place, so that the nearest match is not the only one.
    """

    text: str
    needles: tuple[int, ...] = ()
    share: int = 0
    loose: bool = False


class Reach(Value):
    """A gap of a pattern.

    Attributes:
        unit: What the whole of it must match.
        least: How many characters it has at least.
        most: How many it has at most; with none, what stands behind it must follow at once.
    """

    unit: str
    least: int
    most: int


class Chain(Value):
    """Words with gaps between them: what a pattern is once it is cut.

    Attributes:
        parts: What stands between its gaps, by places in `Detectors.parts`.
        gaps: What lies between its parts.
    """

    parts: tuple[int, ...]
    gaps: tuple[Reach, ...] = ()


class Detector(Chain):
    """One way in which a text says a clause: a pattern of `rules/clauses`, cut and written out.

    Attributes:
        clause: The clause type.
        values: Values that it stands for, or the cases that decide them.
        needs: What must stand in the same sentence, by places in `Detectors.guards`.
        unless: What rules the find out when it stands in the same sentence, likewise.
        anywhere: Whether it also counts in what is otherwise left aside: definitions, recitals.
        across: Whether it may reach beyond the sentence in which it begins.
    """

    clause: str
    values: dict[str, str | list[str] | Cases] = Field(default_factory=dict)
    needs: tuple[int, ...] = ()
    unless: tuple[int, ...] = ()
    anywhere: bool = False
    across: bool = False


class Detectors(Value):
    """All that texts are searched with.

    Attributes:
        groups: Groups of words, as `licscan.rulebook.needles` writes them.
        parts: The parts of all patterns, and of what must stand beside them, or must not.
        patterns: The patterns.
        guards: What must stand beside some patterns, or must not: of each the ways in which it can.
        asides: What stands in sentences that state no terms, by places in `guards`: definitions, recitals.
        ends: Patterns behind which a text states no terms, but how to apply it.
        resumes: Patterns behind which it may state terms again.
    """

    groups: tuple[tuple[str, ...], ...] = ()
    parts: tuple[Part, ...] = ()
    patterns: tuple[Detector, ...] = ()
    guards: tuple[tuple[Chain, ...], ...] = ()
    asides: tuple[int, ...] = ()
    ends: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()

    def of(self, clause: str) -> Sequence[Detector]:
        """The patterns of a clause type."""
        return [one for one in self.patterns if one.clause == clause]


def packed(detectors: Detectors) -> bytes:
    """Detectors in the form in which they are kept: most commands search no text, and never open them."""
    return zlib.compress(detectors.model_dump_json(exclude_defaults=True).encode(), level=6)


def unpacked(data: bytes) -> Detectors:
    """Detectors from the form in which they are kept."""
    return Detectors.model_validate_json(zlib.decompress(data))

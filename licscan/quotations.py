"""The license's own words beside what is said of a model: from the texts that lie with it and with its bases.

A text that is known word for word is told from its record, which is fast. Counsel wants the words and their place in
that very file.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeVar

from licscan import lineage
from licscan.errors import UsageError
from licscan.licenses import TextReading, read_text
from licscan.licenses.recognise import Deviation
from licscan.model import Assessment, Clause, Evidence, LicenseText, Model, ModelRef, Obligation
from licscan.model import Limitation as Limit
from licscan.model import Threshold as Number
from licscan.rulebook import Rulebook

_RECORDS = "rules/licenses/"
# Longer than any license of the corpus; a longer file is told from its record alone.
_LONGEST = 400_000
_Stated = TypeVar("_Stated", Obligation, Limit, Number)
_Moved = Mapping[tuple[str, str | None, Evidence], Evidence]


class Altered(NamedTuple):
    """Where a license text differs from the license that it is a copy of.

    Attributes:
        at: The text.
        record: The license.
        deviations: The places.
    """

    at: Evidence
    record: str
    deviations: tuple[Deviation, ...]


class Quotations:
    """Finds the words; texts of the same bytes are read once.

    Args:
        rules: The rule base.
    """

    def __init__(self, rules: Rulebook) -> None:
        self._rules = rules
        self._read: dict[str, TextReading] = {}

    def quoted(self, found: Assessment, model: Model, bases: Iterable[Model] = ()) -> Assessment:
        """What is said of a model, with the words of the license and their place wherever a text of it is at hand.

        Args:
            found: What is said.
            model: The model's facts.
            bases: The facts of the models that it comes from.
        """
        texts = {lineage.name(one.ref): one.texts for one in bases}
        moved: dict[tuple[str, str | None, Evidence], Evidence] = {}
        clauses = []
        for clause in found.clauses:
            of = model.texts if clause.inherited_from is None else texts.get(_name(clause.inherited_from), ())
            words = self._words(clause, of)
            if words:
                moved[clause.id, clause.inherited_from, clause.evidence] = words.evidence
                clause = clause.model_copy(update={"quote": words.quote, "evidence": words.evidence})  # noqa: PLW2901
            clauses.append(clause)
        if not moved:
            return found
        return found.model_copy(
            update={
                "clauses": tuple(clauses),
                "obligations": tuple(_at(one, moved) for one in found.obligations),
                "thresholds": tuple(_at(one, moved) for one in found.thresholds),
                "limitations": tuple(_at(one, moved) for one in found.limitations),
            }
        )

    def altered(self, model: Model) -> tuple[Altered, ...]:
        """Where the license texts of a model differ from the licenses that they are copies of."""
        read = ((text, self._reading(text)) for text in model.texts)
        return tuple(
            Altered(text.evidence, reading.record.id, reading.match.deviations)
            for text, reading in read
            if reading and reading.record and reading.match.deviations
        )

    def _words(self, clause: Clause, texts: Iterable[LicenseText]) -> Clause | None:
        """The clause as a text has it; None where it has its words, or no text does."""
        path = clause.evidence.path or ""
        if clause.quote or not path.startswith(_RECORDS):
            return None
        record = path.removeprefix(_RECORDS).removesuffix(".yaml")
        for text in texts:
            reading = self._reading(text)
            if reading and reading.record and reading.record.id == record:
                same = (one for one in reading.clauses if one.quote and one.id == clause.id)
                if words := next((one for one in same if one.values == clause.values), None):
                    return words.model_copy(update={"evidence": _there(words.evidence, text.evidence)})
        return None

    def _reading(self, text: LicenseText) -> TextReading | None:
        if text.text is None or text.kind == "notice" or len(text.text) > _LONGEST:
            return None
        # What was decoded may not be what was hashed: the words themselves are what is read.
        if text.text not in self._read:
            self._read[text.text] = read_text(text.text, self._rules, text.evidence)
        return self._read[text.text]


def _there(words: Evidence, text: Evidence) -> Evidence:
    """Evidence of a text of the same bytes that lies elsewhere."""
    return text.model_copy(update={"section": words.section, "lines": words.lines, "quote": words.quote})


def _at(one: _Stated, moved: _Moved) -> _Stated:
    evidence = moved.get((one.clause, one.inherited_from, one.evidence))
    return one.model_copy(update={"evidence": evidence}) if evidence else one


def _name(base: str) -> tuple[str, str]:
    try:
        return lineage.name(ModelRef.parse(base))
    except UsageError:
        return "", base  # words that are no reference

"""From freedom and artefacts to a level, by the decision table of `rules/levels/table.yaml`."""

from collections.abc import Iterable

from licscan.licenses import Conclusion, Reading
from licscan.model import Artefacts, Freedom, Level, Openness, OpenSourceAI, Subject, UnknownReason
from licscan.rulebook import Rulebook, weigh

_LEVELS = list(Level)
_DECIDING = ("data", "code", "recipe")
_WHY_UNKNOWN = {
    UnknownReason.NONE_STATED: "none is stated",
    UnknownReason.UNRECOGNISED: "what is stated is none that the rule base knows",
    UnknownReason.CONFLICTING: "what is stated would leave users differently free",
    UnknownReason.NOT_LOOKED_AT: "nobody could look",
}
_SHOWN = {"data": "training data", "code": "training code", "recipe": "training recipe"}


def decide(subject: Subject, artefacts: Artefacts, conclusion: Conclusion, rules: Rulebook) -> tuple[Level, str]:
    """The level that a model has by itself, and why.

    Args:
        subject: What is judged: weights, or the data of a dataset.
        artefacts: What was published.
        conclusion: The license of the weights, as far as it is established.
        rules: The rule base.
    """
    freedom, reading = conclusion.license.freedom, conclusion.reading
    released = artefacts.weights.state is not Openness.NONE
    complete = not missing(artefacts)
    row = rules.levels.row(subject=subject, released=released, freedom=freedom, complete=complete)
    reason = row.because.replace("{missing}", ", ".join(missing(artefacts)))
    if reading:
        reason = reason.replace("{license}", title_of(reading)).replace(
            "{limits}", ", ".join(limits_of(reading, rules))
        )
    if conclusion.unknown:
        reason = reason.replace("{unknown}", _WHY_UNKNOWN[conclusion.unknown])
    if reading and reading.chosen:
        reason += f"; chosen from {reading.expression}"
    if conclusion.conflicts and reading:
        reason += f"; statements exclude each other, and it is read as {reading.expression}, the strictest"
    if complete and row.level is Level.RESTRICTIVE:
        reason += "; artefacts: complete"
    return row.level, reason


def title_of(reading: Reading) -> str:
    """What to call a license in a sentence."""
    alone = len(reading.records) == 1 and not reading.unknown
    return reading.records[0].title if alone else reading.expression


def limits_of(reading: Reading, rules: Rulebook) -> list[str]:
    """The titles of the clauses that make a license as strict as it is."""
    deciding = (clause for _, clause in reading.clauses if weigh(clause, rules.freedom).freedom is reading.freedom)
    titles = dict.fromkeys(rules.clauses[clause.id].title for clause in deciding)
    return [title[0].lower() + title[1:] for title in titles]


def missing(artefacts: Artefacts) -> list[str]:
    """Which of data, code and recipe are not wholly open, in words."""
    found = []
    for name in _DECIDING:
        state = getattr(artefacts, name).state
        if state is not Openness.OPEN:
            found.append(f"{_SHOWN[name]} ({'nothing found' if state is Openness.UNKNOWN else state.value})")
    return found


def lowest(levels: Iterable[Level]) -> Level:
    """The lowest of some levels: closed, unknown, restrictive, permissive, fully open."""
    return min(levels, key=_LEVELS.index)


def osaid(freedom: Freedom, artefacts: Artefacts) -> OpenSourceAI:
    """The three requirements of the Open Source AI Definition 1.0: met, not met, or not established.

    Data information is met by the data themselves too. Each must come under terms that OSI accepts; for the parameters
    that is the license of the weights.
    """
    parameters = None if freedom is Freedom.UNKNOWN else freedom is Freedom.FREE
    if artefacts.weights.state is Openness.NONE:
        parameters = False
    data = _met(artefacts.data_information.state)
    return OpenSourceAI(
        data_information=True if artefacts.data.state is Openness.OPEN else data,
        code=_met(artefacts.code.state),
        parameters=parameters,
    )


def _met(state: Openness) -> bool | None:
    return None if state is Openness.UNKNOWN else state is Openness.OPEN


def best_level(freedom: Freedom, rules: Rulebook) -> Level:
    """The best level that weights under a license of some freedom reach by themselves, data and code left aside."""
    return rules.levels.row(subject=Subject.WEIGHTS, released=True, freedom=freedom, complete=False).level

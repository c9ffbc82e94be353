"""One license for people at a terminal: what it is, where it differs, and its clauses by what they do to the user."""

from collections.abc import Iterator
from typing import TextIO

from rich.console import Console
from rich.text import Text

from licscan.licenses import TextReading
from licscan.model import Clause
from licscan.reports import lines
from licscan.rulebook import ClauseGroup, Rulebook
from licscan.text import count, excerpt, printable

_DEVIATIONS = 12
_GROUPS = {
    ClauseGroup.PERMISSION: "Permissions",
    ClauseGroup.CONDITION: "Conditions",
    ClauseGroup.LIMITATION: "Limitations",
    ClauseGroup.OTHER: "Other terms",
}


def write(path: str, reading: TextReading, rules: Rulebook, stream: TextIO) -> None:
    """Write what a license is and says.

    Args:
        path: What it was asked for as.
        reading: What was found.
        rules: The rule base.
        stream: Where to.
    """
    console = lines.console(stream)
    console.print(Text.assemble((printable(path), "bold"), "  ", _what(reading)))
    for line in _head(reading):
        lines.say(console, line, 2)
    for group, title in _GROUPS.items():
        clauses = [clause for clause in reading.clauses if rules.clauses[clause.id].group is group]
        if clauses:
            console.print(Text(f"\n  {title}", style="bold"))
            for clause in clauses:
                _clause(console, clause, rules)
    if reading.match.deviations:
        _deviations(console, reading)
    console.print()
    lines.say(console, lines.NO_ADVICE, style="dim")


def _what(reading: TextReading) -> str:
    match, record = reading.match, reading.record
    if record is None and reading.pointer:
        more = "" if reading.pointer.alone else ", and says more"
        return f"no license itself: it names {reading.pointer.title}{more}"
    if record is None:
        return "no license that the rule base knows"
    if match.match == "exact":
        return f"{record.title}, word for word"
    if match.same_terms:
        return f"{record.title}: its terms word for word, with other words around them"
    if match.match == "none":
        return f"{record.title}, from its record"
    return f"{'a part of' if match.part else 'an altered copy of'} {record.title} ({match.confidence:.0%} the same)"


def _head(reading: TextReading) -> Iterator[str]:
    candidate = f" (would be {reading.candidate}, were that all that it says)" if reading.candidate else ""
    yield f"freedom {reading.freedom}{candidate}, reciprocity {reading.reciprocity}"
    if reading.pointer:
        said = reading.pointer.evidence
        line = f"line {said.lines[0]}: " if said.lines else ""
        yield f'{line}"{excerpt(said.quote or "")}"'
        if names := sorted(reading.pointer.reading.named):
            yield f"what that says: licscan license {' '.join(names)}"
    if not reading.language_read:
        yield "neither in English nor in Chinese: what it says was hardly looked for"
    if reading.match.twins:
        yield f"it may as well have been taken from {', '.join(reading.match.twins)}: its words do not tell"
    if reading.match.also:
        yield f"the same text also holds {', '.join(reading.match.also)}"


def _clause(console: Console, clause: Clause, rules: Rulebook) -> None:
    shown = ", ".join(f"{name} {_value(value)}" for name, value in clause.values.items())
    lines.say(console, f"{rules.clauses[clause.id].title}{f': {shown}' if shown else ''}", 4)
    section = f"section {clause.evidence.section}" if clause.evidence.section else ""
    line = f"line {clause.evidence.lines[0]}" if clause.quote and clause.evidence.lines else ""
    where = ", ".join(filter(None, (section, line))) or (clause.evidence.path or "")
    quote = f': "{excerpt(clause.quote)}"' if clause.quote else ""
    lines.say(console, f"{where}{quote}", 6, "dim")


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _deviations(console: Console, reading: TextReading) -> None:
    found = reading.match.deviations
    console.print(Text(f"\n  Differs in {count(len(found), 'place')}", style="bold"))
    for one in found[:_DEVIATIONS]:
        where = f"line {one.line_start}" if one.line_start else f"sentence {(one.index or 0) + 1} of the license"
        lines.say(console, f"{one.kind}, {where}{f': {excerpt(one.quote)}' if one.quote else ''}", 4)
    if len(found) > _DEVIATIONS:
        lines.say(console, f"and {len(found) - _DEVIATIONS} more", 4)

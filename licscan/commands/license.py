"""`licscan license`: which license a text is, and what it says."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from licscan.commands.output import opened
from licscan.errors import LicscanError, UnreadableError, UsageError
from licscan.formats.bounded import decode, read_file
from licscan.licenses import TextReading, read_record, read_text
from licscan.model import Evidence
from licscan.openness import best_level
from licscan.readings import remembering
from licscan.reports import FORMATS
from licscan.rulebook import Rulebook, load

_LONGEST = 4 << 20


@click.command(epilog="Exit codes: 0 done; 2 wrong call or rules, or a file that cannot be read.")
@click.argument("targets", nargs=-1, required=True, metavar="FILE|ID|-...")
@click.option("--detect", is_flag=True, help="Leave the records aside, and answer from the words alone.")
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="Write there instead.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.pass_context
def command(context: click.Context, targets: tuple[str, ...], *, detect: bool, output: Path | None, form: str) -> None:
    """Say which license a text is, where it differs from that, and what it says.

    A FILE is a license text in any usual encoding, - one on standard input; an ID is a license as SPDX, the Hub or this
    rule base names it. Of a file that is no license but names one, it says which, and whether it says more.

    \b
    Examples:
      licscan license LICENSE
      licscan license llama3.1 apache-2.0
      licscan license --detect --format json LICENSE
    """
    rules = remembering(load())
    troubles: list[LicscanError] = []
    readings = _read(targets, rules, troubles, detect=detect)
    with opened(output, form) as stream:
        if form == "json":
            rows = [_plain(path, reading, rules) for path, reading in readings]
            stream.write(json.dumps({"schema_version": 1, "licenses": rows}, indent=2, ensure_ascii=False) + "\n")
        else:
            from licscan.reports import license as terminal  # noqa: PLC0415 - rich, for people only

            for path, reading in readings:
                terminal.write(path, reading, rules, stream)
    for trouble in troubles:
        click.echo(f"licscan: {trouble}", err=True)
    context.exit(UsageError.exit_code if troubles else 0)


def _read(
    targets: tuple[str, ...], rules: Rulebook, troubles: list[LicscanError], *, detect: bool
) -> Iterator[tuple[str, TextReading]]:
    for target in targets:
        try:
            yield target, reading_of(target, rules, detect=detect)
        except LicscanError as error:
            troubles.append(error)


def reading_of(target: str, rules: Rulebook, *, detect: bool = False) -> TextReading:
    """What a license file, text on standard input (`-`), or license by name says.

    Raises:
        UsageError: It is neither a file nor a license that the rule base knows.
    """
    if target == "-":
        data = sys.stdin.buffer.read(_LONGEST)
    elif Path(target).exists():
        try:
            data = read_file(Path(target), _LONGEST).data
        except UnreadableError as error:
            raise UsageError(error.what, where=ascii(target), remedy="give a readable text file") from error
    else:
        reading = read_record(target, rules)
        if reading is None:
            remedy = "check the path, or see the ids in rules/licenses"
            raise UsageError(
                "neither a file nor a license that the rule base knows", where=ascii(target), remedy=remedy
            )
        return reading
    at = Evidence(source="file", path=None if target == "-" else target)
    return read_text(decode(data), rules, at, detect=detect)


def _plain(path: str, reading: TextReading, rules: Rulebook) -> dict[str, Any]:
    """The contract of `licscan license --format json`."""
    match = reading.match
    return {
        "path": path,
        "id": match.id,
        "title": reading.record.title if reading.record else None,
        "match": match.match,
        "confidence": match.confidence,
        "part": match.part,
        "also": list(match.also),
        "twins": list(match.twins),
        "names": _names(reading),
        "freedom": reading.freedom.value,
        "candidate": reading.candidate.value if reading.candidate else None,
        "reciprocity": reading.reciprocity.value,
        "level": best_level(reading.freedom, rules).value,
        "clauses": [
            {
                "id": clause.id,
                "values": clause.values,
                "quote": clause.quote,
                "section": clause.evidence.section,
                "line_start": clause.evidence.lines[0] if clause.quote and clause.evidence.lines else None,
                "line_end": clause.evidence.lines[1] if clause.quote and clause.evidence.lines else None,
            }
            for clause in reading.clauses
        ],
        "language_read": reading.language_read,
        "deviations": [asdict(one) for one in match.deviations],
    }


def _names(reading: TextReading) -> dict[str, Any] | None:
    """What a text names as the license, where it is none itself."""
    if reading.pointer is None:
        return None
    said = reading.pointer.evidence
    return {
        "expression": reading.pointer.reading.expression,
        "title": reading.pointer.title,
        "alone": reading.pointer.alone,
        "quote": said.quote,
        "line_start": said.lines[0] if said.lines else None,
        "line_end": said.lines[1] if said.lines else None,
    }

"""`licscan diff`: what changes from one license to another."""

import json
from pathlib import Path

import click

from licscan.commands.license import reading_of
from licscan.commands.output import opened
from licscan.licenses import Change, TextReading, compare
from licscan.model import Clause
from licscan.reports import FORMATS
from licscan.rulebook import Rulebook, load
from licscan.text import excerpt, printable


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="Write there instead.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
def command(first: str, second: str, *, output: Path | None, form: str) -> None:
    """Show what becomes allowed, forbidden and owed from one license to another.

    A and B are license texts, or licenses as SPDX, the Hub or this rule base names them.

    \b
    Examples:
      licscan diff llama3 llama3.1
      licscan diff apache-2.0 ./LICENSE --format json
    """
    rules = load()
    readings = [reading_of(target, rules) for target in (first, second)]
    changes = compare(readings[0], readings[1], rules)
    with opened(output, form) as stream:
        if form == "json":
            rows = [_plain(change) for change in changes]
            names = [_name(target, reading) for target, reading in zip((first, second), readings, strict=True)]
            stream.write(json.dumps({"schema_version": 1, "from": names[0], "to": names[1], "changes": rows}, indent=2))
            stream.write("\n")
            return
        for line in _lines((first, second), readings, changes, rules):
            stream.write(printable(line) + "\n")


def _lines(
    targets: tuple[str, str], readings: list[TextReading], changes: tuple[Change, ...], rules: Rulebook
) -> list[str]:
    one, other = (_name(target, reading) for target, reading in zip(targets, readings, strict=True))
    lines = [f"{one} -> {other}"]
    if readings[0].freedom is not readings[1].freedom:
        lines.append(f"freedom {readings[0].freedom} -> {readings[1].freedom}")
    if not changes:
        lines.append("no term that this rule base knows differs")
    last = ""
    for change in changes:
        if change.kind != last:
            lines.append(f"{change.kind}:")
            last = change.kind
        before = f" (before: {_values(change.before)})" if change.before else ""
        lines.append(
            f"  {rules.clauses[change.clause.id].title}: {_values(change.clause)}{before}".replace(":  ", ": ")
        )
        if change.clause.quote:
            lines.append(f'    "{excerpt(change.clause.quote, 160)}"')
    return [*lines, "licscan informs; it gives no legal advice."]


def _values(clause: Clause) -> str:
    return ", ".join(f"{name} {value}" for name, value in clause.values.items()) or "yes"


def _name(target: str, reading: TextReading) -> str:
    return reading.record.title if reading.record else target


def _plain(change: Change) -> dict[str, object]:
    before = change.before.values if change.before else None
    clause = change.clause
    return {"kind": change.kind, "clause": clause.id, "values": clause.values, "before": before, "quote": clause.quote}

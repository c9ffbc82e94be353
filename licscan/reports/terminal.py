"""For people at a terminal: a table that fits, then what contradicts, what is owed, what could not be established."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from licscan.hub_renames import identity
from licscan.model import (
    Assessment,
    Conflict,
    Finding,
    Gap,
    GapId,
    Level,
    Mention,
    ModelRef,
    Report,
)
from licscan.reports import lines
from licscan.reports.sections import level_of, license_of, name_of, section, shown, statements
from licscan.text import count

WIDE = 120

_PLACES = 3  # of a model, where it is named
_EXAMPLES = 3
_MOST_ERRORS = 10
_MOST_TWINS = 20
_ROWS = 200


def write(report: Report, stream: TextIO, *, verbose: bool = False, saved_in: str | None = None) -> None:
    """Write a report for a terminal; color only where the stream is one.

    Args:
        report: The report.
        stream: Where to.
        verbose: Say of every model why, what is owed, and what is open.
        saved_in: The database that keeps the run.
    """
    console = lines.console(stream)
    open_questions = _OpenQuestions()
    conflicts: list[tuple[str, tuple[Conflict, ...]]] = []
    # One pass, some rows at a time: a run of ten thousand models is read from the database, and never all at hand.
    for number, models in enumerate(_batches(report.models)):
        table = _table(console.width, header=number == 0)
        for model in models:
            _row(table, model, wide=console.width >= WIDE)
            open_questions.add(name_of(model), model.gaps)
            if model.conflicts and not verbose:
                conflicts.append((name_of(model), model.conflicts))
        console.print(table)
    for line in _totals(report):
        console.print(line)
    objected = _by_model(report.findings)
    if verbose:
        for model in report.models:
            section(console, model, report.mentions, objected.get(model.ref, []))
        for gap in report.gaps:
            console.print()
            lines.say(console, f"not looked at: {gap.why} ({gap.id.remedy})")
    else:
        _mentions(console, report.mentions)
        _conflicts(console, conflicts)
        _findings(console, report.findings)
        open_questions.add("", report.gaps)
        open_questions.print(console)
    _twins(console, report.summary.get("same_weights"))
    console.print()
    if saved_in and report.run is not None:
        lines.say(console, f"Run {report.run} is kept in {saved_in}.", style="dim")
    lines.say(console, f"{lines.NO_ADVICE} Rules {report.tool.rules}, licscan {report.tool.version}.", style="dim")


def _batches(models: Sequence[Assessment]) -> Iterator[tuple[Assessment, ...]]:
    """The models, some at a time; one empty lot where there are none, so that a table is shown all the same."""
    left = iter(models)
    batch = tuple(islice(left, _ROWS))
    while True:
        yield batch
        batch = tuple(islice(left, _ROWS))
        if not batch:
            return


def _table(width: int, *, header: bool) -> Table:
    """One row a model. The columns of numbers keep their width; names and licenses share what is left, and fold."""
    wide = width >= WIDE
    table = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, expand=True, show_edge=False, padding=(0, 2, 0, 0), show_header=header
    )
    table.add_column("Model", overflow="fold", ratio=3)
    table.add_column("Level", width=max(len(shown(level, short=not wide)) for level in Level))
    table.add_column("License", overflow="fold", ratio=2)
    if wide:
        table.add_column("Why", ratio=6)
    for name in ("Owed", "Conflicts" if wide else "Confl.", "Gaps"):
        table.add_column(name, justify="right", width=len(name))
    return table


def _row(table: Table, model: Assessment, *, wide: bool) -> None:
    cells = [lines.harmless(name_of(model)), level_of(model.level, short=not wide), lines.harmless(license_of(model))]
    if wide:
        cells.append(lines.harmless(model.level_reasons[-1] if model.level_reasons else ""))
    duties = len({duty.text for duty in model.obligations})
    unknown = not duties and model.license.spdx is None
    numbers = ("?" if unknown else duties or "-", len(model.conflicts) or "-", len(model.gaps) or "-")
    table.add_row(*cells, *(lines.harmless(str(number)) for number in numbers))


def _totals(report: Report) -> Iterator[Text]:
    levels = report.summary.get("levels", {})
    shown = [f"{number} {name}" for name, number in levels.items() if number] if isinstance(levels, dict) else []
    yield Text()
    yield lines.harmless(f"{count(len(report.models), 'model')}: {', '.join(shown)}" if shown else "no models", "bold")


def _mentions(console: Console, mentions: Sequence[Mention]) -> None:
    """Every model that files name, once, with its places."""
    named: dict[tuple[str, str], list[Mention]] = {}
    for one in mentions:
        named.setdefault(identity(one.ref.scheme, one.ref.name), []).append(one)
    if not named:
        return
    console.print()
    console.print(lines.harmless("Named in (-v says all)", "bold"))
    for some in named.values():
        ref = some[0].ref.at(None)
        where = ", ".join(f"{one.path}:{one.line}" for one in some[:_PLACES])
        more = f" and {len(some) - _PLACES} more" if len(some) > _PLACES else ""
        lines.say(console, f"{ref.name if ref.scheme == 'hf' else ref}: {where}{more}", 2)


def _conflicts(console: Console, troubled: list[tuple[str, tuple[Conflict, ...]]]) -> None:
    if not troubled:
        return
    console.print()
    console.print(lines.harmless("Statements that exclude each other", "bold"))
    for name, conflicts in troubled:
        console.print(lines.harmless(f"  {name}"))
        statements(console, conflicts)


def _twins(console: Console, same: Any) -> None:
    """Weight files that several models share, byte for byte: one model under several names, and perhaps licenses."""
    if not same:
        return
    console.print()
    console.print(lines.harmless("The same weights, byte for byte", "bold"))
    for files in same[:_MOST_TWINS]:
        for number, file in enumerate(files):
            lines.say(console, f"is {file}" if number else file, 6 if number else 2)
    if len(same) > _MOST_TWINS:
        lines.say(console, f"and {len(same) - _MOST_TWINS} more", 2)


def _by_model(findings: Iterable[Finding]) -> dict[ModelRef | None, list[Finding]]:
    found: dict[ModelRef | None, list[Finding]] = {}
    for finding in findings:
        # Of a model that is named in several places, each objection once.
        some = found.setdefault(finding.model, [])
        if all(finding.fingerprint != other.fingerprint for other in some):
            some.append(finding)
    return found


def _findings(console: Console, findings: Sequence[Finding]) -> None:
    """What the policy objects to: errors one by one, of the rest how many there are."""
    found = [finding for some in _by_model(findings).values() for finding in some if finding.waiver is None]
    errors = [finding for finding in found if finding.severity == "error"]
    counts = Counter(finding.severity for finding in found)
    if not found:
        return
    console.print()
    shown = ", ".join(count(counts[name], name) for name in ("error", "warning", "note") if counts[name])
    console.print(lines.harmless(f"What the policy objects to (-v says all): {shown}", "bold"))
    for finding in errors[:_MOST_ERRORS]:
        lines.say(console, f"{finding.rule}: {finding.message}", 2)
        lines.say(console, finding.remedy, 6, "dim")
    if len(errors) > _MOST_ERRORS:
        lines.say(console, f"and {len(errors) - _MOST_ERRORS} more errors", 2)


class _OpenQuestions:
    """Every kind of gap once, with how many there are and what to do; of what could not be looked at, some examples."""

    def __init__(self) -> None:
        self._numbers: Counter[GapId] = Counter()
        self._examples: dict[GapId, list[tuple[str, Gap]]] = {}

    def add(self, name: str, gaps: Iterable[Gap]) -> None:
        # Of one model each kind once; what belongs to no model, each by itself.
        for gap in {gap.id: gap for gap in gaps}.values() if name else gaps:
            self._numbers[gap.id] += 1
            examples = self._examples.setdefault(gap.id, [])
            if len(examples) < _EXAMPLES:
                examples.append((name, gap))

    def print(self, console: Console) -> None:
        if not self._numbers:
            return
        console.print()
        console.print(lines.harmless("Could not be established (-v says all)", "bold"))
        for kind, number in sorted(self._numbers.items(), key=lambda item: (not item[0].unfinished, -item[1])):
            examples = self._examples[kind]
            lines.say(console, f"{kind} ({number}): {examples[0][1].what}; {kind.remedy}", 2)
            for name, gap in examples if kind.unfinished else ():
                lines.say(console, f"{name}: {gap.why}" if name else gap.why, 6, "dim")
            if kind.unfinished and number > len(examples):
                lines.say(console, f"and {number - len(examples)} more", 6, "dim")

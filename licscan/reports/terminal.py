"""For people at a terminal: a table that fits, then what contradicts, what is owed, what could not be established."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from licscan.model import (
    Artefact,
    Artefacts,
    Assessment,
    Claim,
    Conflict,
    Evidence,
    Gap,
    GapId,
    Level,
    Obligation,
    Openness,
    Report,
)
from licscan.reports import lines
from licscan.text import count

WIDE = 120

_COLORS = {
    Level.FULLY_OPEN: "bold green",
    Level.PERMISSIVE: "green",
    Level.RESTRICTIVE: "yellow",
    Level.UNKNOWN: "magenta",
    Level.CLOSED: "red",
}
_SHORT = {Level.PERMISSIVE: "permissive"}
_ALL = 5  # a duty of five activities is one of any use
_MATCHES = {"tag": "by name", "exact": "word for word", "modified": "altered", "none": "not at all"}
_EXAMPLES = 3
_ROWS = 200
_RECORDS = "rules/licenses/"
_LONGEST_REVISION = 12


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
            open_questions.add(_name(model), model.gaps)
            if model.conflicts and not verbose:
                conflicts.append((_name(model), model.conflicts))
        console.print(table)
    for line in _totals(report):
        console.print(line)
    if verbose:
        for model in report.models:
            _section(console, report, model)
        for gap in report.gaps:
            console.print()
            lines.say(console, f"not looked at: {gap.why} ({gap.id.remedy})")
    else:
        _conflicts(console, conflicts)
        open_questions.add("", report.gaps)
        open_questions.print(console)
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
    table.add_column("Level", width=max(len(_shown(level, short=not wide)) for level in Level))
    table.add_column("License", overflow="fold", ratio=2)
    if wide:
        table.add_column("Why", ratio=6)
    for name in ("Owed", "Conflicts" if wide else "Confl.", "Gaps"):
        table.add_column(name, justify="right", width=len(name))
    return table


def _row(table: Table, model: Assessment, *, wide: bool) -> None:
    cells = [lines.harmless(_name(model)), _level(model.level, short=not wide), lines.harmless(_license(model))]
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


def _conflicts(console: Console, troubled: list[tuple[str, tuple[Conflict, ...]]]) -> None:
    if not troubled:
        return
    console.print()
    console.print(lines.harmless("Statements that exclude each other", "bold"))
    for name, conflicts in troubled:
        console.print(lines.harmless(f"  {name}"))
        _statements(console, conflicts)


def _statements(console: Console, conflicts: Iterable[Conflict]) -> None:
    for conflict in conflicts:
        for number, statement in enumerate(conflict.statements):
            where = statement.evidence.path or statement.evidence.source
            line = f":{statement.evidence.lines[0]}" if statement.evidence.lines else ""
            mark = "read as" if number == 0 else "against"
            if conflict.id == "checksum":
                # What is so of a file on this disk stands last, and what others promise of it before.
                mark = "is" if statement is conflict.statements[-1] else "promised"
                where = statement.evidence.source
            lines.say(console, f"{mark} {statement.says}, in {where}{line}", 4)


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


def _section(console: Console, report: Report, model: Assessment) -> None:
    console.print()
    console.print(Text.assemble(lines.harmless(_name(model), "bold"), "  ", _level(model.level, short=False)))
    rows: list[tuple[str, str]] = [("why", reason) for reason in model.level_reasons]
    rows += [
        ("named in", f"{one.path}:{one.line}") for one in report.mentions if one.ref.at(None) == model.ref.at(None)
    ]
    rows += [("license", _license_line(model))]
    rows += [("note", note) for note in model.notes]
    rows += [("stated", _claim_line(claim)) for claim in model.license.claims]
    rows += [("base", f"{link.base} ({link.relation}): {link.level or 'not looked at'}") for link in model.lineage]
    rows += [("artefacts", line) for line in _artefacts(model)]
    rows += [("threshold", f"{one.limit}; {_status(one.status)} ({_place(one.evidence)})") for one in model.thresholds]
    rows += [("owed", line) for line in _duties(model)]
    rows += [("open", f"{gap.what}: {gap.why} ({gap.id.remedy})") for gap in model.gaps]
    label = max(len(name) for name, _ in rows)
    previous = ""
    for name, line in rows:
        for number, part in enumerate(lines.wrapped(line, console.width - label - 3)):
            shown = name if number == 0 and name != previous else ""
            console.print(Text.assemble((f"  {shown:<{label}} ", "dim"), part))
        previous = name
    if model.conflicts:
        lines.say(console, "statements that exclude each other:", 2)
        _statements(console, model.conflicts)


def _duties(model: Assessment) -> Iterator[str]:
    """Each duty once, with the activities that trigger it and the bases that it comes from."""
    duties: dict[str, list[Obligation]] = {}
    for duty in model.obligations:
        duties.setdefault(duty.text, []).append(duty)
    for text, some in duties.items():
        when = list(dict.fromkeys(str(duty.activity) for duty in some if duty.activity))
        shown = ", ".join(when) if 0 < len(when) < _ALL else "any use"
        places = ", ".join(dict.fromkeys(_place(duty.evidence) for duty in some))
        bases = list(dict.fromkeys(duty.inherited_from for duty in some if duty.inherited_from))
        also = "also " if any(duty.inherited_from is None for duty in some) else ""
        source = f" ({also}from {', '.join(bases)})" if bases else ""
        depends = "; may depend on a number of yours" if any(duty.status == "tell-us" for duty in some) else ""
        yield f"{text} [{shown}] ({places}){source}{depends}"


def _artefacts(model: Assessment) -> Iterator[str]:
    """What was published, with the page that says so; nothing where nothing is known."""
    for name in Artefacts.model_fields:
        artefact: Artefact = getattr(model.artefacts, name)
        if artefact.state is not Openness.UNKNOWN:
            note = f": {artefact.note}" if artefact.note else ""
            where = f" ({_place(artefact.evidence)})" if artefact.evidence else ""
            yield f"{name.replace('_', ' ')} {artefact.state}{note}{where}"


def _place(evidence: Evidence) -> str:
    """Where something stands: the page, or the file with its section or line."""
    path = evidence.path or evidence.source
    if path.startswith(_RECORDS):
        path = path.removeprefix(_RECORDS).removesuffix(".yaml")
    line = f":{evidence.lines[0]}" if evidence.lines and not evidence.section else ""
    return evidence.url or f"{path}{line}{', ' + evidence.section if evidence.section else ''}"


def _license_line(model: Assessment) -> str:
    known = model.license
    if known.title is None:
        return f"not established: {model.unknown_reason}" if model.unknown_reason else "not established"
    how = f"freedom {known.freedom}, reciprocity {known.reciprocity}; recognised {_MATCHES[known.match]}"
    review = known.reviewed
    looked = f"; record reviewed by {review.role} ({review.by}, {review.on})" if review else ""
    return f"{known.title}, {known.spdx}; {how}{looked}"


def _claim_line(claim: Claim) -> str:
    where = claim.evidence.path or claim.evidence.source
    line = f":{claim.evidence.lines[0]}" if claim.evidence.lines else ""
    meaning = "" if claim.expression == claim.stated else f" -> {claim.expression or 'not recognised'}"
    return f"{claim.place}, for {claim.subject}: {claim.stated}{meaning} ({where}{line})"


def _status(status: str) -> str:
    return "tell us your number" if status == "tell-us" else status


def _name(model: Assessment) -> str:
    # The digest of a folder tells a reader nothing; a commit, a tag or a day does.
    revision = model.ref.revision or ""
    shown = "" if revision.startswith("tree-") else f"@{revision[:_LONGEST_REVISION]}" if revision else ""
    ref = model.ref.at(None)
    return f"{ref.name if ref.scheme == 'hf' else ref}{shown}"


def _license(model: Assessment) -> str:
    known = model.license
    if known.spdx is None:
        return str(model.unknown_reason or "-")
    return known.id if known.id and known.spdx.startswith("LicenseRef-") else known.spdx


def _level(level: Level, *, short: bool) -> Text:
    return Text(_shown(level, short=short), style=_COLORS[level])


def _shown(level: Level, *, short: bool) -> str:
    return _SHORT.get(level, level.value) if short else level.value

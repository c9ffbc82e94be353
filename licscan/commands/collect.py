"""`licscan collect`: the reports of many repositories, kept as one run of one database."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from licscan.clock import clock
from licscan.collecting import Gathered, Named, Source, described, gather, merged, winners
from licscan.commands.options import common
from licscan.commands.output import opened
from licscan.errors import LicscanError, UsageError
from licscan.store import Part, Store
from licscan.text import count, printable


@click.command(
    epilog="Exit codes: 0 done; 2 a report cannot be read: it is named, and the others are kept; 4 there is none."
)
@click.argument("reports", nargs=-1, required=True, metavar="[NAME=]REPORT...")
@common
@click.pass_context
def command(
    context: click.Context, reports: tuple[str, ...], *, form: str, output: Path | None, db: str | None
) -> None:
    """Keep the reports of many repositories as one run, for an audit of them all.

    A REPORT is what `licscan check --format json` or `licscan scan --format json` wrote, or a folder of such files.
    Places begin with the name of the repository: NAME, else what the report says of itself (GITHUB_REPOSITORY or
    CI_PROJECT_PATH where it was made), else where the file lies. Of several reports of one repository the newest
    counts; of several reports that know the same commit of a model, too.

    \b
    Examples:
      licscan collect reports/ --db audit.db
      licscan collect payments=a.json search=b.json
    """
    asked = [one for report in reports for one in _named(report)]
    if not asked:
        raise UsageError("holds no .json", where=ascii(", ".join(reports)), remedy="name reports, or a folder of them")
    gathered = gather(asked)
    with Store(db) as store:
        run, kept, troubles = _kept(store, gathered)
        for note in gathered.notes:
            click.echo(f"licscan: {printable(note)}", err=True)
        for trouble in troubles:
            click.echo(f"licscan: {printable(str(trouble))}", err=True)
        if run is not None:
            _say(store, run, kept, form, output)
    context.exit(UsageError.exit_code if troubles else 0)


def _named(report: str) -> Iterator[Named]:
    """The files that an argument means: a path that is there, NAME and a path, or all reports below a folder."""
    path, name = Path(report), None
    if not path.exists() and "=" in report:
        name, _, rest = report.partition("=")
        path = Path(rest)
    if not path.is_dir():
        yield Named(name, path)
        return
    for file in sorted(path.rglob("*.json")):
        yield Named(name, file)


def _kept(store: Store, gathered: Gathered) -> tuple[int | None, Sequence[Source], list[LicscanError]]:
    """The run of the reports that can be kept, which those are, and what is wrong with the others."""
    sources, troubles = list(gathered.sources), list(gathered.troubles)
    while sources:
        wins = winners(sources)
        parts = (Part(str(one.file), merged(one, wins[one.file])) for one in sources)
        rules = {one.rules for one in sources}
        request = ["collect", *(f"{one.repository} {one.created.isoformat()} {one.sha256}" for one in sources)]
        shown = rules.pop() if len(rules) == 1 else "several"
        try:
            here = str(Path.cwd())
            run = store.collect(parts, request=request, directory=here, rules=shown[:60], now=clock())
        except LicscanError as error:  # one that no database keeps, or that is no longer what it was
            troubles.append(error)
            rest = [one for one in sources if str(one.file) != error.where]
            if len(rest) == len(sources):
                raise
            sources = rest
        else:
            return run, sources, troubles
    return None, (), troubles


def _say(store: Store, run: int, sources: Sequence[Source], form: str, output: Path | None) -> None:
    made = store.load(run)
    with opened(output, form) as stream:
        if form == "json":
            from licscan.reports import json  # noqa: PLC0415 - one report each time

            json.write(made, stream)
            return
        failing = sum(one.outcome == "fail" for one in sources)
        head = f"{count(len(sources), 'repository', 'repositories')}, {count(len(made.models), 'model')}"
        head += f", {count(len(made.mentions), 'mention')}; {failing} of {len(sources)} fail"
        stream.write(f"run {run}: {head}\n")
        for one in sorted(sources, key=lambda one: (one.outcome != "fail", one.repository)):
            stream.write(f"  {printable(described(one))}\n")
        if store.kept_in:
            stream.write(f"kept in {printable(store.kept_in)}\n")

"""`licscan scan`: look at models, keep what was found, print it."""

import itertools
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from licscan.commands.options import common, opened
from licscan.errors import UsageError
from licscan.model import Assessment, Report
from licscan.reports import json, terminal
from licscan.rulebook import load
from licscan.scan import Scan, Seen, Settings, Targets, clock, report, threads
from licscan.store import Store

_INCOMPLETE = 3
_NOTHING = 4


@click.command(
    epilog="Exit codes: 0 done; 2 wrong call or rules; 3 with --strict, something could not be looked at; "
    "4 nothing was found to look at."
)
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option("--offline", is_flag=True, help="Ask no network.")
@click.option("--strict", is_flag=True, help="Exit with 3 where something could not be looked at.")
@click.option("--refresh", is_flag=True, help="Look at everything anew, whatever the database holds.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="How many models at a time.")
@click.option("-q", "--quiet", is_flag=True, help="Print no progress.")
@click.option("-v", "--verbose", is_flag=True, help="Say of every model why, and where that stands.")
@common
@click.pass_context
def command(
    context: click.Context,
    targets: tuple[str, ...],
    *,
    offline: bool,
    strict: bool,
    refresh: bool,
    jobs: int,
    form: str,
    output: Path | None,
    db: str | None,
    quiet: bool,
    verbose: bool,
) -> None:
    """Look at models: their licenses, their openness, what they ask of you.

    A TARGET is a model (org/name, org/name@revision, ollama:name, api:provider/name), a file or folder of weights, a
    folder of such folders, a source tree that names models, or - for a list of targets on standard input.

    \b
    Examples:
      licscan scan ./models
      licscan scan meta-llama/Llama-3.1-8B --offline
      licscan scan . --format json --output report.json
    """
    rules = load()
    settings = Settings(offline=offline, refresh=refresh)
    with Store(db) as store:
        scan = Scan(rules, settings, store)
        listed = _listed(targets)
        found = scan.find(listed)
        if found.troubles and not found.refs:
            context.exit(_troubled(found))
        run = store.begin([*listed, f"offline={offline}"], str(Path.cwd()), rules.version, settings.now)
        seen = _kept(
            store, run, _shown(scan.look(found.refs, threads(jobs) if jobs > 1 else map), len(found.refs), quiet=quiet)
        )
        made = report(tuple(seen), found, rules, settings.now, run)
        store.finish(run, clock(), len(made.models), mentions=found.mentions, gaps=found.gaps)
    with opened(output, form) as stream:
        if form == "json":
            json.write(made, stream)
        else:
            terminal.write(made, stream, verbose=verbose, saved_in=store.kept_in)
    context.exit(_exit_code(found, made, strict=strict))


def _listed(targets: tuple[str, ...]) -> list[str]:
    """The targets, `-` replaced by the lines of standard input."""
    return list(itertools.chain.from_iterable(_lines() if target == "-" else [target] for target in targets))


def _lines() -> Iterator[str]:
    for line in sys.stdin:
        text = line.partition("#")[0].strip()
        if text:
            yield text


def _kept(store: Store, run: int, seen: Iterable[Seen]) -> Iterator[Assessment]:
    for position, one in enumerate(seen):
        store.save(run, position, one.model, one.assessment)
        yield one.assessment


def _shown(seen: Iterator[Seen], total: int, *, quiet: bool) -> Iterator[Seen]:
    """The models, with progress on standard error where that is a terminal."""
    if quiet or not sys.stderr.isatty() or "TERM" not in os.environ:
        yield from seen
        return
    from licscan.commands.progress import bar  # noqa: PLC0415 - 60 ms, for people who watch

    yield from bar(seen, total)


def _troubled(found: Targets) -> int:
    for trouble in found.troubles:
        click.echo(f"licscan: {trouble}", err=True)
    return UsageError.exit_code


def _exit_code(found: Targets, made: Report, *, strict: bool) -> int:
    if found.troubles:
        return _troubled(found)
    gaps = itertools.chain(made.gaps, *(model.gaps for model in made.models))
    if strict and any(gap.id.unfinished for gap in gaps):
        return _INCOMPLETE
    return 0 if made.models else _NOTHING

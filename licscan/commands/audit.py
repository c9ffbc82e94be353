"""`licscan audit`: the document that counsel reads, asks back about, and signs."""

import datetime
import importlib
from pathlib import Path
from typing import Any

import click

from licscan.audit import BINARY, FOLDERS, FORMATS, Dossier
from licscan.audit.dossier import Earlier
from licscan.audit.entries import Basis
from licscan.audit.filters import Filters
from licscan.audit.gather import gather
from licscan.audit.judging import Before
from licscan.clock import clock
from licscan.commands.output import opened
from licscan.commands.subjects import Subjects, Wanted, about, subjects
from licscan.errors import UsageError
from licscan.judge import chosen
from licscan.model import Assessment, Level, Tool
from licscan.store import Begun, Store

_INCOMPLETE = 3
_NOTHING = 4


@click.command(
    epilog="Exit codes: 0 done; 1 an error that nobody let pass; 2 wrong call, configuration or rules; 3 with "
    "--strict, something could not be looked at; 4 there is no model to audit."
)
@about
@click.option("--since", metavar="RUN|DATE|last", help="Show what changed since a run, a day, or the run before.")
@click.option("--model", "models", multiple=True, metavar="GLOB", help="Only models of that name, such as 'acme/*'.")
@click.option("--level", "levels", multiple=True, type=click.Choice([one.value for one in Level]), help="Only these.")
@click.option("--finding", "findings", multiple=True, metavar="RULE", help="Only models with a finding of that rule.")
@click.option("--strict", is_flag=True, help="Exit with 3 where something could not be looked at.")
@click.option("--output", metavar="FILE|FOLDER", type=click.Path(path_type=Path), help="Write there instead.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="html", show_default=True)
@click.pass_context
def command(
    context: click.Context,
    *,
    wanted: Wanted,
    since: str | None,
    models: tuple[str, ...],
    levels: tuple[str, ...],
    findings: tuple[str, ...],
    strict: bool,
    output: Path | None,
    form: str,
) -> None:
    """Write the document for legal review: each model, what it asks of you, what is open, who decided what.

    Without a TARGET it is about the last run of the database, and no network is asked. A TARGET is one of licscan scan,
    looked at now; or a folder with a licscan.lock, of which the lock alone is read. --format csv writes several tables
    into the folder that --output names.

    \b
    Examples:
      licscan audit --output audit.html
      licscan audit --since 2026-03-01 --what-if monthly_active_users=2M --what-if territories=EU --output audit.html
      licscan audit ./service --format markdown
      licscan audit --level unknown --format csv --output audit/
    """
    if form in (*BINARY, *FOLDERS) and output is None:
        raise UsageError(f"{form} is not for a terminal", where="--format", remedy="say where to with --output")
    with subjects(wanted) as seen:
        policy = chosen(wanted.policy, seen.rules)
        earlier, before = _earlier(seen, since)
        basis = Basis(
            rules=seen.rules,
            policy=policy,
            policy_name=wanted.policy,
            told=wanted.told,
            now=clock(),
            decisions=seen.store.reviews() if seen.store else (),
            filters=Filters(models, levels, findings),
            judged=seen.judged,
            last=_last(seen),
            earlier=earlier,
            before=before,
            **_words(seen),
        )
        dossier = gather(seen.report, basis)
        _write(dossier, form, output)
        for trouble in seen.troubles:
            click.echo(f"licscan: {trouble}", err=True)
        context.exit(UsageError.exit_code if seen.troubles else _exit_code(dossier, strict=strict))


def _write(dossier: Dossier, form: str, output: Path | None) -> None:
    """Write a dossier in a format; the module of that name is imported only now."""
    written = importlib.import_module(f"licscan.audit.{form}")
    if form in FOLDERS or (form in BINARY and output):
        try:
            written.write(dossier, output)
        except OSError as error:
            what = (error.strerror or str(error)).lower()
            raise UsageError(what, where=str(output), remedy="choose another place with --output") from error
        return
    with opened(output, form) as stream:
        written.write(dossier, stream)


def _exit_code(dossier: Dossier, *, strict: bool) -> int:
    if dossier.report.failing:
        return 1
    if strict and any(gap.unfinished for gap in dossier.gap_ids):
        return _INCOMPLETE
    return 0 if len(dossier.entries) else _NOTHING


def _words(seen: Subjects) -> dict[str, Any]:
    """What tells a license's own words, where a database has kept them."""
    return {"quoted": seen.recall.quoted, "altered": seen.recall.altered} if seen.recall else {}


def _last(seen: Subjects) -> Before:
    """What the run before found of a model."""
    store, run = seen.store, seen.report.run
    if store is None or run is None or not store.any_before(run):
        return lambda _model: None
    directory = store.begun(run).directory
    return lambda model: store.before(run, model.ref, directory)


def _earlier(seen: Subjects, since: str | None) -> tuple[Earlier | None, Before]:
    """The run that is compared with, and what it found of a model.

    Raises:
        UsageError: There is none, or `since` names neither a run nor a day.
    """
    if since is None:
        return None, lambda _model: None
    if seen.store is None or seen.report.run is None:
        raise UsageError("a lock has no earlier runs", where="--since", remedy="audit targets, or the database")
    store, mine = seen.store, seen.store.begun(seen.report.run)
    begun = _run(store, mine, since)
    kept = store.models_of(begun.run)
    gone = tuple(sorted(set(kept) - set(store.models_of(mine.run))))
    tool = Tool(name="licscan", version=begun.tool, rules=begun.rules)

    def before(model: Assessment) -> Assessment | None:
        number = kept.get(str(model.ref.at(None)))
        return store.found(number) if number is not None else None

    return Earlier(run=begun.run, started=begun.started, tool=tool, gone=gone), before


def _run(store: Store, mine: Begun, since: str) -> Begun:
    """The run that `--since` means."""
    if since.isdigit():
        return store.begun(int(since))
    until = None
    if since != "last":
        try:
            day = datetime.date.fromisoformat(since)
        except ValueError:
            remedy = "give the number of a run, a day such as 2026-03-01, or last"
            raise UsageError("is neither a run nor a day", where=f"--since {since!a}", remedy=remedy) from None
        until = datetime.datetime.combine(day, datetime.time.max, datetime.UTC)
    found = store.begun_before(mine, until)
    if found is None:
        what = f"no run of these models was finished {'before' if until is None else 'until then'}"
        raise UsageError(what, where=f"--since {since}", remedy="licscan history MODEL says which runs there are")
    return found

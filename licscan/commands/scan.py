"""`licscan scan`: look at models, keep what was found, print it."""

import contextlib
import datetime
import itertools
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from licscan.commands.options import common, opened
from licscan.errors import UsageError
from licscan.model import GapId, Report
from licscan.reports import json, terminal
from licscan.rulebook import load
from licscan.scan import Scan, Seen, Settings, clock, threads
from licscan.sources import HERE, TIMEOUT
from licscan.store import Store
from licscan.targets import Targets

_JOBS = 8
_INCOMPLETE = 3
_NOTHING = 4


@click.command(
    epilog="Exit codes: 0 done; 2 wrong call or rules; 3 with --strict, something could not be looked at; "
    "4 nothing was found to look at."
)
@click.argument("targets", nargs=-1, metavar="TARGET...")
@click.option("--here", is_flag=True, help="Look at every model in every store of this machine, too.")
@click.option("--offline", is_flag=True, help="Ask no network.")
@click.option("--strict", is_flag=True, help="Exit with 3 where something could not be looked at.")
@click.option("--hash", "hash_all", is_flag=True, help="Hash weights of any size, to know them by their digests.")
@click.option("--refresh", is_flag=True, help="Look at everything anew, whatever the database holds.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Of an organisation, only models changed since then.",
)
@click.option(
    "--replay", type=int, metavar="RUN", help="Assess the models of a run again, from the bytes that it kept."
)
@click.option("--jobs", type=click.IntRange(1, 64), help="How many models at a time; 8 over a network, else 1.")
@click.option(
    "--timeout",
    type=click.FloatRange(1, 3600),
    default=TIMEOUT,
    show_default=True,
    help="How many seconds one model may take over a network.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print no progress.")
@click.option("-v", "--verbose", is_flag=True, help="Say of every model why, and where that stands.")
@common
@click.pass_context
def command(
    context: click.Context,
    targets: tuple[str, ...],
    *,
    here: bool,
    offline: bool,
    strict: bool,
    refresh: bool,
    hash_all: bool,
    since: datetime.datetime | None,
    replay: int | None,
    jobs: int | None,
    timeout: float,
    form: str,
    output: Path | None,
    db: str | None,
    quiet: bool,
    verbose: bool,
) -> None:
    """Look at models: their licenses, their openness, what they ask of you.

    A TARGET is a model (org/name, org/name@revision with a branch, tag, commit or day, dataset:org/name, ollama:name,
    api:provider/name), all models of an organisation ('org/*') or collection (collection:org/slug), an address on the
    Hub, a file or folder of weights, a folder of such folders, a source tree that names models, or - for a list of
    targets on standard input. A path that is there wins over a model of that name; hf:org/name is always the model.

    The Hub is that of HF_ENDPOINT, asked with the token of `hf auth login` or HF_TOKEN, if there is one.

    \b
    Examples:
      licscan scan ./models
      licscan scan --here --offline
      licscan scan meta-llama/Llama-3.1-8B@2024-08-01
      licscan scan 'allenai/*' --since 2026-11-01
      licscan scan . --offline --format json --output report.json
    """
    targets = (*targets, HERE) if here else targets
    if bool(targets) == (replay is not None):
        raise UsageError("give targets, or --replay with the number of a run, or --here", remedy="licscan scan --help")
    rules = load()
    day = since.date() if since else None
    settings = Settings(offline=offline, refresh=refresh, hash_all=hash_all, timeout=timeout, since=day)
    with Store(db) as store, contextlib.closing(Scan(rules, settings, store)) as scan:
        work = _Work(scan, store, rules.version, settings, quiet=quiet)
        found = _kept_by(store, replay) if replay is not None else scan.find(_listed(targets))
        if found.troubles and not found.refs:
            context.exit(_troubled(found))
        run = work.again(replay, found) if replay is not None else work.look(targets, found, jobs)
        store.finish(run, clock(), len(found.refs), mentions=found.mentions, gaps=found.gaps)
        made = store.load(run)
        with opened(output, form) as stream:
            if form == "json":
                json.write(made, stream)
            else:
                terminal.write(made, stream, verbose=verbose, saved_in=store.kept_in)
    context.exit(_exit_code(found, made, strict=strict, unchanged=since is not None and not found.gaps))


class _Work:
    """Looks, and keeps what is found model by model."""

    def __init__(self, scan: Scan, store: Store, rules: str, settings: Settings, *, quiet: bool) -> None:
        self._scan = scan
        self._store = store
        self._rules = rules
        self._settings = settings
        self._quiet = quiet

    def look(self, targets: tuple[str, ...], found: Targets, jobs: int | None) -> int:
        """Look at models, or at those that a killed run of the same request left; the number of the run."""
        listed = targets if "-" not in targets else tuple(map(str, found.refs))
        settings = self._settings
        request = [*listed, f"offline={settings.offline}", f"since={settings.since}", f"refresh={settings.refresh}"]
        request += ["hash"] if settings.hash_all else []
        # Another hub, or one that may be asked again, is another request.
        request += [
            f"{name}={os.environ.get(name, '').rpartition('@')[2]}" for name in ("HF_ENDPOINT", "HF_HUB_OFFLINE")
        ]
        request.append(f"token={'HF_TOKEN' in os.environ}")
        run = self._begin(request)
        done = self._store.resume(run, found.refs)
        # Threads where many were asked for, or where most of the time is waiting for a network.
        number = jobs or (_JOBS if self._scan.asks_network(found.refs) else 1)
        seen = self._scan.look(found.refs, threads(number) if number > 1 else map, done)
        return self._keep(run, seen, len(found.refs) - len(done))

    def again(self, run: int, found: Targets) -> int:
        """Assess anew what a run kept; the number of the new run."""
        made = self._begin([f"replay={run}"])
        return self._keep(made, self._scan.look_again(self._store.kept(run)), len(found.refs))

    def _begin(self, request: list[str]) -> int:
        return self._store.begin(request, str(Path.cwd()), self._rules, self._settings.now)

    def _keep(self, run: int, seen: Iterator[Seen], total: int) -> int:
        for one in self._shown(seen, total):
            self._store.save(run, one.position, one.loaded, one.assessment, one.bases)
        return run

    def _shown(self, seen: Iterator[Seen], total: int) -> Iterator[Seen]:
        """The models, with progress on standard error where that is a terminal."""
        if self._quiet or not sys.stderr.isatty() or "TERM" not in os.environ:
            return seen
        from licscan.commands.progress import bar  # noqa: PLC0415 - 60 ms, for people who watch

        return bar(seen, total, self._scan.waiting)


def _kept_by(store: Store, run: int) -> Targets:
    """What an earlier run looked at."""
    before = store.load(run)
    return Targets(tuple(model.ref for model in before.models), tuple(before.mentions), tuple(before.gaps))


def _listed(targets: tuple[str, ...]) -> list[str]:
    """The targets, `-` replaced by the lines of standard input."""
    return list(itertools.chain.from_iterable(_lines() if target == "-" else [target] for target in targets))


def _lines() -> Iterator[str]:
    for line in sys.stdin:
        text = line.partition("#")[0].strip()
        if text:
            yield text


def _troubled(found: Targets) -> int:
    for trouble in found.troubles:
        click.echo(f"licscan: {trouble}", err=True)
    return UsageError.exit_code


def _exit_code(found: Targets, made: Report, *, strict: bool, unchanged: bool) -> int:
    if found.troubles:
        return _troubled(found)
    counted = made.summary["gaps"]
    gaps = {gap.id for gap in made.gaps} | {GapId(str(name)) for name in (counted if isinstance(counted, dict) else ())}
    if strict and any(gap.unfinished for gap in gaps):
        return _INCOMPLETE
    # That nothing has changed since a day is an answer.
    return 0 if made.models or unchanged else _NOTHING

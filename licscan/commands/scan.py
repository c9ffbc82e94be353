"""`licscan scan`: look at models, keep what was found, print it."""

import datetime
import functools
import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from licscan import mof as descriptors
from licscan.commands.options import Stance, common, judged
from licscan.commands.output import opened
from licscan.commands.subjects import looked, troubled
from licscan.errors import UsageError
from licscan.judge import chosen, judge_of
from licscan.model import GapId, Report
from licscan.readings import remembering
from licscan.reports import json, terminal
from licscan.rulebook import load
from licscan.scan import Settings
from licscan.sources import HERE, TIMEOUT
from licscan.targets import Targets

_JOBS = 8
_INCOMPLETE = 3
_NOTHING = 4


def _looking(command: Callable[..., None]) -> Callable[..., None]:
    """What a scan may do, from the options of that name, as one `settings`."""

    @functools.wraps(command)
    def with_settings(
        *arguments: Any, stance: Stance, since: datetime.datetime | None, timeout: float, **options: Any
    ) -> None:
        may = {name: options.pop(name) for name in ("offline", "refresh", "verify", "hash_all", "sha512", "vendored")}
        day = since.date() if since else None
        settings = Settings(timeout=timeout, since=day, organisation=stance.organisation, **may)
        command(*arguments, settings=settings, stance=stance, **options)

    return with_settings


@click.command(
    epilog="Exit codes: 0 done; 2 wrong call or rules; 3 with --strict, something could not be looked at; "
    "4 nothing was found to look at."
)
@click.argument("targets", nargs=-1, metavar="TARGET...")
@click.option("--offline", is_flag=True, help="Ask no network.")
@click.option("--strict", is_flag=True, help="Exit with 3 where something could not be looked at.")
@click.option("--refresh", is_flag=True, help="Look at everything anew, whatever the database holds.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Of an organisation, only models changed since then.",
)
@click.option("--vendored", is_flag=True, help="Search code that others wrote (node_modules, third_party) too.")
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
@click.option("--here", is_flag=True, help="Look at every model in every store of this machine, too.")
@click.option("--hash", "hash_all", is_flag=True, help="Hash weights of any size, to know them by their digests.")
@click.option("--sha512", is_flag=True, help="Hash weights of any size with SHA-512 too, from the same reading.")
@click.option("--verify", is_flag=True, help="Read the weights too, and compare them with what is promised of them.")
@click.option(
    "--mof",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A descriptor of the Model Openness Framework.",
)
@click.option(
    "--mof-out",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write a descriptor of the only model there, filled from what was found.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print no progress.")
@click.option("-v", "--verbose", is_flag=True, help="Say of every model why, and where that stands.")
@judged
@common
@click.pass_context
@_looking
def command(
    context: click.Context,
    targets: tuple[str, ...],
    *,
    settings: Settings,
    strict: bool,
    replay: int | None,
    jobs: int | None,
    here: bool,
    mof: tuple[Path, ...],
    mof_out: Path | None,
    stance: Stance,
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
      licscan scan Qwen/Qwen2.5-72B --what-if monthly_active_users=800M --what-if territories=DE
      licscan scan . --offline --format json --output report.json
    """
    targets = (*targets, HERE) if here else targets
    if bool(targets) == (replay is not None):
        raise UsageError("give targets, or --replay with the number of a run, or --here", remedy="licscan scan --help")
    rules = remembering(load())
    judge = judge_of(chosen(stance.policy, rules), rules, stance.organisation, settings.now.date())
    listed = _listed(targets)
    with looked(
        targets, settings, rules, judge, db, listed=listed, replay=replay, jobs=jobs, mof=mof, quiet=quiet
    ) as seen:
        _write(seen.report, output, form, verbose=verbose, saved_in=seen.store.kept_in)
        if mof_out:
            _describe(seen.report, mof_out)
    unchanged = settings.since is not None and not seen.found.gaps
    context.exit(_exit_code(seen.found, seen.report, strict=strict, unchanged=unchanged))


def _write(made: Report, output: Path | None, form: str, *, verbose: bool, saved_in: str | None) -> None:
    with opened(output, form) as stream:
        if form == "json":
            json.write(made, stream)
        else:
            terminal.write(made, stream, verbose=verbose, saved_in=saved_in)


def _describe(made: Report, file: Path) -> None:
    """Write a descriptor filled from what was found, to be edited and given back with `--mof`."""
    if len(made.models) != 1:
        what = f"describes one model, and {len(made.models)} were looked at"
        raise UsageError(what, where=str(file), remedy="scan the model by itself with --mof-out")
    model = made.models[0]
    if model.mof.filled is None:
        raise UsageError(
            f"{model.name} is data, or its weights were not released", where=str(file), remedy="leave out --mof-out"
        )
    url = f"https://huggingface.co/{model.ref.name}" if model.ref.scheme == "hf" else None
    try:
        file.write_text(descriptors.write(model.name, url, model.mof.filled), encoding="utf-8")
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        raise UsageError(what, where=str(file), remedy="choose another place with --mof-out") from error


def _listed(targets: tuple[str, ...]) -> list[str]:
    """The targets, `-` replaced by the lines of standard input."""
    return list(itertools.chain.from_iterable(_lines() if target == "-" else [target] for target in targets))


def _lines() -> Iterator[str]:
    for line in sys.stdin:
        text = line.partition("#")[0].strip()
        if text:
            yield text


def _exit_code(found: Targets, made: Report, *, strict: bool, unchanged: bool) -> int:
    if found.troubles:
        return troubled(found)
    counted = made.summary["gaps"]
    gaps = {gap.id for gap in made.gaps} | {GapId(str(name)) for name in (counted if isinstance(counted, dict) else ())}
    if strict and any(gap.unfinished for gap in gaps):
        return _INCOMPLETE
    # That nothing has changed since a day is an answer.
    return 0 if made.models or unchanged else _NOTHING

"""`licscan check`: the gate."""

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any, TextIO

import click

from licscan.commands.output import opened
from licscan.gate import Asked, Outcome, check
from licscan.reports import GATE_FORMATS

_USUAL = 80


@click.command(
    epilog="Exit codes: 0 pass; 1 an error that nobody let pass; 2 wrong call, configuration or lock; 3 with --strict, "
    "something could not be looked at; 4 with --require-models, no models are named."
)
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option("--config", metavar="FILE", type=click.Path(path_type=Path), help="The configuration; the nearest one.")
@click.option("--lock", metavar="FILE", type=click.Path(path_type=Path), help="The lock; the nearest one.")
@click.option("--policy", metavar="ID|FILE", help="What is refused; that of the configuration.")
@click.option("--what-if", multiple=True, metavar="FACT=VALUE", help="As if that were so of your organisation.")
@click.option("--baseline", metavar="FILE", type=click.Path(path_type=Path), help="Let pass what this report knows.")
@click.option("--require-models", is_flag=True, help="Exit with 4 where no models are named.")
@click.option("--strict", is_flag=True, help="Exit with 3 where something could not be looked at.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 where it would be 1, and say so.")
@click.option("--no-cache", is_flag=True, help="Read every file anew.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing where all is well.")
@click.option("-v", "--verbose", is_flag=True, help="Say all of notes and waivers.")
@click.option("--format", "form", type=click.Choice(GATE_FORMATS), default="terminal", show_default=True)
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="Write there instead.")
@click.pass_context
def command(
    context: click.Context,
    /,
    paths: tuple[Path, ...],
    *,
    exit_zero: bool,
    no_cache: bool,
    quiet: bool,
    verbose: bool,
    form: str,
    output: Path | None,
    what_if: tuple[str, ...],
    **asked: Any,
) -> None:
    """Hold every model that code names against licscan.lock and a policy, offline.

    A PATH is a folder (the working folder by default) or a file; where only files are given, nothing is called unused.
    Neither a network nor a database is asked: licscan lock has looked at the models before.

    \b
    Examples:
      licscan check
      licscan check --policy hosted-service --what-if monthly_active_users=5M
      licscan check --format sarif --output licscan.sarif
      licscan check app.py jobs/train.py
    """
    found = check(Asked(paths=paths or (Path(),), what_if=what_if, cache=not no_cache, **asked))
    with opened(output, form) as stream:
        _write(found, form, stream, quiet=quiet, verbose=verbose)
    if output is not None and not quiet:
        click.echo(f"{found.report['summary']['outcome'].upper()}: {found.because}", err=True)
    if found.code == 1 and exit_zero:
        click.echo(f"licscan: --exit-zero: this would have failed: {found.because}", err=True)
        context.exit(0)
    context.exit(found.code)


def _width() -> int:
    """How wide the terminal is; 80 where there is none."""
    stated = os.environ.get("COLUMNS", "")
    if stated.isdigit():
        return int(stated)
    try:
        return os.get_terminal_size().columns
    except OSError:
        return _USUAL


def _write(found: Outcome, form: str, stream: TextIO, *, quiet: bool, verbose: bool) -> None:
    if form == "json":
        json.dump(found.report, stream, indent=2, ensure_ascii=False)
        stream.write("\n")
    elif form == "terminal":
        from licscan.reports import verdict  # noqa: PLC0415 - one report each time

        color = stream is sys.stdout and sys.stdout.isatty() and "NO_COLOR" not in os.environ
        width = _width()
        verdict.write(found.report, stream, verbose=verbose, quiet=quiet, width=width, color=color)
    else:
        importlib.import_module(f"licscan.reports.{form}").write(found.report, stream)

"""`licscan check`: the gate over a source tree: every model that it names, held against a policy, with no network."""

import contextlib
from pathlib import Path

import click

from licscan.commands.options import Stance, common, judged, opened
from licscan.commands.runs import Run
from licscan.errors import UsageError
from licscan.judge import chosen, judge_of
from licscan.model import GapId, Report
from licscan.reports import json, terminal
from licscan.rulebook import load
from licscan.scan import Scan, Settings, clock
from licscan.store import Store
from licscan.text import count

_OBJECTED = 1
_INCOMPLETE = 3
_NOTHING = 4


@click.command(
    epilog="Exit codes: 0 nothing fails; 1 the policy objects with an error; 2 wrong call, configuration or rules; "
    "3 with --strict, something could not be looked at; 4 with --require-models, no model is named."
)
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@click.option("--offline", is_flag=True, help="Said for clarity: this command never asks a network.")
@click.option("--strict", is_flag=True, help="Exit with 3 where something could not be looked at.")
@click.option("--require-models", is_flag=True, help="Exit with 4 where no model is named.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever the policy objects to.")
@click.option("-q", "--quiet", is_flag=True, help="Print no progress.")
@click.option("-v", "--verbose", is_flag=True, help="Say of every model why, and where that stands.")
@judged
@common
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[str, ...],
    *,
    offline: bool,  # noqa: ARG001 - it never is otherwise; scripts that say so are not refused
    strict: bool,
    require_models: bool,
    exit_zero: bool,
    quiet: bool,
    verbose: bool,
    stance: Stance,
    form: str,
    output: Path | None,
    db: str | None,
) -> None:
    """Hold every model that is named under PATH against a policy, with no network.

    PATH is a source tree or file, the working folder by default. What earlier scans found of the models is asked first,
    then the rule base. What neither knows is unknown, and fails by the default policy: scan it first.

    \b
    Examples:
      licscan check
      licscan check src --policy default --format json
      licscan check --config ../organisation.toml --strict
    """
    rules = load()
    settings = Settings(offline=True, organisation=stance.organisation)
    judge = judge_of(chosen(stance.policy, rules), rules, stance.organisation, settings.now.date())
    with Store(db) as store, contextlib.closing(Scan(rules, settings, store)) as scan:
        found = scan.find(paths or (".",))
        run = Run(scan, store, rules, settings, judge, quiet=quiet).look(paths or (".",), found, None)
        store.finish(run, clock(), len(found.refs), mentions=found.mentions, gaps=found.gaps)
        made = store.load(run)
        with opened(output, form) as stream:
            if form == "json":
                json.write(made, stream)
            else:
                stream.write(f"{_verdict(made)}\n\n")
                terminal.write(made, stream, verbose=verbose, saved_in=store.kept_in)
    for trouble in found.troubles:
        click.echo(f"licscan: {trouble}", err=True)
    code = UsageError.exit_code if found.troubles else _exit_code(made, strict=strict, require_models=require_models)
    context.exit(0 if exit_zero and code == _OBJECTED else code)


def _failing(made: Report) -> int:
    return len({finding.fingerprint for finding in made.findings if finding.severity == "error" and not finding.waiver})


def _verdict(made: Report) -> str:
    """Whether it passes, and why, in one line."""
    if not made.models:
        return "pass: no model is named here"
    models = count(len(made.models), "model")
    failing = _failing(made)
    return f"fail: {count(failing, 'objection')} in {models}" if failing else f"pass: nothing fails in {models}"


def _exit_code(made: Report, *, strict: bool, require_models: bool) -> int:
    if _failing(made):
        return _OBJECTED
    counted = made.summary["gaps"]
    gaps = {gap.id for gap in made.gaps} | {GapId(str(name)) for name in (counted if isinstance(counted, dict) else ())}
    if strict and any(gap.unfinished for gap in gaps):
        return _INCOMPLETE
    return _NOTHING if require_models and not made.models else 0

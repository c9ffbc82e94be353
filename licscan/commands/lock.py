"""`licscan lock`: look at every model that code names, and write down what is so about it."""

import contextlib
import datetime
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from licscan import __version__
from licscan import lock as locks
from licscan.clock import clock
from licscan.commands.runs import Run
from licscan.edition import edition
from licscan.errors import UsageError
from licscan.gate import Asked, is_internal, is_partial, scope_of, search
from licscan.judge import chosen, compiled, judge_of, limits
from licscan.lock import Lock
from licscan.locking import Plan, Renewal, accepted, plan, renewed, told
from licscan.model import ModelRef, Organisation
from licscan.readings import remembering
from licscan.rulebook import Rulebook, load
from licscan.scan import Scan, Settings
from licscan.sources import TIMEOUT
from licscan.store import Store
from licscan.targets import Targets
from licscan.text import count, printable

_INCOMPLETE = 3


@click.command(
    epilog="Exit codes: 0 done; 1 with --check, the lock is not up to date; 2 wrong call, configuration or rules; "
    "3 with --strict, something could not be looked at."
)
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option("--update", multiple=True, metavar="NAME", help="Move a model to what its name means now; '*' for all.")
@click.option(
    "--accept", multiple=True, metavar="NAME", help="Its changed license was read, and is no longer reported."
)
@click.option(
    "--check", "only_check", is_flag=True, help="Write nothing; exit with 1 where something would be written."
)
@click.option("--verify", is_flag=True, help="Read weights on this disk too, and compare them with what is promised.")
@click.option("--offline", is_flag=True, help="Ask no network: only what is known already is written.")
@click.option("--strict", is_flag=True, help="Exit with 3 where something could not be looked at.")
@click.option("--config", metavar="FILE", type=click.Path(path_type=Path), help="The configuration; the nearest one.")
@click.option("--lock", metavar="FILE", type=click.Path(path_type=Path), help="The lock; the nearest one.")
@click.option("--policy", metavar="ID|FILE", help="The policy that is written into the lock.")
@click.option("--jobs", type=click.IntRange(1, 64), help="How many models at a time; 8 over a network, else 1.")
@click.option("--db", metavar="FILE|URL", envvar="LICSCAN_DB", help="The database; your own by default.")
@click.option("-q", "--quiet", is_flag=True, help="Print only trouble.")
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    *,
    update: tuple[str, ...],
    accept: tuple[str, ...],
    only_check: bool,
    verify: bool,
    offline: bool,
    strict: bool,
    config: Path | None,
    lock: Path | None,
    policy: str | None,
    jobs: int | None,
    db: str | None,
    quiet: bool,
) -> None:
    """Write licscan.lock: what is so about every model that code names.

    What is in the lock stays at its commit; only new models are looked at, and with --update those named. licscan check
    reads the lock and asks nobody, so commit it. Facts of your organisation are no part of it.

    \b
    Examples:
      licscan lock
      licscan lock --update meta-llama/Llama-3.1-8B
      licscan lock --check
    """
    given = paths or (Path(),)
    told_, place, root = scope_of(Asked(paths=given, config=config, lock=lock))
    before = locks.read(place) if place.is_file() else None
    if before:
        _all_whole(before)
    found = search(given, root, told_.exclude)
    for _, path, why in found.unread:
        click.echo(f"licscan: {printable(path)}: {printable(why)}", err=True)
    named = {one.ref for one in found.places if not is_partial(one.ref) and not is_internal(one.ref, told_.internal)}
    whole = any(path.is_dir() and root.is_relative_to(path.absolute()) for path in given)
    rules = remembering(load())
    name, where = (policy, "") if policy else (told_.policy, told_.places.get("policy", ""))
    written = compiled(name, chosen(name, rules, where), rules)
    planned = plan(named, before, edition(), update, whole=whole)
    _all_known(update, accept, before, named)
    renewals: list[Renewal] = []
    if planned.look and not only_check:
        settings = Settings(offline=offline, timeout=TIMEOUT, refresh=bool(update), verify=verify)
        renewals = _look(planned, before, rules, settings, root=root, db=db, jobs=jobs, quiet=quiet)
    after = _after(planned, renewals, before, written, rules=rules, accept=accept)
    if only_check:
        context.exit(_checked(planned, before, after))
    changed = locks.write(after, place)
    if not quiet:
        _say(before, after, planned, renewals, place, changed=changed)
    troubled = [one for one in renewals if one.kept or any(gap.get("unfinished") for gap in one.entry.get("gaps", ()))]
    context.exit(_INCOMPLETE if strict and (troubled or found.unread) else 0)


def _look(
    planned: Plan,
    before: Lock | None,
    rules: Rulebook,
    settings: Settings,
    *,
    root: Path,
    db: str | None,
    jobs: int | None,
    quiet: bool,
) -> list[Renewal]:
    """The new entries, made without facts of any organisation."""
    wanted = {ref: _from_here(looked, root) for ref, looked in planned.look.items()}
    refs = tuple(dict.fromkeys(wanted.values()))
    judge = judge_of(chosen("default", rules), rules, Organisation(), settings.now.date())
    with Store(db) as store, contextlib.closing(Scan(rules, settings, store)) as scan:
        work = Run(scan, store, rules, settings, judge, quiet=quiet)
        run = work.look(tuple(map(str, refs)), Targets(refs), jobs)
        store.finish(run, clock(), len(refs))
        seen = dict(zip(refs, store.load(run).models, strict=True))
    entries: Mapping[str, locks.Entry] = before.models if before else {}
    today = _today(settings)
    return [renewed(ref, seen[looked], entries.get(ref), today) for ref, looked in wanted.items()]


def _from_here(ref: ModelRef, root: Path) -> ModelRef:
    """A reference of the lock as it is called here: paths in it begin at the folder of the lock."""
    if ref.scheme != "file" or root == Path.cwd():
        return ref
    with contextlib.suppress(RuntimeError):  # nobody's home
        there = root / Path(ref.name).expanduser()
        return ref.model_copy(update={"name": os.path.relpath(there) if there.is_relative_to(root) else str(there)})
    return ref


def _today(settings: Settings) -> datetime.date:
    return settings.now.date()


def _after(
    planned: Plan,
    renewals: Iterable[Renewal],
    before: Lock | None,
    policy: Mapping[str, object],
    *,
    rules: Rulebook,
    accept: Iterable[str],
) -> Lock:
    models = {ref: before.models[ref] for ref in planned.keep} if before else {}
    models |= {one.ref: one.entry for one in renewals}
    accepting = [ref for ref in models for name in accept if _same(ref, name)]
    models |= {ref: accepted(models[ref]) for ref in accepting}
    return Lock(__version__, edition(), policy, limits(rules), models)


def _all_whole(before: Lock) -> None:
    """Refuse a lock of which an entry is damaged, before anybody is asked anything."""
    for ref in before.models:
        before.model(ref)


def _all_known(update: Iterable[str], accept: Iterable[str], before: Lock | None, named: set[str]) -> None:
    refs = {*named, *(before.models if before else ())}
    for option, names in (("--update", update), ("--accept", accept)):
        for name in names:
            if "*" not in name and not any(_same(ref, name) for ref in refs):
                raise UsageError(
                    "no model of that name is named here", where=f"{option} {name}", remedy="check the name"
                )


def _same(ref: str, name: str) -> bool:
    parsed = ModelRef.parse(ref)
    return name == "*" or name in {ref, str(parsed.at(None)), parsed.name}


def _checked(planned: Plan, before: Lock | None, after: Lock) -> int:
    """1 and a line for each thing that would change."""
    said = [f"{ref} is not in the lock" for ref in planned.look if before is None or ref not in before.models]
    said += [f"{ref} is in the lock and named nowhere" for ref in planned.gone]
    if before and before.rules != after.rules:
        said.append(f"it was made with rules {before.rules}; {after.rules} are installed")
    if before and before.policy != after.policy:
        said.append(f"it holds policy {before.policy['id']} as it was; {after.policy['id']} is another now")
    for line in said:
        click.echo(f"licscan: {printable(line)}", err=True)
    if said:
        click.echo("licscan: run licscan lock", err=True)
    return 1 if said else 0


def _say(
    before: Lock | None, after: Lock, planned: Plan, renewals: Iterable[Renewal], place: Path, *, changed: bool
) -> None:
    for line in told(before, planned, renewals):
        click.echo(printable(line))
    state = "written" if changed else "unchanged"
    click.echo(f"{place.name}: {count(len(after.models), 'model')}, policy {after.policy['id']}; {state}")

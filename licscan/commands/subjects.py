"""What a document is about: a run of the database, the models of a lock, or targets that are looked at now."""

import contextlib
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

import click

from licscan import lock as locks
from licscan.anew import Recall
from licscan.clock import clock
from licscan.commands.runs import Run
from licscan.config import Configuration, found_above, read
from licscan.errors import LicscanError, UsageError
from licscan.gate import Asked, check
from licscan.judge import chosen, judge_of
from licscan.model import Report
from licscan.policy import Judge
from licscan.readings import remembering
from licscan.rulebook import Rulebook, load
from licscan.scan import Scan, Settings
from licscan.store import Store
from licscan.targets import Targets

Command = TypeVar("Command", bound=Callable[..., Any])


class Looked(NamedTuple):
    """Targets that were looked at.

    Attributes:
        report: What was found.
        found: What the targets stand for; some may mean nothing (`troubles`).
        store: The database, open.
    """

    report: Report
    found: Targets
    store: Store


@contextlib.contextmanager
def looked(
    targets: tuple[str, ...],
    settings: Settings,
    rules: Rulebook,
    judge: Judge,
    db: str | None,
    *,
    listed: list[str] | None = None,
    replay: int | None = None,
    jobs: int | None = None,
    mof: tuple[Path, ...] = (),
    quiet: bool = False,
) -> Iterator[Looked]:
    """Look at targets, judge them, and keep what was found; the database stays open for the models to be read from.

    Args:
        targets: The targets, as they were given.
        settings: What may be done.
        rules: The rule base.
        judge: What is objected to.
        db: The database.
        listed: The targets with those of standard input, where they are others.
        replay: A run whose models are assessed again, instead of targets.
        jobs: How many models at a time.
        mof: Descriptors of the Model Openness Framework.
        quiet: Whether no progress is shown.
    """
    with Store(db) as store, contextlib.closing(Scan(rules, settings, store)) as scan:
        work = Run(scan, store, rules, settings, judge, quiet=quiet)
        found = _kept_by(store, replay) if replay is not None else scan.find(targets if listed is None else listed)
        if found.troubles and not found.refs:
            click.get_current_context().exit(troubled(found))
        work.describe(mof, found)
        run = work.again(replay, found) if replay is not None else work.look(targets, found, jobs)
        store.finish(run, clock(), len(found.refs), mentions=found.mentions, gaps=found.gaps)
        yield Looked(store.load(run), found, store)


def troubled(found: Targets) -> int:
    """Say which targets mean nothing; the exit code."""
    for trouble in found.troubles:
        click.echo(f"licscan: {trouble}", err=True)
    return UsageError.exit_code


def _kept_by(store: Store, run: int) -> Targets:
    """What an earlier run looked at."""
    before = store.load(run)
    return Targets(tuple(model.ref for model in before.models), tuple(before.mentions), tuple(before.gaps))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a document is to be about, as the options of `about` say it.

    Attributes:
        targets: What to look at; nothing for what the database holds.
        run: A run of the database; the last one by default.
        told: What the configuration says: the organisation, the policy, waivers.
        what_if: Facts of the organisation that replaced those of the configuration.
        policy: The policy: that of the command line, else that of the configuration.
        offline: Whether no network is asked.
        db: The database.
        quiet: Whether no progress is shown.
        sha512: Whether weights on this disk are hashed with SHA-512, too.
    """

    targets: tuple[str, ...]
    run: int | None
    told: Configuration
    what_if: tuple[str, ...]
    policy: str
    offline: bool
    db: str | None
    quiet: bool
    sha512: bool = False


def about(command: Command) -> Command:
    """The argument and options of a document about models; they come as one `wanted`."""

    @functools.wraps(command)
    def with_wanted(
        *arguments: Any, config: Path | None, what_if: tuple[str, ...], policy: str | None, **options: Any
    ) -> object:
        fields = {name: options.pop(name) for name in ("targets", "run", "offline", "db", "quiet")}
        told = read(config.absolute() if config else found_above(_place(fields["targets"])), what_if)
        wanted = Wanted(told=told, what_if=what_if, policy=policy or told.policy, **fields)
        return command(*arguments, wanted=wanted, **options)

    for option in (
        click.option("-q", "--quiet", is_flag=True, help="Print no progress."),
        click.option("--db", metavar="FILE|URL", envvar="LICSCAN_DB", help="The database; your own by default."),
        click.option("--policy", metavar="ID|FILE", help="What is objected to; that of the configuration."),
        click.option("--what-if", multiple=True, metavar="FACT=VALUE", help="As if that were so of your organisation."),
        click.option(
            "--config", metavar="FILE", type=click.Path(path_type=Path), help="The configuration; the nearest one."
        ),
        click.option("--offline", is_flag=True, help="Ask no network."),
        click.option("--run", type=int, metavar="RUN", help="A run of the database; the last one by default."),
        click.argument("targets", nargs=-1, metavar="[TARGET]..."),
    ):
        with_wanted = option(with_wanted)
    return cast("Command", with_wanted)


def _place(targets: tuple[str, ...]) -> Path:
    """Where the configuration is looked for: above a tree with a lock, else above the working folder."""
    return Path(targets[0]) if targets and _has_lock(targets[0]) else Path()


class Subjects(NamedTuple):
    """What a document is about.

    Attributes:
        report: The models, for the organisation as it is today; the findings are those of the run or of the gate.
        rules: The rule base.
        store: The database, where one was asked.
        troubles: Targets that mean nothing.
        judged: Whether gates have judged: a lock was read, or reports of gates collected. Waivers are in the findings.
        recall: What tells the license's own words of a model, where a database has kept them.
    """

    report: Report
    rules: Rulebook
    store: Store | None = None
    troubles: tuple[LicscanError, ...] = ()
    judged: bool = False
    recall: Recall | None = None


@contextlib.contextmanager
def subjects(wanted: Wanted) -> Iterator[Subjects]:
    """The report that a document is about; it can be read while this is open.

    Raises:
        UsageError: There is no such run, lock or policy, or targets do not go together.
    """
    if wanted.targets and wanted.run is not None:
        raise UsageError("give targets, or --run with the number of a run", remedy="leave out one of them")
    rules = remembering(load())
    locked = [target for target in wanted.targets if _has_lock(target)]
    if locked:
        if len(wanted.targets) > 1:
            raise UsageError(
                "has a lock, and is looked at alone", where=ascii(locked[0]), remedy="leave out the others"
            )
        yield Subjects(_of_lock(locked[0], wanted), rules, judged=True)
    elif wanted.targets:
        organisation = wanted.told.organisation
        settings = Settings(offline=wanted.offline, organisation=organisation, sha512=wanted.sha512)
        judge = judge_of(chosen(wanted.policy, rules), rules, organisation, settings.now.date())
        with looked(wanted.targets, settings, rules, judge, wanted.db, quiet=wanted.quiet) as seen:
            recall = Recall(seen.store, rules, organisation, settings.now.date())
            report = recall.report(seen.report)
            yield Subjects(report, rules, seen.store, seen.found.troubles, recall=recall)
    else:
        with Store(wanted.db, to_write=False) as store:
            recall = Recall(store, rules, wanted.told.organisation, clock().date())
            found = store.load(wanted.run)
            collected = found.run is not None and store.begun(found.run).collected
            yield Subjects(recall.report(found), rules, store, recall=recall, judged=collected)


def _has_lock(target: str) -> bool:
    path = Path(target)
    try:
        return (path.name == locks.NAME and path.is_file()) or (path / locks.NAME).is_file()
    except (OSError, ValueError):
        return False


def _of_lock(target: str, wanted: Wanted) -> Report:
    """What the gate says of a tree with a lock: no network and no database are asked."""
    folder = Path(target).parent if Path(target).name == locks.NAME else Path(target)
    config = wanted.told.files[-1] if wanted.told.files else None
    lock = folder / locks.NAME
    asked = Asked((folder,), config=config, lock=lock, policy=wanted.policy, what_if=wanted.what_if, cache=False)
    return Report.model_validate(check(asked).report)

"""Bills of materials held against frameworks: what `licscan manifest --check` does."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

import click

from licscan.bounded import decode, read_file
from licscan.clock import clock
from licscan.commands.output import opened
from licscan.completeness import score
from licscan.errors import UnreadableError, UsageError
from licscan.materials import LIMIT, MODEL, Bom, read
from licscan.reports import completeness as report
from licscan.reports.completeness import Scored
from licscan.rulebook import Framework, Rulebook, load

FORMATS = ("terminal", "json", "markdown")

_FILE = click.Path(path_type=Path)
_INCOMPLETE = 3
_NOTHING = 4


class Checking(NamedTuple):
    """What is asked of some documents.

    Attributes:
        files: The documents.
        frameworks: Ids of frameworks; all of them where none is named.
        form: One of `FORMATS`.
        output: Where to write; None for standard output.
        strict: Whether anything that is missing is told by the exit code.
        verbose: Whether what is there is shown, too.
    """

    files: tuple[Path, ...]
    frameworks: tuple[str, ...] = ()
    form: str = "terminal"
    output: Path | None = None
    strict: bool = False
    verbose: bool = False


Command = TypeVar("Command", bound=Callable[..., Any])


def scored(command: Command) -> Command:
    """The options that say which documents to score; where some are given, the command itself is not called."""

    @functools.wraps(command)
    def with_scores(*arguments: Any, checked: tuple[Path, ...], framework: tuple[str, ...], **options: Any) -> object:
        verbose = options.pop("verbose")
        if not checked:
            return command(*arguments, **options)
        wanted, form = options["wanted"], options["form"] or FORMATS[0]
        if wanted.targets or wanted.run is not None:
            raise UsageError("give targets, or --check with documents", remedy="leave out one of them")
        if form not in FORMATS:
            raise UsageError(f"--format {form} is none of a score", remedy=f"choose {', '.join(FORMATS)}")
        asked = Checking(checked, framework, form, options["output"], strict=options["strict"], verbose=verbose)
        return click.get_current_context().exit(check(asked))

    for option in (
        click.option("-v", "--verbose", is_flag=True, help="With --check: show what is there, too."),
        click.option("--framework", multiple=True, metavar="ID", help="With --check: against this; all of them."),
        click.option("--check", "checked", multiple=True, metavar="FILE", type=_FILE, help="Score that document."),
    ):
        with_scores = option(with_scores)
    return cast("Command", with_scores)


def check(asked: Checking) -> int:
    """Score documents, write that down, and give the exit code.

    Raises:
        UsageError: A file cannot be read, or a framework is not known.
    """
    rules = load()
    wanted = _wanted(asked.frameworks, rules)
    scored = []
    for file in asked.files:
        bom = _read(file)
        scored.append(Scored(str(file), bom, tuple(score(bom, one) for one in wanted)))
    with opened(asked.output, asked.form) as stream:
        if asked.form == "json":
            report.write_json(scored, stream, created=clock(), rules=rules.version)
        elif asked.form == "markdown":
            report.write_markdown(scored, stream)
        else:
            report.write(scored, stream, verbose=asked.verbose)
    if not any(part.kind == MODEL for one in scored for part in one.bom.parts):
        return _NOTHING
    missing = any(row.is_open for one in scored for each in one.scores for row in each.rows)
    return _INCOMPLETE if asked.strict and missing else 0


def _wanted(names: tuple[str, ...], rules: Rulebook) -> list[Framework]:
    for name in names:
        if name not in rules.frameworks:
            known = ", ".join(sorted(rules.frameworks))
            raise UsageError("no such framework", where=ascii(name), remedy=f"name one of {known}")
    return [rules.frameworks[name] for name in names or sorted(rules.frameworks)]


def _read(file: Path) -> Bom:
    try:
        content = read_file(file, LIMIT)
        if content.whole:
            return read(decode(content.data))
    except UnreadableError as error:
        line = f"{file}: {error.where}" if error.where.startswith("line") else str(file)
        raise UsageError(error.what, where=line, remedy="give a document of CycloneDX or SPDX") from error
    raise UsageError(f"longer than {LIMIT >> 20} MiB", where=str(file), remedy="give a smaller document")

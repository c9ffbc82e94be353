"""`licscan manifest`: what ships with a product, for people and for other people's tools."""

import importlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TextIO

import click

from licscan.clock import clock
from licscan.commands.output import opened
from licscan.commands.scoring import FORMATS as SCORES
from licscan.commands.scoring import scored
from licscan.commands.subjects import Subjects, Wanted, about, subjects
from licscan.errors import UsageError
from licscan.manifest import FORMATS
from licscan.manifest.assemble import Kept, Wish, assemble
from licscan.manifest.bill import Author, Bill, Component
from licscan.model import Activity, GapId

_INCOMPLETE = 3
_NOTHING = 4
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|https?://[^\s/]+(?:/\S*)?", re.ASCII)


@click.command(
    epilog="Exit codes: 0 done; 2 wrong call or rules; 3 with --strict, a text or something else could not be had; "
    "4 there is no model. With --check: 0 scored; 2 it cannot be read; 3 with --strict, something is missing; "
    "4 it lists no model."
)
@click.option("--sha512", is_flag=True, help="Hash weights of any size on this disk with SHA-512 too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(tuple(dict.fromkeys((*FORMATS, *SCORES)))),
    help="notice by default; with --check, terminal, json or markdown.",
)
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="Write there instead.")
@click.option("--name", default="Models", show_default=True, metavar="WORDS", help="What the document is about.")
@click.option(
    "--activity",
    "activities",
    multiple=True,
    type=click.Choice([one.value for one in Activity]),
    help="Only what this owes; everything by default.",
)
@click.option("--no-texts", is_flag=True, help="Say where license texts stand, and leave them out.")
@click.option("--spec-version", type=click.Choice(("1.6", "1.7")), help="The version of CycloneDX; 1.6 by default.")
@click.option("--author", metavar="WORDS", help="The organisation that a bill of materials is by.")
@click.option("--contact", metavar="EMAIL|URL", help="Where to reach its author; some rules ask for it.")
@click.option("--strict", is_flag=True, help="Exit with 3 where a text or something else could not be had.")
@about
@scored
@click.pass_context
def command(
    context: click.Context,
    wanted: Wanted,
    *,
    sha512: bool,
    form: str | None,
    output: Path | None,
    name: str,
    activities: tuple[str, ...],
    no_texts: bool,
    spec_version: str | None,
    author: str | None,
    contact: str | None,
    strict: bool,
) -> None:
    """Write what ships with a product: notices, displays, license texts, or a bill of materials.

    About the models of the last run, of the run that --run names, or of targets as `licscan scan` takes them.

    \b
    Examples:
      licscan manifest --output NOTICE
      licscan manifest ./models --format html --output about.html --strict
      licscan manifest meta-llama/Llama-3.1-8B --activity ship-product
      licscan manifest --format cyclonedx-json --spec-version 1.7
      licscan manifest --check sbom.cdx.json --framework bsi-tr-03183-2
    """
    form = _form(form)
    by = _author(author, contact)
    write = _writer(form, spec_version)
    wanted = replace(wanted, sha512=sha512)
    seen: set[GapId] = set()
    with subjects(wanted) as found:
        activities_ = frozenset(map(Activity, activities)) or None
        wish = Wish(name, clock(), activities_, texts=not no_texts, author=by)
        bill = assemble(found.report, _kept(found), found.rules, wish)
        with opened(output, form) as stream:
            write(replace(bill, draw=partial(_noting, bill, seen)), stream)
        code = _exit_code(found, bill, seen | {gap.id for gap in bill.gaps}, strict=strict)
    context.exit(code)


def _form(form: str | None) -> str:
    """The format: what scores are written in is not what documents are."""
    if form is not None and form not in FORMATS:
        raise UsageError(f"--format {form} is one of --check", remedy=f"choose {', '.join(FORMATS)}")
    return form or "notice"


def _author(name: str | None, contact: str | None) -> Author | None:
    if contact is not None:
        if name is None:
            raise UsageError("--contact without --author", remedy="say with --author whose address it is")
        if not _ADDRESS.fullmatch(contact):
            raise UsageError("neither an email address nor a page", where=contact, remedy="write it in full")
    return Author(name, contact) if name else None


def _writer(form: str, spec_version: str | None) -> Callable[[Bill, TextIO], None]:
    """What writes a format; looked up before anything is looked at, so that a wrong call costs nothing."""
    write: Callable[..., None] = importlib.import_module(FORMATS[form]).write
    if spec_version is None:
        return write
    if not form.startswith("cyclonedx"):
        raise UsageError(f"--spec-version is for CycloneDX, and the format is {form}", remedy="leave it out")
    return partial(write, spec_version=spec_version)


def _kept(found: Subjects) -> Kept:
    """The facts of the models, where a database has them."""
    store, run = found.store, found.report.run
    if store is None or run is None:
        return lambda: ()
    return lambda: store.facts_of_all(run)


def _noting(bill: Bill, seen: set[GapId]) -> Iterator[Component]:
    """The components, their gaps noted while they pass: drawing all of them up again takes seconds."""
    for one in bill.components:
        seen.update(gap.id for gap in (*one.gaps, *one.assessment.gaps))
        yield one


def _exit_code(found: Subjects, bill: Bill, gaps: set[GapId], *, strict: bool) -> int:
    if found.troubles:
        for trouble in found.troubles:
            click.echo(f"licscan: {trouble}", err=True)
        return UsageError.exit_code
    if strict and any(gap.unfinished for gap in gaps):
        return _INCOMPLETE
    return 0 if bill.number else _NOTHING

"""`licscan verify`: compare the bytes on this disk with what was promised of them."""

import contextlib
import datetime
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click

from licscan import lock as locks
from licscan import locked, verify
from licscan.commands.output import opened
from licscan.digests import FileStatus
from licscan.errors import LicscanError, NotFoundError, UnreadableError, UsageError
from licscan.integrity import FAILING, Checked
from licscan.reports import FORMATS
from licscan.reports import verify as report
from licscan.verify import statement
from licscan.verify.small import read_bytes

_MISMATCH = 1
_INCOMPLETE = 3
_NOTHING = 4


@click.command(
    epilog="Exit codes: 0 done; 1 a file is not what was promised; 2 wrong call; 3 with --strict, a file is not "
    "verified, missing, or one too many; 4 nothing was found to look at."
)
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option("--offline", is_flag=True, help="Ask no network.")
@click.option("--online", is_flag=True, help="Ask the Hub for its list of files, whatever is known here.")
@click.option("--as", "as_", metavar="REF", help="Compare with that model's files: org/name[@revision].")
@click.option("--against", metavar="FILE", type=click.Path(path_type=Path), help="Compare with that statement.")
@click.option("--attest", metavar="FILE", type=click.Path(path_type=Path), help="Write a statement of what is here.")
@click.option("--lock", metavar="FILE", type=click.Path(path_type=Path), help="The lock; the nearest one.")
@click.option("--rehash", is_flag=True, help="Read everything anew, whatever is known from an earlier run.")
@click.option(
    "--digest",
    "digests",
    multiple=True,
    type=click.Choice(["sha256", "sha512", "git-sha1"]),
    help="Make this digest of every file, from the same reading.",
)
@click.option("--strict", is_flag=True, help="Exit with 3 unless every file is verified and none missing.")
@click.option("--jobs", type=click.IntRange(1, 64), help="How many files at a time; as many as processors.")
@click.option("-q", "--quiet", is_flag=True, help="Print no progress.")
@click.option("-v", "--verbose", is_flag=True, help="Show every file, and who promises what of it.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="Write there instead.")
@click.option("--db", metavar="FILE|URL", envvar="LICSCAN_DB", help="The database; your own by default.")
@click.pass_context
def command(context: click.Context, /, targets: tuple[str, ...], **given: Any) -> None:
    """Compare the files of models on this disk with what was promised of them.

    A TARGET is a file or folder of weights, a folder of such folders, the cache of the Hub or a part of it, a store of
    Ollama, an OCI layout; or a model by its name (org/name[@revision], ollama:name), looked up in the cache of the Hub
    or in Ollama's store.

    Promises are taken from the cache (its lists of files, the names of its blobs), download records, SHA256SUMS and the
    like, git-LFS pointers, indexes of shards, manifests, in-toto statements, and licscan.lock. The Hub is asked for its
    list only where it is known which model this is and nothing here lists its files, or with --online.

    What was read is remembered: a file that nobody has touched since is not read again.

    \b
    Examples:
      licscan verify ./models
      licscan verify meta-llama/Llama-3.1-8B --strict
      licscan verify ./llama --as meta-llama/Llama-3.1-8B@main
      licscan verify ./llama --attest llama.intoto.json
      licscan verify ./llama --against llama.intoto.json --offline
    """
    asked = _Asked(**given)
    begun = time.monotonic()
    copies, troubles = _found(targets)
    _prepare(copies, asked)
    digests = asked.digests or (("sha256",) if asked.attest else ())
    wanted = verify.Wanted(digests, rehash=asked.rehash, jobs=asked.jobs)
    with verify.HashCache() as cache, _progress(quiet=asked.quiet) as watch:
        checked, effort = verify.check(copies, cache, wanted, watch)
    _print(checked, effort, asked, time.monotonic() - begun)
    if asked.attest:
        _write_statement(checked[0], asked.attest)
    for trouble in (*troubles, *filter(None, [effort.trouble])):
        click.echo(f"licscan: {trouble}", err=True)
    context.exit(_exit_code(checked, troubles, strict=asked.strict))


class _Asked(NamedTuple):
    """The options, each as its help says."""

    offline: bool
    online: bool
    as_: str | None
    against: Path | None
    attest: Path | None
    lock: Path | None
    rehash: bool
    digests: tuple[str, ...]
    strict: bool
    jobs: int | None
    quiet: bool
    verbose: bool
    form: str
    output: Path | None
    db: str | None


def _found(targets: tuple[str, ...]) -> tuple[list[verify.Copy], list[LicscanError]]:
    copies: list[verify.Copy] = []
    troubles: list[LicscanError] = []
    for target in targets:
        try:
            copies += verify.find(target)
        except LicscanError as error:
            troubles.append(error)
    return copies, troubles


def _prepare(copies: list[verify.Copy], asked: _Asked) -> None:
    """Add to copies what is promised of them elsewhere."""
    if asked.offline and asked.online:
        raise UsageError("--offline and --online exclude each other", remedy="leave one out")
    for option in ("as_", "against", "attest"):
        if getattr(asked, option) is not None:
            _one(copies, f"--{option.rstrip('_')}")
    if asked.against:
        _compare_with(copies[0], asked.against)
    if asked.attest:
        _leave_out(copies[0], asked.attest)
    if asked.as_:
        from licscan.model import ModelRef  # noqa: PLC0415 - 0.1 s

        copies[0].ref = str(ModelRef.parse(asked.as_))
    if lock := asked.lock or locks.found_above(Path()):
        locked.promise(copies, locks.read(lock), lock.absolute().parent)
    _ask(copies, asked)


def _print(checked: list[Checked], effort: verify.Effort, asked: _Asked, seconds: float) -> None:
    with opened(asked.output, asked.form) as stream:
        if asked.form == "json":
            report.write_json(checked, stream, created=_now(), read=effort.read, known=effort.known)
        else:
            report.write(checked, stream, read=effort.read, known=effort.known, seconds=seconds, verbose=asked.verbose)


def _one(copies: list[verify.Copy], option: str) -> None:
    if len(copies) != 1:
        names = ", ".join(copy.name for copy in copies[:3]) or "none"
        raise UsageError(f"{option} speaks of one model, and there are {len(copies)}", where=names, remedy="name one")


def _compare_with(copy: verify.Copy, file: Path) -> None:
    """Take a statement for what is promised of a copy, and of nothing else in it."""
    try:
        said = statement.parse(read_bytes(str(file)), str(file))
    except UnreadableError as error:
        raise UsageError(error.what, where=str(file), remedy="give an in-toto statement") from error
    copy.add(said.promises(f"{file.name}, its signature not checked" if said.signed else file.name))
    copy.listed.append("")
    _leave_out(copy, file)


def _leave_out(copy: verify.Copy, file: Path) -> None:
    """A statement is no part of the model that it is about, wherever it lies."""
    path = os.path.relpath(file.absolute(), Path(copy.root).absolute()).replace(os.sep, "/")
    copy.files.pop(path, None)


def _ask(copies: list[verify.Copy], asked: _Asked) -> None:
    """Add what the database and the Hub promise, where they are to be asked."""
    of_hub = [copy for copy in copies if copy.ref.startswith(("hf:", "dataset:")) and "@" in copy.ref]
    wanted = [copy for copy in of_hub if asked.online or not copy.listed]
    if asked.as_:
        wanted = copies[:1]
    if wanted:
        from licscan.published import Asking, ask  # noqa: PLC0415 - 0.5 s, and most copies bring their own list

        ask(wanted, Asking(offline=asked.offline, database=asked.db))


@contextlib.contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    if quiet or not sys.stderr.isatty() or "TERM" not in os.environ:
        yield lambda _done, _total: None
        return
    from licscan.commands.progress import bytes_bar  # noqa: PLC0415 - 60 ms, for people who watch

    with bytes_bar() as watch:
        yield watch


def _now() -> datetime.datetime:
    """The time, or that of `SOURCE_DATE_EPOCH`, as `licscan.scan` has it; that one takes a second to import."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC)
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


def _write_statement(checked: Checked, file: Path) -> None:
    if any(one.status in FAILING for one in checked.verdicts):
        click.echo(f"licscan: {file}: not attested: not all files are what was promised", err=True)
        return
    from licscan.attest import attest  # noqa: PLC0415 - the whole rest of licscan

    text = json.dumps(attest(checked), indent=2, ensure_ascii=False) + "\n"
    with opened(file, "json") as stream:
        stream.write(text)


def _exit_code(checked: list[Checked], troubles: list[LicscanError], *, strict: bool) -> int:
    statuses = {verdict.status for copy in checked for verdict in copy.verdicts}
    if any(not isinstance(trouble, NotFoundError) for trouble in troubles):
        return UsageError.exit_code
    if statuses & FAILING:
        return _MISMATCH
    if strict and (statuses - {FileStatus.VERIFIED} or troubles or any(copy.troubles for copy in checked)):
        return _INCOMPLETE
    return 0 if statuses and not troubles else _NOTHING

"""Options that several commands have, and what they do with their output."""

import contextlib
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click

from licscan.errors import UsageError
from licscan.reports import FORMATS

Command = TypeVar("Command", bound=Callable[..., Any])


def common(command: Command) -> Command:
    """The options of every command that prints what the database holds."""
    for option in (
        click.option("--db", metavar="FILE|URL", envvar="LICSCAN_DB", help="The database; your own by default."),
        click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="Write there instead."),
        click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True),
    ):
        command = option(command)
    return command


@contextlib.contextmanager
def opened(output: Path | None, form: str) -> Iterator[TextIO]:
    """The stream to write to; JSON is UTF-8 wherever it goes (RFC 8259).

    Raises:
        UsageError: The file cannot be written.
    """
    if output is None:
        if form == "json" and isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        yield sys.stdout
        return
    try:
        with output.open("w", encoding="utf-8") as stream:
            yield stream
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        raise UsageError(what, where=str(output), remedy="choose another place with --output") from error

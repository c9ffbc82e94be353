"""Where commands write."""

import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from licscan.errors import UsageError


@contextlib.contextmanager
def opened(output: Path | None, form: str) -> Iterator[TextIO]:
    """The stream to write to; everything but text for a terminal is UTF-8 wherever it goes (RFC 8259 of JSON).

    Raises:
        UsageError: The file cannot be written.
    """
    if output is None:
        if form != "terminal" and isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        yield sys.stdout
        return
    try:
        with output.open("w", encoding="utf-8") as stream:
            yield stream
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        raise UsageError(what, where=str(output), remedy="choose another place with --output") from error

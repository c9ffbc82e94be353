"""The tables of an audit as CSV (RFC 4180), one file each in a folder. A spreadsheet that opens them runs nothing."""

import contextlib
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from licscan.audit.dossier import Dossier
from licscan.audit.tables import Cell, Row, fits, is_formula, tables


def write(dossier: Dossier, folder: Path) -> None:
    """Write the tables of an audit.

    Args:
        dossier: The audit; its entries are read once.
        folder: Where to; it is made where it is not there.

    Raises:
        OSError: A file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    some = tables(dossier)
    with contextlib.ExitStack() as stack:
        writers = [csv.writer(stack.enter_context(_open(folder / f"{table.name}.csv"))) for table in some]
        for writer, table in zip(writers, some, strict=True):
            writer.writerow(table.columns)
            writer.writerows(map(_safe, table.first))
        for entry in dossier.entries:
            for writer, table in zip(writers, some, strict=True):
                writer.writerows(map(_safe, table.rows(entry)))


@contextlib.contextmanager
def _open(path: Path) -> Iterator[TextIO]:
    # The mark at the beginning tells spreadsheets that this is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        yield stream


def _safe(row: Row) -> list[Cell]:
    return [_cell(one) for one in row]


def _cell(value: Cell) -> Cell:
    if not isinstance(value, str):
        return value
    text = fits(str(value))
    # A leading apostrophe makes text of a formula, in every spreadsheet.
    return f"'{text}" if is_formula(text) else text

"""The tables of an audit as sheets of one workbook, row by row: what was written is not kept in memory."""

from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from licscan.audit.dossier import Dossier
from licscan.audit.tables import Row, Table, fits, is_formula, tables

_ROWS = 1_000_000
_WIDTHS = {"model": 38, "text": 60, "what": 50, "why": 50, "words there": 80, "title": 34, "value": 80, "says": 50}
_WIDTH = 16


def write(dossier: Dossier, path: Path) -> None:
    """Write an audit as a workbook.

    Args:
        dossier: The audit; its entries are read once.
        path: The file.

    Raises:
        OSError: It cannot be written.
    """
    # Only text that was asked to be text is written, so none of these may turn words into something else.
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(path, {"constant_memory": True, **plain}) as book:
        created = dossier.created.replace(tzinfo=None)
        book.set_properties({"title": "licscan audit", "created": created, "comments": "No legal advice."})
        sheets = [_Sheet(book, table) for table in tables(dossier)]
        for entry in dossier.entries:
            for sheet in sheets:
                for row in sheet.table.rows(entry):
                    sheet.add(row)


class _Sheet:
    """A table of the workbook; it goes on in another sheet where one is full."""

    def __init__(self, book: Workbook, table: Table) -> None:
        self.table = table
        self._book = book
        self._bold = book.add_format({"bold": True, "bottom": 1})
        # What looks like a formula stays text when somebody edits the cell, too.
        self._text = book.add_format({"quote_prefix": True})
        self._number = 0
        self._row = 0
        self._sheet: Any = None
        self._begin()
        for row in table.first:
            self.add(row)

    def add(self, row: Row) -> None:
        """Write a row."""
        if self._row > _ROWS:
            self._begin()
        for column, value in enumerate(row):
            if isinstance(value, str):
                text = fits(str(value))
                self._sheet.write_string(self._row, column, text, self._text if is_formula(text) else None)
            elif value is not None:
                self._sheet.write_number(self._row, column, value)
        self._row += 1

    def _begin(self) -> None:
        self._number += 1
        name = self.table.name if self._number == 1 else f"{self.table.name} {self._number}"
        self._sheet = self._book.add_worksheet(name)
        for column, title in enumerate(self.table.columns):
            self._sheet.set_column(column, column, _WIDTHS.get(title, _WIDTH))
            self._sheet.write_string(0, column, title, self._bold)
        self._sheet.freeze_panes(1, 1)
        self._row = 1

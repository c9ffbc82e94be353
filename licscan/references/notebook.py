"""Models named in Jupyter notebooks: the code of all cells as one, magics and shell lines apart."""

import json
import re
from collections.abc import Callable, Iterator
from json import decoder
from typing import NamedTuple

from licscan.errors import UnreadableError
from licscan.references import python, shell
from licscan.references.python_names import Look
from licscan.references.said import Broken, Found

# Reads one string of JSON from its first character on: its value, and where it ends.
_scan: Callable[[str, int], tuple[str, int]] = decoder.scanstring  # type: ignore[attr-defined]
_SOURCE = re.compile(r'(?<!\\)"source"\s*:\s*(?=[\["])')
_BETWEEN = re.compile(r"[\s,\[]*")
_LITERAL = re.compile(r'\s*"((?:[^"\\]|\\.)*)",?\s*')


class _Line(NamedTuple):
    """A line of a cell, and the line of the file where it stands."""

    text: str
    line: int


def wants(file_name: str) -> bool:
    """Whether a file is a notebook, by its name."""
    return file_name.endswith(".ipynb")


def find(text: str, _path: str = "", look: Look | None = None) -> Iterator[Found]:
    """The models that a notebook names.

    Args:
        text: The notebook's JSON.
        look: Asks other files of the tree what a name is there.

    Raises:
        UnreadableError: It is no notebook.
    """
    cells = [cell for cell in _cells(text) if cell]
    lines = [line for cell in cells for line in cell]
    for line in lines:
        if line.text.lstrip().startswith("!"):
            yield from (one._replace(line=line.line) for one in shell.find(line.text.lstrip()[1:]))
    whole = "\n".join(_code(line.text) for line in lines)
    if python.parse(whole) is not None:
        yield from _found(whole, lines, look)
        return
    # A cell that is no Python costs only itself.
    for cell in cells:
        yield from _found("\n".join(_code(line.text) for line in cell), cell, look)


def _found(source: str, lines: list[_Line], look: Look | None) -> Iterator[Found]:
    for one in python.find(source, "", look):
        if isinstance(one, Broken):
            continue  # a cell that somebody left unfinished is nothing unusual
        yield one._replace(line=lines[min(one.line, len(lines)) - 1].line)


def _code(text: str) -> str:
    stripped = text.lstrip()
    return text[: len(text) - len(stripped)] + "pass" if stripped.startswith(("!", "%", "?")) else text


def _cells(text: str) -> Iterator[list[_Line]]:
    """The lines of every code cell, with their places in the file."""
    kinds = _kinds(text)
    counted, at = 0, 1
    for number, found in enumerate(_SOURCE.finditer(text)):
        at += text.count("\n", counted, found.end())
        counted = found.end()
        if number < len(kinds) and kinds[number] != "code":
            continue
        lines = list(_strings(text, found.end(), at))
        if lines and lines[0].text.startswith("%%") and not lines[0].text.startswith(("%%time", "%%capture")):
            continue
        yield [_Line(_pasted(one.text), one.line) for one in lines] if _is_pasted(lines) else lines


def _kinds(text: str) -> list[str]:
    """The kind of every cell that has a source."""
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError("no notebook: not JSON") from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if cells is None and isinstance(notebook, dict) and isinstance(notebook.get("worksheets"), list):
        return []
    if not isinstance(cells, list):
        raise UnreadableError("no notebook: it has no cells")
    return [str(cell.get("cell_type")) for cell in cells if isinstance(cell, dict) and "source" in cell]


def _strings(text: str, place: int, line: int) -> Iterator[_Line]:
    if text[place] == '"':
        whole, _ = _scan(text, place + 1)
        yield from (_Line(part, line) for part in whole.split("\n"))
        return
    place += 1
    while True:
        between = _BETWEEN.match(text, place)
        if between is None or between.end() >= len(text) or text[between.end()] != '"':
            return
        line += between[0].count("\n")
        part, place = _scan(text, between.end() + 1)
        yield from (_Line(one, line) for one in part.removesuffix("\n").split("\n"))


def _is_pasted(lines: list[_Line]) -> bool:
    """Whether a cell holds lines of a notebook's own JSON, each a quoted string."""
    filled = [line.text for line in lines if line.text.strip()]
    return bool(filled) and all(_LITERAL.fullmatch(line) and "\\n" in line for line in filled[:-1] or filled)


def _pasted(text: str) -> str:
    found = _LITERAL.fullmatch(text)
    if not found:
        return text
    try:
        return str(json.loads(f'"{found[1]}"')).rstrip("\n")
    except ValueError:
        return text

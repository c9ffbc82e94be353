"""A Modelfile: what Ollama makes a model from.

https://github.com/ollama/ollama, `parser/parser.go`: commands in any case and order, quotes of one or three marks.
"""

import re
from typing import NamedTuple

_COMMANDS = "FROM LICENSE TEMPLATE SYSTEM ADAPTER DRAFT RENDERER PARSER PARAMETER MESSAGE REQUIRES".split()
_COMMAND = re.compile(rf"[ \t]*({'|'.join(_COMMANDS)})[ \t]+", re.IGNORECASE)
_MOST = 100


class Instruction(NamedTuple):
    """A command, its argument without quotes, and its line."""

    command: str
    argument: str
    line: int


def read_modelfile(text: str) -> list[Instruction]:
    """The commands of a Modelfile in their order; lines that are none are passed over."""
    found: list[Instruction] = []
    lines = text.split("\n")
    number = 0
    while number < len(lines) and len(found) < _MOST:
        match = _COMMAND.match(lines[number])
        first = number
        number += 1
        if match is None:
            continue
        argument = lines[first][match.end() :].strip()
        if argument.startswith('"""'):
            argument, number = _quoted(argument[3:], lines, number)
        elif len(argument) > 1 and argument[0] == argument[-1] == '"':
            argument = argument[1:-1]
        found.append(Instruction(match[1].upper(), argument, first + 1))
    return found


def _quoted(begun: str, lines: list[str], number: int) -> tuple[str, int]:
    """The text up to three closing marks, and the line behind them; to the end where there are none."""
    parts = [begun]
    while '"""' not in parts[-1] and number < len(lines):
        parts.append(lines[number])
        number += 1
    return "\n".join(parts).partition('"""')[0], number

"""JSON of others: within bounds, and with the lines of what was found in it."""

import json
import re
from collections.abc import Collection

from licscan.errors import UnreadableError
from licscan.materials.parts import Path

# Strings whole, so that a bracket inside one is none.
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],]|\n', re.DOTALL)
_KEY = re.compile(r"\s*:")


def load(text: str) -> object:
    """The value of a JSON text.

    Raises:
        UnreadableError: It is no JSON, or nested too deep.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise UnreadableError("nested beyond reason") from error
    except ValueError as error:
        line = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise UnreadableError("no sound JSON", where=line) from error


def lines(text: str, wanted: Collection[Path]) -> dict[Path, int]:
    """The lines (from 1) of keys and items of a sound JSON text.

    Args:
        text: The JSON.
        wanted: Their paths; where a key comes twice, the line of the last.
    """
    paths = set(wanted)
    depths = {len(path) for path in paths}
    found: dict[Path, int] = {}
    at: list[str | int] = []
    line = 1
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign == "\n":
            line += 1
        elif sign in "}]":
            at.pop()
        elif sign == ",":
            if isinstance(at[-1], int):
                at[-1] += 1
        else:
            is_key = sign[0] == '"' and isinstance(at[-1], str) and _KEY.match(text, token.end()) is not None
            if is_key:
                at[-1] = str(json.loads(sign))
            # An item begins here; of a key, the key itself counts, not its value.
            begins = is_key or (bool(at) and isinstance(at[-1], int))
            if begins and len(at) in depths and (path := tuple(at)) in paths:
                found[path] = line
            if sign in "{[":
                at.append("" if sign == "{" else 0)
    return found

"""The files in which stores keep their books: JSON and YAML, within bounds."""

import json
from pathlib import Path
from typing import Any

from licscan.errors import UnreadableError
from licscan.formats.bounded import decode, read_file
from licscan.formats.marked_yaml import load

LIMIT = 4 << 20


def read_bytes(path: Path, limit: int = LIMIT) -> bytes:
    """All bytes of a small file.

    Raises:
        UnreadableError: It cannot be read, or is too long.
    """
    content = read_file(path, limit)
    if not content.whole:
        raise UnreadableError(f"longer than {limit >> 20} MiB", where=str(path))
    return content.data


def read_json(path: Path, limit: int = LIMIT) -> tuple[dict[str, Any], bytes]:
    """The object in a JSON file, and its bytes.

    Raises:
        UnreadableError: It cannot be read, is too long, or holds no object.
    """
    data = read_bytes(path, limit)
    return json_object(data, str(path)), data


def json_object(data: bytes, where: str) -> dict[str, Any]:
    """The object that bytes of JSON hold.

    Raises:
        UnreadableError: They hold none.
    """
    try:
        value = json.loads(decode(data))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"not sound JSON: {str(error) or 'nested beyond reason'}", where=where) from error
    if not isinstance(value, dict):
        raise UnreadableError("not a JSON object", where=where)
    return value


def read_yaml(path: Path, limit: int = LIMIT) -> dict[str, Any]:
    """The mapping in a YAML file.

    Raises:
        UnreadableError: It cannot be read, or holds none.
    """
    value = load(decode(read_file(path, limit).data)).value
    if not isinstance(value, dict):
        raise UnreadableError("not a YAML mapping", where=str(path))
    return value


def text_of(value: object) -> str:
    """A value that should be a text, as one; empty where it is none."""
    return value.strip()[:2000] if isinstance(value, str) else ""


def mappings(value: object) -> list[dict[str, Any]]:
    """The mappings in a list; nothing where it is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []

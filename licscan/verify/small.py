"""Small files that speak of large ones, read within bounds."""

import json
import os
import re
from typing import Any

from licscan.errors import UnreadableError
from licscan.verify.hashing import kind, said

_LONGEST = 64 << 20
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
# Windows reads these as the way to another place.
_ELSEWHERE = re.compile(r"^[A-Za-z]:|\\")


def read_bytes(path: str, limit: int = _LONGEST) -> bytes:
    """A whole small file.

    Raises:
        UnreadableError: It cannot be read, is no regular file, or is longer than `limit`.
    """
    try:
        with os.fdopen(os.open(path, _FLAGS), "rb", buffering=0) as stream:
            found = os.fstat(stream.fileno())
            if odd := kind(found.st_mode):
                raise UnreadableError(f"{odd}, not a regular file", where=path)
            data = b""
            while len(data) <= limit and (more := stream.read(limit + 1 - len(data))):
                data += more
    except (OSError, ValueError) as error:
        raise UnreadableError(said(error), where=path) from error
    if len(data) > limit:
        raise UnreadableError(f"longer than {limit >> 20} MiB", where=path)
    return data


def read_head(path: str, number: int) -> bytes:
    """The first bytes of a regular file; nothing where they cannot be read."""
    try:
        with os.fdopen(os.open(path, _FLAGS), "rb", buffering=0) as stream:
            return b"" if kind(os.fstat(stream.fileno()).st_mode) else stream.read(number) or b""
    except (OSError, ValueError):
        return b""


def read_json(path: str, limit: int = _LONGEST) -> dict[str, Any]:
    """A small file that holds a JSON object.

    Raises:
        UnreadableError: It cannot be read, or is none.
    """
    return parse_json(read_bytes(path, limit), path)


def parse_json(data: bytes, where: str) -> dict[str, Any]:
    """A JSON object.

    Raises:
        UnreadableError: It is none.
    """
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"no sound JSON: {error}", where=where) from error
    if not isinstance(found, dict):
        raise UnreadableError("no JSON object", where=where)
    return found


def inside(name: object) -> str | None:
    """A path that leads to a file below the folder where it stands, in its plain form; None for any other."""
    if not isinstance(name, str) or not name or "\0" in name or name.startswith("/") or _ELSEWHERE.search(name):
        return None
    try:
        name.encode()
    except UnicodeEncodeError:
        return None
    parts = [part for part in name.split("/") if part not in {"", "."}]
    return "/".join(parts) if parts and ".." not in parts else None


def size_of(value: object) -> int | None:
    """A size; None for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 63 else None

"""What a package of npm says of itself: `package.json`.

https://docs.npmjs.com/cli/configuring-npm/package-json#license, with the older forms that the registry still holds.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from licscan.errors import UnreadableError
from licscan.formats.bounded import decode, read_file
from licscan.formats.package import LONGEST, Package, Stated

NAME = "package.json"

_LIMIT = 1 << 20
_MOST = 20


def read(path: Path) -> Package:
    """The package of a `package.json`.

    Raises:
        UnreadableError: It cannot be read, or names no package at a version.
    """
    content = read_file(path, _LIMIT)
    text = decode(content.data)
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"not sound JSON: {str(error) or 'nested beyond reason'}", where=str(path)) from error
    name, version = (fields.get("name"), fields.get("version")) if isinstance(fields, dict) else (None, None)
    if not (isinstance(name, str) and isinstance(version, str) and name and version):
        raise UnreadableError("no name and version of a package", where=str(path))
    digest = hashlib.sha256(content.data).hexdigest()
    return Package(name[:LONGEST], version[:LONGEST], path, tuple(_stated(fields, text)), frozenset(), digest)


def _stated(fields: dict[str, Any], text: str) -> Iterator[Stated]:
    for key in ("license", "licenses"):
        found = fields.get(key)
        # Before SPDX expressions: an object with a type, or a list of such.
        for one in (found if isinstance(found, list) else [found])[:_MOST]:
            value = one.get("type") if isinstance(one, dict) else one
            if isinstance(value, str) and value.strip():
                line = text.count("\n", 0, max(0, text.find(f'"{key}"'))) + 1
                yield Stated(key, value.strip()[:LONGEST], line)

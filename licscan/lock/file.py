"""The file: JSON with one line a fact, sorted, so that a change is a small diff and two branches merge.

The list of models ends in `null`: whoever adds one at the end changes no other line.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from licscan.errors import UsageError
from licscan.lock.entry import Entry, model_of

NAME = "licscan.lock"
VERSION = 1
_LARGEST = 256 << 20
_REMEDY = "resolve the conflict or take the last good version, then run licscan lock"


@dataclass(frozen=True, slots=True)
class Lock:
    """What a lock holds.

    Attributes:
        tool: The version of licscan that wrote it.
        rules: The version of the rule base.
        policy: The policy, compiled: `id`, `title`, `source` (digest of its file, None for the rule base's), `rules`.
        limits: By clause type, who comes under it: `title`, `applies` (compiled), `asked`.
        models: By the reference as it is named.
    """

    tool: str
    rules: str
    policy: Mapping[str, Any]
    limits: Mapping[str, Mapping[str, Any]]
    models: Mapping[str, Entry] = field(default_factory=dict)

    def model(self, ref: str) -> dict[str, Any]:
        """What is so about a model, in the shape of the JSON of an assessment.

        Raises:
            UsageError: Its entry is damaged.
            KeyError: It has none.
        """
        entry = self.models[ref]
        try:
            return model_of(entry)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UsageError(f"the entry of {ref!a} is damaged", where=NAME, remedy=_REMEDY) from error


def found_above(place: Path) -> Path | None:
    """The lock nearest above a place."""
    start = Path(os.path.abspath(place))  # noqa: PTH100 - resolve() would follow links away from the tree
    return next((path for folder in (start, *start.parents) if (path := folder / NAME).is_file()), None)


def read(path: Path) -> Lock:
    """A lock from its file.

    Raises:
        UsageError: It cannot be read, is damaged, or of another version.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise UsageError("larger than 256 MiB", where=str(path), remedy=_REMEDY)
        data = json.loads(path.read_bytes())
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        raise UsageError(what, where=str(path), remedy="run licscan lock") from error
    except (ValueError, RecursionError) as error:
        line = f"{path}:{error.lineno}" if isinstance(error, json.JSONDecodeError) else str(path)
        raise UsageError("is damaged: no JSON", where=line, remedy=_REMEDY) from error
    version = data.get("licscan-lock") if isinstance(data, dict) else None
    if version != VERSION:
        raise UsageError(
            f"is a lock of version {version!r}; this licscan reads {VERSION}",
            where=str(path),
            remedy="run licscan lock",
        )
    try:
        models = {str(entry["ref"]): entry for entry in data["models"] if entry is not None}
        return Lock(str(data["tool"]), str(data["rules"]), {**data["policy"]}, {**data["limits"]}, models)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError("is damaged: something is missing", where=str(path), remedy=_REMEDY) from error


def write(lock: Lock, path: Path) -> bool:
    """Write a lock where others see it whole or not at all; whether that changed anything.

    Raises:
        UsageError: It cannot be written.
    """
    made = text(lock)
    try:
        if path.is_file() and path.read_text(encoding="utf-8") == made:
            return False
        part = path.with_name(f".{path.name}.{os.getpid()}")
        part.write_text(made, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        raise UsageError(what, where=str(path), remedy="choose another place with --lock") from error
    return True


def text(lock: Lock) -> str:
    """The lock as it is kept."""
    return "\n".join(_lines(lock)) + "\n"


def _lines(lock: Lock) -> Iterator[str]:
    yield "{"
    yield ' "note": "Written by licscan lock. Read it in reviews; do not edit it.",'
    yield f' "licscan-lock": {VERSION},'
    yield f' "tool": {_one(lock.tool)},'
    yield f' "rules": {_one(lock.rules)},'
    yield f' "policy": {{{", ".join(f"{_one(key)}: {_one(lock.policy[key])}" for key in ("id", "title", "source"))},'
    yield '  "rules": ['
    yield from _listed([_one(rule) for rule in lock.policy["rules"]], "   ")
    yield "  ]},"
    yield ' "limits": {'
    yield from _listed([f"{_one(name)}: {_one(lock.limits[name])}" for name in sorted(lock.limits)], "  ")
    yield " },"
    yield ' "models": ['
    for name in sorted(lock.models):
        yield from _entry(lock.models[name])
    yield "  null"
    yield " ]"
    yield "}"


def _entry(entry: Entry) -> Iterator[str]:
    fields = list(entry.items())
    yield "  {"
    for position, (name, value) in enumerate(fields):
        comma = "," if position < len(fields) - 1 else ""
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"   {_one(name)}: ["
            yield from _listed([_one(item) for item in value], "    ")
            yield f"   ]{comma}"
        else:
            yield f"   {_one(name)}: {_one(value)}{comma}"
    yield "  },"


def _listed(items: list[str], indent: str) -> Iterator[str]:
    for position, item in enumerate(items):
        yield f"{indent}{item}{',' if position < len(items) - 1 else ''}"


def _one(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)

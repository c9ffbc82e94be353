"""Configuration files: found above a place, read within bounds, with the line of each key, and with what they extend.

    extends = ["../common/licscan.toml", "env:ACME_LICSCAN", "package:acme-rules"]

A path, an environment variable that holds one, or an installed package that offers the entry point `licscan.rules`.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from licscan.errors import UsageError

NAME = "licscan.toml"
_GROUP = "licscan.rules"
_PYPROJECT = "pyproject.toml"
_LARGEST = 1 << 20
_DEEPEST = 10
_KEYS = (
    "extends",
    "policy",
    "internal",
    "exclude",
    "baseline",
    "grace",
    "severity",
    "waivers",
    "waivers-from",
    "organisation",
    "agreements",
)

_HEADER = re.compile(r"\s*\[(\[)?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")

Key = str | int


class Layer(NamedTuple):
    """One configuration file.

    Attributes:
        path: The file.
        data: What it says of licscan.
        lines: The line of each key, as far as it is known.
    """

    path: Path
    data: Mapping[str, Any]
    lines: Mapping[tuple[Key, ...], int]

    def where(self, *keys: Key) -> str:
        """File, line and key, for messages."""
        lengths = range(len(keys), 0, -1)
        line = next((self.lines[keys[:length]] for length in lengths if keys[:length] in self.lines), None)
        place = f"{self.path}:{line}" if line else str(self.path)
        return f"{place}: {'.'.join(map(str, keys))}" if keys else place

    def text(self, *keys: Key) -> str:
        """A text.

        Raises:
            UsageError: It is none, or an empty one.
        """
        value = self.at(*keys)
        if not isinstance(value, str) or not value.strip():
            raise UsageError("is no text", where=self.where(*keys), remedy='write "..."')
        return value

    def texts(self, *keys: Key) -> tuple[str, ...]:
        """A list of texts; one text is a list of one, a missing key an empty one.

        Raises:
            UsageError: It is none.
        """
        value = self.at(*keys)
        items = [] if value is None else value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) and item.strip() for item in items):
            raise UsageError("is no list of texts", where=self.where(*keys), remedy='write ["one", "two"]')
        return tuple(items)

    def table(self, *keys: Key) -> Mapping[str, Any]:
        """A table; a missing one is empty.

        Raises:
            UsageError: It is none.
        """
        value = self.at(*keys)
        if not isinstance(value, Mapping | None):
            raise UsageError("is no table", where=self.where(*keys), remedy="write [name] and key = value lines")
        return value or {}

    def tables(self, key: str) -> list[Mapping[str, Any]]:
        """A list of tables; a missing one is empty.

        Raises:
            UsageError: It is none.
        """
        value = self.at(key)
        items = [] if value is None else value
        if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
            raise UsageError("is no list of tables", where=self.where(key), remedy=f"write [[{key}]] for each")
        return items

    def at(self, *keys: Key) -> Any:
        """What stands there; None where nothing does."""
        value: Any = self.data
        for key in keys:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return None
        return value


def found_above(place: Path) -> Path | None:
    """The configuration nearest above a place: `licscan.toml`, or a `pyproject.toml` that speaks of licscan."""
    start = Path(os.path.abspath(place))  # noqa: PTH100 - resolve() would follow links away from the tree
    for folder in (start, *start.parents):
        if (own := folder / NAME).is_file():
            return own
        shared = folder / _PYPROJECT
        if shared.is_file() and b"tool.licscan" in _bytes(shared):
            return shared
    return None


def layers(path: Path) -> list[Layer]:
    """A configuration and all that it extends, the farthest first: what comes later goes over what came before.

    Raises:
        UsageError: A file is missing, broken, or extends itself.
    """
    return list(_layers(path, ()))


def _layers(path: Path, above: tuple[Path, ...]) -> Iterator[Layer]:
    layer = layer_of(path)
    _only_known(layer)
    if len(above) > _DEEPEST or path in above:
        raise UsageError("extends itself", where=layer.where("extends"), remedy="extend another configuration")
    for name in layer.texts("extends"):
        yield from _layers(_extended(layer, name), (*above, path))
    yield layer


def _only_known(layer: Layer) -> None:
    for key in layer.data:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"use one of {', '.join(_KEYS)}"
            raise UsageError("is no key of the configuration", where=layer.where(key), remedy=remedy)


def _extended(layer: Layer, name: str) -> Path:
    kind, colon, rest = name.partition(":")
    where = layer.where("extends")
    if colon and kind == "env":
        if not os.environ.get(rest):
            raise UsageError(f"the variable {rest} is not set", where=where, remedy=f"set {rest} to a {NAME}")
        return Path(os.environ[rest]).absolute()
    if colon and kind == "package":
        return package_folder(rest, where) / NAME
    path = (layer.path.parent / name).absolute()
    if not path.exists():
        raise UsageError(f"no such file: {name}", where=where, remedy="write a path, env:VARIABLE or package:NAME")
    return path / NAME if path.is_dir() else path


def package_folder(name: str, where: str) -> Path:
    """The folder of an installed package that offers rules.

    Raises:
        UsageError: No installed package offers rules under that name.
    """
    from importlib import import_module, metadata  # noqa: PLC0415 - 65 ms, for those who use it

    points = {point.name: point.value for point in metadata.entry_points(group=_GROUP)}
    if name not in points:
        known = ", ".join(sorted(points)) or "none is installed"
        raise UsageError(
            f"no installed package offers rules as {name!r}", where=where, remedy=f"install it; known: {known}"
        )
    module = import_module(points[name].partition(":")[0])
    return Path(str(module.__file__)).parent


def layer_of(path: Path) -> Layer:
    """One configuration file, read.

    Raises:
        UsageError: It is missing, too large, or no TOML.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise UsageError("larger than 1 MiB", where=str(path), remedy="name the right file")
        text = content.decode("utf-8-sig")
        data: Any = tomllib.loads(text)
    except OSError as error:
        what = "no such file" if isinstance(error, FileNotFoundError) else (error.strerror or str(error)).lower()
        raise UsageError(what, where=str(path), remedy="check --config or LICSCAN_CONFIG") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        what, at, rest = str(error).rpartition(" (at line ")
        where = f"{path}:{rest.partition(',')[0]}" if at else str(path)
        raise UsageError(f"no TOML: {what or rest}", where=where, remedy="mend that place") from error
    lines = _lines(text)
    if path.name == _PYPROJECT:
        prefix = ("tool", "licscan")
        data = Layer(path, data, lines).table(*prefix)
        lines = {key[2:]: line for key, line in lines.items() if key[:2] == prefix}
    return Layer(path, data, lines)


def _lines(text: str) -> dict[tuple[Key, ...], int]:
    """The line of each key and table, counted from 1."""
    found: dict[tuple[Key, ...], int] = {}
    at: tuple[Key, ...] = ()
    numbers: dict[tuple[Key, ...], int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            at = tuple(part.strip("\"'") for part in _PART.findall(header[2]))
            if header[1]:
                numbers[at] = numbers.get(at, -1) + 1
                found.setdefault(at, number)
                at = (*at, numbers[at])
            found.setdefault(at, number)
        elif key := _KEY.match(line):
            found.setdefault((*at, *(part.strip("\"'") for part in _PART.findall(key[1]))), number)
    return found


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(_LARGEST)
    except OSError:
        return b""

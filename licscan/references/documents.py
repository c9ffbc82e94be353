"""Models named in JSON and TOML: configurations of models, tools and services."""

import re
from collections.abc import Iterator

from licscan.references import boms, code, tokens
from licscan.references.python_names import Look
from licscan.references.said import Broken, Found

# What says which models may be named names none itself; in pyproject.toml that is a table of its own.
_OURS = ("licscan.toml", "licscan-baseline.json")
_OUR_TABLE = re.compile(r"tool\.licscan(?:\.|$)")
_HEADER = re.compile(r"(?m)^[ \t]*\[\[?([^\[\]\n]+)\]\]?[ \t]*(?:#.*)?$")
# Lists of what is installed: names, versions and digests, thousands of lines.
_LOCKS = (
    "package-lock.json",
    "composer.lock",
    "pnpm-lock.yaml",
    "yarn.lock",
    "poetry.lock",
    "uv.lock",
    "cargo.lock",
    "npm-shrinkwrap.json",
    "go.sum",
    "pdm.lock",
)


def wants(file_name: str) -> bool:
    """Whether a file is JSON or TOML, by its name, and neither a list of what is installed nor ours."""
    low = file_name.lower()
    return low.endswith((".json", ".json5", ".jsonc", ".toml", ".webmanifest")) and low not in (*_LOCKS, *_OURS)


def find(text: str, path: str, _look: Look | None = None) -> Iterator[Found | Broken]:
    """The models that a document names; comments, and pieces of documents, are understood.

    Args:
        text: The document.
        path: Its name, which says the format.
    """
    if boms.is_one(text):
        yield from boms.find(text)
        return
    if not path.lower().endswith(".toml"):
        yield from code.find(text, tokens.JSON)
        return
    line, begun, section = 1, 0, ""
    for header in [*_HEADER.finditer(text), None]:
        part = text[begun : header.start() if header else len(text)]
        for one in () if _OUR_TABLE.match(section) else code.find(part, tokens.TOML, section):
            yield one._replace(line=one.line + line - 1) if isinstance(one, Found) else one
        if header:
            line += text.count("\n", begun, header.end())
            begun, section = header.end(), header[1].strip().strip("\"'")

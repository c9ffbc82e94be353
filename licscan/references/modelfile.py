"""Models named in Modelfiles of Ollama: what they are made from."""

import re
from collections.abc import Iterator

from licscan.references.code import read
from licscan.references.python_names import Look
from licscan.references.said import Found, Said

_INSTRUCTION = re.compile(
    r"[ \t]*(FROM|ADAPTER|DRAFT|LICENSE|TEMPLATE|SYSTEM|PARAMETER|MESSAGE|RENDERER|PARSER|REQUIRES)[ \t]+(.*)",
    re.IGNORECASE,
)
_OWN = frozenset("PARAMETER TEMPLATE SYSTEM ADAPTER MESSAGE".split())


def wants(file_name: str) -> bool:
    """Whether a file is a Modelfile, by its name."""
    low = file_name.lower()
    return (
        low == "modelfile" or low.startswith("modelfile.") or low.endswith((".modelfile", "-modelfile", "_modelfile"))
    )


def is_one(text: str) -> bool:
    """Whether a text reads like a Modelfile: FROM, and an instruction that no Dockerfile has."""
    names = [found[1].upper() for line in text[:4000].split("\n") if (found := _INSTRUCTION.match(line))]
    return "FROM" in names and not _OWN.isdisjoint(names)


def find(text: str, _path: str = "", _look: Look | None = None) -> Iterator[Found]:
    """The models that a Modelfile is made from."""
    yield from read(_said(text))


def _said(text: str) -> Iterator[Said]:
    quoted = False
    for number, line in enumerate(text.split("\n"), 1):
        found = None if quoted else _INSTRUCTION.match(line)
        if line.count('"""') % 2:
            quoted = not quoted
        if found and found[1].upper() in {"FROM", "ADAPTER", "DRAFT"}:
            yield Said(_argument(found[2]), number, "ollama_model")


def _argument(text: str) -> str:
    text = text.strip()
    return text[1:].partition(text[0])[0] if text[:1] in {'"', "'"} else re.split(r"\s#", text, maxsplit=1)[0].strip()

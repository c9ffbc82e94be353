"""Models named in lists of variables: `.env`, properties, INI files."""

import re
from collections.abc import Iterator

from licscan.references.code import read
from licscan.references.keys import Role, role
from licscan.references.python_names import Look
from licscan.references.said import Found, Said

_PAIR = re.compile(r"[ \t]*(?:export[ \t]+|set[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*[=:][ \t]*(.*)")
_SECTION = re.compile(r"[ \t]*\[([^\]]+)\]")


def wants(file_name: str) -> bool:
    """Whether a file lists variables, by its name."""
    low = file_name.lower()
    return (
        low == ".env"
        or low.startswith(".env.")
        or low.endswith(
            (".env", ".ini", ".cfg", ".conf", ".properties", ".envrc", ".env.example", ".env.sample", ".env.template")
        )
        or low == "env.example"
    )


def find(text: str, _path: str = "", _look: Look | None = None) -> Iterator[Found]:
    """The models that variables name."""
    yield from read(_said(text))


def _said(text: str) -> Iterator[Said]:
    section = ""
    beside: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if found := _SECTION.match(line):
            section, beside = found[1], {}
        elif found := _PAIR.fullmatch(line):
            value = _value(found[2])
            if role(found[1]) is Role.REVISION:
                beside["revision"] = value
            key = f"{section}.{found[1]}" if section and role(found[1]) is Role.WEAK else found[1]
            yield Said(value, number, key, beside=beside)


def _value(text: str) -> str:
    text = text.strip()
    if text[:1] in {'"', "'"}:
        return text[1:].partition(text[0])[0]
    text = re.split(r"[ \t]#", text, maxsplit=1)[0].strip()
    found = re.fullmatch(r"\$\{\w+:?[-=]([^{}]*)\}", text)
    return found[1] if found else text

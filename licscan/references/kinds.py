"""Which finder reads a file: by its name, and by its content where the name says nothing."""

import re

from licscan.references import (
    dockerfile,
    documents,
    env,
    languages,
    modelfile,
    notebook,
    prose,
    python,
    shell,
    yaml_documents,
)
from licscan.references.interface import Finder

FINDERS: tuple[Finder, ...] = (
    python,
    notebook,
    languages,
    shell,
    dockerfile,
    modelfile,
    yaml_documents,
    documents,
    env,
    prose,
)

_SHEBANG = re.compile(r"#![^\n]*?\b(python|bash|sh|zsh|ksh|dash|node|deno|bun)[\d.]*\b")


def by_name(file_name: str) -> Finder | None:
    """The finder that a file's name asks for."""
    for finder in FINDERS:
        if finder.wants(file_name):
            return finder
    return None


def is_silent(file_name: str) -> bool:
    """Whether a file's name says nothing of its kind: it has no suffix, or one that says nothing."""
    stem, dot, suffix = file_name.rpartition(".")
    return not dot or not stem or suffix.lower() in {"in", "tmpl", "template", "tpl", "example", "sample", "dist"}


def by_content(text: str) -> tuple[Finder, str] | None:
    """The finder for a file whose name says nothing, and a name that would say it."""
    if found := _SHEBANG.match(text):
        if found[1] == "python":
            return python, "x.py"
        return (languages, "x.js") if found[1] in {"node", "deno", "bun"} else (shell, "x.sh")
    if modelfile.is_one(text):
        return modelfile, "Modelfile"
    if dockerfile.is_one(text):
        return dockerfile, "Dockerfile"
    return None

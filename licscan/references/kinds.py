"""Which finder reads a file: by its name, and by its content where the name says nothing."""

import re

from licscan.references import python
from licscan.references.interface import Finder

_SHEBANG = re.compile(r"#![^\n]*?\b(python|bash|sh|zsh|ksh|dash|node|deno|bun)[\d.]*\b")


def by_name(file_name: str) -> Finder | None:
    """The finder that a file's name asks for."""
    # Most files that a commit changes are Python: the other finders are not imported for them.
    if python.wants(file_name):
        return python
    from licscan.references.finders import FINDERS  # noqa: PLC0415

    for finder in FINDERS:
        if finder.wants(file_name):
            return finder
    return None


def is_notebook(file_name: str) -> bool:
    """Whether a file is one that may be larger than others: it holds pictures."""
    return file_name.endswith(".ipynb")


def is_silent(file_name: str) -> bool:
    """Whether a file's name says nothing of its kind: it has no suffix, or one that says nothing."""
    stem, dot, suffix = file_name.rpartition(".")
    return not dot or not stem or suffix.lower() in {"in", "tmpl", "template", "tpl", "example", "sample", "dist"}


def by_content(text: str) -> tuple[Finder, str] | None:
    """The finder for a file whose name says nothing, and a name that would say it."""
    from licscan.references import dockerfile, languages, modelfile, shell  # noqa: PLC0415 - see `by_name`

    if found := _SHEBANG.match(text):
        if found[1] == "python":
            return python, "x.py"
        return (languages, "x.js") if found[1] in {"node", "deno", "bun"} else (shell, "x.sh")
    if modelfile.is_one(text):
        return modelfile, "Modelfile"
    if dockerfile.is_one(text):
        return dockerfile, "Dockerfile"
    return None

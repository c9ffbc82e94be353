"""Models named in Dockerfiles: what is run, and the variables that are set."""

import re
from collections.abc import Iterator

from licscan.references import shell
from licscan.references.code import read
from licscan.references.python_names import Look
from licscan.references.said import Found, Said

_INSTRUCTION = re.compile(
    r"[ \t]*(FROM|RUN|CMD|LABEL|MAINTAINER|EXPOSE|ENV|ADD|COPY|ENTRYPOINT|VOLUME|USER|WORKDIR|ARG|ONBUILD|STOPSIGNAL|"
    r"HEALTHCHECK|SHELL)[ \t]+(.*)",
    re.IGNORECASE,
)
_HEREDOC = re.compile(r"<<-?\s*[\"']?(\w+)")


def wants(file_name: str) -> bool:
    """Whether a file is a Dockerfile, by its name."""
    low = file_name.lower()
    return (
        low in {"dockerfile", "containerfile"}
        or low.startswith(("dockerfile.", "containerfile."))
        or low.endswith((".dockerfile", ".containerfile"))
    )


def is_one(text: str) -> bool:
    """Whether a text reads like a Dockerfile: its first instruction is FROM or ARG, others follow."""
    found = [match[1] for line in text[:4000].split("\n") if (match := _INSTRUCTION.match(line))]
    return (
        len(found) > 1
        and found[0] in {"FROM", "ARG"}
        and any(one in {"RUN", "CMD", "ENTRYPOINT", "COPY", "WORKDIR"} for one in found)
    )


def find(text: str, _path: str = "", _look: Look | None = None) -> Iterator[Found]:
    """The models that a Dockerfile names."""
    yield from read(_said(text))


def _said(text: str) -> Iterator[Said]:
    known: dict[str, tuple[str, int]] = {}
    for name, rest, line in _instructions(text):
        if name in {"ENV", "ARG"}:
            pairs = rest if "=" in rest.split(None, 1)[0] else rest.replace(" ", "=", 1) if name == "ENV" else ""
            for one in shell.said(pairs, line, known):
                known[one.key] = (one.text, one.line)
                yield one
        elif name in {"RUN", "CMD", "ENTRYPOINT", "ONBUILD", "HEALTHCHECK"}:
            yield from shell.said(_exec_form(rest), line, known)
        elif name == "ADD":
            yield from (Said(word, line) for word in rest.split() if "://" in word)


def _exec_form(rest: str) -> str:
    """`["vllm", "serve", "a/b"]` as words."""
    stripped = rest.strip()
    return (
        re.sub(r"\"\s*,\s*\"", '" "', stripped[1:-1]) if stripped.startswith("[") and stripped.endswith("]") else rest
    )


def _instructions(text: str) -> Iterator[tuple[str, str, int]]:
    """Instructions with their line; continued lines and here-documents are theirs, comments between are not."""
    name, parts, begun, ends = "", [], 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        if ends:
            parts.append(line if line.strip() != ends else "")
            ends = "" if line.strip() == ends else ends
        elif parts and parts[-1].rstrip().endswith("\\"):
            parts.append("\\" if line.lstrip().startswith("#") or not line.strip() else line)
        else:
            if parts:
                yield name, "\n".join(parts), begun
            found = _INSTRUCTION.match(line)
            name, parts, begun = (found[1].upper(), [found[2]], number) if found else ("", [], 0)
            if found and (heredoc := _HEREDOC.search(line)):
                ends = heredoc[1]
    if parts:
        yield name, "\n".join(parts), begun

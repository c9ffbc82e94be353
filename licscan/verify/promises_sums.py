"""Lists of digests as `sha256sum`, `md5sum`, `b2sum`, `shasum` and BSD write them."""

import re
from collections.abc import Iterator

from licscan.digests import LENGTHS, Promise, written
from licscan.verify.small import inside

LIMIT = 32 << 20

_LIST = re.compile(
    r"(?:[\w.-]*[._-])?(?:(?:sha|shasums?)[-_]?(?P<bits>1|224|256|384|512)?|md5|b2)(?:sums?)?(?:[-_.]?(?:256|512))?(?:\.(?:txt|sum))?"
    r"|check(?:sums?|list)(?:[._-](?:sha\d+|md5))?(?:\.(?:txt|chk|sha256|md5))?",
    re.IGNORECASE,
)
# `model.gguf.sha256` speaks of model.gguf alone where it holds a digest and no name.
_SIDECAR = re.compile(
    r"(?P<file>.+)\.(?P<algorithm>sha1|sha224|sha256|sha384|sha512|md5|b2)(?:sums?)?(?:\.txt)?", re.IGNORECASE
)
_GNU = re.compile(r"(?P<escaped>\\?)(?P<hex>[0-9A-Fa-f]{32,128})[ \t]+[*]?(?P<name>.+)")
_BSD = re.compile(r"(?P<escaped>\\?)(?P<algorithm>[A-Za-z0-9-]+) ?\((?P<name>.+)\) ?= ?(?P<hex>[0-9A-Fa-f]{32,128})")
_ALONE = re.compile(r"[0-9A-Fa-f]{32,128}")
_BY_LENGTH = {32: "md5", 40: "sha1", 56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
_ESCAPES = {"\\\\": "\\", "\\n": "\n", "\\r": "\r"}


def is_list(name: str) -> bool:
    """Whether a file is a list of digests by its name."""
    return bool(_LIST.fullmatch(name) or _SIDECAR.fullmatch(name))


def read(text: str, name: str) -> Iterator[Promise]:
    """What a list of digests promises; lines that mean nothing, or speak of files elsewhere, are left out.

    Args:
        text: The list.
        name: Its file name: it says the algorithm where the length of a digest does not.
    """
    blake = "b2" in name.casefold()
    for line in text.splitlines():
        found = _line(line.strip("\ufeff \t"), name, blake=blake)
        path = inside(found[0]) if found else None
        if found and path and found[1]:
            yield Promise(path, name, found[1])


def _line(line: str, name: str, *, blake: bool) -> tuple[str, str | None] | None:
    """The file and the digest that a line names."""
    if bsd := _BSD.fullmatch(line):
        algorithm = bsd["algorithm"].casefold().replace("sha2-", "sha").replace("blake2b-512", "blake2b")
        return _unescaped(bsd), written(algorithm, bsd["hex"]) if algorithm in LENGTHS else None
    if gnu := _GNU.fullmatch(line):
        return _unescaped(gnu), _digest(gnu["hex"], blake=blake)
    alone = _SIDECAR.fullmatch(name)
    if alone and _ALONE.fullmatch(line):
        return alone["file"], _digest(line, blake=blake)
    return None


def _unescaped(found: re.Match[str]) -> str:
    """The name that a line names: a backslash before all says that others stand for what cannot be written."""
    name = found["name"]
    return re.sub(r"\\[\\nr]", lambda one: _ESCAPES[one[0]], name) if found["escaped"] else name


def _digest(value: str, *, blake: bool) -> str | None:
    algorithm = _BY_LENGTH.get(len(value), "")
    return written("blake2b" if blake and algorithm == "sha512" else algorithm, value)

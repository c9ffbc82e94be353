"""Copyright lines of the texts that lie with a model, and blanks where one should stand."""

import re
from collections.abc import Iterable, Iterator

from licscan.manifest.bill import Text
from licscan.manifest.standard import standards
from licscan.text import excerpt, fold

_LINE = re.compile(r"^[^\w\n(©]{0,8}(?:copyright\b|\(c\)|©)[^\n]*", re.IGNORECASE | re.MULTILINE)
_BLANK = re.compile(r"[\[<{][^\]>}\n]{2,80}[\]>}]")
# What begins so says something about copyright; it names no holder.
_NO_HOLDER = re.compile(
    r"\W*copyright (?:(?:and related|license|notices?|law|owners?|holders?|interest)\b)", re.IGNORECASE
)
_NAMED = re.compile(r"\d{4}|©|\(c\)|\bby\b", re.IGNORECASE)
# A copyright line that belongs to a license's terms stands at their head; those of an appendix are a form to fill in.
_HEAD = 12
_LONGEST = 200
_MOST = 100


def copyrights(texts: Iterable[Text]) -> tuple[str, ...]:
    """The lines that name holders, each once; those of the license's own steward, which every copy has, left out."""
    return tuple(dict.fromkeys(_lines(texts)))[:_MOST]


def _lines(texts: Iterable[Text]) -> Iterator[str]:
    for text in texts:
        if text.words is None or text.standard or text.kind not in {"license", "notice"}:
            continue
        of_every_copy = _of_standard(text.symbol) if text.kind == "license" else frozenset()
        for match in _LINE.finditer(text.words):
            line = fold(match[0]).strip("#*/ ")
            if line and line not in of_every_copy and _NAMED.search(line) and not _says_else(line):
                yield excerpt(line, _LONGEST)


def _says_else(line: str) -> bool:
    return bool(_BLANK.search(line) and "@" not in line and "http" not in line) or bool(_NO_HOLDER.match(line))


def _of_standard(symbol: str | None) -> frozenset[str]:
    known = standards(symbol) if symbol and not symbol.startswith("LicenseRef-") else ()
    return frozenset(fold(match[0]).strip("#*/ ") for text in known for match in _LINE.finditer(text.words))


def blank(text: Text) -> str | None:
    """The copyright line of a text that nobody filled in, where its terms begin with one; None where none is open."""
    head = "\n".join((text.words or "").splitlines()[:_HEAD])
    return next((fold(one[0]) for one in _LINE.finditer(head) if _BLANK.search(one[0])), None)

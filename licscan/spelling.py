"""Names of models as people spell them: the same name whatever its case and separators."""

import re
from functools import lru_cache
from typing import NamedTuple

_TOKEN = re.compile(r"\{(?P<place>\w+)\}|(?P<star>\*)|(?P<letters>[^\W\d_]+)|(?P<digits>\d+|#)|(?P<mark>[-_.:@ ]+|.)")
_SEPARATORS = "-_.:@ "
_ANY = "[-_.:@ ]"
# Behind a number a point may well be its fraction: "Llama-3-*" is not to mean "llama-3.1".
_NO_POINT = "[-_:@ ]"
_NUMBER = r"\d+(?:\.\d+)?"
_PLACE = r"[a-z0-9]+(?:\.[0-9]+[a-z0-9]*)?"


class Spelling(NamedTuple):
    """A pattern of names.

    Attributes:
        stated: The pattern as it is written.
        expression: What a name in lower case must match in full.
        weight: How many letters and digits it fixes; of two patterns that fit, the heavier one says more.
        start: How many characters it has before its first open part.
    """

    stated: str
    expression: re.Pattern[str]
    weight: int
    start: int


@lru_cache(maxsize=8192)
def spelling(pattern: str) -> Spelling:
    """How a name may be spelled that a pattern means: `Llama-3.1-*` also fits `llama3.1:8b`, `llama3-1-8b`.

    Args:
        pattern: Letters, digits and separators, `*` for anything, `#` for a number, `{size}` for one part of a name.
    """
    written, previous, between, weight, places = "", "", "", 0, set()
    for token in _TOKEN.finditer(pattern.casefold()):
        kind, text = str(token.lastgroup), token.group()
        if kind == "mark" and text[0] in _SEPARATORS:
            between = text
            continue
        written += _between(previous, between, kind)
        if kind == "place":
            name = token["place"]
            written += f"(?P={name})" if name in places else f"(?P<{name}>{_PLACE})"
            places.add(name)
        else:
            written += ".*" if kind == "star" else _NUMBER if text == "#" else re.escape(text)
            weight += len(text) if kind in {"letters", "digits"} else 0
        previous, between = kind, ""
    opened = re.search(r"[{*#]", pattern)
    return Spelling(pattern, re.compile(written), weight, opened.start() if opened else len(pattern))


def _between(previous: str, between: str, kind: str) -> str:
    """What may stand between two parts of a name, where the pattern has a separator or none."""
    fixed = {"letters", "digits"}
    if previous in fixed and kind in fixed:
        return _ANY if previous == kind else f"{_ANY}?"
    if not between:
        return ""
    if previous == "letters":  # "phi-*" means "phi3", too, and "philosophy" not
        return rf"(?:{_ANY}|(?=\d))"
    return _NO_POINT if previous == "digits" else _ANY


def restored(name: str, glob: str) -> str:
    """A name in the spelling of the pattern that it fits, as far as that fixes it; the rest in its style."""
    spelled = spelling(glob)
    head = spelling(glob[: spelled.start] + "*").expression
    if spelled.start >= len(glob):
        return glob
    kept = len(name)
    while kept and head.fullmatch(name[: kept - 1]):
        kept -= 1
    tail = name[kept:]
    if glob == glob.casefold():
        return glob[: spelled.start] + tail
    return glob[: spelled.start] + re.sub(r"[a-z0-9.]+", lambda part: _styled(part.group()), tail)


def _styled(part: str) -> str:
    """A part of a name with capitals where publishers set them: `8B`, `Instruct`, but `v0.1`."""
    if re.fullmatch(r"[a-z]?\d[\dx.]*[bmt]|a\d+b|\d+e", part):
        return part.upper().replace("X", "x")
    return part if re.fullmatch(r"v[\d.]+|hf|it|pt|fp\d+", part) else part[:1].upper() + part[1:]

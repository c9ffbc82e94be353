"""Untrusted text made fit to be shown or compared. Knows no library."""

import re

from licscan.characters import UNPRINTABLE

# Of the sentences that state the terms of licenses nineteen in twenty are no longer.
QUOTE = 520

_SPACE = re.compile(r"\s+")
_SURROGATE = re.compile("[\ud800-\udfff]")


def printable(text: str) -> str:
    """The text with every character that would move the cursor, hide or reorder words written as an escape."""
    return _SURROGATE.sub(_escape, UNPRINTABLE.sub(_escape, text))


def fold(text: str) -> str:
    """The text with every run of white space as one blank, none at the ends."""
    return _SPACE.sub(" ", text).strip()


def excerpt(text: str, limit: int = QUOTE) -> str:
    """The text folded, cut at a word before `limit` characters, with an ellipsis where something is missing."""
    folded = fold(text)
    if len(folded) <= limit:
        return folded
    cut = folded[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut) + "…"


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 model`, `2 models`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004 - the two widths of an escape


# Words that people add to or leave out of a license's name without meaning another license.
_NOISE = frozenset(
    "a an the license licenses licensing licensed version ver v agreement international unported generic".split()
)
# Creative Commons names are written out as often as they are abbreviated.
_PHRASES = (
    (re.compile(r"\blicence"), "license"),
    (re.compile(r"\bcreative[\s-]*commons?\b"), "cc"),
    (re.compile(r"\bnon[\s-]*commercial\b"), "noncommercial"),
    (re.compile(r"\bshare[\s-]*alike\b"), "sharealike"),
    (re.compile(r"\bno[\s-]*deriv(?:ative|ate)?(?:s|\sworks)?\b"), "noderivatives"),
    (re.compile(r"\battribution\b"), "by"),
)
_PARTS = {"nc": "noncommercial", "sa": "sharealike", "nd": "noderivatives"}
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)*(?:[a-z](?![a-z]))?|\+")
_VERSION = re.compile(r"(?<=[a-z])v(?=\d)")  # "gplv3"
_POINT = re.compile(r"(?<=\d)p(?=\d)")  # "CC_BY_3p0"
_ZEROS = re.compile(r"(?:\.0)+$")


def name_key(name: str) -> str:
    """What is left of a license's name without spelling, case and noise; of `Apache License, v2.0`: `apache 2`."""
    return " ".join(name_tokens(name))


def name_tokens(name: str) -> list[str]:
    """The tokens of `name_key`, in order."""
    text = name.casefold().replace("_", " ")
    for pattern, plain in _PHRASES:
        text = pattern.sub(plain, text)
    tokens = _TOKEN.findall(_POINT.sub(".", _VERSION.sub(" ", text)))
    found = [_ZEROS.sub("", token) for token in tokens if token not in _NOISE]
    # "NC" is a license's part beside CC or BY, and North Carolina elsewhere.
    return [_PARTS.get(token, token) for token in found] if {"cc", "by"} & set(found) else found


_ADDRESS = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?/*(?:www\.)?", re.IGNORECASE)
_ADDRESS_TAIL = re.compile(
    r"(?:[?#].*|/+|\.(?:html?|txt|md|php|pdf|en|jp)|/(?:legalcode|deed)(?:\.[a-z_-]+)?|/index)$", re.IGNORECASE
)


def url_key(address: str) -> str:
    """An address without what does not tell two license pages apart: scheme, `www.`, ending, query, deed, language."""
    key = _ADDRESS.sub("", address.strip(), count=1)
    while (shorter := _ADDRESS_TAIL.sub("", key).strip()) != key:
        key = shorter
    return key.casefold()

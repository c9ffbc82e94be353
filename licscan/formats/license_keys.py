"""Keys that state a license, in cards and weight headers: what each is about, and whether it holds a link."""

import difflib
import re
from typing import NamedTuple

from licscan.model import Subject

_KEY = re.compile(r"(?:(?P<before>[\w.]*?)[_.])?(?P<word>licen[cs]es?)(?:[_.](?P<after>\w+))?")
_SUBJECTS = {
    "code": Subject.CODE,
    "software": Subject.CODE,
    "data": Subject.DATA,
    "dataset": Subject.DATA,
    "datasets": Subject.DATA,
    "docs": Subject.DOCS,
    "documentation": Subject.DOCS,
}
_LINKS = frozenset({"link", "url", "file", "path", "uri"})
_NEAR = 0.82  # one letter missing, doubled or swapped in "license"


class LicenseKey(NamedTuple):
    """What a key says of the license that it holds.

    Attributes:
        subject: What the license is for; None where the key does not say.
        is_link: Whether it holds an address or a path.
    """

    subject: Subject | None
    is_link: bool


def license_key(key: str) -> LicenseKey | None:
    """What a key says of a license; None for keys that hold none. `code_license`, `modelspec.license`, `lisence`."""
    plain = re.sub(r"[\s-]+", "_", key.strip().casefold())
    found = _KEY.fullmatch(plain)
    if found is None:
        near = plain.startswith("l") and difflib.get_close_matches(
            plain, ["license", "licenses", "licence"], n=1, cutoff=_NEAR
        )
        return LicenseKey(None, is_link=False) if near else None
    before = re.split(r"[_.]", found["before"] or "")
    subject = next((_SUBJECTS[word] for word in before if word in _SUBJECTS), None)
    return LicenseKey(subject, is_link=(found["after"] or "") in _LINKS)

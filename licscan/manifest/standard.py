"""The texts of standard licenses, from data packages: `identify`, and `licensedcode-data` where it is installed.

Which of them has a license is looked up when a model without a text of its own needs it; importing either takes longer
than most manifests.
"""

import hashlib
import importlib.metadata
import importlib.util
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from licscan.model import Evidence

_LATER = re.compile(r"-(?:only|or-later)$")
_SPDX_KEYS = re.compile(r"^spdx_license_key: *(\S+)$|^ +- (\S+)$", re.MULTILINE)
_HEAD = re.compile(r"---\n(?P<head>.*?)\n---\n\s*", re.DOTALL)


class Standard(NamedTuple):
    """The standard text of a license.

    Attributes:
        words: The text; where a copy names a holder, it has a blank.
        evidence: The package that it is from, with its version, and its name there.
    """

    words: str
    evidence: Evidence


@cache
def standards(spdx: str) -> tuple[Standard, ...]:
    """The texts that the packages at hand have of a license of the SPDX list; they may have lost words on their way.

    Args:
        spdx: The id on the list.
    """
    found: list[Standard] = []
    plain = _LATER.sub("", spdx)
    if words := _of_identify().get(spdx) or _of_identify().get(plain):
        found.append(_made(words, "identify", plain))
    if file := _of_licensedcode().get(spdx.casefold()):
        whole = file.read_text(encoding="utf-8")
        found.append(_made(_HEAD.sub("", whole, count=1), "licensedcode-data", file.name))
    return tuple(found)


def _made(words: str, package: str, path: str) -> Standard:
    digest = hashlib.sha256(words.encode()).hexdigest()
    version = importlib.metadata.version(package)
    return Standard(words, Evidence(source=package, revision=version, path=path, sha256=digest))


@cache
def _of_identify() -> Mapping[str, str]:
    """Texts by SPDX id, as choosealicense.com collects them."""
    try:
        from identify.vendor.licenses import LICENSES  # noqa: PLC0415 - 300 kB of text, for models that lack their own
    except ImportError:
        return {}
    return dict(LICENSES)


@cache
def _of_licensedcode() -> Mapping[str, Path]:
    """Files of the ScanCode license database by SPDX id in lower case; the package itself need not be imported."""
    found = importlib.util.find_spec("licensedcode")
    # The data package has no module of its own: its folder is a part of a namespace.
    places = [
        Path(place) / "data" / "licenses" for place in (found.submodule_search_locations if found else None) or ()
    ]
    files: dict[str, Path] = {}
    for file in sorted(file for place in places for file in place.glob("*.LICENSE")):
        head = _HEAD.match(file.read_text(encoding="utf-8"))
        for own, other in _SPDX_KEYS.findall(head["head"]) if head else ():
            files.setdefault((own or other).casefold(), file)
    return files

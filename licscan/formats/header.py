"""What every reader of weight files gives back."""

import re
from itertools import islice
from typing import NamedTuple

from licscan.formats.license_keys import LicenseKey, license_key

MOST_LICENSES = 20

_LONGEST = 300
_MOST = 60
# What may be shown. Training tools also write folders, user names and tag counts of private data into headers (`ss_*`).
_SHOWN = re.compile(
    r".*licen[cs]e.*|format|modelspec\.(?!thumbnail).*|general\..*|producer_\w+|domain|author|creator|copyright|title|"
    r"name|version|model_version|description|date|task|base_model|url|source|doc_string",
    re.IGNORECASE,
)


class Header(NamedTuple):
    """The header of a weight file.

    Attributes:
        format: What the content is.
        pairs: Keys and values as they stand; a key may stand twice.
        tensors: How many tensors it declares, where the format says so.
        unsure: Why it may not be all that the file says; empty where the file itself was read.
    """

    format: str
    pairs: tuple[tuple[str, str], ...] = ()
    tensors: int | None = None
    unsure: str = ""

    def shown(self) -> dict[str, str]:
        """The pairs that may appear in a report, values cut."""
        pairs = [(key[:_LONGEST], value[:_LONGEST]) for key, value in self.pairs if _SHOWN.fullmatch(key)]
        return dict(pairs[:_MOST])

    def licenses(self) -> list[tuple[str, LicenseKey, str]]:
        """The pairs that state a license: the key, what it is about, the value. No more than `MOST_LICENSES`."""
        stated = ((key, license_key(key), value) for key, value in self.pairs if value.strip())
        return list(islice(((key, about, value) for key, about, value in stated if about), MOST_LICENSES))

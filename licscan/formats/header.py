"""What every reader of weight files gives back."""

import re
from itertools import islice
from typing import NamedTuple

from licscan.formats.license_keys import LicenseKey, license_key
from licscan.formats.private import veiled
from licscan.model import FileStatus, Relation

MOST_LICENSES = 20
# No value of a header is taken beyond this: a chat template or a picture is no statement about the model.
LONGEST_VALUE = 1 << 16

_LONGEST = 300
_MOST = 60
# What may be shown. Training tools also write folders, user names and tag counts of private data into headers (`ss_*`).
_SHOWN = re.compile(
    r".*licen[cs]e.*|format|modelspec\.(?!thumbnail).*|general\..*|producer_\w+|domain|author|creator|copyright|title|"
    r"name|version|model_version|description|date|task|base_model|url|source|doc_string|imports|"
    r"ss_base_model_version|keras_version|date_saved|shortDescription|versionString|target|organization|"
    r"adapter\.type|min_parser_version|Runtime_version",
    re.IGNORECASE,
)


class Origin(NamedTuple):
    """A model that a header says it comes from.

    Attributes:
        key: Where the header says so.
        name: The name, address or path that stands there.
        relation: How it comes from it.
    """

    key: str
    name: str
    relation: Relation


class Header(NamedTuple):
    """The header of a weight file.

    Attributes:
        format: What the content is.
        pairs: Keys and values as they stand; a key may stand twice.
        tensors: How many tensors it declares, where the format says so.
        parameters: How many parameters these hold, where their types tell.
        unsure: Why it may not be all that the file says; empty where the file itself was read.
        bases: Models that it says it comes from.
        datasets: Datasets that it says it was trained on, each with its key.
        texts: Cards, licenses and configurations that lie inside the file: name and bytes.
        promised: The digest that stands for the file, as `algorithm:hex`, where it is only a pointer to it.
        size: The size that a pointer states.
        status: What the header alone tells of the file's bytes: missing behind a pointer, or cut short.
    """

    format: str
    pairs: tuple[tuple[str, str], ...] = ()
    tensors: int | None = None
    unsure: str = ""
    bases: tuple[Origin, ...] = ()
    datasets: tuple[tuple[str, str], ...] = ()
    texts: tuple[tuple[str, bytes], ...] = ()
    promised: str | None = None
    size: int | None = None
    status: FileStatus = FileStatus.UNVERIFIED
    parameters: int | None = None

    def shown(self) -> dict[str, str]:
        """The pairs that may appear in a report, values cut, private paths veiled."""
        pairs = [(key[:_LONGEST], veiled(value)[:_LONGEST]) for key, value in self.pairs if _SHOWN.fullmatch(key)]
        return dict(pairs[:_MOST])

    def licenses(self) -> list[tuple[str, LicenseKey, str]]:
        """The pairs that state a license: the key, what it is about, the value. No more than `MOST_LICENSES`."""
        stated = ((key, license_key(key), value) for key, value in self.pairs if value.strip())
        return list(islice(((key, about, value) for key, about, value in stated if about), MOST_LICENSES))

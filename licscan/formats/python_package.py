"""What an installed Python package says of itself: core metadata, and the list of its files.

https://packaging.python.org/specifications/core-metadata/ and .../recording-installed-packages/
"""

import csv
import hashlib
from email.parser import HeaderParser
from pathlib import Path

from licscan.errors import UnreadableError
from licscan.formats.bounded import decode, read_file
from licscan.formats.package import LONGEST, Package, Stated

_METADATA_LIMIT = 1 << 20
_RECORD_LIMIT = 20 << 20


def read(folder: Path) -> Package:
    """The package of a `*.dist-info` folder.

    Raises:
        UnreadableError: It has no readable METADATA or RECORD.
    """
    metadata = folder / "METADATA"
    data = read_file(metadata, _METADATA_LIMIT).data
    text = decode(data)
    fields = HeaderParser().parsestr(text.split("\n\n", 1)[0])
    stated = []
    for key, value in fields.items():
        if key.casefold() in {"license", "license-expression"} or value.startswith("License ::"):
            stated.append(_stated(key, value, text))
    record = decode(read_file(folder / "RECORD", _RECORD_LIMIT).data)
    try:
        files = frozenset(row[0].replace("\\", "/") for row in csv.reader(record.splitlines()) if row)
    except csv.Error as error:
        raise UnreadableError(f"not a RECORD: {error}", where=str(folder / "RECORD")) from error
    return Package(
        str(fields["Name"]), str(fields["Version"]), metadata, tuple(stated), files, hashlib.sha256(data).hexdigest()
    )


def _stated(key: str, value: str, text: str) -> Stated:
    line = text.count("\n", 0, max(0, text.find(f"\n{key}: {value.splitlines()[0]}" if value else key))) + 2
    # A classifier's last part is the license; a whole text in the License field begins with its title.
    plain = value.rpartition(" :: ")[2] if value.startswith("License ::") else value.strip().split("\n", 1)[0]
    return Stated(key, plain.strip()[:LONGEST], line)

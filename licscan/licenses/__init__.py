"""Licenses: from stated words to records, from records to what they ask, from many claims to one conclusion."""

from licscan.licenses.claims import resolved
from licscan.licenses.compare import Change, compare
from licscan.licenses.conclude import Conclusion, conclude
from licscan.licenses.files import from_files
from licscan.licenses.places import places_of
from licscan.licenses.reading import Reading, read
from licscan.licenses.resolve import resolve, symbol_of
from licscan.licenses.texts import TextReading, read_record, read_text

__all__ = [
    "Change",
    "Conclusion",
    "Reading",
    "TextReading",
    "compare",
    "conclude",
    "from_files",
    "places_of",
    "read",
    "read_record",
    "read_text",
    "resolve",
    "resolved",
    "symbol_of",
]

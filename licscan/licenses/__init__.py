"""Licenses: from stated words to records, from records to what they ask, from many claims to one conclusion."""

from licscan.licenses.claims import resolved
from licscan.licenses.conclude import Conclusion, conclude
from licscan.licenses.reading import Reading, read
from licscan.licenses.resolve import resolve, symbol_of

__all__ = ["Conclusion", "Reading", "conclude", "read", "resolve", "resolved", "symbol_of"]

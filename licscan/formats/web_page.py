"""A web page saved under the name of weights: what a download without its error check leaves behind."""

import re
from pathlib import Path

from licscan.errors import HeaderError
from licscan.formats.header import Header

SUFFIXES = ()

_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html[\s>]|head[\s>])", re.IGNORECASE | re.DOTALL
)
# What servers and object stores answer instead of a file.
_ERROR = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*<Error>|\{\s*\"(?:error|message|detail)\"\s*:|"
    rb"(?:Entry not found|Invalid (?:username|credentials)|Access to model|Repository not found|404: Not Found))",
    re.IGNORECASE,
)
_LONGEST_ERROR = 1 << 16


def recognizes(head: bytes, size: int) -> bool:
    """Whether a file is a page, or the words of an error."""
    return _PAGE.match(head) is not None or (size <= _LONGEST_ERROR and _ERROR.match(head) is not None)


def read(path: Path) -> Header:
    """Never a header.

    Raises:
        HeaderError: Always.
    """
    raise HeaderError("a web page or an error message, saved in place of the file", where=str(path))

"""Where the files of a model come from: what reads them knows no more of it than this."""

from typing import Protocol

from licscan.formats.bounded import Content
from licscan.formats.header import Header
from licscan.formats.listing import Listing
from licscan.model import Evidence


class Contents(Protocol):
    """The files of a model at hand.

    Attributes:
        listing: All of them.
    """

    listing: Listing

    def at(self, path: str | None) -> Evidence:
        """A file, or with None the whole model, as evidence."""
        ...

    def read(self, path: str, limit: int) -> Content:
        """At most `limit` bytes of a file.

        Raises:
            UnreadableError: It cannot be read.
        """
        ...

    def header(self, path: str) -> Header:
        """What a weight file says of itself.

        Raises:
            UnreadableError: It cannot be read, is not sound, or is of a format that has no reader.
        """
        ...

"""What every finder of references offers. `licscan.scan` knows finders only by this."""

from collections.abc import Iterator
from typing import Protocol

from licscan.model import Mention


class Finder(Protocol):
    """Finds the models that one kind of file names."""

    def wants(self, file_name: str) -> bool:
        """Whether a file is of this kind, by its name."""
        ...

    def find(self, text: str, path: str) -> Iterator[Mention]:
        """The models that a text names, in order.

        Args:
            text: The file's text; lines end in LF.
            path: How the file is called in the mentions.

        Raises:
            UnreadableError: The text cannot be read as such a file; the message becomes a gap.
        """
        ...

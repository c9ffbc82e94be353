"""What every finder of references offers, and what the walk of a tree gives."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, Protocol

from licscan.references.said import Broken, Found

if TYPE_CHECKING:
    from licscan.references.python_names import Look


class Finder(Protocol):
    """Finds the models that one kind of file names."""

    def wants(self, file_name: str, /) -> bool:
        """Whether a file is of this kind, by its name."""
        ...

    def find(self, text: str, path: str, look: "Look | None" = None, /) -> Iterator[Found | Broken]:
        """The models that a text names.

        Args:
            text: The file's text; lines end in LF.
            path: The file's name, where that says more of the language.
            look: Asks other files of the tree what a name is there.

        Raises:
            UnreadableError: The text cannot be read as such a file; the message becomes a gap.
        """
        ...


class Trouble(NamedTuple):
    """What could not be looked at: a `licscan.model.Gap` before anybody needs one.

    Attributes:
        gap: The gap's id.
        path: The file or folder.
        why: The reason.
    """

    gap: str
    path: str
    why: str


class Place(NamedTuple):
    """A model that is named in a file: a `licscan.model.Mention` before anybody needs one."""

    path: str
    found: Found

"""What every source offers. `licscan.scan` knows sources only by this."""

from collections.abc import Iterator
from typing import Protocol

from licscan.model import Gap, Model, ModelRef

Found = ModelRef | Gap


class Source(Protocol):
    """A place where models live."""

    name: str
    schemes: frozenset[str]
    needs_network: bool

    def find(self, target: str) -> Iterator[Found]:
        """The models that a target stands for, and gaps for what could not be looked into."""
        ...

    def pin(self, ref: ModelRef) -> ModelRef:
        """The model at the revision that it has now.

        Raises:
            UnreadableError: It cannot be looked at; the message becomes a gap.
        """
        ...

    def load(self, ref: ModelRef) -> Model:
        """Everything that the source knows of the model at that revision.

        Raises:
            UnreadableError: It cannot be looked at; the message becomes a gap.
        """
        ...

"""What every source offers. `licscan.scan` knows sources only by this."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from licscan.bounded import sha256_of
from licscan.digests import Promise
from licscan.model import Gap, Loaded, Model, ModelRef, Pin

Found = ModelRef | Gap

TIMEOUT = 120.0


class Digests(Protocol):
    """Who makes digests of files, and may remember them."""

    def sha256(self, path: Path, *, read: bool) -> str | None:
        """The SHA-256 of a file, in hex; None where it cannot be read, or, without `read`, where it is not known."""
        ...


class Reading:
    """Digests made by reading, each time."""

    def sha256(self, path: Path, *, read: bool) -> str | None:
        """The SHA-256 of a file, in hex; None where it cannot or must not be read."""
        return sha256_of(path) if read else None


READING = Reading()


class OnDisk(NamedTuple):
    """Where the bytes of a model lie on this disk.

    Attributes:
        place: Its folder, its only file, or the record of a store that names its files.
        files: Where each file lies, by its path in the model, where a store holds it.
        promises: What the store's records promise of them.
    """

    place: Path
    files: Mapping[str, Path] = {}
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a source may go.

    Attributes:
        timeout: How long one model may take, in seconds; pauses that a server asks for are not counted.
        offline: Ask no network.
        hash_all: Hash weight files of any size; else only small ones.
        since: Of an organisation, only the models that changed on that day or later.
        digests: Who makes digests of files on this disk.
    """

    timeout: float = TIMEOUT
    offline: bool = False
    hash_all: bool = False
    since: datetime.date | None = None
    digests: Digests = READING


class Source(Protocol):
    """A place where models live."""

    name: str
    schemes: frozenset[str]
    needs_network: bool

    def __init__(self, reach: Reach) -> None: ...

    @property
    def origin(self) -> str | None:
        """The server that is asked; None where none is. Facts of another one are not its."""
        ...

    def means(self, target: str) -> bool:
        """Whether a target that is neither a path nor a reference is one that `find` knows."""
        ...

    def find(self, target: str) -> Iterator[Found]:
        """The models that a target stands for, and gaps for what could not be looked into."""
        ...

    def pin(self, ref: ModelRef, before: Pin | None = None) -> Pin:
        """The model at the revision that it has now.

        Args:
            ref: The model.
            before: What it was pinned to the last time.

        Raises:
            UnreadableError: It cannot be looked at; the message becomes a gap.
        """
        ...

    def holds(self, pin: Pin, model: Model) -> bool:
        """Whether facts that were loaded at the same revision before are still all that can be said."""
        ...

    def load(self, pin: Pin) -> Loaded:
        """Everything that the source knows of the model at that revision.

        Raises:
            UnreadableError: It cannot be looked at; the message becomes a gap.
        """
        ...

    def on_disk(self, ref: ModelRef) -> OnDisk | None:
        """Where the bytes of a model that was loaded lie on this disk; None where they do not."""
        ...

    def read(self, ref: ModelRef, kept: Mapping[str, bytes]) -> Model:
        """The facts again, from the bytes that were kept when they were loaded.

        Raises:
            UnreadableError: They are not all there, or the source keeps none.
        """
        ...

    def waiting(self) -> str:
        """What it waits for at this moment, for people who watch; empty where it works on."""
        ...

    def close(self) -> None:
        """Let go of whatever is open, and end what is still being asked."""
        ...

"""What finders see before anybody knows what it means, and what they found."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

_NOTHING: Mapping[str, str] = MappingProxyType({})

# Stands in a text for a part that only the running program knows.
UNKNOWN = "*"
# The gap of a document that lists a model by no name that leads anywhere.
NOT_IDENTIFIED = "model-not-identified"


class Said(NamedTuple):
    """A text in a file, and what it is given to.

    Attributes:
        text: The text; `*` stands for parts that only the running program knows.
        line: Where it stands, counted from 1.
        key: The keyword, flag, variable or field that gets it, after those around it: `model.name`.
        call: The function, class or command that gets it, as it is written: `client.chat.completions.create`.
        place: Which of the arguments without a name it is, from 0.
        beside: What else is given there, by key.
    """

    text: str
    line: int
    key: str = ""
    call: str = ""
    place: int | None = None
    beside: Mapping[str, str] = _NOTHING


class Broken(NamedTuple):
    """A file that is not what its name says: it was read word by word, and may name more.

    Attributes:
        why: What is wrong with it.
        gap: What follows, as an id of `licscan.model.GapId`.
    """

    why: str
    gap: str = "file-broken"


class Found(NamedTuple):
    """A model that is named at a line: a `licscan.model.Mention` before it has a path.

    Plain, because the fast path of the gate reads thousands of them from a cache.
    """

    line: int
    scheme: str
    name: str
    revision: str | None = None


class Comment(NamedTuple):
    """`licscan: ignore[rule] reason` at a line.

    Attributes:
        line: The line, counted from 1.
        rules: The rules that it is about; none where it says only `ignore`.
        reason: Why.
    """

    line: int
    rules: tuple[str, ...]
    reason: str

"""Texts put aside until the end of a document, each once: in a file where they are many, never all of them at hand."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple, Self

from licscan.manifest.bill import Component, Text

_AT_HAND = 8 << 20


class Put(NamedTuple):
    """A text of the shelf.

    Attributes:
        number: Its place, counted from 1.
        text: The text.
        models: The models that it goes with.
    """

    number: int
    text: Text
    models: tuple[str, ...]


class _Place(NamedTuple):
    number: int
    text: Text
    offset: int
    length: int
    models: dict[str, None]


class Shelf:
    """Texts of many models, each once, in the order in which they came."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_AT_HAND)  # noqa: SIM115 - closed when the shelf is left
        self._places: dict[str, _Place] = {}
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def put(self, one: Component) -> list[tuple[int, Text]]:
        """Put the texts of a model aside, those without words left out; each with the number that it has there."""
        return [(self._put(text, one.name), text) for text in one.texts if text.words is not None]

    def _put(self, text: Text, model: str) -> int:
        place = self._places.get(text.key)
        if place is None:
            words = (text.words or "").encode(errors="surrogatepass")
            self._file.seek(self._end)
            self._file.write(words)
            place = _Place(len(self._places) + 1, replace(text, words=""), self._end, len(words), {})
            self._places[text.key] = place
            self._end += len(words)
        place.models[model] = None
        return place.number

    def __iter__(self) -> Iterator[Put]:
        for place in self._places.values():
            self._file.seek(place.offset)
            words = self._file.read(place.length).decode(errors="surrogatepass")
            yield Put(place.number, replace(place.text, words=words), tuple(place.models))

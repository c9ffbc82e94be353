"""Tar archives read in a stream, within bounds: the texts in them, and the names of weights."""

import gzip
import os
import tarfile
import zlib
from pathlib import Path
from typing import IO, cast

from licscan.errors import HeaderError
from licscan.formats.bounded import open_regular
from licscan.formats.names import CONFIGS, is_spoken
from licscan.formats.weight_names import weight_format

_MOST_MEMBERS = 10_000
_MOST_UNPACKED = 64 << 20
_TEXT = 1 << 20
_MOST_TEXTS = 50


class _Bounded:
    """A stream of which no more is read than a bound: what is packed may unpack to anything."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._left = _MOST_UNPACKED

    def read(self, length: int = -1) -> bytes:
        data = self._stream.read(min(length if length >= 0 else self._left, self._left))
        self._left -= len(data)
        return data


def texts_in(path: Path, wanted: frozenset[str] = frozenset()) -> tuple[dict[str, bytes], list[str]]:
    """The cards, licenses and configurations in a tar archive, plain or gzipped, and the names of weights in it.

    Args:
        path: The archive.
        wanted: Names of other files that are read, wherever they lie in it.

    Raises:
        UnreadableError: It cannot be opened, or is no archive.
    """
    texts: dict[str, bytes] = {}
    weights: list[str] = []
    with os.fdopen(open_regular(path), "rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
        stream.seek(0)
        # A plain archive is passed over by seeking; a packed one must be unpacked to where the bound is.
        try:
            if packed:
                bounded = cast("IO[bytes]", _Bounded(cast("IO[bytes]", gzip.GzipFile(fileobj=stream))))
                opened = tarfile.open(fileobj=bounded, mode="r|")  # noqa: SIM115 - closed below
            else:
                opened = tarfile.open(fileobj=stream, mode="r:")  # noqa: SIM115 - likewise
            with opened as archive:
                for number, member in enumerate(archive):
                    if number >= _MOST_MEMBERS:
                        break
                    _take(archive, member, wanted, texts, weights)
        except (tarfile.TarError, OSError, EOFError, ValueError, zlib.error) as error:
            if not texts and not weights:
                raise HeaderError(f"not a sound tar archive: {error}", where=str(path)) from error
    return texts, weights


def _take(
    archive: tarfile.TarFile,
    member: tarfile.TarInfo,
    wanted: frozenset[str],
    texts: dict[str, bytes],
    weights: list[str],
) -> None:
    if not member.isreg():
        return  # links and devices lead elsewhere
    plain = member.name.rpartition("/")[2]
    if weight_format(plain):
        weights.append(member.name)
    elif len(texts) < _MOST_TEXTS and (is_spoken(member.name) or plain in CONFIGS or plain in wanted):
        opened = archive.extractfile(member)
        if opened is not None:
            texts[member.name.removeprefix("./")] = opened.read(_TEXT)

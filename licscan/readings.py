"""License texts that were read: what each is, says, and where it differs, kept in the user's cache folder.

To search a text for the words of its clauses takes a third of a second, and many models have the same text.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from licscan import __version__
from licscan.licenses.recognise import Deviation
from licscan.model import Clause, Value

_LARGEST = 4 << 20


class Read(Value):
    """A license text.

    Attributes:
        record: The license that it is, or is a copy of.
        clauses: What it says, with the words.
        deviations: Where it differs from the license.
    """

    record: str | None
    clauses: tuple[Clause, ...]
    deviations: tuple[Deviation, ...]


class Readings:
    """Readings by the digest of the text.

    Args:
        folder: Where to keep them; None to remember them only as long as this lives.
        rules: The version of the rule base: another one reads anew.
    """

    def __init__(self, folder: Path | None, rules: str) -> None:
        mark = hashlib.sha256(f"{rules} {__version__}".encode()).hexdigest()[:16]
        self._folder = folder / mark if folder else None
        self._known: dict[str, Read] = {}

    def of(self, digest: str, read: Callable[[], Read]) -> Read:
        """The reading of a text.

        Args:
            digest: The digest of the text.
            read: Reads it; asked only where nobody did before.
        """
        if digest not in self._known:
            self._known[digest] = self._kept(digest) or self._keep(digest, read())
        return self._known[digest]

    def _kept(self, digest: str) -> Read | None:
        """What was kept; a cache that cannot be read is one that is not there."""
        if self._folder is None:
            return None
        try:
            with (self._folder / digest).open("rb") as stream:
                return Read.model_validate_json(stream.read(_LARGEST))
        except (OSError, ValidationError):
            return None

    def _keep(self, digest: str, found: Read) -> Read:
        if self._folder is not None:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                with tempfile.NamedTemporaryFile("w", dir=self._folder, delete=False, encoding="utf-8") as stream:
                    stream.write(found.model_dump_json())
                os.replace(stream.name, self._folder / digest)  # noqa: PTH105 - others see it whole or not at all
            except OSError:
                pass  # it will be read again
        return found


def user_cache() -> Path | None:
    """Where readings are kept by default; None for a user without a home."""
    import platformdirs  # noqa: PLC0415 - not where nothing is kept

    try:
        return platformdirs.user_cache_path("licscan", appauthor=False) / "readings"
    except RuntimeError:
        return None

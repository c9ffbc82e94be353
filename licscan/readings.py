"""What license texts were found to say, kept in the user's cache folder by the digest of their words.

To search a text for its clauses takes a tenth of a second the first time, and a scan, an audit and the scan of tomorrow
meet the same texts.
"""

import hashlib
import os
import tempfile
from functools import cached_property
from importlib.resources import files as package_files
from pathlib import Path

from licscan import __version__, leftovers
from licscan.rulebook import Rulebook

_LARGEST = 4 << 20
# What reads texts: when one of these changes, other things may be read. The version of the rules tells of their own.
_READERS = ("clauses", "licenses")
_HELPERS = ("chinese.py", "markup.py", "prints.py", "text.py", "wording.py")


class Readings:
    """A folder of readings.

    Args:
        folder: Where to keep them.
        rules: The version of the rule base: another one reads anew.
    """

    def __init__(self, folder: Path, rules: str) -> None:
        self._parent, self._rules = folder, rules

    @cached_property
    def _folder(self) -> Path:
        mark = hashlib.sha256(f"{self._rules} {__version__}".encode())
        package = package_files("licscan")
        readers = [file for name in _READERS for file in (package / name).iterdir() if file.name.endswith(".py")]
        for file in [*sorted(readers, key=lambda one: one.name), *(package / name for name in _HELPERS)]:
            mark.update(file.read_bytes())
        return self._parent / mark.hexdigest()[:16]

    def get(self, key: str) -> bytes | None:
        """What was kept under a digest; a cache that cannot be read is one that is not there."""
        try:
            with (self._folder / key).open("rb") as stream:
                return stream.read(_LARGEST)
        except OSError:
            return None

    def keep(self, key: str, said: bytes) -> None:
        """Keep a reading under a digest; where that cannot be, the text will be read again."""
        try:
            self._begin()
            with tempfile.NamedTemporaryFile("wb", dir=self._folder, delete=False) as stream:
                stream.write(said)
            os.replace(stream.name, self._folder / key)  # noqa: PTH105 - others see it whole or not at all
        except OSError:
            pass

    def _begin(self) -> None:
        """Make the folder; what other rules and releases kept goes once nobody asks for it."""
        if self._folder.is_dir():
            leftovers.used(self._folder)
        else:
            self._folder.mkdir(parents=True, exist_ok=True)
            leftovers.clear(self._parent.iterdir())


def remembering(rules: Rulebook) -> Rulebook:
    """The rules with the user's cache folder to remember in; as they are for a user without a home."""
    import platformdirs  # noqa: PLC0415 - not where nothing is kept

    try:
        folder = platformdirs.user_cache_path("licscan", appauthor=False) / "readings"
    except RuntimeError:
        return rules
    return rules.remembering(Readings(folder, rules.version))

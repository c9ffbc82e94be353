"""What caches hold that nobody has asked for in a month: taken away, so that they do not grow with every release."""

import contextlib
import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

_DAY = 24 * 3600
_LONGEST = 30 * _DAY


def used(place: Path) -> None:
    """Say that something was asked for today; once a day is enough."""
    with contextlib.suppress(OSError):
        if time.time() - place.stat().st_mtime > _DAY:
            os.utime(place)


def clear(places: Iterable[Path]) -> None:
    """Remove what nobody has asked for in a month; what cannot be removed stays.

    Args:
        places: Files and folders of a cache, each of which can be made again.
    """
    for place in places:
        with contextlib.suppress(OSError):
            if time.time() - place.stat().st_mtime <= _LONGEST:
                continue
            if place.is_dir() and not place.is_symlink():
                shutil.rmtree(place)
            else:
                place.unlink()

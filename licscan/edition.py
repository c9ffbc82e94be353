"""Which edition of the rule base is installed, by its newest review and its content; not read as rules."""

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def edition(root: "Traversable | None" = None) -> str:
    """Date and digest of the rule files, such as `2026-11-22+0a1b2c3d`; the same wherever they lie."""
    from licscan.place import rule_files, shipped  # noqa: PLC0415 - importlib.resources is slow, and seldom needed

    whole, newest = hashlib.sha256(), b""
    for _, path, data in rule_files(root or shipped()):
        whole.update(f"\0{path}\0{len(data)}\0".encode())
        whole.update(data)
        for line in data.splitlines():
            if line.startswith(b"reviewed:"):
                newest = max(newest, line.partition(b"on: ")[2][:10])
    return f"{newest.decode(errors='replace') or 'undated'}+{whole.hexdigest()[:8]}"


def mark() -> str | None:
    """Changes when a shipped rule file does, and costs no reading; None where the rule base lies in an archive."""
    package = Path(__file__).parent
    seen = hashlib.sha256(str(package).encode())
    for base in (package / "_rules", package.parent / "rules"):
        try:
            with os.scandir(base) as entries:
                folders = sorted(entry.path for entry in entries if entry.is_dir())
            for folder in folders:
                with os.scandir(folder) as entries:
                    states = sorted((entry.name, entry.stat()) for entry in entries)
                for name, state in states:
                    seen.update(f"\0{folder}/{name} {state.st_size} {state.st_mtime_ns}".encode())
        except OSError:
            continue
        return seen.hexdigest()
    return None

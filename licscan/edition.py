"""Which edition of the rule base is installed, by its newest review and its content; not read as rules."""

import hashlib
import os
from importlib.resources.abc import Traversable
from pathlib import Path

from licscan.place import FOLDERS, rule_files, shipped


def edition(root: Traversable | None = None) -> str:
    """Date and digest of the rule files, such as `2026-11-22+0a1b2c3d`; the same wherever they lie."""
    whole, newest = hashlib.sha256(), b""
    for _, path, data in rule_files(root or shipped()):
        whole.update(f"\0{path}\0{len(data)}\0".encode())
        whole.update(data)
        for line in data.splitlines():
            if line.startswith(b"reviewed:"):
                newest = max(newest, line.partition(b"on: ")[2][:10])
    return f"{newest.decode(errors='replace') or 'undated'}+{whole.hexdigest()[:8]}"


def mark(root: Traversable | None = None) -> str | None:
    """Changes when a rule file does, and costs no reading; None where the rule base lies in an archive."""
    base = root or shipped()
    if not isinstance(base, Path):
        return None
    seen = hashlib.sha256(str(base).encode())
    for folder in FOLDERS:
        try:
            with os.scandir(base / folder) as entries:
                states = [(entry.name, entry.stat()) for entry in entries]
        except OSError:
            continue
        for name, state in sorted(states, key=lambda one: one[0]):
            seen.update(f"\0{folder}/{name} {state.st_size} {state.st_mtime_ns}".encode())
    return seen.hexdigest()

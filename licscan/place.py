"""Where the rule base lies: at the top of a checkout, inside the package in a wheel."""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from licscan.errors import RuleError

FOLDERS = ("licenses", "clauses", "phrases", "levels", "models", "providers", "policies", "frameworks")


def shipped() -> Traversable:
    """The folder that holds the rule base; may lie inside a zipped wheel.

    Raises:
        RuleError: The installation is incomplete.
    """
    package = files("licscan")
    inside = package / "_rules"
    if inside.is_dir():
        return inside
    if isinstance(package, Path) and (beside := package.parent / "rules").is_dir():
        return beside
    raise RuleError("the rule base is missing", where=str(package), remedy="install licscan again")


def installed() -> Traversable:
    """The folder of the compiled form that a wheel brings along; in a checkout `make compiled` writes it."""
    return files("licscan") / "_compiled"


def rule_files(root: Traversable) -> Iterator[tuple[str, str, bytes]]:
    """Every rule file, sorted: its folder, its path as shown to users (`rules/licenses/mit.yaml`), and its bytes."""
    for folder in FOLDERS:
        place = root / folder
        if not place.is_dir():
            continue
        for file in sorted(place.iterdir(), key=lambda entry: entry.name):
            if file.name.endswith((".yaml", ".yml")):
                yield folder, f"rules/{folder}/{file.name}", file.read_bytes()

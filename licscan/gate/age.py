"""Whether a lock was made with older rules than those that are installed."""

import contextlib
import datetime
import json
from collections.abc import Iterator
from pathlib import Path

from licscan.config import Configuration
from licscan.edition import edition, mark
from licscan.gate.finding import Finding, own
from licscan.lock import Lock


def outdated(lock: Lock, told: Configuration, today: datetime.date, name: str, cache: Path | None) -> Iterator[Finding]:
    """A finding where the installed rules are others than those of the lock: a warning at first, later an error.

    Args:
        lock: The lock.
        told: The configuration, which says how long older rules are good enough.
        today: The day.
        name: How the lock is called.
        cache: The folder in which the edition of the installed rules is kept.
    """
    installed = _installed(cache / "edition.json" if cache else None)
    if installed == lock.rules or told.severity.get("lock-outdated") == "off":
        return
    made, since = _day(lock.rules), _day(installed)
    if since and made and since < made:
        what = f"was made with rules of {made}, and those installed here are of {since}: update licscan"
    else:
        what = f"was made with rules {lock.rules}, and {installed} are installed"
    finding = own("lock-outdated", f"{name} {what}", path=name)
    late = since is not None and (today - since).days > told.grace
    severity = told.severity.get("lock-outdated") or ("error" if late else finding.severity)
    over = f"; rules of {since} should have been used within {told.grace} days" if late else ""
    yield finding._replace(severity=severity, message=finding.message + over)


def _installed(cache: Path | None) -> str:
    """The edition of the installed rules, from the cache while no rule file has changed."""
    seen = mark()
    if cache is None or seen is None:
        return edition()
    with contextlib.suppress(OSError, ValueError, AttributeError):
        kept = json.loads(cache.read_bytes())
        if kept.get("mark") == seen:
            return str(kept["edition"])
    found = edition()
    with contextlib.suppress(OSError):
        cache.parent.mkdir(parents=True, exist_ok=True)
        cache.write_text(json.dumps({"mark": seen, "edition": found}), encoding="utf-8")
    return found


def _day(rules: str) -> datetime.date | None:
    with contextlib.suppress(ValueError):
        return datetime.date.fromisoformat(rules[:10])
    return None

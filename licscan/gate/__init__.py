"""The gate: what a tree names, held against its lock and a policy. Asks no network and no database."""

import contextlib
import datetime
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from licscan import lock as locks
from licscan.clock import clock
from licscan.config import Configuration, found_above, read
from licscan.errors import UsageError
from licscan.gate import baseline
from licscan.gate.age import outdated
from licscan.gate.decide import Decision, decide, is_internal, is_partial
from licscan.gate.finding import Finding
from licscan.gate.mentions import Found, Place, search, shown
from licscan.gate.report import Outcome, outcome
from licscan.gate.rules import RULES
from licscan.gate.waivers import too_wide
from licscan.lock import Lock

__all__ = [
    "RULES",
    "Asked",
    "Decision",
    "Finding",
    "Found",
    "Outcome",
    "Place",
    "baseline",
    "check",
    "decide",
    "is_internal",
    "is_partial",
    "policy_for",
    "scope_of",
    "search",
    "too_wide",
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check is asked.

    Attributes:
        paths: Files and folders.
        config: The configuration; the one nearest above the first path by default.
        lock: The lock; that beside the configuration, or nearest above the first path, by default.
        policy: The policy; that of the configuration by default.
        baseline: A report of what was there before; that of the configuration by default.
        what_if: Facts of the organisation that replace those of the configuration.
        strict: Whether what could not be read makes the check incomplete.
        require_models: Whether a tree that names no models is no success.
        cache: Whether what was read of files is kept.
    """

    paths: tuple[Path, ...] = (Path(),)
    config: Path | None = None
    lock: Path | None = None
    policy: str | None = None
    baseline: Path | None = None
    what_if: tuple[str, ...] = ()
    strict: bool = False
    require_models: bool = False
    cache: bool = True


def check(asked: Asked, today: datetime.date | None = None) -> Outcome:
    """Hold what a tree names against its lock and a policy.

    Args:
        asked: What to check, and by what.
        today: The day by which waivers and agreements hold.

    Raises:
        UsageError: The configuration, the lock or the baseline cannot be read.
    """
    told, lock_path, root = scope_of(asked)
    lock = locks.read(lock_path) if lock_path.is_file() else None
    if lock is None and asked.lock:
        raise UsageError("no such file", where=str(asked.lock), remedy="check --lock")
    found = search(asked.paths, root, told.exclude, _cache() if asked.cache else None)
    policy = policy_for(asked.policy or told.policy, lock, "" if asked.policy else told.places.get("policy", ""))
    _known_severities(told, policy, lock)
    day = today or datetime.datetime.now(datetime.UTC).date()
    whole = any(path.is_dir() and root.is_relative_to(Path(os.path.abspath(path))) for path in asked.paths)  # noqa: PTH100
    name = shown(str(lock_path))
    decision = decide(found, lock, policy, told, day, whole=whole, lock_path=name)
    if lock and found.places:
        decision.findings += outdated(lock, told, day, name, _cache() if asked.cache else None)
    if place := asked.baseline or told.baseline:
        decision.findings = list(baseline.adopted(decision.findings, baseline.read(place), place.name))
    return outcome(decision, found, lock, policy, clock(), strict=asked.strict, require_models=asked.require_models)


def scope_of(asked: Asked) -> tuple[Configuration, Path, Path]:
    """The configuration, the place of the lock, and the folder that both are for.

    Raises:
        UsageError: A path is not there, or the configuration cannot be read.
    """
    for path in asked.paths:
        if not path.exists():
            raise UsageError("no such file or folder", where=ascii(str(path)), remedy="check the path")
    first = asked.paths[0] if asked.paths else Path()
    config = Path(os.path.abspath(asked.config)) if asked.config else found_above(first)  # noqa: PTH100
    told = read(config, asked.what_if)
    lock = asked.lock or locks.found_above(first)
    if lock is None:
        below = first if first.is_dir() else first.parent
        lock = (config.parent if config and not asked.config else below) / locks.NAME
    lock = Path(os.path.abspath(lock))  # noqa: PTH100
    return told, lock, lock.parent


def policy_for(name: str, lock: Lock | None, where: str = "") -> Mapping[str, Any]:
    """A policy, compiled: that of the lock where it is the one, else from the rule base.

    Args:
        name: Its id, or the path of its file.
        lock: The lock.
        where: The place that names it, where that is a file.

    Raises:
        UsageError: There is no such policy.
    """
    if lock is None:  # nothing to hold against it
        return {"id": name, "title": name, "source": None, "rules": []}
    if _is_locked(name, lock):
        return lock.policy
    from licscan.judge import chosen, compiled  # noqa: PLC0415 - slow, and only for a policy that the lock lacks
    from licscan.rulebook import load  # noqa: PLC0415

    rules = load()
    return compiled(name, chosen(name, rules, where), rules)


def _is_locked(name: str, lock: Lock) -> bool:
    source = lock.policy["source"]
    if not name.endswith((".yaml", ".yml")):
        return source is None and lock.policy["id"] == name
    with contextlib.suppress(OSError):
        return bool(source == hashlib.sha256(Path(name).read_bytes()).hexdigest())
    return False


def _known_severities(told: Configuration, policy: Mapping[str, Any], lock: Lock | None) -> None:
    known = {*RULES, *(rule["id"] for rule in policy["rules"])}
    for name in told.severity if lock else ():
        if name not in known:
            import difflib  # noqa: PLC0415 - only for what is misspelled

            near = difflib.get_close_matches(name, known, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"use one of {', '.join(sorted(known))}"
            where = told.places.get(f"severity.{name}", f"severity.{name}")
            raise UsageError("is no rule of this policy", where=where, remedy=remedy)


def _cache() -> Path | None:
    import platformdirs  # noqa: PLC0415 - a few milliseconds

    try:
        folder: Path = platformdirs.user_cache_path("licscan")
    except RuntimeError:  # a user without a home
        return None
    return folder / "gate"

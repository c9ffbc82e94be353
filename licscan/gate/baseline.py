"""What was there before: findings that are known, and pass while nothing is added to them."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from licscan.errors import UsageError
from licscan.gate.finding import Finding
from licscan.gate.rules import RULES

_LARGEST = 256 << 20
_VERSION = 1
_REMEDY = "give a report of licscan check --format json, or write one with licscan init --baseline"


def read(path: Path) -> frozenset[str]:
    """The fingerprints of a baseline, which may be any JSON report.

    Raises:
        UsageError: It cannot be read, or is none.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise UsageError("larger than 256 MiB", where=str(path), remedy=_REMEDY)
        data = json.loads(path.read_bytes())
        return frozenset(str(one["fingerprint"]) for one in data["findings"])
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        raise UsageError(what, where=str(path), remedy=_REMEDY) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError("is no baseline", where=str(path), remedy=_REMEDY) from error


def text(findings: Iterable[Finding]) -> str:
    """A baseline of all findings that one can adopt: sorted, one line each."""
    kept = {
        one.fingerprint: json.dumps({"rule": one.rule, "model": one.model, "fingerprint": one.fingerprint})
        for one in findings
        if _adoptable(one) and one.waiver is None
    }
    lines = ",\n  ".join(sorted(kept.values()))
    return f'{{\n "licscan-baseline": {_VERSION},\n "findings": [\n  {lines}\n ]\n}}\n'


def adopted(findings: Iterable[Finding], known: frozenset[str], name: str) -> Iterator[Finding]:
    """The findings, those that the baseline knows let pass.

    Args:
        findings: What is objected to.
        known: The fingerprints of the baseline.
        name: How the baseline is called.
    """
    for finding in findings:
        if finding.fingerprint in known and _adoptable(finding) and finding.waiver is None:
            yield finding._replace(waiver=f"known since {name}")
        else:
            yield finding


def _adoptable(finding: Finding) -> bool:
    """What is wrong with the lock, a waiver or a file is mended, not adopted."""
    rule = RULES.get(finding.rule)
    return rule is None or rule.waivable

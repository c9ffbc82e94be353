"""What is wrong, as the gate passes it on: the fields of the report's findings, plain."""

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from licscan.gate.rules import RULES
from licscan.revisions import unpinned


class Finding(NamedTuple):
    """What the gate objects to; the fields are those of `licscan.model.Finding`.

    Attributes:
        rule: The rule, of the policy or of the gate.
        severity: `error`, `warning` or `note`.
        model: The model as it is named; None where it is about a lock, a waiver or a file.
        message: What is wrong.
        remedy: What to do.
        path: The file that names the model.
        line: The line there.
        evidence: Where that which is objected to stands.
        fingerprint: Stays the same from run to run.
        waiver: Who let it pass and why, if anybody.
    """

    rule: str
    severity: str
    model: str | None
    message: str
    remedy: str
    path: str | None = None
    line: int | None = None
    evidence: Mapping[str, Any] | None = None
    fingerprint: str = ""
    waiver: str | None = None

    @property
    def fails(self) -> bool:
        """Whether it makes the gate fail."""
        return self.severity == "error" and self.waiver is None


def own(rule: str, message: str, *, model: str | None = None, what: str = "", **place: Any) -> Finding:
    """A finding of the gate's own rules.

    Args:
        rule: One of `RULES`.
        message: What is wrong.
        model: The model that it is about.
        what: What the remedy names; with the rule and the model it tells findings apart.
        place: Path and line.
    """
    known = RULES[rule]
    marks = [rule, unpinned(model or ""), what]
    return Finding(
        rule=rule,
        severity=known.severity,
        model=model,
        message=message,
        remedy=known.remedy.replace("{what}", what),
        fingerprint=hashlib.sha256("\0".join(marks).encode()).hexdigest()[:32],
        **place,
    )

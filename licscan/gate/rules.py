"""What the gate itself objects to, beside the policy: what the lock does not hold, and how exceptions are written.

One id is the SARIF rule id, the key of waivers and severities, and the anchor in docs/gate.md.
"""

from typing import NamedTuple


class GateRule(NamedTuple):
    """A rule of the gate.

    Attributes:
        severity: Unless the configuration says otherwise.
        title: What it is called.
        remedy: What to do, with `{what}`.
        waivable: Whether a waiver can let it pass.
    """

    severity: str
    title: str
    remedy: str
    waivable: bool = False


RULES = {
    "lock-missing": GateRule("error", "No lock", "run licscan lock, and commit licscan.lock"),
    "not-locked": GateRule("error", "A model that is not in the lock", "run licscan lock", waivable=True),
    "name-known-in-part": GateRule(
        "warning",
        "A name of which a part is known",
        "write whole names where the program chooses among them",
        waivable=True,
    ),
    "revision-mutable": GateRule(
        "note", "A model named without a commit", "name it at {what}, which is what was looked at", waivable=True
    ),
    "not-looked-at": GateRule(
        "warning",
        "Something about a model could not be looked at",
        "run licscan lock --update {what} where it can be reached",
        waivable=True,
    ),
    "license-differs": GateRule(
        "warning",
        "Two licenses under one name",
        "name it at one revision; see licscan diff for what differs",
        waivable=True,
    ),
    "lock-unused": GateRule("note", "Models in the lock that nothing names", "run licscan lock"),
    "lock-outdated": GateRule("warning", "A lock made with older rules", "run licscan lock"),
    "file-unreadable": GateRule("warning", "A file that could not be searched", "see whether the file is what it says"),
    "waiver-expired": GateRule(
        "error", "A waiver that has ended", "decide again: licscan waive, or mend what it is for"
    ),
    "waiver-unused": GateRule("warning", "A waiver for nothing", "remove it"),
    "waiver-too-wide": GateRule(
        "error", "A waiver for everything", "name the model and the rule; to drop a rule, set its severity to off"
    ),
    "waiver-incomplete": GateRule(
        "error", "A comment that lets pass without saying what or why", "write # licscan: ignore[rule] reason"
    ),
}

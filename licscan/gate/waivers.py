"""Exceptions: what somebody let pass, and what is wrong with how it was let pass. Never silent."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from licscan.config import Waiver
from licscan.gate.finding import Finding, own
from licscan.gate.mentions import Comment, shown
from licscan.gate.rules import RULES
from licscan.revisions import split

_SHORTEST_COMMIT = 7


@dataclass(slots=True)
class _Use:
    """Whether a waiver was for anything: live, and after it had ended."""

    waiver: Waiver
    matched: list[Finding] = field(default_factory=list)


def waived(
    findings: Iterable[Finding],
    waivers: Sequence[Waiver],
    comments: Sequence[Comment],
    entries: Mapping[str, Mapping[str, Any]],
    today: datetime.date,
    *,
    whole: bool,
) -> Iterator[Finding]:
    """Findings with who let them pass, and findings about the waivers themselves.

    Args:
        findings: What is objected to.
        waivers: Those of the configuration.
        comments: Those in the code.
        entries: What the lock holds of each model that is named.
        today: The day.
        whole: Whether everything was searched: only then a waiver can be called unused.
    """
    uses = [_Use(waiver) for waiver in waivers if not too_wide(waiver)]
    by_place = {(one.path, one.line): one for one in comments if one.rules and one.reason}
    used: set[tuple[str, int, str]] = set()
    for finding in findings:
        yield _let_pass(finding, uses, by_place, used, entries=entries, today=today)
    yield from (_too_wide(waiver) for waiver in waivers if too_wide(waiver))
    yield from (_incomplete(one) for one in comments if not (one.rules and one.reason))
    for use in uses:
        ended = _ended(use.waiver, today)
        if ended and use.matched:
            yield _about("waiver-expired", use.waiver, f"ended on {use.waiver.expires}")
        elif not use.matched and whole:
            yield _about("waiver-unused", use.waiver, _why_unused(use.waiver, entries))
    if whole:
        yield from _unused_comments(by_place.values(), used)


def too_wide(waiver: Waiver) -> bool:
    """Whether a waiver names no model or no rule: a pattern must say at least whose models it is about."""
    owner = waiver.model.partition(":")[2] or waiver.model
    letters = [letter for letter in owner.partition("/")[0] if letter.isalnum()]
    return "*" in waiver.rule or "?" in waiver.rule or not letters or owner.startswith("*")


def covers(waiver: Waiver, finding: Finding, entry: Mapping[str, Any] | None) -> bool:
    """Whether a waiver is about a finding, its end left aside."""
    rule = RULES.get(finding.rule)
    if waiver.rule != finding.rule or finding.model is None or (rule and not rule.waivable):
        return False
    name, stated = split(finding.model)
    plain = name.partition(":")[2]
    pattern = waiver.model.casefold()
    if not (
        fnmatchcase(name.casefold(), pattern) or (name.startswith("hf:") and fnmatchcase(plain.casefold(), pattern))
    ):
        return False
    if waiver.revision:
        commit = str((entry or {}).get("commit") or stated or "")
        if len(waiver.revision) < _SHORTEST_COMMIT or not commit.startswith(waiver.revision):
            return False
    license_ = (entry or {}).get("license", {})
    return waiver.license is None or waiver.license in {license_.get("id"), license_.get("spdx"), license_.get("text")}


def _let_pass(
    finding: Finding,
    uses: Iterable[_Use],
    by_place: Mapping[tuple[str, int], Comment],
    used: set[tuple[str, int, str]],
    *,
    entries: Mapping[str, Mapping[str, Any]],
    today: datetime.date,
) -> Finding:
    entry = entries.get(finding.model or "")
    for use in uses:
        if covers(use.waiver, finding, entry):
            use.matched.append(finding)
            if finding.waiver is None and not _ended(use.waiver, today):
                finding = finding._replace(waiver=_words(use.waiver))
    comment = by_place.get((finding.path or "", finding.line or 0))
    rule = RULES.get(finding.rule)
    if comment and finding.model and finding.rule in comment.rules and not (rule and not rule.waivable):
        used.add((comment.path, comment.line, finding.rule))
        if finding.waiver is None:
            finding = finding._replace(waiver=f"{comment.reason} ({comment.path}:{comment.line})")
    return finding


def _ended(waiver: Waiver, today: datetime.date) -> bool:
    return waiver.expires is not None and waiver.expires < today


def _words(waiver: Waiver) -> str:
    until = f", until {waiver.expires}" if waiver.expires else ""
    return f"{waiver.approver}: {waiver.reason}{until}"


def _why_unused(waiver: Waiver, entries: Mapping[str, Mapping[str, Any]]) -> str:
    """What keeps a waiver from being for anything: often the commit or the license is no longer the one it names."""
    plain = replace(waiver, revision=None, license=None)
    for ref, entry in entries.items():
        if covers(plain, Finding(waiver.rule, "", ref, "", ""), entry) and (waiver.revision or waiver.license):
            license_ = entry["license"].get("id") or "no known license"
            return f"is not for what is locked now: {ref} at {entry.get('commit')}, {license_}"
    return "lets nothing pass: there is no such finding"


def _about(rule: str, waiver: Waiver, what: str) -> Finding:
    path, line = _place(waiver.where)
    message = f"the waiver of {waiver.rule} for {waiver.model}, by {waiver.approver}, {what}"
    return own(rule, message, what=f"{waiver.rule} {waiver.model}", path=path, line=line)


def _too_wide(waiver: Waiver) -> Finding:
    return _about("waiver-too-wide", waiver, "is for everything, and lets nothing pass")


def _incomplete(comment: Comment) -> Finding:
    lacks = "for which rule and why" if not comment.rules else "why"
    message = f"a comment asks to ignore this line without saying {lacks}"
    return own("waiver-incomplete", message, what=comment.path, path=comment.path, line=comment.line)


def _unused_comments(comments: Iterable[Comment], used: set[tuple[str, int, str]]) -> Iterator[Finding]:
    for one in comments:
        idle = [rule for rule in one.rules if (one.path, one.line, rule) not in used]
        if idle:
            message = f"the comment lets nothing pass: there is no finding of {', '.join(idle)} on this line"
            yield own("waiver-unused", message, what=f"{one.path} {' '.join(idle)}", path=one.path, line=one.line)


def _place(where: str) -> tuple[str | None, int | None]:
    path, colon, line = where.rpartition(":")
    return (shown(path), int(line)) if colon and line.isdigit() else (where or None, None)

"""A summary for a pull request: whether it passes and why, what is wrong, what was let pass, and what is there."""

import re
from collections.abc import Iterator
from typing import Any, TextIO

from licscan.reports.places import Plain, told
from licscan.text import count, fold, printable

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~@&$:-])")
# GitHub makes a link of it, with no markup at all.
_ADDRESS = re.compile(r"(www)\.", re.IGNORECASE)
_MOST = 100
_NO_ADVICE = "licscan informs; it gives no legal advice."


def write(report: Plain, stream: TextIO) -> None:
    """Write a report as Markdown.

    Args:
        report: The JSON of the report.
        stream: Where to.
    """
    stream.writelines(f"{line}\n" for line in _lines(report))


def _lines(report: Plain) -> Iterator[str]:
    summary = report["summary"]
    yield f"## licscan: {summary['outcome']}"
    yield ""
    yield f"{safe(summary['because'])}."
    open_ = list(_together(told(report)))
    bad = [some for some in open_ if some[0]["severity"] != "note"]
    if bad:
        yield ""
        yield "| | model | rule | what is wrong | what to do | where |"
        yield "|---|---|---|---|---|---|"
        for some in bad[:_MOST]:
            one = some[0]
            cells = (one["severity"], one["model"] or "", one["rule"], one["message"], one["remedy"], _places(some))
            yield f"| {' | '.join(safe(cell) for cell in cells)} |"
        if len(bad) > _MOST:
            yield ""
            yield f"and {len(bad) - _MOST} more."
    notes = len(open_) - len(bad)
    if notes:
        yield ""
        yield f"{count(notes, 'note')}."
    let = [one for one in report["findings"] if one["waiver"] is not None]
    if let:
        yield ""
        yield f"<details><summary>Let pass: {len(let)}</summary>"
        yield ""
        for some in list(_together(let))[:_MOST]:
            one = some[0]
            yield f"- {safe(one['model'] or '')} {safe(one['rule'])}: {safe(one['waiver'])}"
        yield ""
        yield "</details>"
    yield from _models(report["models"])
    yield ""
    yield f"{_NO_ADVICE} Rules {safe(report['tool']['rules'])}, licscan {safe(report['tool']['version'])}."


def _models(models: list[Plain]) -> Iterator[str]:
    if models:
        yield ""
        yield f"<details><summary>{count(len(models), 'model')}</summary>"
        yield ""
        yield "| model | level | license | commit |"
        yield "|---|---|---|---|"
        for one in models[:_MOST]:
            license_ = one["license"]["id"] or one["unknown_reason"] or "unknown"
            cells = (one["ref"], one["level"], license_, str(one["revision"] or "")[:12])
            yield f"| {' | '.join(safe(cell) for cell in cells)} |"
        yield ""
        yield "</details>"


def _together(findings: Any) -> Iterator[list[Plain]]:
    """Findings that differ only in their place."""
    found: dict[tuple[object, ...], list[Plain]] = {}
    for one in findings:
        key = tuple(one[name] for name in ("rule", "severity", "model", "message", "waiver"))
        found.setdefault(key, []).append(one)
    yield from found.values()


def _places(some: list[Plain]) -> str:
    places = [f"{one['path']}:{one['line']}" if one["line"] else one["path"] for one in some if one["path"]]
    more = f" and {len(places) - 3} more" if len(places) > 3 else ""  # noqa: PLR2004 - as many as fit
    return ", ".join(places[:3]) + more


def safe(text: str) -> str:
    """Words of any origin as words: nothing in them is markup, a link, a mention or an issue."""
    escaped = _SPECIAL.sub(r"\\\1", printable(fold(text))).replace(r"\<", "&lt;").replace(r"\@", "&#64;")
    return _ADDRESS.sub(r"\1\\.", escaped)

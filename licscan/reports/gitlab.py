"""GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""

import json
from typing import TextIO

from licscan.reports.places import Plain, marked, told, words

_SEVERITIES = {"error": "major", "warning": "minor", "note": "info"}
_LOCK = "licscan.lock"


def write(report: Plain, stream: TextIO) -> None:
    """Write a report for GitLab's merge requests.

    Args:
        report: The JSON of the report.
        stream: Where to.
    """
    issues = [
        {
            "description": words(one),
            "check_name": one["rule"],
            "fingerprint": mark,
            "severity": _SEVERITIES[one["severity"]],
            "location": {"path": one["path"] or _LOCK, "lines": {"begin": one["line"] or 1}},
        }
        for one, mark in marked(told(report))
    ]
    json.dump(issues, stream, indent=1, ensure_ascii=False)
    stream.write("\n")

"""Annotations of GitHub's workflow commands, one line a finding, and the outcome as the last line.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from typing import TextIO

from licscan.reports.places import Plain, told, words

_KINDS = {"error": "error", "warning": "warning", "note": "notice"}


def write(report: Plain, stream: TextIO) -> None:
    """Write a report as annotations.

    Args:
        report: The JSON of the report.
        stream: Where to.
    """
    for one in told(report):
        place = {"file": one["path"], "line": one["line"], "title": f"licscan {one['rule']}"}
        stated = ",".join(f"{key}={_property(str(value))}" for key, value in place.items() if value)
        stream.write(f"::{_KINDS[one['severity']]} {stated}::{_data(words(one))}\n")
    summary = report["summary"]
    # Not at the beginning of a line, so that no text of others can be read as a command.
    stream.write(f"licscan: {summary['outcome']}: {_data(summary['because'])}\n")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

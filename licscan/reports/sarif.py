"""SARIF 2.1.0, for code scanning: rules with help, findings with places, what was let pass as suppressed.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from collections.abc import Iterator
from typing import Any, TextIO
from urllib.parse import quote

from licscan.reports.places import HELP, Plain, marked, words
from licscan.text import fold, printable

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LOCK = "licscan.lock"


def write(report: Plain, stream: TextIO) -> None:
    """Write a report as SARIF.

    Args:
        report: The JSON of the report.
        stream: Where to.
    """
    rules = report["summary"]["rules"]
    ids = sorted(rules)
    run = {
        "tool": {
            "driver": {
                "name": report["tool"]["name"],
                "version": report["tool"]["version"],
                "informationUri": "https://pypi.org/project/licscan/",
                "rules": [_rule(name, rules[name]) for name in ids],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": True,
                "exitCode": report["summary"]["exit_code"],
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": printable(f"{gap['what']}: {gap['why']}")}}
                    for gap in report["gaps"]
                ],
            }
        ],
        "results": list(_results(report, ids)),
        "properties": {"outcome": report["summary"]["outcome"], "because": report["summary"]["because"]},
    }
    json.dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, stream, indent=1, ensure_ascii=False)
    stream.write("\n")


def _rule(name: str, rule: Plain) -> dict[str, Any]:
    help_ = f"{rule['title']}. To do: {rule['remedy']}."
    return {
        "id": name,
        "shortDescription": {"text": rule["title"]},
        "fullDescription": {"text": help_},
        "help": {"text": f"{help_} See {HELP}#{name}. licscan informs; it gives no legal advice."},
        "properties": {"tags": ["license", "ai-model"]},
    }


def _results(report: Plain, ids: list[str]) -> Iterator[dict[str, Any]]:
    for one, mark in marked(report["findings"]):
        result: dict[str, Any] = {
            "ruleId": one["rule"],
            "ruleIndex": ids.index(one["rule"]),
            "level": one["severity"],
            "message": {"text": words(one)},
            "partialFingerprints": {"licscan/v1": mark},
            # Code scanning refuses results without a place: what is about no line is about the lock.
            "locations": [_location(one["path"] or _LOCK, one["line"] or 1)],
            "properties": {key: value for key, value in (("model", one["model"]), ("says", _says(one))) if value},
        }
        if one["waiver"] is not None:
            result["suppressions"] = [{"kind": "external", "justification": printable(fold(one["waiver"]))}]
        yield result


def _location(path: str, line: int) -> dict[str, Any]:
    place = {"uri": quote(path.replace("\\", "/"))}
    if not path.startswith(("/", "..")):
        place["uriBaseId"] = "%SRCROOT%"
    return {"physicalLocation": {"artifactLocation": place, "region": {"startLine": line}}}


def _says(one: Plain) -> str:
    return printable(fold((one["evidence"] or {}).get("quote") or ""))

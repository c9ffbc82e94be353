"""JUnit XML: one test case a model, which fails by its errors; what was let pass is skipped, and said."""

import re
from collections.abc import Iterator
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from licscan.reports.places import Plain, words
from licscan.text import printable

_HERE = "the repository"
# What XML 1.0 cannot hold, and `printable` leaves.
_FORBIDDEN = re.compile("[\ufffe\uffff]")


def write(report: Plain, stream: TextIO) -> None:
    """Write a report as test cases.

    Args:
        report: The JSON of the report.
        stream: Where to.
    """
    cases: dict[str, list[Plain]] = {one["ref"]: [] for one in report["mentions"]}
    for one in report["findings"]:
        cases.setdefault(one["model"] or _HERE, []).append(one)
    failing = sum(any(_fails(one) for one in some) for some in cases.values())
    skipped = sum(_passed(some) for some in cases.values())
    numbers = f'tests="{len(cases)}" failures="{failing}" errors="0" skipped="{skipped}"'
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    stream.write(f'<testsuites {numbers}>\n <testsuite name="licscan" {numbers} time="0">\n')
    stream.writelines(line for name, some in cases.items() for line in _case(name, some))
    stream.write(" </testsuite>\n</testsuites>\n")


def _case(name: str, some: list[Plain]) -> Iterator[str]:
    first = next((one for one in some if one["path"]), None)
    place = (
        f" file={_attribute(first['path'])}" + (f' line="{first["line"]}"' if first["line"] else "") if first else ""
    )
    yield f'  <testcase classname="licscan" name={_attribute(name)}{place} time="0">\n'
    errors = [one for one in some if _fails(one)]
    if errors:
        shown = list(dict.fromkeys(f"{one['rule']}: {words(one)}" for one in errors))
        said = "\n".join(_text(line) for line in shown)
        yield f"   <failure message={_attribute(shown[0])} type={_attribute(errors[0]['rule'])}>{said}</failure>\n"
    elif _passed(some):
        let = next(one for one in some if one["waiver"] and one["severity"] == "error")
        said = f"{let['rule']} let pass: {let['waiver']}"
        yield f"   <skipped message={_attribute(said)}/>\n"
    others = [one for one in some if not _fails(one) and one["waiver"] is None]
    if others:
        shown = list(dict.fromkeys(f"{one['severity']} {one['rule']}: {words(one)}" for one in others))
        yield f"   <system-out>{_text(chr(10).join(shown))}</system-out>\n"
    yield "  </testcase>\n"


def _fails(one: Plain) -> bool:
    return one["severity"] == "error" and one["waiver"] is None


def _passed(some: list[Plain]) -> bool:
    """Whether a model passes only because somebody let it."""
    return not any(map(_fails, some)) and any(one["waiver"] and one["severity"] == "error" for one in some)


def _text(text: str) -> str:
    return escape("\n".join(_FORBIDDEN.sub("?", printable(line)) for line in text.split("\n")))


def _attribute(text: str) -> str:
    return quoteattr(_FORBIDDEN.sub("?", printable(text)))

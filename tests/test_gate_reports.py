"""What the gate writes for machines and pull requests: sound by each format's own rules, whatever others wrote."""

import datetime
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from licscan import lock as locks
from licscan.condition import parse
from licscan.condition_json import plain
from licscan.config import Configuration, Waiver
from licscan.gate import decide
from licscan.gate.mentions import Found, Place
from licscan.gate.report import outcome
from licscan.lock import Lock
from licscan.model import Gap, GapId, Level
from licscan.reports import GATE_FORMATS, github, gitlab, junit, markdown, sarif, verdict
from tests.conftest import CORPUS
from tests.samples import assessment

HOSTILE = "x\x1b[31m|`<script>]]>::error::\n%0A@octocat #1 [a](http://b) \u202e&'\"\ufffe=cmd()"
SCHEMA = CORPUS.parent / "schemas" / "sarif-schema-2.1.0.json"
DAY = datetime.date(2026, 6, 1)


@pytest.fixture
def report() -> dict[str, Any]:
    """One error, one warning let pass, notes, and words that want to be more than words."""
    rules = [
        {
            "id": f"level-{level}",
            "title": "A title",
            "severity": severity,
            "when": plain(parse({"level": level}, {"level": ("id",)})),
            "message": "{model}: {reason}",
            "remedy": "mend it",
            "open": None,
        }
        for level, severity in (("unknown", "error"), ("restrictive", "warning"))
    ]
    policy = {"id": "ours", "title": "Ours", "source": None, "rules": rules}
    gap = Gap(id=GapId.UNREACHABLE, what=HOSTILE, why=HOSTILE)
    models = {
        "hf:a/bad": assessment("a/bad", level=Level.UNKNOWN, level_reasons=(HOSTILE,), gaps=(gap,)),
        "hf:a/let": assessment("a/let", level=Level.RESTRICTIVE),
    }
    kept = {ref: locks.entry_of(ref, _json(model), "2026-01-01") for ref, model in models.items()}
    found = Found(
        places=[Place("a b/näm,e.py", 3, "hf:a/bad"), Place("x.py", 4, "hf:a/bad"), Place("x.py", 5, "hf:a/let")]
    )
    waiver = Waiver("level-restrictive", "hf:a/let", HOSTILE, "jane", DAY)
    lock = Lock("0.1.0", "2026-01-01+a", policy, {}, kept)
    decision = decide(found, lock, policy, Configuration(waivers=(waiver,)), DAY)
    done = outcome(decision, found, lock, policy, datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC))
    assert done.code == 1
    made: dict[str, Any] = json.loads(json.dumps(done.report))
    return made


def _json(model: Any) -> dict[str, Any]:
    made: dict[str, Any] = model.model_dump(mode="json")
    for gap in made["gaps"]:
        gap["unfinished"] = True
    return made


def written(write: Callable[[Any, TextIO], None], report: dict[str, Any]) -> str:
    stream = io.StringIO()
    write(report, stream)
    return stream.getvalue()


def test_sarif_is_valid_and_says_all(report: dict[str, Any]) -> None:
    """SARIF has every finding with rule, help, place and a fingerprint of its own; what was let pass is suppressed."""
    data = json.loads(written(sarif.write, report))
    (run,) = data["runs"]
    results = run["results"]
    assert len(results) == len(report["findings"])
    assert all(run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"] for one in results)
    assert all(rule["help"]["text"] for rule in run["tool"]["driver"]["rules"])
    marks = [one["partialFingerprints"]["licscan/v1"] for one in results]
    assert len(set(marks)) == len(marks)
    (let,) = (one for one in results if "suppressions" in one)
    assert let["ruleId"] == "level-restrictive"
    (place, *_) = (one["locations"][0]["physicalLocation"] for one in results if one["level"] == "error")
    assert place["artifactLocation"] == {"uri": "a%20b/n%C3%A4m%2Ce.py", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 3}
    assert run["invocations"][0]["exitCode"] == report["summary"]["exit_code"] == 1
    again = json.loads(written(sarif.write, report))
    assert again == data


def test_sarif_keeps_to_its_schema(report: dict[str, Any]) -> None:
    """OASIS's own schema accepts it."""
    if not SCHEMA.is_file():
        pytest.skip(f"no SARIF schema at {SCHEMA}")
    schema = json.loads(SCHEMA.read_text())
    checker = jsonschema.Draft4Validator(schema)
    assert list(checker.iter_errors(json.loads(written(sarif.write, report)))) == []
    assert list(checker.iter_errors({"version": "2.1.0", "runs": [{"tool": {"driver": {}}}]}))


def test_annotations_are_one_line_each(report: dict[str, Any]) -> None:
    """Each open finding is one command of one line, no text of others ends or begins one; the outcome is said."""
    lines = written(github.write, report).splitlines()
    open_ = [one for one in report["findings"] if one["waiver"] is None]
    assert len(lines) == len(open_) + 1
    assert all(re.match(r"::(error|warning|notice) [^:]*::", line) for line in lines[:-1])
    assert "file=a b/näm%2Ce.py,line=3" in lines[0]
    assert lines[-1].startswith("licscan: fail: 1 of 2 models not allowed")


def test_code_quality_has_unique_fingerprints(report: dict[str, Any]) -> None:
    """GitLab gets every open finding, with fingerprints that it can tell apart."""
    issues = json.loads(written(gitlab.write, report))
    assert len({one["fingerprint"] for one in issues}) == len(issues)
    assert {one["severity"] for one in issues} == {"major", "minor", "info"}
    assert all(one["location"]["lines"]["begin"] > 0 for one in issues)


def test_junit_has_a_case_for_each_model(report: dict[str, Any]) -> None:
    """A model with an error fails, and the XML is sound whatever the words are."""
    suite = ET.fromstring(written(junit.write, report))[0]  # noqa: S314 - our own
    assert {case.get("name"): [child.tag for child in case] for case in suite} == {
        "hf:a/bad": ["failure", "system-out"],
        "hf:a/let": ["system-out"],
    }
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")


def test_markdown_shows_words_as_words(report: dict[str, Any]) -> None:
    """No word of others becomes a link, a mention, HTML, or another column."""
    text = written(markdown.write, report)
    assert text.startswith("## licscan: fail\n")
    assert "<script>" not in text
    assert "@octocat" not in text
    assert "](http" not in text.replace("\\]\\(http", "")
    table = [line for line in text.splitlines() if line.startswith("| error")]
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 7 for line in table)
    assert "Let pass: 1" in text


@pytest.mark.parametrize("form", [name for name in GATE_FORMATS if name != "json"])
def test_no_format_lets_control_characters_through(report: dict[str, Any], form: str) -> None:
    """Escapes, marks of direction and the like reach no reader."""
    write = verdict.write if form == "terminal" else __import__(f"licscan.reports.{form}", fromlist=["write"]).write
    text = written(write, report)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_color_is_only_for_terminals(report: dict[str, Any]) -> None:
    """The same words with and without color."""
    plain_text = written(verdict.write, report)
    stream = io.StringIO()
    verdict.write(report, stream, color=True)
    assert re.sub(r"\x1b\[[\d;]*m", "", stream.getvalue()) == plain_text
    assert plain_text.startswith("FAIL: ")


def test_what_is_said_of_many_models_is_said_once(report: dict[str, Any]) -> None:
    """Findings that differ only in their model are shown as one, with every model and place; -v shows each."""
    one = next(finding for finding in report["findings"] if finding["model"] == "hf:a/bad")
    many = [
        one | {"model": f"hf:b/m{n}", "path": "y.py", "line": n, "message": f"b/m{n}: hf:b/m{n} is it", "remedy": "r"}
        for n in range(1, 4)
    ]
    alone = one | {"message": "something else"}
    told = report | {"findings": [many[0], alone, *many[1:]]}
    lines = written(verdict.write, told).splitlines()
    assert sum("[level-unknown]" in line for line in lines) == 2
    assert "error[level-unknown] b/m1 and 2 more" in lines
    assert [line for line in lines if "so too" in line] == [f"  so too b/m{n} at y.py:{n}" for n in (2, 3)]
    each = io.StringIO()
    verdict.write(told, each, verbose=True)
    assert each.getvalue().count("[level-unknown]") == 4
    assert "so too" not in written(verdict.write, report | {"findings": [many[0], alone, many[1]]})


def test_every_format_has_a_writer() -> None:
    """GATE_FORMATS and the folder agree."""
    folder = Path(sarif.__file__).parent
    assert all((folder / f"{name}.py").is_file() for name in GATE_FORMATS)

"""Reports: the JSON is the contract, the terminal reads well at any width, untrusted text changes nothing."""

import datetime
import io
import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from licscan.model import Claim, Evidence, Mention, Model, ModelRef, Place, Report, Subject, Tool
from licscan.reports import json as json_report
from licscan.reports import terminal
from licscan.rulebook import Rulebook
from licscan.scan import Scan, Settings
from licscan.text import printable
from tests.conftest import ROOT, onnx, summary

SCHEMA = json.loads((ROOT / "docs" / "schema" / "report.schema.json").read_text())
NAMES = (
    "meta-llama/Llama-3.1-8B-Instruct",
    "allenai/OLMo-2-1124-7B",
    "deepseek-ai/DeepSeek-R1-Distill-Llama-8B",
    "acme/support-chat-7b",
)
HOSTILE = "\x1b[31mred\x1b[0m \u202egnp.exe [bold]x[/bold] \x00 \x9b5A </script> =cmd|' /C calc'!A0 \u2028"


def made(rules: Rulebook, *refs: str, mentions: tuple[Mention, ...] = ()) -> Report:
    models = tuple(
        seen.assessment for seen in Scan(rules, Settings(offline=True)).look([ModelRef.parse(ref) for ref in refs])
    )
    return Report(
        tool=Tool(name="licscan", version="0", rules="r"), created=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), run=1,
        models=models, mentions=mentions, summary=summary(models),
    )  # fmt: skip


@pytest.fixture
def report(rules: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """Models of every level, one of them on disk with a conflict."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "vision"
    folder.mkdir()
    (folder / "README.md").write_text("---\nlicense: mit\ndatasets: [a/b]\n---\n")
    (folder / "net.onnx").write_bytes(onnx({"license": "AGPL-3.0"}))
    mention = Mention(path="app.py", line=3, ref=ModelRef.parse(NAMES[0]))
    return made(rules, *NAMES, "file:vision", mentions=(mention,))


def as_json(report: Report) -> str:
    stream = io.StringIO()
    json_report.write(report, stream)
    return stream.getvalue()


def as_text(report: Report, columns: int, monkeypatch: pytest.MonkeyPatch, *, verbose: bool = False) -> str:
    monkeypatch.setenv("COLUMNS", str(columns))
    stream = io.StringIO()
    terminal.write(report, stream, verbose=verbose, saved_in="runs.db")
    return stream.getvalue()


def same_as_golden(name: str, text: str) -> None:
    """Compare with a file of tests/golden; `LICSCAN_GOLDEN=write` writes it anew, to be looked at in the diff."""
    file = ROOT / "tests" / "golden" / name
    # The digest of a rule file changes with every word in it; it is not what these files are about.
    text = re.sub(r'("sha256": )"[0-9a-f]{64}"', r'\1"..."', "\n".join(line.rstrip() for line in text.split("\n")))
    if os.environ.get("LICSCAN_GOLDEN") == "write":
        file.write_text(text)
    assert text == file.read_text()


def test_the_schema_in_the_docs_is_that_of_the_types() -> None:
    """The schema that users read is made from the types that are written."""
    assert (ROOT / "docs" / "schema" / "report.schema.json").read_text() == json_report.schema()
    Draft202012Validator.check_schema(SCHEMA)


def test_json_is_valid_and_complete(report: Report) -> None:
    """What is written is one object that the schema allows, with every key of the contract."""
    document = json.loads(as_json(report))
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(document)] == []
    assert {"schema_version", "tool", "created", "models", "findings", "mentions", "summary"} <= document.keys()
    contract = {"notes", "ref", "name", "source", "revision", "modality", "level", "level_reasons", "unknown_reason", "license", "clauses",
                "obligations", "thresholds", "limitations", "artefacts", "osaid", "mof", "lineage", "datasets", "files", "properties", "conflicts", "gaps"}  # fmt: skip
    for model in document["models"]:
        assert model.keys() == contract
        assert {key: model["mof"][key] for key in ("class", "progress")} == {"class": None, "progress": None}
        assert model["mof"].keys() == {"class", "progress", "filled"}
    assert document["schema_version"] == 1
    assert document["mentions"] == [{"path": "app.py", "line": 3, "ref": "hf:meta-llama/Llama-3.1-8B-Instruct"}]


def test_json_comes_back_as_the_report(report: Report) -> None:
    """Nothing is lost between report and JSON."""
    assert Report.model_validate_json(as_json(report)) == report.model_copy(
        update={"findings": [], "gaps": [], "mentions": list(report.mentions), "models": list(report.models)}
    )


def test_json_of_nothing_is_valid(rules: Rulebook) -> None:
    """A report without models is valid too."""
    document = json.loads(as_json(made(rules)))
    assert document["models"] == []
    assert document["summary"]["models"] == 0
    assert not list(Draft202012Validator(SCHEMA).iter_errors(document))


def test_json_looks_the_same(report: Report) -> None:
    """The JSON of one report is the golden file, byte by byte."""
    same_as_golden("report.json", as_json(report))


@pytest.mark.parametrize("columns", [80, 200])
@pytest.mark.parametrize("verbose", [False, True])
def test_the_terminal_looks_the_same(
    report: Report, monkeypatch: pytest.MonkeyPatch, columns: int, verbose: bool
) -> None:
    """At 80 and at 200 columns, short and long, the report is the golden file."""
    text = as_text(report, columns, monkeypatch, verbose=verbose)
    same_as_golden(f"terminal-{columns}{'-verbose' if verbose else ''}.txt", text)
    assert max(map(len, text.split("\n"))) <= columns


@pytest.mark.parametrize("columns", [60, 80, 100, 120, 160, 200, 300])
def test_the_table_fits(report: Report, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """However long names and licenses are, every column is there, whole, and no line is longer than the terminal."""
    long = report.models[0].model_copy(
        update={"name": "x" * 90, "license": report.models[0].license.model_copy(update={"id": "¥" * 80})}
    )
    text = as_text(report.model_copy(update={"models": (*report.models, long)}), columns, monkeypatch, verbose=True)
    lines = text.split("\n")
    assert max(map(len, lines)) <= columns
    assert lines[0].split()[-3:] in (["Owed", "Confl.", "Gaps"], ["Owed", "Conflicts", "Gaps"])
    assert text.count("¥") == 80


def test_the_terminal_shows_everything(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every reason, gap, obligation and statement of a conflict stands in the long form."""
    text = " ".join(as_text(report, 200, monkeypatch, verbose=True).split())
    for model in report.models:
        for words in (
            *model.level_reasons,
            *(gap.why for gap in model.gaps),
            *(duty.text for duty in model.obligations),
            *(statement.says for conflict in model.conflicts for statement in conflict.statements),
        ):
            assert " ".join(words.split()[:12]) in text


def test_colour_is_for_terminals_only(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    """Into a file or a pipe no escape is written."""
    assert "\x1b" not in as_text(report, 80, monkeypatch, verbose=True)


def test_untrusted_text_changes_nothing(rules: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Escapes, direction marks and markup in names, licenses and paths are shown, not obeyed."""
    evidence = Evidence(source="test", path=HOSTILE, quote=HOSTILE)
    claim = Claim(subject=Subject.WEIGHTS, place=Place.CARD_TAG, stated=HOSTILE, evidence=evidence)
    from licscan.assess import assess

    model = Model(ref=ModelRef(scheme="file", name=HOSTILE), name=HOSTILE, source="test", claims=(claim,))
    report = Report(
        tool=Tool(name="licscan", version="0", rules="r"), created=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
        models=(assess(model, {}, rules),), mentions=(Mention(path=HOSTILE, line=1, ref=model.ref),),
    )  # fmt: skip
    for verbose in (False, True):
        text = as_text(report, 200, monkeypatch, verbose=verbose)
        assert not set("\x1b\u202e\x00\x9b\u2028") & set(text)
        assert "[bold]x[/bold]" in text
    assert json.loads(as_json(report))["models"][0]["name"] == HOSTILE


@given(st.text())
def test_printable_text_is_printable(text: str) -> None:
    """No character that moves a cursor or turns the writing is left, and clean text stays as it is."""
    shown = printable(text)
    assert printable(shown) == shown
    assert all(letter.isprintable() or letter.isspace() for letter in shown if ord(letter) < 0x300)
    if text.isascii() and text.isprintable():
        assert shown == text

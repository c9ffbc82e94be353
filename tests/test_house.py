"""The house: documents that agree with the code, and a wheel that carries its rules."""

import ast
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from licscan import place
from licscan.commands import COMMANDS
from licscan.model import GapId
from tests.conftest import ROOT, process

DOCS = ROOT / "docs"


def test_every_gap_is_documented() -> None:
    """docs/gaps.md has a line for every gap, and for nothing else."""
    documented = re.findall(r"^\| `([a-z-]+)` \| (yes)? ?\|", (DOCS / "gaps.md").read_text(), re.MULTILINE)
    assert sorted(documented) == sorted((gap.value, "yes" if gap.unfinished else "") for gap in GapId)
    assert all(gap.remedy for gap in GapId)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_help_in_the_docs_is_the_real_help(name: str) -> None:
    """docs/commands.md shows what `--help` prints."""
    shown = process(name, "--help").stdout
    assert shown
    assert shown.rstrip() in (DOCS / "commands.md").read_text()


def test_every_decision_is_listed() -> None:
    """docs/decisions/README.md names every decision, and each says context, decision, and what was given up."""
    folder = DOCS / "decisions"
    index = (folder / "README.md").read_text()
    for file in sorted(folder.glob("[0-9]*.md")):
        assert f"({file.name})" in index
        text = file.read_text()
        assert all(f"**{part}.**" in text for part in ("Context", "Decision", "Given up")), file.name


def test_links_in_the_documents_lead_somewhere() -> None:
    """No relative link of a document is broken."""
    for file in (*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "examples").rglob("*.md")):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", file.read_text()):
            assert (file.parent / target).exists(), f"{file.relative_to(ROOT)}: {target}"


def test_rooms_are_small() -> None:
    """No module is longer than 350 lines, no function longer than 55."""
    for file in (ROOT / "licscan").rglob("*.py"):
        if "migrations" in file.parts:
            continue
        text = file.read_text()
        assert text.count("\n") <= 350, file
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 55, f"{file}:{node.name}"


def test_the_wheel_carries_rules_and_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wheel holds the rule base, the migrations and the type marker, and the rules are found inside it, zipped too."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--quiet",
        "--wheel-dir",
        str(tmp_path),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    rules = {f"licscan/_rules/{file.relative_to(ROOT / 'rules')}" for file in (ROOT / "rules").rglob("*.yaml")}
    assert rules <= names
    assert {"licscan/py.typed", "licscan/store/migrations/env.py"} <= names
    monkeypatch.setattr(place, "files", lambda _: zipfile.Path(wheel, "licscan/"))
    assert len(list(place.rule_files(place.shipped()))) == len(rules)

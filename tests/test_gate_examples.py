"""Examples and CI files: run as far as a shell can."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT

EXAMPLES = ROOT / "examples"


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """An environment with licscan on the path, and no network."""
    binary = tmp_path / "bin" / "licscan"
    binary.parent.mkdir()
    binary.write_text(f"#!/bin/sh\nPYTHONPATH='{ROOT}' exec '{sys.executable}' -m licscan \"$@\"\n")
    binary.chmod(binary.stat().st_mode | stat.S_IXUSR)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LICSCAN", "GIT_"))}
    return {**kept, "PATH": f"{binary.parent}:{os.environ['PATH']}", "XDG_CONFIG_HOME": str(tmp_path / "none")}


def run(folder: Path, script: str, env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", script, *arguments], cwd=folder, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("start-up", "PASS: 2 models"),
        ("enterprise", "threshold for meta-llama/Llama-3.1-8B-Instruct: agreement contract 2026-17 with Meta"),
        ("air-gapped", "PASS: 1 model"),
    ],
)
def test_examples_run(tmp_path: Path, shell: dict[str, str], name: str, says: str) -> None:
    """Each example passes the gate, and says why."""
    folder = tmp_path / name
    shutil.copytree(EXAMPLES / name, folder)
    done = run(folder, "run.sh", shell)
    assert (done.returncode, done.stderr if done.returncode else "") == (0, "")
    # Folded for a terminal.
    assert says in " ".join((done.stdout + done.stderr).split())


def test_what_the_action_runs(tmp_path: Path, shell: dict[str, str]) -> None:
    """The action's script annotates, sums up, writes SARIF, says the outcome, and exits as the gate does."""
    (tmp_path / "app.py").write_text("M.from_pretrained('a/b')\n")
    files = {name: str(tmp_path / name) for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "LICSCAN_SARIF")}
    done = run(tmp_path, str(EXAMPLES / "ci" / "check.sh"), {**shell, **files})
    assert done.returncode == 1
    assert done.stdout.startswith("::error file=licscan.lock,title=licscan lock-missing::")
    assert Path(files["GITHUB_OUTPUT"]).read_text() == "outcome=fail\n"
    assert Path(files["GITHUB_STEP_SUMMARY"]).read_text().startswith("## licscan: fail")
    assert '"lock-missing"' in Path(files["LICSCAN_SARIF"]).read_text()


def test_hooks_and_pipelines_are_sound() -> None:
    """Hooks, action and pipelines are YAML that name files and options which exist."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [(one["id"], one.get("pass_filenames", True)) for one in hooks] == [
        ("licscan", False),
        ("licscan-files", True),
    ]
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert "examples/ci/check.sh" in action["runs"]["steps"][1]["run"]
    for name in ("gitlab-ci.yml", "refresh-lock.yml"):
        assert yaml.safe_load((EXAMPLES / "ci" / name).read_text())

"""Examples and CI files: run as far as a shell can."""

import importlib
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT
from tests.hub.repositories import card
from tests.hubs import Serve, repository

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
        ("audit", "written: audit.html, audit.markdown"),
    ],
)
def test_examples_run(tmp_path: Path, shell: dict[str, str], name: str, says: str) -> None:
    """Each example does what it is for, and says so."""
    folder = tmp_path / name
    shutil.copytree(EXAMPLES / name, folder)
    shutil.copytree(EXAMPLES / "demo", tmp_path / "demo")
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


@pytest.fixture
def repository_with_a_remote(tmp_path: Path, shell: dict[str, str]) -> Path:
    """A clone whose remote lies beside it, with the refreshing script, and a `gh` that writes down what it is asked."""
    folder = tmp_path / "clone"
    git(tmp_path, shell, "init", "--quiet", "--bare", "remote.git")
    git(tmp_path, shell, "clone", "--quiet", "remote.git", "clone")
    git(folder, shell, "config", "user.email", "jane@example.com")
    git(folder, shell, "config", "user.name", "Jane")
    (folder / "ci").mkdir()
    shutil.copy(EXAMPLES / "ci" / "refresh.sh", folder / "ci")
    gh = tmp_path / "bin" / "gh"
    gh.write_text(
        '#!/bin/sh\n[ "$2" = list ] && { cat "$RUNNER_TEMP/open" 2>/dev/null; exit 0; }\necho "$*" >>"$RUNNER_TEMP/gh"\n'
    )
    gh.chmod(gh.stat().st_mode | stat.S_IXUSR)
    return folder


def git(folder: Path, env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, env=env, capture_output=True, text=True, check=True)
    return done.stdout


def test_the_refreshing_job_opens_one_pull_request(
    tmp_path: Path, shell: dict[str, str], serve: Serve, repository_with_a_remote: Path
) -> None:
    """Nothing changed: nothing happens. A license changed: a branch with the lock alone, and a pull request that says it."""
    model = repository("harbor/m", {"README.md": card(license="mit")})
    serve(model)
    endpoint = {name: os.environ[name] for name in ("HF_ENDPOINT", "HF_HOME") if name in os.environ}
    folder, env = repository_with_a_remote, {**shell, **endpoint, "HF_HUB_OFFLINE": "0", "RUNNER_TEMP": str(tmp_path)}
    env |= {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"]}
    workflow = yaml.safe_load((EXAMPLES / "ci" / "refresh-lock.yml").read_text())
    (script,) = [step["run"] for step in workflow["jobs"]["refresh"]["steps"] if "refresh.sh" in step.get("run", "")]
    job = tmp_path / "job.sh"
    job.write_text(script)

    def work() -> str:
        # As GitHub runs it: bash -e.
        done = subprocess.run(
            ["bash", "-e", str(job)], cwd=folder, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    (folder / "app.py").write_text("M.from_pretrained('harbor/m')\n")
    assert run(folder, "-c", env, "licscan lock --quiet").returncode == 0
    git(folder, env, "add", "-A")
    git(folder, env, "commit", "--quiet", "-m", "locked")
    git(folder, env, "push", "--quiet", "origin", "HEAD")
    first = git(folder, env, "rev-parse", "HEAD")
    assert "nothing changed" in work()
    assert not (tmp_path / "gh").exists()

    model.commit("another license", {"README.md": card(license="gemma")})
    assert "license: MIT -> LicenseRef-gemma" in work()
    asked = (tmp_path / "gh").read_text()
    assert asked.startswith("pr create --head licscan/refresh --title Refresh licscan.lock --body-file")
    assert git(tmp_path / "remote.git", env, "diff", "--name-only", first.strip(), "licscan/refresh").split() == [
        "licscan.lock"
    ]
    assert "MIT -> LicenseRef-gemma" in git(tmp_path / "remote.git", env, "log", "-1", "--format=%B", "licscan/refresh")

    git(folder, env, "switch", "--quiet", "-")
    (tmp_path / "open").write_text("17\n")
    work()
    assert (tmp_path / "gh").read_text() == asked  # it is open already, and was pushed to


def test_pipelines_use_options_that_exist() -> None:
    """Every option of every example is one of its command."""
    texts = [ROOT / "action.yml", ROOT / ".pre-commit-hooks.yaml", *EXAMPLES.rglob("*.yml"), *EXAMPLES.rglob("*.sh")]
    used = set()
    for text in texts:
        for line in text.read_text().splitlines():
            for command, rest in re.findall(r"licscan (check|lock|init|waive|scan|collect)\b([^|;&>]*)", line):
                used |= {(command, option) for option in re.findall(r"--[a-z][a-z-]+", rest)}
    assert len(used) >= 8
    for command, option in sorted(used):
        known = {
            name for one in importlib.import_module(f"licscan.commands.{command}").command.params for name in one.opts
        }
        assert option in {*known, "--offline"}, (command, option)

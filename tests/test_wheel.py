"""The wheel, installed as users install it: code, rules and migrations are all there."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from licscan.rulebook import Rulebook
from licscan.rulebook.compiled import install
from tests.conftest import ROOT

API = """\
import licscan
from licscan.model import Report

report: Report = licscan.check(".", policy="default")
assert not report.failing, report.summary["because"]
print(licscan.__file__, report.summary["policy"], [str(one.ref) for one in report.models])
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a fresh environment with nothing but the wheel and what it depends on."""
    install(ROOT / "licscan" / "_compiled")
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet"]
    options = ["--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run([*pip, "wheel", *options], check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    place = folder / "environment"
    venv.create(place, with_pip=False)
    python = place / "bin" / "python"
    subprocess.run([*pip, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)], check=True)
    (site,) = place.glob("lib/python*/site-packages")
    # The dependencies are those of this environment; its own licscan is found by a .pth that is not followed from here.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return place / "bin"


def test_an_installed_wheel_has_nothing_to_compile(installed: Path, tmp_path: Path) -> None:
    """The first command in a fresh container opens the rules that the wheel brings along, and writes no others."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LICSCAN"))}
    env["XDG_CACHE_HOME"] = str(tmp_path)
    done = subprocess.run(
        [str(installed / "licscan"), "rules", "list"], env=env, capture_output=True, text=True, check=True
    )
    assert "apache-2.0" in done.stdout
    assert list(tmp_path.rglob("rules-*")) == []


def test_an_installed_wheel_locks_and_checks(installed: Path, tmp_path: Path, rules: Rulebook) -> None:
    """Blocked without a lock, locked by the rules of the wheel, passed; the same from Python."""
    assert rules.policies  # compiled: the wheel's are the same, and are found by their content
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LICSCAN"))}
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "app.py").write_text("M.from_pretrained('Qwen/Qwen2.5-7B')\n")

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        program = [str(installed / command[0]), *command[1:]]
        return subprocess.run(program, cwd=tree, env=env, capture_output=True, text=True, check=False)

    blocked = run("licscan", "check")
    assert (blocked.returncode, blocked.stdout.splitlines()[0]) == (1, "FAIL: 1 lock-missing")
    locked = run("licscan", "lock", "--offline")
    assert (locked.returncode, "apache-2.0" in locked.stdout) == (0, True), locked.stderr
    passed = run("licscan", "check")
    assert (passed.returncode, passed.stderr) == (0, ""), passed.stdout
    assert passed.stdout.startswith("PASS: 1 model, nothing that policy default refuses\n")
    asked = run("python", "-c", API)
    assert asked.returncode == 0, asked.stderr
    where, policy, models = asked.stdout.split(maxsplit=2)
    assert Path(where).is_relative_to(installed.parent)
    assert (policy, models.strip()) == ("default", "['hf:Qwen/Qwen2.5-7B']")
    assert "permissive-only" in run("licscan", "policy", "list").stdout

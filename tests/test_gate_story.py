"""A repository's life with the gate: set up, locked, blocked, waived, and told when a license changes upstream."""

import datetime
import json
import subprocess
import sys
from pathlib import Path

import pytest

from licscan import lock as locks
from licscan.lock import entry_of, model_of
from licscan.locking import assessment_of, plan, renewed
from licscan.model import Assessment, Change, Gap, GapId, Level
from tests.conftest import ROOT, Licscan
from tests.hub.repositories import card
from tests.hubs import Serve, repository
from tests.samples import assessment

HOOK = f"#!/bin/sh\nPYTHONPATH='{ROOT}' exec '{sys.executable}' -m licscan check\n"


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh repository whose commits the gate must let pass."""
    folder = tmp_path / "repository"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "LICSCAN_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    run("init", "--quiet")
    run("config", "user.email", "jane@example.com")
    run("config", "user.name", "Jane")
    hook = folder / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(HOOK)
    hook.chmod(0o755)
    return folder


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)


def commit(title: str) -> subprocess.CompletedProcess[str]:
    run("add", "-A")
    return run("commit", "--quiet", "-m", title)


def test_from_set_up_to_a_license_that_changes_upstream(licscan: Licscan, serve: Serve, git: Path) -> None:
    """Init, lock, a commit that is blocked, a waiver that lets it pass, and another license under the same name."""
    model = repository("harbor/m", {"README.md": card(license="mit")})
    serve(model, repository("harbor/nc", {"README.md": card(license="cc-by-nc-4.0")}))
    (git / "app.py").write_text("M.from_pretrained('harbor/m')\n")
    assert licscan("init", "--yes", "--policy", "permissive-only").code == 0
    blocked = commit("no lock")
    assert (blocked.returncode, "lock-missing" in blocked.stdout + blocked.stderr) == (1, True)
    locked = licscan("lock")
    assert (locked.code, locked.out.splitlines()[0].startswith("+ hf:harbor/m at ")) == (0, True)
    up_to_date = licscan("lock", "--check")
    assert (up_to_date.code, up_to_date.err) == (0, "")
    first = locks.read(git / "licscan.lock").models["hf:harbor/m"]
    assert first["commit"] == model.commits[-1].sha
    assert commit("locked").returncode == 0

    (git / "more.py").write_text("M.from_pretrained('harbor/nc')\n")
    assert licscan("lock", "--check").code == 1
    blocked = commit("a model that is not locked")
    assert "error[not-locked] harbor/nc" in blocked.stdout + blocked.stderr
    assert licscan("lock").code == 0
    blocked = commit("a model that is not allowed")
    assert "error[level-restrictive] harbor/nc" in blocked.stdout + blocked.stderr
    why = ("--reason", "research only", "--approver", "jane", "--expires", _soon(), "--pin")
    assert licscan("waive", "level-restrictive", "harbor/nc", *why).code == 0
    assert commit("waived").returncode == 0
    told = json.loads(licscan("check", "--format", "json").out)
    assert [one["waiver"] for one in told["findings"] if one["waiver"]] == [f"jane: research only, until {_soon()}"]

    model.commit("second", {"README.md": card(license="gemma")})
    assert licscan("lock").out.splitlines() == ["licscan.lock: 2 models, policy permissive-only; unchanged"]
    moved = licscan("lock", "--update", "harbor/m")
    assert "    license: MIT -> LicenseRef-gemma" in moved.out
    assert "license" in run("diff", "licscan.lock").stdout
    blocked = commit("moved")
    assert "error[license-changed] harbor/m" in blocked.stdout + blocked.stderr
    assert licscan("lock", "--accept", "harbor/m").code == 0
    assert "license-changed" not in licscan("check").out


def _soon() -> str:
    return (datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=90)).isoformat()


def test_an_outage_takes_nothing_away() -> None:
    """What cannot be looked at again stays as it was locked, and that is said."""
    before = entry_of("hf:a/b", assessment("a/b").model_dump(mode="json"), "2026-01-01")
    gap = Gap(id=GapId.UNREACHABLE, what="what hf:a/b itself says", why="no answer")
    lost = assessment("a/b", level=Level.UNKNOWN, gaps=(gap,), revision=None)
    kept = renewed("hf:a/b", lost, before, datetime.date(2026, 2, 2))
    assert kept.entry is before
    assert kept.kept == "what hf:a/b itself says: no answer"


def test_the_same_is_locked_the_same() -> None:
    """Who looks again and finds the same changes not one byte, the day included."""
    model = assessment("a/b")
    before = renewed("hf:a/b", model, None, datetime.date(2026, 1, 1)).entry
    assert renewed("hf:a/b", model, before, datetime.date(2026, 2, 2)).entry is before


def test_what_is_read_anew_at_the_same_commit_is_no_change_of_the_license() -> None:
    """Newer rules may read a license otherwise: that is shown, and not called a change by the publisher."""
    before = renewed("hf:a/b", assessment("a/b"), None, datetime.date(2026, 1, 1)).entry
    read = renewed("hf:a/b", assessment("a/b", license="gemma"), before, datetime.date(2026, 2, 2))
    assert [one.id for one in read.changes] == ["license"]
    assert "changes" not in read.entry
    moved = renewed("hf:a/b", assessment("a/b", license="gemma", revision="b" * 40), before, datetime.date(2026, 2, 2))
    assert [Change.model_validate(one).after for one in moved.entry["changes"]] == ["gemma"]


def test_an_entry_keeps_what_is_worth_keeping() -> None:
    """An assessment comes back from its entry as it was, but for what depends on an organisation."""
    model = assessment("a/b", gaps=(Gap(id=GapId.NOT_FOUND, what="x", why="y"),))
    entry = entry_of("hf:a/b", model.model_dump(mode="json"), "2026-01-01")
    assert isinstance(assessment_of(entry), Assessment)
    assert assessment_of(entry) == model
    assert model_of(entry)["ref"] == "hf:a/b"


def test_what_is_looked_at() -> None:
    """New names and those to be moved; with other rules everything, at its commit; and what nothing names is dropped."""
    entry = entry_of("hf:a/b", assessment("a/b").model_dump(mode="json"), "2026-01-01")
    other = {**entry, "ref": "hf:c/d"}
    lock = locks.Lock("0", "r1", {}, {}, {"hf:a/b": entry, "hf:c/d": other})
    made = plan(["hf:a/b", "hf:x/y"], lock, "r1", whole=True)
    assert (list(made.look), made.keep, made.gone) == (["hf:x/y"], ("hf:a/b",), ("hf:c/d",))
    assert plan(["hf:x/y"], lock, "r1", whole=False).gone == ()
    assert str(plan(["hf:a/b"], lock, "r2", whole=True).look["hf:a/b"]) == f"hf:a/b@{'a' * 40}"
    assert str(plan(["hf:a/b"], lock, "r1", ["A/*"], whole=True).look["hf:a/b"]) == "hf:a/b"


def test_two_branches_that_add_models_merge(git: Path) -> None:
    """Two branches that each add a model, one of them the last, merge without a conflict."""
    (git / ".git/hooks/pre-commit").unlink()
    lock = locks.Lock("0", "r", {"id": "p", "title": "P", "source": None, "rules": []}, {})
    names = ["a/a", "k/k", "m/m", "z/z"]

    def write(*refs: str) -> None:
        models = {
            f"hf:{ref}": entry_of(f"hf:{ref}", assessment(ref).model_dump(mode="json"), "2026-01-01") for ref in refs
        }
        locks.write(locks.Lock(lock.tool, lock.rules, lock.policy, lock.limits, models), git / "licscan.lock")

    write("a/a", "m/m")
    commit("base")
    run("checkout", "--quiet", "-b", "one")
    write("a/a", "k/k", "m/m")
    commit("one")
    run("checkout", "--quiet", "-")
    write("a/a", "m/m", "z/z")
    commit("other")
    assert run("merge", "--quiet", "one", "-m", "merged").returncode == 0
    assert sorted(locks.read(git / "licscan.lock").models) == [f"hf:{name}" for name in names]

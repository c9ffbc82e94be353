"""`licscan audit`: what it is about, what it leaves out, what it compares, how it ends."""

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Licscan

Make = Callable[..., Path]
GATE = """
policy = "commercial-product"

[organisation]
name = "Acme"
monthly_active_users = "800M"

[[waivers]]
rule = "level-restrictive"
model = "hf:google/gemma-2-2b-it"
reason = "read by counsel"
approver = "jane@example.com"
expires = {expires}

[[agreements]]
licensor = "Meta"
models = ["hf:meta-llama/*"]
reference = "contract 7"
replaces = ["threshold"]
"""
NAMED = "M.from_pretrained('google/gemma-2-2b-it')\nM.from_pretrained('meta-llama/Llama-3.1-8B')\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def audit(licscan: Licscan, *arguments: object) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON of an audit."""
    done = licscan("audit", "--format", "json", *arguments)
    assert done.out, done.err
    return done.code, json.loads(done.out)


def names(found: dict[str, Any]) -> list[str]:
    return [one["assessment"]["name"] for one in found["models"]]


def test_without_a_target_the_last_run_is_audited_and_nobody_is_asked(
    licscan: Licscan, make_model: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the database alone: no source is opened, no network is asked, the run is left as it was."""
    licscan("scan", make_model("one"), "--offline", "-q")
    licscan("scan", make_model("two"), "--offline", "-q")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    code, found = audit(licscan)
    assert (code, names(found), found["run"]) == (0, ["two"], 2)
    assert names(audit(licscan, "--run", 1)[1]) == ["one"]
    assert licscan("audit", "--run", 9, "--format", "json").code == 2


def test_targets_are_looked_at(licscan: Licscan, make_model: Make) -> None:
    """A folder of weights, a source tree and a name are audited like a run, with the places that name models."""
    make_model("one")
    Path("app.py").write_text(NAMED)
    _, found = audit(licscan, "one", "app.py", "--offline")
    assert names(found) == ["one", "google/gemma-2-2b-it", "meta-llama/Llama-3.1-8B"]
    assert found["models"][1]["mentions"][0]["line"] == 1
    assert licscan("audit", "one", "--run", "1").code == 2
    assert licscan("audit", "nothing/there/here").code == 2


@pytest.mark.parametrize("expires", ["2026-06-30", "2025-06-30"])
def test_a_lock_is_audited_as_the_gate_judges_it(
    licscan: Licscan, expires: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a folder with a lock, findings, waivers and agreements are those of `licscan check`, and so is the outcome."""
    Path("licscan.toml").write_text(GATE.replace("{expires}", expires))
    Path("app.py").write_text(NAMED)
    assert licscan("lock", "--offline", "-q").code == 0
    Path("licscan.db").unlink(missing_ok=True)
    monkeypatch.setenv("LICSCAN_DB", "/nowhere/to/be/found")
    gate = json.loads(licscan("check", "--format", "json").out)
    for target in (".", "licscan.lock"):
        code, found = audit(licscan, target)
        mine = [one for model in found["models"] for one in model["findings"]] + found["findings"]
        said = [{(one["rule"], one["model"], one["waiver"]) for one in some} for some in (mine, gate["findings"])]
        assert said[0] == said[1]
        assert code == licscan("check").code
        (waiver,) = found["waivers"]
        (agreement,) = found["agreements"]
        assert waiver["approver"] == "jane@example.com"
        assert agreement["reference"] == "contract 7"
        assert found["organisation"]["name"] == "Acme"
    assert licscan("audit", ".", "google/gemma-2-2b-it").code == 2
    assert licscan("audit", ".", "--since", "1").code == 2


def test_what_a_lock_does_not_know_is_shown(licscan: Licscan) -> None:
    """A model that is named and not locked has no section; what the gate says of it is there, and fails."""
    Path("app.py").write_text(NAMED)
    licscan("lock", "--offline", "-q")
    Path("more.py").write_text("M.from_pretrained('Qwen/Qwen2.5-3B-Instruct')\n")
    code, found = audit(licscan, ".")
    assert code == 1
    assert ("not-locked", "hf:Qwen/Qwen2.5-3B-Instruct") in {(one["rule"], one["model"]) for one in found["findings"]}
    for form in ("html", "markdown"):
        assert "Qwen/Qwen2.5-3B-Instruct" in licscan("audit", ".", "--format", form).out.replace("\\", "")


def test_collected_reports_keep_what_their_gates_said(licscan: Licscan) -> None:
    """Of a run that was collected, findings and waivers are those of the repositories, whatever is configured here."""
    Path("licscan.toml").write_text(GATE.replace("{expires}", "2026-06-30"))
    Path("app.py").write_text(NAMED)
    licscan("lock", "--offline", "-q")
    licscan("check", "--format", "json", "--output", "report.json")
    gate = json.loads(Path("report.json").read_text())
    assert licscan("collect", "report.json").code == 0
    Path("licscan.toml").unlink()
    _, found = audit(licscan)
    mine = {(one["rule"], one["waiver"]) for model in found["models"] for one in model["findings"]}
    assert mine | {(one["rule"], one["waiver"]) for one in found["findings"]} == {
        (one["rule"], one["waiver"]) for one in gate["findings"]
    }
    assert any(waiver for _, waiver in mine)


def test_a_run_is_judged_by_the_organisation_and_the_waivers_of_today(licscan: Licscan) -> None:
    """What the organisation says now decides thresholds and findings, whatever it said when the models were looked at."""
    licscan("scan", "meta-llama/Llama-3.1-8B", "google/gemma-2-2b-it", "--offline", "-q")
    _, before = audit(licscan)
    assert {one["status"] for one in before["models"][0]["assessment"]["thresholds"]} == {"tell-us"}
    Path("licscan.toml").write_text(GATE.replace("{expires}", "2026-06-30"))
    _, found = audit(licscan)
    assert found["models"][0]["assessment"]["thresholds"][0]["status"] == "reached"
    passed = {one["rule"]: one["waiver"] for model in found["models"] for one in model["findings"] if one["waiver"]}
    assert passed["level-restrictive"] == "jane@example.com: read by counsel, until 2026-06-30"
    assert any(waiver.startswith("agreement contract 7 with Meta") for waiver in passed.values())
    assert found["waivers"][0]["used"] == 1
    assert found["agreements"][0]["used"] >= 1
    _, other = audit(licscan, "--what-if", "monthly_active_users=5")
    assert other["models"][0]["assessment"]["thresholds"][0]["status"] == "below"


def test_a_waiver_that_has_ended_lets_nothing_pass(licscan: Licscan) -> None:
    """A waiver whose last day is over is shown as ended, and what it let pass fails again."""
    licscan("scan", "google/gemma-2-2b-it", "--offline", "-q")
    Path("licscan.toml").write_text(GATE.replace("{expires}", "2025-06-30"))
    _, found = audit(licscan)
    assert (found["waivers"][0]["ended"], found["waivers"][0]["used"]) == (True, 1)
    rules = {one["rule"]: one["waiver"] for one in found["models"][0]["findings"]}
    assert rules["level-restrictive"] is None
    assert "waiver-expired" in {one["rule"] for one in found["findings"]}


def test_exit_codes(licscan: Licscan, make_model: Make) -> None:
    """1 for an error that nobody let pass, 3 for what could not be looked at, 4 for nothing; 2 for a wrong call."""
    licscan("scan", make_model("one"), "--offline", "-q")
    assert audit(licscan)[0] == 0
    assert audit(licscan, "--model", "nothing*")[0] == 4
    licscan("scan", "google/gemma-2-2b-it", "--offline", "-q")
    assert audit(licscan)[0] == 0
    assert audit(licscan, "--strict")[0] == 3
    assert audit(licscan, "--policy", "permissive-only")[0] == 1
    for wrong in (["--policy", "no-such"], ["--since", "yesterday"], ["--format", "xlsx"], ["--format", "csv"]):
        assert licscan("audit", *wrong).code == 2
    assert licscan("audit", "--format", "csv", "--output", "/dev/null/x").code == 2


def test_filters_leave_out_and_say_so(licscan: Licscan, make_model: Make) -> None:
    """By name, level and finding; what is left out is said, and counted in nothing."""
    make_model("one")
    make_model("two", card="# nothing is stated\n")
    licscan("scan", "one", "two", "google/gemma-2-2b-it", "--offline", "-q")
    assert names(audit(licscan, "--model", "google/*")[1]) == ["google/gemma-2-2b-it"]
    _, found = audit(licscan, "--level", "unknown", "--level", "restrictive")
    assert names(found) == ["two", "google/gemma-2-2b-it"]
    assert (found["total"], found["summary"]["models"]) == (3, 2)
    assert found["filters"] == ["only models whose level is unknown or restrictive"]
    _, some = audit(licscan, "--finding", "level-unknown")
    assert names(some) == ["two"]


def test_what_changed_since_a_run_a_day_and_the_last(licscan: Licscan, make_model: Make) -> None:
    """Changes by model since a run, a day, or the run before; what is new has none, what is gone is named."""
    folder = make_model("one")
    make_model("gone")
    licscan("scan", "one", "gone", "--offline", "-q")
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n")
    make_model("new")
    licscan("scan", "one", "new", "--offline", "-q")
    for since in ("1", "last", "2026-01-01"):
        _, found = audit(licscan, "--since", since)
        one, new = found["models"]
        assert one["changes"][0]["id"] == "license"
        assert new["changes"] is None
        assert found["earlier"]["run"] == 1
        assert found["earlier"]["gone"] == ["file:gone"]
    assert licscan("audit", "--since", "2025-12-31").code == 2
    assert audit(licscan)[1]["models"][0]["changes"] is None


def test_licenses_are_quoted_from_the_text_that_was_kept(licscan: Licscan, make_model: Make) -> None:
    """Every clause of a text that is known word for word has its words and lines in that very file."""
    text = (Path(__file__).parent.parent / "LICENSE").read_text()
    folder = make_model("one", card="---\nlicense: apache-2.0\n---\n", LICENSE=text)
    licscan("scan", folder, "--offline", "-q")
    (folder / "LICENSE").unlink()
    (model,) = audit(licscan)[1]["models"]
    quoted = [one for one in model["assessment"]["clauses"] if one["quote"]]
    assert len(quoted) >= 4
    for clause in quoted:
        first, last = clause["evidence"]["lines"]
        words = " ".join(" ".join(text.split("\n")[first - 1 : last]).split())
        assert clause["quote"].split()[0] in words
        assert clause["evidence"]["sha256"] == model["text"]["sha256"]


def test_every_format_is_written(licscan: Licscan, make_model: Make) -> None:
    """HTML by default; the same bytes each time; tables in a folder."""
    licscan("scan", make_model("one"), "--offline", "-q")
    page = licscan("audit").out
    assert page.lower().startswith("<!doctype html>")
    for form in ("html", "markdown", "json"):
        assert licscan("audit", "--format", form).out == licscan("audit", "--format", form).out
        assert licscan("audit", "--format", form, "--output", "x").code == 0
    assert licscan("audit", "--format", "xlsx", "--output", "x.xlsx").code == 0
    assert licscan("audit", "--format", "csv", "--output", "tables").code == 0
    made = {file.name for file in Path("tables").iterdir()}
    assert made == {"about.csv", "findings.csv", "models.csv", "reviews.csv", "sources.csv", "terms.csv"}

"""Setting up: `licscan init` and `licscan waive` write what the gate reads."""

import datetime
import json
from pathlib import Path

import pytest

from licscan.commands.init import _POLICIES
from licscan.config import read
from licscan.rulebook import Rulebook
from tests.conftest import Licscan

TODAY = datetime.datetime.now(datetime.UTC).date()
SOON = (TODAY + datetime.timedelta(days=30)).isoformat()
WHY = ("--reason", 'read "it"\n\\ by \x7f counsel 🙂', "--approver", "jane")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))


def test_policies_that_are_offered_exist(rules: Rulebook) -> None:
    """`licscan init` offers the policies of the rule base, all of them."""
    assert sorted(_POLICIES) == sorted(rules.policies)


@pytest.mark.parametrize("policy", sorted(_POLICIES))
def test_a_configuration_is_written_once(licscan: Licscan, policy: str) -> None:
    """What is written is read again, and never written over."""
    assert licscan("init", "--yes", "--policy", policy).code == 0
    assert read(Path("licscan.toml").absolute()).policy == policy
    again = licscan("init", "--yes")
    assert (again.code, "is there already" in again.err) == (2, True)


def test_what_is_there_is_adopted_in_one_command(licscan: Licscan) -> None:
    """With --baseline everything that is there passes, and what is new fails."""
    Path("app.py").write_text("M.from_pretrained('harbor/unknown')\n")
    assert licscan("init", "--yes", "--baseline", "--offline").code == 0
    done = licscan("check")
    assert (done.code, "known since licscan-baseline.json" in done.out) == (0, True)
    Path("more.py").write_text("M.from_pretrained('harbor/other')\n")
    assert licscan("check").code == 1
    assert licscan("lock", "--offline", "-q").code == 0
    failing = [
        one for one in json.loads(licscan("check", "--format", "json").out)["findings"] if one["severity"] == "error"
    ]
    assert [(one["model"], one["rule"]) for one in failing if one["waiver"] is None] == [
        ("hf:harbor/other", "level-unknown")
    ]


@pytest.mark.parametrize("name", ["licscan.toml", "pyproject.toml"])
def test_a_waiver_is_added_to_what_is_there(licscan: Licscan, name: str) -> None:
    """The configuration keeps its words, and the waiver reads as it was given, whatever its reason holds."""
    before = "# ours\npolicy = 'research'" if name == "licscan.toml" else "[tool.licscan]\npolicy = 'research'"
    Path(name).write_text(before)
    assert licscan("waive", "level-unknown", "harbor/m", *WHY, "--expires", SOON).code == 0
    assert licscan("waive", "threshold", "hf:harbor/*", *WHY, "--expires", SOON).code == 0
    assert Path(name).read_text().startswith(before)
    one, other = read(Path(name).absolute()).waivers
    assert (one.rule, one.model, one.approver, str(one.expires)) == ("level-unknown", "hf:harbor/m", "jane", SOON)
    assert one.reason == 'read "it"\\x0a\\ by \\x7f counsel 🙂'
    assert other.model == "hf:harbor/*"


@pytest.mark.parametrize(
    ("rule", "model", "expires", "says"),
    [
        ("level-unknown", "harbor/m", "2020-01-01", "is over, or more than a year away"),
        ("level-unknown", "harbor/m", (TODAY + datetime.timedelta(days=400)).isoformat(), "more than a year away"),
        ("level-unknown", "*", SOON, "is for everything"),
        ("*", "harbor/m", SOON, "is for everything"),
        ("lock-missing", "harbor/m", SOON, "cannot be waived"),
    ],
)
def test_a_waiver_that_could_not_count_is_refused(
    licscan: Licscan, rule: str, model: str, expires: str, says: str
) -> None:
    """Too long, too wide, or of what is mended and not waived: nothing is written."""
    done = licscan("waive", rule, model, *WHY, "--expires", expires)
    assert (done.code, says in done.err) == (2, True)
    assert not Path("licscan.toml").exists()


def test_a_pin_needs_a_locked_model(licscan: Licscan) -> None:
    """--pin takes commit and license from the lock, and refuses where there is none."""
    done = licscan("waive", "level-unknown", "harbor/m", *WHY, "--expires", SOON, "--pin")
    assert (done.code, "is not one model of the lock" in done.err) == (2, True)

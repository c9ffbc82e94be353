"""The configuration of the gate: found, read, extended, and refused with file, line and key."""

import datetime
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from licscan.config import Waiver, found_above, read
from licscan.errors import UsageError
from licscan.organisation import Amount

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    monkeypatch.delenv("LICSCAN_CONFIG", raising=False)

    def make(text: str, name: str = "licscan.toml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return make


def test_the_nearest_configuration_above_a_place_is_read(write: Write, tmp_path: Path) -> None:
    """licscan.toml, or a pyproject.toml that speaks of licscan; one that does not is passed by."""
    outer = write("[tool.licscan]\npolicy = 'research'\n", "pyproject.toml")
    write("[project]\nname = 'x'\n", "a/pyproject.toml")
    (tmp_path / "a/b").mkdir()
    assert found_above(tmp_path / "a/b/app.py") == outer
    assert read(outer).policy == "research"
    assert found_above(write("", "a/licscan.toml")) == tmp_path / "a/licscan.toml"


WAIVER = "[[waivers]]\nrule = 'r'\nmodel = 'hf:a/b'\nreason = 'x'\napprover = 'me'\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("\npolcy = 'x'\n", "licscan.toml:2: polcy: is no key of the configuration (did you mean policy?)"),
        ("internal = 'a'\ngrace = 'soon'\n", "licscan.toml:2: grace: is no number of days"),
        ("policy = 'no.yaml'\n", "licscan.toml:1: policy: no such file: no.yaml"),
        ("[severity]\nx = 'bad'\n", "licscan.toml:2: severity.x: 'bad' is no severity"),
        (WAIVER, "licscan.toml:1: waivers.0: has no expires (add expires = ...)"),
        (f"{WAIVER}expires = 'never'\n", "licscan.toml:6: waivers.0.expires: is no day"),
        (f"{WAIVER}expires = 2027-01-01\napprovr = 'x'\n", "licscan.toml:7: waivers.0.approvr: is no key of a waiver"),
        ("# none\n[organisation]\nterritory = ['DE']\n", "licscan.toml:3: organisation.territory: is no key"),
        (
            "[organisation]\nmonthly_active_users = 'many'\n",
            "licscan.toml:2: organisation.monthly_active_users: 'many'",
        ),
        ("[organisation]\nactivities = ['sing']\n", "licscan.toml:2: organisation.activities: 'sing' is none"),
        ("[[agreements]]\nlicensor = 'M'\n", "agreements.0.models: is missing"),
        ("waivers = 3\n", "licscan.toml:1: waivers: is no list of tables"),
        ("internal = [3]\n", "licscan.toml:1: internal: is no list of texts"),
        ("extends = 'nowhere.toml'\n", "licscan.toml:1: extends: no such file: nowhere.toml"),
        ("extends = 'licscan.toml'\n", "extends itself"),
        ("extends = 'env:NOT_SET_AT_ALL'\n", "the variable NOT_SET_AT_ALL is not set"),
        ("extends = 'package:none-such'\n", "no installed package offers rules as 'none-such'"),
        ("a = \n", "licscan.toml:1: no TOML: Invalid value (mend that place)"),
        ("a = 1\nb = [", "licscan.toml: no TOML: "),
    ],
)
def test_every_error_names_file_line_and_key(write: Write, text: str, says: str) -> None:
    """What is wrong is said with file, line and key, and with what to write instead."""
    with pytest.raises(UsageError) as refused:
        read(write(text))
    assert says in str(refused.value)
    assert refused.value.remedy


def test_a_configuration_goes_over_what_it_extends(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Single values replace, lists add up, and the organisation's facts replace one by one."""
    write("[organisation]\nmonthly_active_users = '5M'\nterritories = ['de']\n", "secret.toml")
    write(
        "policy = 'research'\ninternal = ['hf:a/*']\ngrace = 3\n[organisation]\nterritories = ['US']\n",
        "common/licscan.toml",
    )
    monkeypatch.setenv("SECRET_FACTS", str(write("", "x").parent / "secret.toml"))
    told = read(write("extends = ['env:SECRET_FACTS', 'common']\npolicy = 'hosted-service'\ninternal = ['hf:b/*']\n"))
    assert (told.policy, told.internal, told.grace) == ("hosted-service", ("hf:a/*", "hf:b/*"), 3)
    assert told.organisation.territories == ("US",)
    assert told.organisation.amounts["monthly_active_users"] == (Amount(5_000_000),)
    assert len(told.files) == 3


def test_an_installed_package_can_be_extended(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that offers the entry point licscan.rules brings a configuration and its policy."""
    write("policy = 'policies/acme.yaml'\n", "site/acme_rules/licscan.toml")
    policy = write("id: acme\n", "site/acme_rules/policies/acme.yaml")
    write("", "site/acme_rules/__init__.py")
    write("[licscan.rules]\nacme = acme_rules\n", "site/acme_rules-1.dist-info/entry_points.txt")
    write("Metadata-Version: 2.1\nName: acme-rules\nVersion: 1\n", "site/acme_rules-1.dist-info/METADATA")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), *sys.path])
    # Whatever is imported meanwhile is forgotten at the end: both are undone.
    monkeypatch.setitem(sys.modules, "acme_rules", sys)
    monkeypatch.delitem(sys.modules, "acme_rules")
    assert read(write("extends = 'package:acme'\n")).policy == str(policy)


def test_waivers_may_lie_in_a_file_of_their_own(write: Write) -> None:
    """A waiver says rule, model, reason, approver and the last day; where it stands is kept; both places add up."""
    other = write(f"{WAIVER}expires = 2027-01-01\nlicense = 'mit'\n\n{WAIVER}expires = 2027-01-02\n", "waived: x.toml")
    more = write(f"{WAIVER}expires = 2027-01-03\nrevision = 'abc'\n", "more.toml")
    own = write(f"waivers-from = ['{other.name}', 'more.toml']\n{WAIVER}expires = 2027-01-04\n")
    day = datetime.date(2027, 1, 1)
    plain = Waiver("r", "hf:a/b", "x", "me", day)
    assert read(own).waivers == (
        replace(plain, expires=day.replace(day=4), where=f"{own}:2"),
        replace(plain, license="mit", where=f"{other}:1".partition(": ")[0]),
        replace(plain, expires=day.replace(day=2), where=f"{other}:9".partition(": ")[0]),
        replace(plain, expires=day.replace(day=3), revision="abc", where=f"{more}:1"),
    )


@pytest.mark.parametrize(
    ("text", "what", "remedy"),
    [
        ("policy = 'x.yaml'\n", "no such file: x.yaml", "name a policy, or a file of yours"),
        ("policy = 'x.yml'\n", "no such file: x.yml", "name a policy, or a file of yours"),
        ("grace = -1\n", "is no number of days", "write grace = 30"),
        ("grace = true\n", "is no number of days", "write grace = 30"),
        ("[severity]\nx = 'bad'\n", "'bad' is no severity", "use error, warning, note, off"),
        (WAIVER, "has no expires", "add expires = ..."),
        (f"{WAIVER}expires = 2027-01-01T00:00:00\n", "is no day", "write expires = 2027-12-31"),
        (f"{WAIVER}expires = 2027-01-01\nlicence = 'x'\n", "is no key of a waiver", "did you mean license?"),
        (f"{WAIVER}expires = 2027-01-01\nzzz = 'x'\n", "is no key of a waiver", "use rule, model, reason, approver, expires, revision, license"),
        ("waivers-from = 'other.toml'\n", "is no key of a file of waivers", "write [[waivers]]"),
    ],
)  # fmt: skip
def test_what_is_wrong_says_what_to_write(write: Write, text: str, what: str, remedy: str) -> None:
    """Each refusal says what is wrong and what to write instead, and where."""
    write("policy = 'x'\n", "other.toml")
    with pytest.raises(UsageError) as refused:
        read(write(text))
    assert (refused.value.what, refused.value.remedy) == (what, remedy)
    assert ".toml:" in refused.value.where


def test_paths_of_a_configuration_are_relative_to_it(write: Write, tmp_path: Path) -> None:
    """Policy and baseline lie beside the file that names them; no days of grace are days of grace, too."""
    write("id: x\n", "common/ours.yml")
    write("baseline = 'known.json'\npolicy = 'ours.yml'\ngrace = 0\n", "common/licscan.toml")
    told = read(write("extends = 'common'\n"))
    assert told.baseline == tmp_path / "common/known.json"
    assert (told.policy, told.grace) == (str(tmp_path / "common/ours.yml"), 0)
    assert read(write("")).baseline is None
    assert read(write("")).grace == 30

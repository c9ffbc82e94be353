"""The gate: what is named, held against the lock and the policy; one decision, one exit code, in every format."""

import ast
import datetime
import hashlib
import io
import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, assert_type

import jsonschema
import pytest

from licscan import lock as locks
from licscan.config import Configuration, Waiver
from licscan.edition import edition, mark
from licscan.errors import LicscanError
from licscan.gate import RULES, Asked, Outcome, check, decide
from licscan.gate.finding import Finding
from licscan.gate.mentions import Comment, Found, Place
from licscan.gate.report import outcome
from licscan.judge import chosen, compiled, limits, plain
from licscan.lock import Lock
from licscan.model import Assessment, Clause, Evidence, Gap, GapId, Level, Report
from licscan.model import Finding as ReportFinding
from licscan.organisation import Agreement, Amount, Organisation
from licscan.reports import sarif, verdict
from licscan.rulebook import Rulebook
from tests.conftest import ROOT, Licscan, process
from tests.samples import assessment

TODAY = datetime.date(2026, 6, 1)
COMMIT = "a" * 40
Tree = Callable[..., Path]
COMPILED: dict[str, dict[str, Any]] = {}
OURS = "id: ours\ntitle: Ours\nwhy: ours\nextends: default\nrules:\n- {id: level-restrictive, severity: error}\n"


def lock_of(
    rules: Rulebook, *models: Assessment, policy: str = "default", by: dict[str, Assessment] | None = None
) -> Lock:
    """A lock of assessments, each under its own name or the one that is given."""
    entries = {str(one.ref.at(None)): one for one in models} | (by or {})
    made = {ref: locks.entry_of(ref, plain(one), "2026-01-01") for ref, one in entries.items()}
    if policy not in COMPILED:
        COMPILED[policy] = compiled(policy, chosen(policy, rules), rules)
    return Lock("0.1.0", "2026-01-01+abc", COMPILED[policy], limits(rules), made)


def findings(
    _rules: Rulebook, found: Found, lock: Lock | None, told: Configuration | None = None, **more: Any
) -> list[Finding]:
    policy = lock.policy if lock else {"id": "default", "rules": []}
    return decide(found, lock, policy, told or Configuration(), TODAY, **more).findings


def named(*refs: str) -> Found:
    return Found(places=[Place("app.py", number, ref) for number, ref in enumerate(refs, 1)], files=1)


def rules_in(some: Iterable[Finding]) -> list[str]:
    return [one.rule for one in some]


WAIVERS = {
    "absent": (),
    "live": (Waiver("level-unknown", "hf:acme/m", "read it", "jane", TODAY),),
    "expired": (Waiver("level-unknown", "hf:acme/m", "read it", "jane", TODAY - datetime.timedelta(days=1)),),
}
GAPS = [None, *GapId]


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("gap", GAPS)
def test_every_decision_has_one_outcome(rules: Rulebook, level: Level, gap: GapId | None) -> None:
    """Level, gap, revision, waiver and baseline give exactly one outcome, and every format says the same."""
    for pinned, (waiver, waivers), known in itertools.product((True, False), WAIVERS.items(), (True, False)):
        gaps = (Gap(id=gap, what="x", why="y"),) if gap else ()
        model = assessment("acme/m", level=level, gaps=gaps, revision=COMMIT)
        ref = f"hf:acme/m@{COMMIT}" if pinned else "hf:acme/m"
        lock = lock_of(rules, by={ref: model})
        found = named(ref)
        decision = decide(found, lock, lock.policy, Configuration(waivers=waivers), TODAY)
        if known:
            from licscan.gate import baseline

            before = decide(found, lock, lock.policy, Configuration(), TODAY).findings
            marks = frozenset(
                json.loads(baseline.text(before))["findings"][n]["fingerprint"]
                for n in range(len({one.fingerprint for one in before}))
            )
            decision.findings = list(baseline.adopted(decision.findings, marks, "baseline.json"))
        done = outcome(decision, found, lock, lock.policy, datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC))
        unknown = level is Level.UNKNOWN
        fails = (unknown and not known and waiver != "live") or (unknown and waiver == "expired")
        assert done.code == int(fails)
        expected = (
            {"level-unknown"}
            if unknown
            else {f"level-{level.value}"}
            if level in {Level.RESTRICTIVE, Level.CLOSED}
            else set()
        )
        expected |= {"revision-mutable"} if not pinned else set()
        expected |= {"not-looked-at"} if gap and gap.unfinished else set()
        expected |= {"waiver-expired"} if unknown and waiver == "expired" else set()
        expected |= {"waiver-unused"} if not unknown and waiver != "absent" else set()
        assert {one.rule for one in done.findings} == expected
        assert _said(done) == (done.code, "fail" if fails else "pass")


def _said(done: Outcome) -> tuple[int, str]:
    """The exit code and the outcome that every format gives; they must be one, and so must what they say of findings."""
    data = json.loads(json.dumps(done.report))
    printed, code_scanning = io.StringIO(), io.StringIO()
    verdict.write(data, printed, verbose=True)
    sarif.write(data, code_scanning)
    (run,) = json.loads(code_scanning.getvalue())["runs"]
    outcomes = {
        (data["summary"]["exit_code"], data["summary"]["outcome"]),
        (run["invocations"][0]["exitCode"], run["properties"]["outcome"]),
        (done.code, printed.getvalue().partition(":")[0].lower()),
    }
    findings = [(one.rule, one.severity, one.waiver is not None) for one in done.findings]
    assert [(one["rule"], one["severity"], one["waiver"] is not None) for one in data["findings"]] == findings
    assert [(one["ruleId"], one["level"], "suppressions" in one) for one in run["results"]] == findings
    open_, let = ([one for one in findings if one[2] is passed] for passed in (False, True))
    assert all(f"{severity}[{rule}]" in printed.getvalue() for rule, severity, _ in open_)
    assert (f"Let pass ({len(let)}):" in printed.getvalue()) == bool(let)
    ((code, outcome_),) = outcomes
    return code, outcome_


def test_no_lock_is_one_finding(rules: Rulebook) -> None:
    """Without a lock there is one finding, however many models are named; without models there is none."""
    assert rules_in(findings(rules, named("hf:a/b", "hf:c/d"), None)) == ["lock-missing"]
    assert findings(rules, named(), None) == []


def test_what_the_lock_lacks_fails_at_each_place(rules: Rulebook) -> None:
    """A model, or a revision of it, that the lock does not hold is an error wherever it is named."""
    lock = lock_of(rules, assessment("a/b"))
    found = findings(rules, named("hf:a/b", "hf:a/b@v1", "hf:c/d", "hf:c/d"), lock)
    missing = [one for one in found if one.rule == "not-locked"]
    assert [(one.model, one.line) for one in missing] == [("hf:a/b@v1", 2), ("hf:c/d", 3), ("hf:c/d", 4)]
    assert "the lock holds it as hf:a/b" in missing[0].message
    assert all(one.fails for one in missing)


def test_internal_models_are_not_asked_for(rules: Rulebook) -> None:
    """The organisation's own models need no entry; a pattern without a scheme means the Hub."""
    told = Configuration(internal=("Acme/*", "file:*"))
    decision = decide(named("hf:acme/x", "file:w.bin", "ollama:acme/y"), lock_of(rules), {"rules": []}, told, TODAY)
    assert decision.internal == ["file:w.bin", "hf:acme/x"]
    assert [one.model for one in decision.findings] == ["ollama:acme/y"]


def test_numbers_are_held_against_the_organisation_at_the_gate(rules: Rulebook) -> None:
    """The lock knows no number of the organisation: the limit is judged when the gate runs, and an agreement covers it."""
    values: dict[str, Any] = {
        "metric": "monthly_active_users",
        "value": 700_000_000,
        "comparator": ">",
        "effect": "separate-license",
    }
    clause = Clause(
        id="threshold",
        values=values,
        quote="more than 700 million",
        evidence=Evidence(source="rules", path="rules/licenses/x.yaml"),
    )
    model = assessment("meta/llama", clauses=(clause,))
    pinned = f"hf:meta/llama@{COMMIT}"
    for users, expected in ((5, []), (800_000_000, ["threshold"])):
        told = Configuration(organisation=Organisation(amounts={"monthly_active_users": (Amount(users),)}))
        assert rules_in(findings(rules, named(pinned), lock_of(rules, by={pinned: model}), told)) == expected
    lock = lock_of(rules, model)
    agreement = Agreement("Meta", ("hf:meta/*",), "contract 7", ("threshold",))
    told = Configuration(
        organisation=Organisation(amounts={"monthly_active_users": (Amount(800_000_000),)}, agreements=(agreement,))
    )
    (covered,) = (one for one in findings(rules, named("hf:meta/llama"), lock, told) if one.rule == "threshold")
    assert covered.waiver == "agreement contract 7 with Meta"
    assert covered.evidence is not None
    assert covered.evidence["quote"] == "more than 700 million"


@pytest.mark.parametrize(
    ("waiver", "lets", "besides"),
    [
        ({}, True, set()),
        ({"model": "ACME/M"}, True, set()),
        ({"model": "hf:acme/*"}, True, set()),
        ({"revision": COMMIT[:7]}, True, set()),
        ({"license": "mit"}, True, set()),
        ({"license": "f" * 64}, True, set()),
        ({"revision": "b" * 40}, False, {"waiver-unused"}),
        ({"revision": COMMIT[:6]}, False, {"waiver-unused"}),
        ({"license": "apache-2.0"}, False, {"waiver-unused"}),
        ({"rule": "level-restrictive"}, False, {"waiver-unused"}),
        ({"model": "hf:other/m"}, False, {"waiver-unused"}),
        ({"model": "*"}, False, {"waiver-too-wide"}),
        ({"model": "hf:*/m"}, False, {"waiver-too-wide"}),
        ({"rule": "level-*"}, False, {"waiver-too-wide"}),
        ({"expires": TODAY - datetime.timedelta(days=1)}, False, {"waiver-expired"}),
    ],
)
def test_a_waiver_lets_pass_what_it_names_and_nothing_else(
    rules: Rulebook, waiver: dict[str, Any], lets: bool, besides: set[str]
) -> None:
    """Rule, model, commit and license must fit; what is expired, for nothing or for everything is a finding itself."""
    fields = {"rule": "level-unknown", "model": "hf:acme/m", "reason": "why", "approver": "jane", "expires": TODAY}
    made = Waiver(**{**fields, **waiver}, where="licscan.toml:3")
    model = assessment("acme/m", level=Level.UNKNOWN, license="mit", revision=COMMIT, text="f" * 64)
    found = findings(rules, named("hf:acme/m"), lock_of(rules, model), Configuration(waivers=(made,)))
    (unknown,) = (one for one in found if one.rule == "level-unknown")
    assert unknown.waiver == ("jane: why, until 2026-06-01" if lets else None)
    own = [one for one in found if one.rule.startswith("waiver-")]
    assert {one.rule for one in own} == besides
    assert all((one.path, one.line) == ("licscan.toml", 3) for one in own)


def test_a_comment_lets_pass_one_line(rules: Rulebook) -> None:
    """`ignore[rule] reason` counts on its line alone; without rule or reason it lets nothing pass and is an error."""
    lock = lock_of(rules, assessment("acme/m", level=Level.UNKNOWN))
    found = named("hf:acme/m", "hf:acme/m")
    found.comments = [Comment("app.py", 1, ("level-unknown",), "a demo"), Comment("app.py", 9, (), "")]
    some = findings(rules, found, lock)
    assert [one.waiver for one in some if one.rule == "level-unknown"] == ["a demo (app.py:1)", None]
    assert [(one.line, one.severity) for one in some if one.rule == "waiver-incomplete"] == [(9, "error")]
    found.comments = [Comment("app.py", 1, ("threshold", "level-unknown"), "a demo")]
    assert [one.message for one in findings(rules, found, lock) if one.rule == "waiver-unused"] == [
        "the comment lets nothing pass: there is no finding of threshold on this line"
    ]


def test_nothing_is_called_unused_where_only_files_were_searched(rules: Rulebook) -> None:
    """Over some files neither a waiver nor an entry of the lock can be called unused."""
    told = Configuration(waivers=WAIVERS["live"])
    lock = lock_of(rules, assessment("a/b"), assessment("c/d"))
    assert {"waiver-unused", "lock-unused"} <= set(rules_in(findings(rules, named("hf:a/b"), lock, told)))
    assert rules_in(findings(rules, named("hf:a/b"), lock, told, whole=False)) == ["revision-mutable"]


def test_severities_can_be_set(rules: Rulebook) -> None:
    """A rule may be made worse, better, or left out; an expired waiver of what is left out is for nothing."""
    lock = lock_of(rules, assessment("a/b", level=Level.RESTRICTIVE))
    told = Configuration(severity={"revision-mutable": "error", "level-restrictive": "off"})
    assert [(one.rule, one.severity) for one in findings(rules, named("hf:a/b"), lock, told)] == [
        ("revision-mutable", "error")
    ]


def test_one_name_under_two_licenses_is_said(rules: Rulebook) -> None:
    """Two revisions of one name under different licenses are a finding at both."""
    one, other = assessment("a/b", license="mit"), assessment("a/b", license="gemma")
    lock = lock_of(rules, by={"hf:a/b": one, f"hf:a/b@{COMMIT}": other})
    some = [one for one in findings(rules, named("hf:a/b", f"hf:a/b@{COMMIT}"), lock) if one.rule == "license-differs"]
    assert [finding.line for finding in some] == [1, 2]
    assert "without revision: mit" in some[0].message


def test_a_changed_license_is_reported_until_it_is_accepted(rules: Rulebook) -> None:
    """What changed since the lock was made is objected to by the policy."""
    change = {"id": "license", "before": "MIT", "after": "LicenseRef-gemma", "evidence": None}
    entry = locks.entry_of("hf:a/b", plain(assessment("a/b")), "2026-01-01", [change])
    lock = replace(lock_of(rules), models={"hf:a/b": entry})
    (found,) = (one for one in findings(rules, named("hf:a/b"), lock) if one.rule == "license-changed")
    assert (found.severity, "MIT -> LicenseRef-gemma" in found.message) == ("error", True)


@pytest.fixture
def tree(tmp_path: Path, rules: Rulebook, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """A folder with code and a lock of what it names."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))

    def make(*models: Any, code: str | None = None, policy: str = "default", **files: str) -> Path:
        names = [str(one.ref.at(None)).removeprefix("hf:") for one in models]
        text = "".join(f"M.from_pretrained('{name}')\n" for name in names) if code is None else code
        (tmp_path / "app.py").write_text(text)
        for name, content in files.items():
            (tmp_path / name.replace("__", ".")).write_text(content)
        if models:
            made = lock_of(rules, *models, policy=policy)
            locks.write(replace(made, rules=edition()), tmp_path / "licscan.lock")
        for path in tmp_path.glob("*.*"):
            os.utime(path, (1e9, 1e9))
        return tmp_path

    return make


def test_exit_codes_have_an_order(licscan: Licscan, tree: Tree) -> None:
    """Wrong use is 2, a finding 1, what could not be read 3 with --strict, no models 4 with --require-models."""
    tree(assessment("a/b"))
    assert licscan("check").code == 0
    assert licscan("check", "nowhere").code == 2
    tree(assessment("a/b", level=Level.UNKNOWN), broken__py="\0")
    assert licscan("check", "--strict").code == 1
    assert licscan("check", "--policy", "none-such").code == 2
    done = licscan("check", "--exit-zero")
    assert (done.code, "this would have failed" in done.err) == (0, True)
    tree(assessment("a/b"), broken__py="\0")
    assert licscan("check").code == 0
    assert licscan("check", "--strict", "--require-models").code == 3
    tree(assessment("a/b"), code="", broken__py="")
    assert licscan("check").code == 0
    assert licscan("check", "--require-models").code == 4
    (Path("licscan.lock")).write_text("<<<<<<< HEAD\n")
    done = licscan("check", "--exit-zero")
    assert (done.code, "licscan.lock:1: is damaged" in done.err) == (2, True)


def test_the_first_line_says_pass_or_fail_and_why(licscan: Licscan, tree: Tree) -> None:
    """One line is enough to know; nothing but it is printed where all is well."""
    tree(assessment("a/b"), licscan__toml="severity = {revision-mutable = 'off'}\n")
    assert licscan("check").out == "PASS: 1 model, nothing that policy default refuses\n"
    assert licscan("check", "--quiet").out == ""
    tree(assessment("a/b", level=Level.UNKNOWN))
    assert licscan("check", "-q").out.startswith("FAIL: 1 of 1 model not allowed: 1 level-unknown\n")


def test_the_json_is_that_of_the_contract(licscan: Licscan, tree: Tree) -> None:
    """The JSON of a check fits the schema of reports, and reads back as a report."""
    gap = Gap(id=GapId.NOT_FOUND, what="x", why="y")
    tree(
        assessment("a/b", level=Level.UNKNOWN, gaps=(gap,)), code="M.from_pretrained('a/b')\nM.from_pretrained('c/d')\n"
    )
    done = licscan("check", "--format", "json")
    data = json.loads(done.out)
    jsonschema.validate(data, json.loads((ROOT / "docs/schema/report.schema.json").read_text()))
    report = Report.model_validate(data)
    assert [one.rule for one in report.failing] == ["level-unknown", "not-locked"]
    assert (data["summary"]["exit_code"], done.code) == (1, 1)
    assert str(report.models[0].ref) == "hf:a/b"


HEAVY = ("sqlalchemy", "alembic", "huggingface_hub", "jinja2", "spdx_tools", "pydantic", "yaml", "rich", "re2", "httpx")


def test_a_warm_gate_imports_nothing_slow(tree: Tree, tmp_path: Path) -> None:
    """Over an unchanged tree the gate knows no pydantic, YAML, database, network client or template."""
    tree(assessment("a/b"))
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    program = "import sys\nfrom licscan import cli\ntry: cli.main(['check'])\nexcept SystemExit as e: code = e.code\nprint(code, [m for m in sys.argv[1:] if m in sys.modules])"
    said = [
        subprocess.run(
            [sys.executable, "-c", program, *HEAVY], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
        ).stdout.splitlines()[-1]
        for _ in range(2)
    ]
    assert said[1] == "0 []"
    assert "sqlalchemy" not in said[0]
    assert "huggingface_hub" not in said[0]


def test_a_changed_file_is_read_again(licscan: Licscan, tree: Tree) -> None:
    """The cache of what files name is never older than the files."""
    tree(assessment("a/b"))
    assert licscan("check").code == 0
    Path("app.py").write_text("M.from_pretrained('c/d')\n")
    os.utime("app.py", (1e9, 1e9))
    assert licscan("check").code == 1


def test_a_lock_made_with_other_rules_warns_and_later_fails(tree: Tree) -> None:
    """Older rules are good enough for the days of grace, then they fail."""
    root = tree(assessment("a/b"))
    text = (root / "licscan.lock").read_text()
    lock = locks.read(root / "licscan.lock")
    (root / "licscan.lock").write_text(text.replace(lock.rules, "2020-01-01+00000000"))
    made = datetime.date.fromisoformat(lock.rules[:10])
    for days, severity in ((30, "warning"), (31, "error")):
        done = check(Asked(paths=(root,)), made + datetime.timedelta(days=days))
        assert [one.severity for one in done.findings if one.rule == "lock-outdated"] == [severity]


def test_files_can_be_left_out(licscan: Licscan, tree: Tree) -> None:
    """What the configuration excludes is not searched, and the report says how many files that are."""
    tree(assessment("a/b"), other__py="M.from_pretrained('x/y')\n", licscan__toml="exclude = ['oth*.py']\n")
    done = licscan("check", "--format", "json")
    assert (done.code, json.loads(done.out)["summary"]["excluded"]) == (0, 1)


def test_strict_is_about_what_nobody_could_look_at(licscan: Licscan, tree: Tree) -> None:
    """With --strict a model that nobody could look at is exit 3, unless somebody let that pass; no other finding is."""
    tree(assessment("a/b", revision=None))
    assert {one["rule"] for one in json.loads(licscan("check", "--format", "json").out)["findings"]} == {
        "revision-mutable"
    }
    assert licscan("check", "--strict").code == 0
    unseen = Gap(id=GapId.NOT_LOOKED_AT, what="what it itself says", why="offline")
    tree(assessment("a/b", gaps=(unseen,)))
    assert licscan("check").code == 0
    done = licscan("check", "--strict")
    assert (done.code, "not everything could be looked at" in done.out) == (3, True)
    told = (
        "rule = 'not-looked-at'\nmodel = 'hf:a/b'\nreason = 'seen by hand'\napprover = 'jane'\nexpires = 2999-01-01\n"
    )
    waiver = f"[[waivers]]\n{told}"
    tree(assessment("a/b", gaps=(unseen,)), licscan__toml=waiver)
    done = licscan("check", "--strict")
    assert (done.code, "1 finding waived" in done.out) == (0, True)


def test_the_locked_words_of_a_policy_file_hold_until_it_changes(licscan: Licscan, tree: Tree) -> None:
    """A policy of one's own is in the lock; once its file says something else, the file is read."""
    tree(assessment("a/b", level=Level.RESTRICTIVE))
    Path("ours.yaml").write_text(OURS)
    kept = locks.read(Path("licscan.lock"))
    digest = hashlib.sha256(OURS.encode()).hexdigest()
    locked = {"id": "ours", "title": "x", "source": digest, "rules": []}
    locks.write(replace(kept, policy=locked), Path("licscan.lock"))
    assert licscan("check", "--policy", "ours.yaml").code == 0, "no rules, as the lock holds them"
    Path("ours.yaml").write_text(OURS + "# another\n")
    assert licscan("check", "--policy", "ours.yaml").code == 1
    Path("ours.yaml").unlink()
    assert licscan("check", "--policy", "ours.yaml").code == 2


def test_a_report_says_whose_it_is(licscan: Licscan, tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a workflow the repository is named, so that reports of many can be told apart."""
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    monkeypatch.setenv("CI_PROJECT_PATH", "group/project")
    tree(assessment("a/b"))
    assert json.loads(licscan("check", "--format", "json").out)["summary"]["repository"] == "group/project"
    monkeypatch.setenv("GITHUB_REPOSITORY", "owner/name")
    assert json.loads(licscan("check", "--format", "json").out)["summary"]["repository"] == "owner/name"
    tree(assessment("a/b"), code="")
    assert "no models are named here" in licscan("check", "--require-models").out


def test_another_policy_than_the_locked_one_is_read_from_the_rules(licscan: Licscan, tree: Tree) -> None:
    """A policy that the lock does not hold, of the rule base or a file, is used all the same."""
    tree(assessment("a/b", level=Level.RESTRICTIVE))
    assert licscan("check").code == 0
    Path("ours.yaml").write_text(OURS)
    assert licscan("check", "--policy", "ours.yaml").code == 1


def test_rules_of_the_gate_are_documented() -> None:
    """docs/gate.md has a heading for every rule of the gate."""
    text = (ROOT / "docs/gate.md").read_text()
    assert all(f"### {name}\n" in text for name in RULES)


def test_the_gate_is_plain() -> None:
    """No module of the gate, lock or configuration imports pydantic or YAML, directly or by another, at the top."""
    program = "import sys, licscan.gate, licscan.lock, licscan.config, licscan.commands.check\nprint([m for m in sys.argv[1:] if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program, *HEAVY], capture_output=True, text=True, check=True)
    assert ast.literal_eval(done.stdout) == []


def test_help_is_fast_to_reach() -> None:
    """`check` is a command of the command line."""
    assert "--baseline" in process("check", "--help").stdout


def test_the_gate_can_be_asked_from_python(tree: Tree) -> None:
    """`licscan.check` gives a report of the contract's type, for tests and notebooks."""
    import licscan

    root = tree(assessment("a/b", level=Level.RESTRICTIVE))
    report = licscan.check(root)
    assert_type(report, Report)
    assert_type(report.failing, tuple[ReportFinding, ...])
    assert (report.failing, report.summary["outcome"]) == ((), "pass")
    failing = licscan.check([str(root)], policy="permissive-only").failing
    assert [one.rule for one in failing] == ["level-restrictive"]
    with pytest.raises(LicscanError):
        licscan.check(root / "nowhere")


def test_a_damaged_entry_is_refused(licscan: Licscan, tree: Tree) -> None:
    """An entry that lacks what every entry has is wrong use, and the message names it."""
    root = tree(assessment("a/b"))
    text = (root / "licscan.lock").read_text()
    (root / "licscan.lock").write_text(text.replace('"level": "permissive-open-weights",', ""))
    done = licscan("check")
    assert (done.code, "the entry of 'hf:a/b' is damaged" in done.err) == (2, True)


def test_the_mark_of_the_rules_is_that_of_where_they_lie() -> None:
    """The edition is looked up where the rules are: a mark and an edition can be had."""
    assert mark() is not None
    assert mark() == mark()
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}\+[0-9a-f]{8}", edition())

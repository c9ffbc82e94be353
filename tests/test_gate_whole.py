"""The gate over everything at once: every subject that a policy can ask of, every rule of the gate, word for word."""

import datetime
import io
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from licscan import lock as locks
from licscan.condition import parse
from licscan.condition_json import plain
from licscan.config import Configuration, Waiver
from licscan.edition import edition, mark
from licscan.errors import UsageError
from licscan.gate import Asked, Outcome, baseline, check, decide, scope_of, too_wide
from licscan.gate.age import outdated
from licscan.gate.finding import Finding
from licscan.gate.mentions import Comment, Found, Place
from licscan.gate.report import outcome
from licscan.gate.standing import standing
from licscan.gate.waivers import covers, waived
from licscan.judge import plain as as_json
from licscan.lock import Lock
from licscan.model import Activity, Assessment, Clause, Conflict, Evidence, Gap, GapId, Level, Obligation, Relation
from licscan.model.assessment import Artefact, Artefacts, Dataset, Lineage, Openness
from licscan.model.evidence import Statement
from licscan.model.facts import WeightFile
from licscan.model.license import Freedom
from licscan.organisation import Agreement, Amount, Organisation
from licscan.policy import AGREEMENT, EVIDENCE, WORDS, facts
from licscan.references import Trouble
from licscan.reports import github, gitlab, junit, markdown, sarif, verdict
from licscan.rulebook.policies import MODEL
from tests.samples import assessment
from tests.test_reports import same_as_golden

DAY = datetime.date(2026, 6, 1)
NOW = datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC)
COMMIT = "a" * 40
BASE = "org/base"


def at(path: str, quote: str | None = None, section: str | None = None) -> Evidence:
    return Evidence(source="hub", path=path, quote=quote, section=section)


def threshold(number: int, **more: Any) -> Clause:
    values: dict[str, Any] = {
        "metric": "monthly_active_users",
        "value": number,
        "comparator": ">",
        "effect": "separate-license",
    }
    inherited = more.pop("inherited_from", None)
    where = at(more.pop("path", "LICENSE"), f"more than {number}", "2")
    return Clause(id="threshold", values={**values, **more}, evidence=where, inherited_from=inherited)


def duty(id_: str, activity: Activity | None, status: Any, **more: Any) -> Obligation:
    name = f"{id_}/{activity}" if activity else id_
    return Obligation(
        id=name, text=f"do {id_}", clause=id_, activity=activity, status=status, evidence=at("LICENSE"), **more
    )


def everything(name: str = "acme/all", **more: Any) -> Assessment:
    """A model of which something is known in every respect."""
    fields: dict[str, Any] = {
        "level": Level.RESTRICTIVE,
        "level_reasons": ("first", "the base is restrictive"),
        "clauses": (
            threshold(1000),
            threshold(50, effect="duty", path="OTHER"),
            threshold(70, inherited_from=BASE),
            Clause(id="non-commercial", values={"scope": "weights"}, evidence=at("LICENSE", "no sale", "3")),
            Clause(id="non-commercial", values={"scope": "weights"}, evidence=at("LICENSE", "again", "4")),
            Clause(id="license-copy", on=(Activity.DISTRIBUTE_WEIGHTS,), quote="a copy", evidence=at("LICENSE")),
        ),
        "obligations": (
            duty("license-copy", Activity.HOST, "owed"),
            duty("license-copy", Activity.SHIP_PRODUCT, "owed"),
            duty("registration", None, "tell-us", because="applies above 50"),
            duty("reporting", None, "tell-us", because="applies above 70", inherited_from=BASE),
        ),
        "lineage": (Lineage(base=f"hf:{BASE}", relation=Relation.FINETUNE, declared_by=at("README.md", "base_model")),),
        "datasets": (Dataset(name="dataset:org/data", freedom=Freedom.UNKNOWN, evidence=at("README.md", "datasets")),),
        "files": (WeightFile(path="model.safetensors", format="safetensors", size=8),),
        "conflicts": (
            Conflict(
                id="license-claims",
                subject="weights",
                statements=(Statement(says="mit", evidence=at("README.md", "license: mit")), Statement(says="gemma", evidence=at("LICENSE"))),
            ),
        ),
        "gaps": (
            Gap(id=GapId.UNREACHABLE, what="what the base says", why="no answer"),
            Gap(id=GapId.LICENSE_SPELLING, what="the name", why="odd"),
        ),
        **more,
    }  # fmt: skip
    made = assessment(name, revision=COMMIT, **fields)
    return made.model_copy(
        update={"artefacts": Artefacts(data=Artefact(state=Openness.NONE, evidence=at("README.md")))}
    )


def policy() -> dict[str, Any]:
    """A policy with a rule for each subject."""
    asked: dict[str, Any] = {
        "level": {"level": "restrictive"},
        "clause": {"clause": "license-copy"},
        "threshold": {"threshold": {"status": "reached"}},
        "limitation": {"limitation": {"status": ["applies", "tell-us"]}},
        "duty": {"obligation": {"status": ["owed", "tell-us"]}},
        "base": {"base": {"relation": "finetune"}},
        "data": {"dataset": {"freedom": "unknown"}},
        "artefact": {"artefact": {"id": "data", "state": "none"}},
        "conflict": {"conflict": {"subject": "weights"}},
        "gap": {"gap": {"unfinished": "true"}},
        "file": {"integrity": {"status": "unverified"}},
        "change": {"change": {"id": "license"}},
        "pinned": {"revision": {"pinned": "false"}},
        "open": {"organisation": {"annual_revenue": {"above": 5}}},
        "passes": {"organisation": {"annual_revenue": {"above": 5}}},
    }
    rules = [
        {
            "id": name,
            "title": f"About {name}",
            "severity": "warning" if name == "duty" else "error",
            "when": plain(parse(when, MODEL)),
            "message": "{model} ({level}, {license}; {reason}): {found}; {quote}; {tell}; {else}",
            "remedy": "mend {found}",
            "open": {"open": "note", "passes": "pass"}.get(name),
        }
        for name, when in asked.items()
    ]
    return {"id": "ours", "title": "Ours", "source": None, "rules": rules}


APPLIES = plain(parse({"organisation": {"purposes": "commercial"}}, MODEL))
LIMITS = {"non-commercial": {"title": "Commercial use", "applies": APPLIES, "asked": ["purposes"]}}
SAID = Organisation(
    amounts={"monthly_active_users": (Amount(2000),)},
    purposes=("commercial",),
    activities=("host",),
    agreements=(
        Agreement("Org", ("org/*",), "contract 3", ("threshold",)),
        Agreement("Old", ("hf:acme/*",), "contract 1", ("threshold",), DAY - datetime.timedelta(days=1)),
    ),
)
CHANGES = [
    {"id": "license", "before": "MIT", "after": "gemma", "evidence": None},
    {"id": "license", "before": "x", "after": None, "evidence": None},
    {"id": "license", "before": None, "after": "y", "evidence": None},
    {"id": "license", "before": "4", "after": "5", "evidence": None},
]


def entry(ref: str, model: Assessment, changes: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return locks.entry_of(ref, as_json(model), "2026-01-01", changes or [])


def lock(**more: Any) -> Lock:
    made = {
        "hf:acme/all": entry("hf:acme/all", everything(), CHANGES),
        f"hf:acme/plain@{COMMIT}": entry(f"hf:acme/plain@{COMMIT}", assessment("acme/plain", license="mit")),
        "hf:acme/plain@v1": entry("hf:acme/plain@v1", assessment("acme/plain", license="gemma")),
        "hf:harbor/gone": entry("hf:harbor/gone", assessment("harbor/gone")),
    }
    return replace(Lock("0.1.0", "2026-01-01+abc", policy(), LIMITS, made), **more)


def waiver(rule: str, model: str, line: int, **more: Any) -> Waiver:
    return Waiver(rule, model, "read it", "jane", more.pop("expires", DAY), **more, where=f"licscan.toml:{line}")


WAIVERS = (
    waiver("level", "hf:acme/all", 1),
    waiver("level", "hf:acme/*", 2),
    waiver("pinned", "acme/all", 3, expires=DAY - datetime.timedelta(days=1)),
    waiver("level", "*", 4),
    waiver("gap", "hf:nobody/x", 5),
    waiver("conflict", "hf:acme/all", 6, revision="b" * 40),
    waiver("file", "hf:acme/all", 7, license="nope"),
    waiver("file", "hf:acme/plain", 8),
    Waiver("gap", "hf:nobody/y", "from elsewhere", "jane", DAY, where="beside"),
)


def found() -> Found:
    return Found(
        places=[
            Place("app.py", 1, "hf:acme/all"),
            Place("app.py", 1, f"hf:acme/plain@{COMMIT}"),
            Place("b.py", 2, "hf:acme/plain@v1"),
            Place("b.py", 3, "hf:acme/plain@v2"),
            Place("b.py", 4, "hf:acme/part-*"),
            Place("b.py", 5, "hf:ours/x"),
            Place("c.py", 1, "ollama:new"),
            Place("c.py", 2, "hf:acme/all"),
        ],
        comments=[
            Comment("app.py", 1, ("base", "data"), "a demo"),
            Comment("b.py", 4, ("name-known-in-part",), "chosen below"),
            Comment("b.py", 9, (), ""),
            Comment("b.py", 10, ("base",), ""),
            Comment("c.py", 2, ("lock-unused", "level"), "no use"),
        ],
        unread=[Trouble("file-unreadable", "d.bin", "not text")],
        vendored=["vendor/"],
        files=7,
        excluded=1,
    )


def decided(**more: Any) -> Outcome:
    told = Configuration(
        internal=("ours/*",), waivers=WAIVERS, organisation=SAID, severity={"artefact": "note", "gap": "off"}
    )
    one, held = found(), lock(**more)
    decision = decide(one, held, held.policy, told, DAY, lock_path="licscan.lock")
    known = [finding for finding in decision.findings if finding.rule in {"change", "waiver-unused"}]
    text = json.loads(baseline.text(known))
    assert {one["rule"] for one in text["findings"]} == {"change"}
    marks = frozenset(one["fingerprint"] for one in text["findings"])
    decision.findings = list(baseline.adopted(decision.findings, marks, "baseline.json"))
    return outcome(decision, one, held, held.policy, NOW)


def test_the_whole_report_is_as_it_was() -> None:
    """Each finding with its message, remedy, place, evidence and waiver, and all that is so of the models."""
    done = decided()
    same_as_golden("gate.json", json.dumps(done.report, indent=1, ensure_ascii=False) + "\n")
    assert (done.code, done.because) == (1, done.report["summary"]["because"])


@pytest.mark.parametrize("form", ["terminal", "terminal-verbose", "markdown", "github", "gitlab", "junit", "sarif"])
def test_every_format_is_as_it_was(form: str) -> None:
    """The same report in every format."""
    report, stream = json.loads(json.dumps(decided().report)), io.StringIO()
    if form.startswith("terminal"):
        verdict.write(report, stream, verbose=form.endswith("verbose"))
        assert max(map(len, stream.getvalue().splitlines())) <= 80
    else:
        {"markdown": markdown, "github": github, "gitlab": gitlab, "junit": junit, "sarif": sarif}[form].write(
            report, stream
        )
    same_as_golden(f"gate-{form}.txt", stream.getvalue())


def test_all_formats_say_the_same_of_every_finding() -> None:
    """Printed outcome, JSON, SARIF and exit code agree, finding by finding."""
    done = decided()
    stream = io.StringIO()
    sarif.write(json.loads(json.dumps(done.report)), stream)
    (run,) = json.loads(stream.getvalue())["runs"]
    said = [(one["ruleId"], one["level"], "suppressions" in one) for one in run["results"]]
    assert said == [(one.rule, one.severity, one.waiver is not None) for one in done.findings]
    assert run["invocations"][0]["exitCode"] == done.report["summary"]["exit_code"] == done.code == 1
    stream = io.StringIO()
    verdict.write(json.loads(json.dumps(done.report)), stream, verbose=True)
    assert stream.getvalue().splitlines()[0].startswith("FAIL: ")
    assert all(f"{one.severity}[{one.rule}]" in stream.getvalue() for one in done.findings if one.waiver is None)


def test_conditions_can_ask_all_that_is_said_of_a_model() -> None:
    """Every field of the vocabulary is there, under its subject; the words that are shown stand beside it."""
    model = as_json(everything())
    model |= {"thresholds": [], "limitations": []}
    there = facts(model, CHANGES)
    for subject, fields in MODEL.items():
        for thing in there.get(subject, ()):
            missing = {name for name in fields if name not in thing}
            assert subject in {"organisation", "clause"} or not missing, (subject, missing)
    assert there["model"] == [{"name": "acme/all", "ref": "hf:acme/all", "scheme": "hf", "owner": "acme", "modality": "text"}]  # fmt: skip
    assert there["license"][0]["id"] == "mit"
    assert there["license"][0][EVIDENCE]["path"] == "LICENSE"  # type: ignore[index]
    assert there["revision"] == [{"id": COMMIT, "pinned": True}]
    assert there["base"] == [
        {"ref": "hf:org/base", "relation": "finetune", "level": None, "license": None, "binds": True,
         WORDS: "hf:org/base (finetune) is not looked at", EVIDENCE: model["lineage"][0]["declared_by"]}
    ]  # fmt: skip
    assert there["dataset"][0][WORDS] == "dataset:org/data (no license established)"
    assert there["integrity"] == [{"status": "unverified", "path": "model.safetensors", "format": "safetensors", WORDS: "model.safetensors (unverified)"}]  # fmt: skip
    assert there["conflict"][0] == {"id": "license-claims", "subject": "weights", WORDS: "mit; against gemma", EVIDENCE: model["conflicts"][0]["statements"][0]["evidence"]}  # fmt: skip
    assert [one[WORDS] for one in there["change"]] == ["MIT -> gemma", "gone: x", "new: y", "4 -> 5"]
    assert there["gap"][0][WORDS] == "what the base says: no answer"
    assert facts({**model, "conflicts": [{"id": "x", "subject": "y", "statements": []}]})["conflict"][0][EVIDENCE] is None  # fmt: skip


def test_a_term_shows_its_words_whose_it_is_and_where_it_stands() -> None:
    """The limit or text, the organisation's number, the base that it comes from; the quote of the term goes first."""
    where = {"source": "hub", "path": "LICENSE", "quote": "where it stands"}
    model = as_json(assessment("a/b"))
    one = {"clause": "threshold", "limit": "above 5", "yours": "7", "inherited_from": "x/y", "evidence": where}
    other = {"clause": "limitation", "text": "no sale", "quote": "own words", "inherited_from": None, "evidence": where}
    bare = {"clause": "notice", "inherited_from": None, "evidence": where}
    agreed = [{"models": ["x/*"], "replaces": ["threshold"], "reference": "7", "licensor": "X"}]
    there = facts({**model, "thresholds": [one], "limitations": [other], "obligations": [bare]}, (), agreed)
    assert there["threshold"] == [
        {**one, "id": "threshold", WORDS: "above 5; yours: 7 (from x/y)", EVIDENCE: where, AGREEMENT: "agreement 7 with X"}
    ]  # fmt: skip
    assert there["limitation"] == [
        {**other, "id": "limitation", WORDS: "no sale", EVIDENCE: {**where, "quote": "own words"}}
    ]
    assert there["obligation"] == [{**bare, "id": "notice", WORDS: "notice", EVIDENCE: where}]


def test_duties_are_owed_by_who_does_what_asks_for_them() -> None:
    """A duty of an activity that is not done is not owed; one that a number adds follows that number, of its license."""
    model = as_json(everything())
    for users, activities, expected in (
        (2000, ("host",), ["owed", "not-owed", "owed", "tell-us"]),
        (5, ("ship-product",), ["not-owed", "owed", "not-owed", "tell-us"]),
        (None, None, ["owed", "owed", "tell-us", "tell-us"]),
    ):
        amounts = {"monthly_active_users": (Amount(users),)} if users else {}
        stands = standing(model, LIMITS, Organisation(amounts=amounts, activities=activities))
        assert [one["status"] for one in stands["obligations"]] == expected
        because = [one["because"] for one in stands["obligations"]]
        assert because[3] == "applies above 70"  # its license has no number that adds a duty
        assert ("you do not ship a product" in because) == (activities == ("host",))
        limit = "applies above 50 monthly active users"
        assert because[2] == (f"{limit}; yours: {number(users)}" if users else limit)


def number(users: int) -> str:
    return f"{users:,}"


def test_limits_are_held_against_the_organisation_once_each() -> None:
    """Thresholds with the license's words and the number, limitations without those that repeat one."""
    stands = standing(as_json(everything()), LIMITS, SAID)
    assert [(one["limit"], one["status"], one["inherited_from"]) for one in stands["thresholds"]] == [
        ("above 1,000 monthly active users: a separate license is needed", "reached", None),
        ("above 50 monthly active users: a duty is added", "reached", None),
        ("above 70 monthly active users: a separate license is needed", "reached", BASE),
    ]
    (one,) = stands["limitations"]
    assert one["evidence"]["quote"] == "no sale"
    assert {key: value for key, value in one.items() if key != "evidence"} == {
        "clause": "non-commercial",
        "text": "commercial use (weights)",
        "yours": "purposes: commercial",
        "status": "applies",
        "inherited_from": None,
    }
    (nobody,) = standing(as_json(everything()), LIMITS, Organisation())["limitations"]
    assert (nobody["status"], nobody["yours"]) == ("tell-us", None)


def test_numbers_of_one_license_count_together() -> None:
    """Two numbers that a license wants reached together hold each other back; those of another license do not."""
    pair = (threshold(10, group="all"), threshold(9, metric="employees", group="all"))
    own = as_json(everything(clauses=pair))
    assert [one["status"] for one in standing(own, LIMITS, SAID)["thresholds"]] == ["tell-us", "tell-us"]
    apart = as_json(everything(clauses=(pair[0], threshold(9, metric="employees", group="all", path="OTHER"))))
    assert [one["status"] for one in standing(apart, LIMITS, SAID)["thresholds"]] == ["reached", "tell-us"]


OLD = "2020-01-01+00000000"


def aged(rules: str, cache: Path | None = None, day: datetime.date | None = None, **severity: str) -> list[Finding]:
    told = Configuration(severity={name.replace("_", "-"): value for name, value in severity.items()}, grace=30)
    return list(outdated(lock(rules=rules), told, day or DAY, "licscan.lock", cache))


def test_an_older_lock_says_which_rules_and_since_when() -> None:
    """Both editions are named; within the days of grace it is a warning, later an error that says since when."""
    installed = edition()
    since = datetime.date.fromisoformat(installed[:10])
    said = f"licscan.lock was made with rules {OLD}, and {installed} are installed"
    for days, severity, more in ((30, "warning", ""), (31, "error", f"; rules of {since} should have been used within 30 days")):  # fmt: skip
        (one,) = aged(OLD, day=since + datetime.timedelta(days=days))
        assert (one.rule, one.severity, one.message, one.path) == ("lock-outdated", severity, said + more, "licscan.lock")  # fmt: skip
    assert aged(installed) == []
    assert aged(OLD, lock_outdated="off") == []
    (noted,) = aged(OLD, day=since + datetime.timedelta(days=99), lock_outdated="note")
    assert noted.severity == "note"
    (undated,) = aged("undated+0", day=since)
    assert undated.message == f"licscan.lock was made with rules undated+0, and {installed} are installed"
    (same,) = aged(f"{since}+00000000", day=since)
    assert "are installed" in same.message
    (newer,) = aged("2999-01-01+00000000", day=since)
    assert newer.message == (
        f"licscan.lock was made with rules of 2999-01-01, and those installed here are of {since}: update licscan"
    )


def test_the_installed_edition_is_remembered_while_no_rule_file_changes(tmp_path: Path) -> None:
    """What is kept answers for the same files alone; whatever is damaged or cannot be written is worked out anew."""
    folder = tmp_path / "a" / "b"
    assert aged(edition(), folder) == []
    kept = folder / "edition.json"
    assert json.loads(kept.read_text()) == {"mark": mark(), "edition": edition()}
    kept.write_text(json.dumps({"mark": mark(), "edition": OLD}))
    assert aged(OLD, folder) == []
    for text in (json.dumps({"mark": "other", "edition": OLD}), json.dumps({"edition": OLD}), "[]", "{", "\xff"):
        kept.write_bytes(text.encode("latin-1"))
        assert len(aged(OLD, folder)) == 1
        assert json.loads(kept.read_text()) == {"mark": mark(), "edition": edition()}
    (tmp_path / "file").write_text("")
    assert len(aged(OLD, tmp_path / "file" / "x")) == 1


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "is no baseline"),
        ("[]", "is no baseline"),
        ("{}", "is no baseline"),
        ('{"findings": [{}]}', "is no baseline"),
        ('{"findings": 3}', "is no baseline"),
        ("[" * 100_000, "is no baseline"),
        (None, "no such file or directory"),
    ],
)
def test_a_baseline_that_is_none_is_refused(tmp_path: Path, text: str | None, what: str) -> None:
    """With its place and how to have one."""
    file = tmp_path / "known.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(UsageError) as refused:
        baseline.read(file)
    remedy = "give a report of licscan check --format json, or write one with licscan init --baseline"
    assert (refused.value.what, refused.value.where, refused.value.remedy) == (what, str(file), remedy)


def test_a_baseline_is_bounded(tmp_path: Path) -> None:
    """A file beyond the bound is refused unread, one at the bound is read."""
    file = tmp_path / "known.json"
    file.write_bytes(b"")
    os.truncate(file, (256 << 20) + 1)
    with pytest.raises(UsageError) as refused:
        baseline.read(file)
    assert (refused.value.what, refused.value.where) == ("larger than 256 MiB", str(file))
    assert refused.value.remedy.startswith("give a report of licscan check")


def test_a_baseline_reads_back(tmp_path: Path) -> None:
    """A line for each finding that can be adopted, sorted, none twice; any report of the gate is one, too."""
    some = decided().findings
    file = tmp_path / "known.json"
    file.write_text(baseline.text(some))
    kept = json.loads(file.read_text())
    assert list(kept) == ["licscan-baseline", "findings"]
    assert kept["licscan-baseline"] == 1
    open_ = {one.fingerprint for one in some if one.waiver is None}
    own = {one.fingerprint for one in some if one.rule.startswith(("waiver-", "lock-", "file-"))}
    assert baseline.read(file) == open_ - own
    marks = [(one["rule"], one["model"], one["fingerprint"]) for one in kept["findings"]]
    assert marks == sorted(set(marks))
    assert file.read_text().count("\n  {") == len(marks)
    report = tmp_path / "report.json"
    report.write_text(json.dumps(decided().report))
    assert baseline.read(report) == {one.fingerprint for one in some}
    assert baseline.text(()) == '{\n "licscan-baseline": 1,\n "findings": [\n  \n ]\n}\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    (tmp_path / "app.py").write_text("M.from_pretrained('harbor/gone')\n")
    return tmp_path


def test_what_is_asked_for_and_is_not_there_is_refused(here: Path) -> None:
    """A path, a lock, a policy or a rule that does not exist: which, and what to do."""
    locks.write(lock(), here / "licscan.lock")
    for asked, what, where, remedy in (
        (Asked((Path("no\x1b"),)), "no such file or folder", "'no\\x1b'", "check the path"),
        (Asked(lock=Path("no.lock")), "no such file", "no.lock", "check --lock"),
    ):
        with pytest.raises(UsageError) as refused:
            check(asked)
        assert (refused.value.what, refused.value.where, refused.value.remedy) == (what, where, remedy)
    (here / "licscan.toml").write_text("policy = 'ours'\n[severity]\nlevel = 'off'\nlevle = 'off'\n")
    with pytest.raises(UsageError) as refused:
        check(Asked())
    assert refused.value.what == "is no rule of this policy"
    assert refused.value.where == f"{here}/licscan.toml:4: severity.levle"
    assert refused.value.remedy == "did you mean level?"
    (here / "licscan.toml").write_text("policy = 'ours'\n[severity]\nzzz = 'off'\n")
    with pytest.raises(UsageError) as refused:
        check(Asked())
    assert refused.value.remedy.startswith("use one of artefact, base, change, clause, ")
    assert "lock-missing" in refused.value.remedy
    (here / "licscan.toml").write_text("\npolicy = 'reserch'\n")
    with pytest.raises(UsageError) as refused:
        check(Asked())
    assert str(refused.value) == f"{here}/licscan.toml:2: policy: no such policy: 'reserch' (did you mean research?)"
    (here / "licscan.lock").unlink()
    assert [one.rule for one in check(Asked()).findings] == ["lock-missing"]


def test_a_check_takes_what_is_nearest(here: Path) -> None:
    """The configuration and the lock above the first path, or those that are named; their folder is the whole."""
    below = here / "sub" / "deep"
    below.mkdir(parents=True)
    told, place, root = scope_of(Asked((below,)))
    assert (told.files, place, root) == ((), below / "licscan.lock", below)
    (below / "x.py").write_text("")
    assert scope_of(Asked((below / "x.py",)))[1] == below / "licscan.lock"
    (here / "licscan.toml").write_text("grace = 3\n")
    told, place, root = scope_of(Asked((below,)))
    assert (told.grace, place, root) == (3, here / "licscan.lock", here)
    locks.write(lock(), below / "licscan.lock")
    assert scope_of(Asked((below / "x.py",)))[1:] == (below / "licscan.lock", below)
    assert scope_of(Asked((below,), lock=Path("other.lock")))[1:] == (here / "other.lock", here)
    (here / "named.toml").write_text("grace = 4\n[organisation]\nactivities = ['host']\n")
    told, place, _ = scope_of(Asked(config=Path("named.toml"), what_if=("monthly_active_users=7",)))
    assert (told.grace, place) == (4, here / "licscan.lock")
    assert told.organisation.amounts["monthly_active_users"] == (Amount(7),)


def test_a_check_of_a_tree_says_what_is_unused_and_one_of_files_does_not(here: Path) -> None:
    """Only a search of all that the lock is for can say so; the baseline of the call goes over that of the file."""
    policy_: dict[str, Any] = {"id": "default", "title": "x", "source": None, "rules": []}
    (here / "sub").mkdir()
    locks.write(lock(policy=policy_, rules=edition()), here / "licscan.lock")
    unused = "3 models in the lock and named nowhere: hf:acme/all, hf:acme/plain@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, hf:acme/plain@v1"  # fmt: skip
    for paths, rules in (
        ((Path(),), {"lock-unused", "revision-mutable"}),
        ((Path("app.py"),), {"revision-mutable"}),
        ((Path("sub"), Path()), {"lock-unused", "revision-mutable"}),
        ((Path("app.py"), Path("sub")), {"revision-mutable"}),
    ):
        done = check(Asked(paths))
        assert {one.rule for one in done.findings} == rules
        said = {(one.message, one.path) for one in done.findings if one.rule == "lock-unused"}
        assert said == ({(unused, "licscan.lock")} if "lock-unused" in rules else set())
    (here / "other.py").write_text("M.from_pretrained('harbor/new')\n")
    made = check(Asked())
    assert (made.code, made.report["tool"]["rules"]) == (1, edition())
    (here / "known.json").write_text(json.dumps({"findings": [one._asdict() for one in made.findings]}))
    (here / "none.json").write_text('{"findings": []}')
    assert check(Asked(baseline=Path("known.json"))).code == 0
    (here / "licscan.toml").write_text("baseline = 'known.json'\n")
    known = check(Asked())
    assert (known.code, {one.waiver for one in known.findings if one.rule == "not-locked"}) == (0, {"known since known.json"})  # fmt: skip
    assert check(Asked(baseline=Path("none.json"))).code == 1


def test_nothing_is_kept_where_nobody_wants_it(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache is the user's own folder; --no-cache neither reads nor writes it; a user without a home has none."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(here / "kept"))
    locks.write(lock(policy={"id": "default", "title": "x", "source": None, "rules": []}), here / "licscan.lock")
    os.utime(here / "app.py", (1e9, 1e9))
    assert check(Asked(cache=False)).code == 0
    assert not (here / "kept").exists()
    check(Asked())
    check(Asked())
    assert (here / "kept" / "licscan" / "gate" / "edition.json").is_file()
    assert len(list((here / "kept" / "licscan" / "gate").glob("*.json"))) == 2


def test_without_a_lock_one_finding_says_how_many() -> None:
    """Names that are known in part are no models that a lock could hold, and are told apart."""
    one = Found(places=[Place("a.py", 1, "hf:a/b"), Place("a.py", 2, "hf:c/d"), Place("a.py", 3, "hf:e/f-*")])
    some = decide(one, None, {"id": "x", "rules": []}, Configuration(), DAY, lock_path="deep/licscan.lock").findings
    assert [(found.rule, found.message, found.model, found.path, found.line) for found in some] == [
        ("name-known-in-part", "only e/f-* stands here: nobody can say which model", "hf:e/f-*", "a.py", 3),
        ("lock-missing", "2 models named here, and no lock says what they are", None, "deep/licscan.lock", None),
    ]


OLLAMA = "ollama:acme/model:8b"


@pytest.mark.parametrize(
    ("rule", "model", "wide"),
    [
        ("level", "hf:acme/*", False),
        ("level", "acme/*", False),
        ("level", "hf:a*/x", False),
        ("level", OLLAMA, False),
        ("level", "api:openai/*", False),
        ("level", "hf:*", True),
        ("level", "*", True),
        ("level", "*x/y", True),
        ("level", "hf:*/llama", True),
        ("level", "hf:?/llama", True),
        ("level", "hf:--/llama", True),
        ("level", "file:*:x", True),
        ("*", "hf:acme/x", True),
        ("lev?l", "hf:acme/x", True),
        ("level-*", "hf:acme/x", True),
    ],
)
def test_a_waiver_names_a_rule_and_at_least_whose_models(rule: str, model: str, wide: bool) -> None:
    """What could let everything pass lets nothing pass."""
    assert too_wide(Waiver(rule, model, "x", "y", DAY)) is wide


LICENSED = {"commit": COMMIT, "license": {"id": "llama3.1", "spdx": "LicenseRef-llama", "text": "f" * 64}}


@pytest.mark.parametrize(
    ("more", "finding", "entry_", "covered"),
    [
        ({}, {}, LICENSED, True),
        ({}, {}, None, True),
        ({"model": "acme/*"}, {}, LICENSED, True),
        ({"model": "ACME/X"}, {}, LICENSED, True),
        ({"model": "acme/model:8b"}, {"model": OLLAMA}, None, False),
        ({"model": "ollama:ACME/*"}, {"model": OLLAMA}, None, True),
        ({"model": "8b"}, {"model": "hf:acme/model:8b"}, None, False),
        ({}, {"model": None}, LICENSED, False),
        ({}, {"rule": "other"}, LICENSED, False),
        ({"rule": "not-locked"}, {"rule": "not-locked"}, None, True),
        ({"rule": "lock-missing"}, {"rule": "lock-missing"}, None, False),
        ({"rule": "lock-missing"}, {"rule": "lock-missing", "model": None}, None, False),
        ({"license": "llama3.1"}, {}, LICENSED, True),
        ({"license": "LicenseRef-llama"}, {}, LICENSED, True),
        ({"license": "f" * 64}, {}, LICENSED, True),
        ({"license": "mit"}, {}, LICENSED, False),
        ({"license": "mit"}, {}, None, False),
        ({"license": "mit"}, {}, {}, False),
        ({"revision": COMMIT}, {}, LICENSED, True),
        ({"revision": COMMIT[:7]}, {}, LICENSED, True),
        ({"revision": COMMIT[:6]}, {}, LICENSED, False),
        ({"revision": "v1-of-it"}, {"model": "hf:acme/x@v1-of-it"}, None, True),
        ({"revision": "v1-of-it"}, {"model": "hf:acme/x@v1-of-it"}, LICENSED, False),
        ({"revision": "XXXXXXX"}, {}, None, False),
    ],
)
def test_a_waiver_covers_what_it_names(
    more: dict[str, Any], finding: dict[str, Any], entry_: dict[str, Any] | None, covered: bool
) -> None:
    """Rule and model, and commit and license where it names them; never what is mended and not waived."""
    one = Waiver(**{"rule": "level", "model": "hf:acme/x", "reason": "x", "approver": "y", "expires": DAY, **more})
    fields: dict[str, Any] = {"rule": "level", "model": "hf:acme/x", **finding}
    assert covers(one, Finding(severity="error", message="m", remedy="r", **fields), entry_) is covered


def test_a_waiver_in_code_has_no_end_and_one_without_a_place_none() -> None:
    """Who let pass, why, until when where there is an end; a waiver for nothing says what is locked instead."""
    waivers = (
        Waiver("level", "hf:acme/x", "why", "jane", None, where="a:b"),
        Waiver("level", "hf:acme/y", "why", "jane", DAY, license="mit", where=""),
        Waiver("level", "hf:acme/y", "why", "jane", DAY, where="9"),
    )
    entries: dict[str, Any] = {"hf:acme/x": LICENSED, "hf:acme/y": {"commit": None, "license": {}}}
    level = Finding("level", "error", "hf:acme/x", "m", "r")
    some = list(waived([level], waivers, (), entries, DAY, whole=True))
    assert [(one.rule, one.waiver) for one in some] == [("level", "jane: why"), ("waiver-unused", None), ("waiver-unused", None)]  # fmt: skip
    assert some[1].message == (
        "the waiver of level for hf:acme/y, by jane, is not for what is locked now: hf:acme/y at None, no known license"
    )
    assert [(one.path, one.line) for one in some[1:]] == [(None, None), ("9", None)]


def test_a_base_and_a_dataset_that_were_looked_at_say_what_they_are() -> None:
    """The level of the base, the license of the data."""
    where = as_json(everything())["lineage"][0]["declared_by"]
    model = as_json(assessment("a/b"))
    model["lineage"] = [{"base": "hf:x/y", "relation": "merge", "level": "closed", "declared_by": where}]
    model["datasets"] = [{"name": "d", "license": "CC-BY-4.0", "evidence": where}]
    there = facts(model)
    assert there["base"][0][WORDS] == "hf:x/y (merge) is closed"
    assert there["dataset"][0][WORDS] == "d (CC-BY-4.0)"

"""Reports of many repositories, kept as one run: who names which model where, and what is wrong there."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.collecting import Named, gather
from licscan.model import Finding, Gap, GapId, Level, Mention, ModelRef, Report, Tool
from licscan.model.assessment import Assessment
from licscan.model.facts import WeightFile
from tests.conftest import Licscan
from tests.samples import assessment

COMMIT = "a" * 40
DAY = datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC)
Write = Callable[..., Path]


def report(*models: Assessment, days: int = 0, fails: bool = False, **more: Any) -> dict[str, Any]:
    """A report in which each model is named in app.py, with an error for each where it fails."""
    findings = [
        Finding(
            rule="level-restrictive",
            severity="error",
            model=one.ref,
            message="restrictive",
            remedy="use another",
            path="app.py",
            line=line,
            fingerprint="f" * 32,
        )
        for line, one in enumerate(models, 1)
        if fails
    ]
    made = Report(
        tool=Tool(name="licscan", version="0.1.0", rules="2026-01-01+abc"),
        created=DAY + datetime.timedelta(days=days),
        models=models,
        findings=findings,
        mentions=[Mention(path="app.py", line=line, ref=one.ref) for line, one in enumerate(models, 1)],
        summary={"outcome": "fail" if fails else "pass"},
    )
    data: dict[str, Any] = made.model_dump(mode="json")
    return {**data, **more}


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    monkeypatch.chdir(tmp_path)

    def make(name: str, data: object) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
        return path

    return make


def collected(licscan: Licscan, *arguments: object, code: int = 0) -> Report:
    done = licscan("collect", *arguments, "--db", "audit.db", "--format", "json")
    assert done.code == code, done.err
    return Report.model_validate_json(done.out)


def test_many_repositories_become_one_run(licscan: Licscan, write: Write) -> None:
    """Each model once, each place with its repository, each finding and each gap where it belongs; history reads it."""
    shared, own = assessment("a/b", revision=COMMIT), assessment("c/d", level=Level.RESTRICTIVE, revision=COMMIT)
    write("reports/payments.json", report(shared, own, fails=True))
    gap = Gap(id=GapId.FILE_UNREADABLE, what="which models it names", why="x.py: broken").model_dump(mode="json")
    write("reports/search.json", report(shared, gaps=[gap]))
    made = collected(licscan, "reports")
    assert sorted(str(one.ref) for one in made.models) == [f"hf:a/b@{COMMIT}", f"hf:c/d@{COMMIT}"]
    assert [(one.path, one.line, str(one.ref)) for one in made.mentions] == [
        ("payments/app.py", 1, f"hf:a/b@{COMMIT}"),
        ("payments/app.py", 2, f"hf:c/d@{COMMIT}"),
        ("search/app.py", 1, f"hf:a/b@{COMMIT}"),
    ]
    assert [(one.path, str(one.model)) for one in made.findings] == [
        ("payments/app.py", f"hf:a/b@{COMMIT}"),
        ("payments/app.py", f"hf:c/d@{COMMIT}"),
    ]
    assert [one.why for one in made.gaps] == ["search: x.py: broken"]
    done = licscan("collect", "reports", "--db", "audit.db")
    assert done.out.splitlines()[:3] == [
        "run 2: 2 repositories, 2 models, 3 mentions; 1 of 2 fail",
        "  FAIL  payments  2 models: 2 errors  2026-06-01",
        "  PASS  search  1 model  2026-06-01",
    ]
    history = licscan("history", "hf:a/b", "--db", "audit.db").out.splitlines()
    assert [line.split()[:2] for line in history] == [["run", "1"], ["run", "2"]]


def test_the_newest_says_what_is_so_of_a_commit(licscan: Licscan, write: Write) -> None:
    """One commit of a model that two reports know is kept once, as the newer has it; another commit is another entry."""
    old = assessment("a/b", level=Level.UNKNOWN, revision=COMMIT)
    new, other = assessment("a/b", revision=COMMIT), assessment("a/b", license="gemma", revision="b" * 40)
    write("z.json", report(old))
    write("a.json", report(new, days=1))
    write("m.json", report(other))
    made = collected(licscan, "z.json", "a.json", "m.json")
    assert [(one.revision, one.level) for one in made.models] == [(COMMIT, new.level), ("b" * 40, other.level)]


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["r/payments.json", "r/search.json"], ["payments", "search"]),
        (["r/acme/pay/licscan.json", "r/acme/search/licscan.json"], ["pay", "search"]),
        (["r/acme/pay.json", "r/other/pay.json"], ["acme", "other"]),
        (["r/acme/pay.json", "r/other/search.json"], ["acme/pay", "other/search"]),
        (["r/x.json"], ["x"]),
    ],
)
def test_a_repository_is_named_by_where_its_report_lies(write: Write, files: list[str], names: list[str]) -> None:
    """What tells the places of reports apart names the repositories."""
    paths = [write(name, report()) for name in files]
    assert [one.repository for one in gather([Named(None, path) for path in paths]).sources] == names


def test_a_name_that_is_given_goes_over_that_of_the_report(licscan: Licscan, write: Write) -> None:
    """NAME=FILE names a repository; else the report's own word does, as a pipeline wrote it."""
    write("a.json", report(assessment("a/b"), summary={"repository": "acme/pay", "outcome": "pass"}))
    write("b.json", report(assessment("a/b"), summary={"repository": "acme/pay", "outcome": "pass"}))
    made = collected(licscan, "a.json", "ours=b.json")
    assert [one.path for one in made.mentions] == ["acme/pay/app.py", "ours/app.py"]


def test_a_file_belongs_to_its_repository(licscan: Licscan, write: Write) -> None:
    """One path in two repositories is two models."""
    model = assessment("x").model_copy(update={"ref": ModelRef.parse("file:models/x.gguf")})
    write("a.json", report(model))
    write("b.json", report(model))
    made = collected(licscan, "a.json", "b.json")
    assert [str(one.ref) for one in made.models] == ["file:a/models/x.gguf", "file:b/models/x.gguf"]


def test_several_reports_of_one_repository_count_once(licscan: Licscan, write: Write) -> None:
    """The newest counts, the others are named; the same report twice is one report."""
    write("old.json", report(assessment("a/b")))
    write("new.json", report(assessment("c/d"), days=1))
    done = licscan("collect", "r=new.json", "r=old.json", "r=new.json", "--db", "audit.db")
    assert (done.code, done.out.splitlines()[0]) == (0, "run 1: 1 repository, 1 model, 1 mention; 0 of 1 fail")
    assert "old.json does not count: new.json is a newer report of r" in done.err
    assert "are the same report of r" in done.err


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("", "is no JSON"),
        ("{", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "no JSON object"),
        ("null", "no JSON object"),
        ("{}", "is no report of licscan (give reports"),
        ('{"version": "2.1.0", "runs": []}', "is no report of licscan, but SARIF"),
        ('{"bomFormat": "CycloneDX"}', "but CycloneDX"),
        ({**report(), "schema_version": 7}, "was written by a newer licscan: schema version 7, this one reads 1 (update"),
        ({**report(), "schema_version": 0}, "is damaged at schema_version"),
        ({**report(), "models": [{"ref": "hf:a/b"}]}, "is damaged at models.0."),
        ({**report(), "mentions": [{"path": "x", "line": 1, "ref": "no such\u0000 thing"}]}, "names a model that is none"),
        ({**report(), "surprise": 1}, "is damaged at surprise"),
        ({**report(assessment("big/b", files=(WeightFile(path="x", format="gguf", size=10**30),)))}, "holds a number or a name that no database keeps"),
    ],
)  # fmt: skip
def test_what_is_no_report_is_named_and_the_rest_is_kept(
    licscan: Licscan, write: Write, data: object, says: str
) -> None:
    """Foreign, hostile, damaged and newer JSON: said with its file and what to do; the others are kept; exit code 2."""
    write("bad.json", data)
    write("good.json", report(assessment("a/b")))
    done = licscan("collect", "bad.json", "good.json", "--db", "audit.db")
    assert (done.code, says in done.err, "bad.json: " in done.err) == (2, True, True), done.err
    assert done.out.startswith("run 1: 1 repository, 1 model, 1 mention")
    alone = licscan("collect", "bad.json", "--db", "other.db")
    assert (alone.code, alone.out) == (2, "")


@pytest.mark.usefixtures("write")
def test_a_place_without_reports_is_said(licscan: Licscan, tmp_path: Path) -> None:
    """A folder without reports, and a file that is not there, are wrong use."""
    (tmp_path / "empty").mkdir()
    assert "holds no .json" in licscan("collect", "empty").err
    done = licscan("collect", "nowhere.json")
    assert (done.code, "nowhere.json: no such file or directory" in done.err) == (2, True)


def test_words_of_others_stay_words(licscan: Licscan, write: Write) -> None:
    """A repository's name may say anything; it is kept, and escaped where it is shown."""
    hostile = "acme\x1b[31m\u202e\n/x\0"
    write("a.json", report(assessment("a/b"), summary={"repository": hostile, "outcome": "pass"}))
    done = licscan("collect", "a.json", "--db", "audit.db")
    assert done.code == 0
    assert "acme\\x1b[31m\\u202e /x\\x00" in done.out
    assert "\x1b" not in done.out


def test_what_was_collected_is_no_fact(licscan: Licscan, write: Write, make_model: Callable[..., Path]) -> None:
    """What a report says of a model is never taken for its facts: a scan looks itself, and a replay is refused."""
    folder = make_model("m")
    ref = ModelRef.parse(f"file:{folder}")
    write("a.json", report(assessment("m").model_copy(update={"ref": ref, "level": Level.CLOSED})))
    collected(licscan, "a.json")
    refused = licscan("scan", "--replay", "1", "--db", "audit.db")
    assert (refused.code, "was collected from reports" in refused.err) == (2, True)
    done = licscan("scan", folder, "--offline", "--db", "audit.db", "--format", "json")
    assert json.loads(done.out)["models"][0]["level"] != "closed"


def test_reports_of_a_gate_are_collected(licscan: Licscan, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `licscan check` writes is read, with the repository that the pipeline is for."""
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/pay")
    write("tree/app.py", "M.from_pretrained('a/b')\n")
    assert licscan("check", "tree", "--format", "json", "--output", "check.json").code == 1
    made = collected(licscan, "check.json")
    assert [(one.rule, one.path) for one in made.findings] == [("lock-missing", "acme/pay/tree/licscan.lock")]
    assert [(one.path, str(one.ref)) for one in made.mentions] == [("acme/pay/tree/app.py", "hf:a/b")]


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: (
    st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["tool", "models", "findings", "summary", "created", "schema_version"]) | st.text(), inner, max_size=4)
), max_leaves=8))  # fmt: skip
def test_whatever_is_given_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: object) -> None:
    """Any JSON is a report or a trouble that names its file and what to do."""
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(data))
    found = gather([Named(None, path)])
    assert len(found.sources) + len(found.troubles) == 1
    assert all(one.where == str(path) and one.remedy for one in found.troubles)

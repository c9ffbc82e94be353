"""The database: what is saved comes back, survives a kill, and is refused in words when it cannot be used."""

import contextlib
import datetime
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select

from licscan.errors import StoreError, UsageError
from licscan.model import Assessment, Evidence, Finding, Gap, GapId, LicenseText, Loaded, Mention, ModelRef
from licscan.rulebook import Rulebook
from licscan.scan import Scan, Settings
from licscan.store import Store, open_database
from licscan.store.database import HEAD
from licscan.store.process import is_running
from licscan.store.tables import ASSESSMENTS, EVIDENCE, METADATA, RUN_MODELS, RUNS
from tests.conftest import Licscan, process, safetensors

NOW = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
Make = Callable[..., Path]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server of this session's own; Debian keeps its programs off the path."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip("no PostgreSQL server in /usr/lib/postgresql")
    with tempfile.TemporaryDirectory(prefix="licscan-") as folder:  # pytest keeps its own to the user who runs it
        yield from _serve(programs[-1], Path(folder))


def _serve(programs: Path, folder: Path) -> Iterator[str]:
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses root
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    subprocess.run([*as_user, programs / "initdb", "-D", data, "-A", "trust", "-U", "licscan"], check=True, capture_output=True, cwd=folder)  # fmt: skip
    server = subprocess.Popen([*as_user, programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-F"], cwd=folder, stderr=subprocess.DEVNULL)  # fmt: skip
    url = f"postgresql://licscan@/postgres?host={folder}"
    for _ in range(100):
        if (folder / ".s.PGSQL.5432").exists():
            break
        time.sleep(0.1)
    yield url
    server.send_signal(signal.SIGINT)
    server.wait(20)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind."""
    if request.param == "sqlite":
        return str(tmp_path / "runs.db")
    url: str = request.getfixturevalue("postgresql")
    engine = open_database(url)
    with engine.begin() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(table.delete())
    engine.dispose()
    return url


Open = Callable[[str], Store]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Open databases that are closed when the test ends."""
    with contextlib.ExitStack() as stack:
        yield lambda place: stack.enter_context(Store(place))


def assessed(rules: Rulebook, *refs: str) -> list[tuple[Loaded, Assessment]]:
    seen = Scan(rules, Settings(offline=True)).look([ModelRef.parse(ref) for ref in refs])
    return [(one.loaded, one.assessment) for one in seen]


def finding(number: int) -> Finding:
    return Finding(
        rule="conflict", severity="error", model=ModelRef.parse("a/b"), message=f"finding {number}", remedy="mend it",
        path="x.py", line=number, evidence=Evidence(source="test", path="y", lines=(1, 2), quote="q\0"), fingerprint=f"{number:064x}",
    )  # fmt: skip


def test_what_is_saved_comes_back(place: str, rules: Rulebook, make_model: Make, opened: Open) -> None:
    """A run is read back as it was saved: assessments in order, mentions, gaps, findings with their evidence."""
    folder = make_model(card="---\nlicense: gemma\nbase_model: meta-llama/Llama-3.1-8B\n---\n", LICENSE="terms\0")
    seen = assessed(rules, f"file:{folder}", "google/gemma-2-2b-it", "no/body")
    store = opened(place)
    run = store.begin(["x"], "/here", rules.version, NOW)
    for position, (loaded, assessment) in enumerate(seen):
        store.save(run, position, loaded, assessment, findings=[finding(position)] if position else [])
    mentions = [Mention(path="a.py", line=1, ref=ModelRef.parse("a/b"))]
    gaps = [Gap(id=GapId.FILE_UNREADABLE, what="w", why="y")]
    store.finish(run, NOW, len(seen), mentions=mentions, gaps=gaps)
    report = store.load()
    assert list(report.models) == [assessment for _, assessment in seen]
    assert (list(report.mentions), list(report.gaps), report.run, report.created) == (mentions, gaps, run, NOW)
    assert [found.message for found in report.findings] == ["finding 1", "finding 2"]
    assert report.findings[0].evidence is not None
    assert report.findings[0].evidence.lines == (1, 2)
    first = seen[0][0].model
    kept = store.known(first.ref)
    assert kept is not None
    assert kept.model_copy(update={"texts": first.texts}) == first
    assert [text.sha256 for text in kept.texts] == [text.sha256 for text in first.texts]


def test_the_same_is_kept_once(place: str, rules: Rulebook, opened: Open) -> None:
    """A second run that finds the same adds a run, and no second copy of anything."""
    seen = assessed(rules, "google/gemma-2-2b-it")
    store = opened(place)
    for _ in range(2):
        run = store.begin(["x"], "/here", rules.version, NOW)
        store.save(run, 0, *seen[0])
        store.finish(run, NOW, 1)
    engine = open_database(place)
    with engine.connect() as connection:
        counts = [
            connection.execute(select(func.count()).select_from(table)).scalar()
            for table in (RUNS, RUN_MODELS, ASSESSMENTS)
        ]
        doubles = connection.execute(
            select(EVIDENCE.c.digest).group_by(EVIDENCE.c.digest).having(func.count() > 1)
        ).all()
    engine.dispose()
    assert counts == [2, 2, 1]
    assert doubles == []


def test_history_tells_the_runs_of_a_model(place: str, rules: Rulebook, opened: Open) -> None:
    """Every run that looked at a model, oldest first, with what it found; nothing is a usage error."""
    store = opened(place)
    for _ in range(2):
        run = store.begin(["x"], "/here", rules.version, NOW)
        store.save(run, 0, *assessed(rules, "google/gemma-2-2b-it")[0])
        store.finish(run, NOW, 1)
    episodes = store.history(ModelRef.parse("google/gemma-2-2b-it"))
    assert [(episode.level, episode.license) for episode in episodes] == [("restrictive", "LicenseRef-gemma")] * 2
    with pytest.raises(UsageError, match="no run has looked at it"):
        store.history(ModelRef.parse("no/body"))
    with pytest.raises(UsageError, match="no such run"):
        store.load(99)


def test_migrations_make_the_tables(place: str) -> None:
    """What the migrations make is what the tables say; their newest number is the one that is asked for."""
    engine = open_database(place)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, METADATA) == []
        assert context.get_current_revision() == HEAD
    engine.dispose()
    versions = (Path(__file__).parent.parent / "licscan" / "store" / "migrations" / "versions").glob("*.py")
    assert max(file.name[:4] for file in versions) == HEAD


def test_texts_are_kept_once_and_come_back(tmp_path: Path, rules: Rulebook, opened: Open) -> None:
    """The text of a license file is kept by its digest, beside every model that has it."""
    store = opened(str(tmp_path / "x.db"))
    run = store.begin(["x"], "/here", rules.version, NOW)
    text = LicenseText(
        path="LICENSE",
        kind="license",
        sha256="ab" * 32,
        text="some terms",
        evidence=Evidence(source="folder", path="LICENSE"),
    )
    for number in range(2):
        loaded, assessment = assessed(rules, f"a/b{number}")[0]
        model = loaded.model.model_copy(update={"texts": (text,), "ref": loaded.model.ref.at("r")})
        store.save(run, number, Loaded(model), assessment)
    kept = store.known(ModelRef.parse("a/b1@r"))
    assert kept is not None
    assert kept.texts == (text,)
    with contextlib.closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        assert len(connection.execute("SELECT * FROM texts").fetchall()) == 1


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.write_text("this is no database, it is a text " * 100), "file is not a database"),
        (lambda path: path.mkdir(), "unable to open database file"),
        (lambda path: path.parent.joinpath("below").mkdir() or path.symlink_to("/proc/none/x"), "unable to open"),
    ],
)
def test_a_place_that_is_no_database_is_said(tmp_path: Path, make: Callable[[Path], object], says: str) -> None:
    """Another file, a folder, an impossible path: one line with what, where, and what to do."""
    path = tmp_path / "x.db"
    make(path)
    with pytest.raises(StoreError, match=says) as refused:
        Store(str(path))
    assert str(path) in refused.value.where
    assert "--db" in refused.value.remedy


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense://x", "postgresql://nobody@127.0.0.1:1/x"])
def test_a_url_that_leads_nowhere_is_said(url: str) -> None:
    """Unknown databases and servers that do not answer are said with what to do."""
    with pytest.raises(StoreError) as refused:
        Store(url)
    assert refused.value.remedy


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    """A database of a newer version is neither read nor changed."""
    path = tmp_path / "x.db"
    Store(str(path)).close()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="written by a newer licscan"):
        Store(str(path))


def test_a_read_only_database_is_said(tmp_path: Path, rules: Rulebook, opened: Open) -> None:
    """A database that may not be written says so when something is to be saved."""
    path = tmp_path / "x.db"
    Store(str(path)).close()
    store = opened(f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(StoreError, match="readonly") as refused:
        store.begin(["x"], "/here", rules.version, NOW)
    assert "--db" in refused.value.remedy


def test_passwords_are_not_shown() -> None:
    """A URL in a message hides its password."""
    with pytest.raises(StoreError) as refused:
        Store("postgresql://ann:secret@127.0.0.1:1/x")
    assert "secret" not in str(refused.value)


def test_memory_keeps_nothing(rules: Rulebook, opened: Open) -> None:
    """`sqlite://` works for a single run, and remembers nothing."""
    store = opened("sqlite://")
    run = store.begin(["x"], "/here", rules.version, NOW)
    seen = assessed(rules, "google/gemma-2-2b-it")[0]
    store.save(run, 0, *seen)
    store.finish(run, NOW, 1)
    assert list(store.load().models) == [seen[1]]
    assert store.known(seen[0].model.ref) is None


def test_scans_of_one_database_at_once_all_succeed(place: str, tmp_path: Path) -> None:
    """Four scans that write the same models at the same time, into a database that none has made yet: each is done."""
    for number in range(60):
        folder = tmp_path / "models" / f"m{number:03}"
        folder.mkdir(parents=True)
        (folder / "README.md").write_text(f"---\nlicense: {('mit', 'gemma', 'cc-by-4.0')[number % 3]}\n---\n")
    command = [
        sys.executable,
        "-m",
        "licscan",
        "scan",
        str(tmp_path / "models"),
        "--db",
        place,
        "-q",
        "--format",
        "json",
    ]
    running = [
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(4)
    ]
    outcomes = [(one.communicate()[1], one.returncode) for one in running]
    assert outcomes == [("", 0)] * 4
    engine = open_database(place)
    with engine.connect() as connection:
        counts = connection.execute(select(RUN_MODELS.c.run_id, func.count()).group_by(RUN_MODELS.c.run_id)).all()
    engine.dispose()
    assert sorted(count for _, count in counts) == [60] * len(counts)


def test_a_resumed_run_holds_only_what_it_looked_at(tmp_path: Path, rules: Rulebook, opened: Open) -> None:
    """What a killed attempt had saved beyond the models of the attempt that finishes is no part of the run."""
    store = opened(str(tmp_path / "x.db"))
    run = store.begin(["x"], "/here", rules.version, NOW)
    for number in range(5):
        store.save(run, number, *assessed(rules, f"a/b{number}")[0])
    assert store.begin(["x"], "/here", rules.version, NOW) == run
    store.save(run, 0, *assessed(rules, "a/b4")[0])
    store.finish(run, NOW, 1)
    assert [str(model.ref) for model in store.load(run).models] == ["hf:a/b4"]
    assert store.begin(["x"], "/here", rules.version, NOW) != run


def test_a_run_that_is_being_made_was_not_killed(
    tmp_path: Path, rules: Rulebook, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same request while another process is still at it is another run."""
    store = opened(str(tmp_path / "x.db"))
    monkeypatch.setattr("licscan.store.store.this_process", lambda: f"{socket.gethostname()}:{os.getppid()}")
    run = store.begin(["x"], "/here", rules.version, NOW)
    monkeypatch.undo()
    assert store.begin(["x"], "/here", rules.version, NOW) != run
    assert not is_running(f"{socket.gethostname()}:999999999")
    assert not is_running("elsewhere:1")
    assert not is_running("nonsense")


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    """A database with other tables is refused, and nothing is added to it."""
    path = tmp_path / "other.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    with pytest.raises(StoreError, match="another program's"):
        Store(str(path))
    assert _asked(path, "SELECT name FROM sqlite_master") == [("theirs",)]


def test_reading_needs_no_right_to_write(tmp_path: Path, rules: Rulebook, opened: Open) -> None:
    """What is only read is not written: a read-only database tells its history, and a missing one is not made."""
    path = tmp_path / "x.db"
    store = opened(str(path))
    run = store.begin(["x"], "/here", rules.version, NOW)
    store.save(run, 0, *assessed(rules, "a/b")[0])
    store.finish(run, NOW, 1)
    store.close()
    path.chmod(0o444)
    with Store(f"sqlite:///file:{path}?mode=ro&uri=true", to_write=False) as reader:
        assert len(reader.history(ModelRef.parse("a/b"))) == 1
    with pytest.raises(StoreError, match="no such database"):
        Store(str(tmp_path / "none.db"), to_write=False)
    assert not (tmp_path / "none.db").exists()


def test_a_killed_run_keeps_what_it_saved_and_is_finished(tmp_path: Path) -> None:
    """SIGKILL in the middle loses nothing that was saved; the same command finishes that very run, each model once."""
    for number in range(300):
        folder = tmp_path / "models" / f"m{number:03}"
        folder.mkdir(parents=True)
        (folder / "README.md").write_text("---\nlicense: mit\n---\n")
        (folder / "model.safetensors").write_bytes(safetensors())
    database = tmp_path / "x.db"
    command = [
        sys.executable,
        "-m",
        "licscan",
        "scan",
        str(tmp_path / "models"),
        "--db",
        str(database),
        "-q",
        "--format",
        "json",
    ]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    saved = 0
    for _ in range(12_000):  # a minute, for a machine that is busy
        saved = _saved(database)
        if saved >= 20 or running.poll() is not None:
            break
        time.sleep(0.005)
    running.kill()
    running.wait()
    assert 20 <= _saved(database) < 300
    assert _asked(database, "SELECT finished FROM runs") == [(None,)]
    again = process("scan", tmp_path / "models", "--db", database, "-q", "--format", "json")
    assert (again.returncode, again.stderr) == (0, "")
    assert _asked(database, "SELECT id, finished IS NOT NULL FROM runs") == [(1, 1)]
    assert _asked(database, "SELECT count(*), count(DISTINCT assessment_id) FROM run_models") == [(300, 300)]
    assert _asked(database, "PRAGMA integrity_check") == [("ok",)]


def _asked(database: Path, query: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def _saved(database: Path) -> int:
    try:
        return int(str(_asked(database, "SELECT count(*) FROM run_models")[0][0])) if database.exists() else 0
    except sqlite3.OperationalError:
        return 0


def test_what_another_release_kept_in_other_words(tmp_path: Path, licscan: Licscan) -> None:
    """Scan goes on with a gap, history and audit say what cannot be compared; an audit of that run says what to do."""
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "README.md").write_text("---\nlicense: mit\n---\n")
    database = tmp_path / "kept.db"
    model = tmp_path / "model"
    assert licscan("scan", "--db", database, model).code == 0
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE assessments SET document = json_set(document, '$.datasets', json_array('squad'))")
    old = licscan("audit", "--db", database)
    assert (old.code, "another release" in old.err, "scan the model again" in old.err) == (2, True, True)
    again = licscan("scan", "--db", database, model, "--format", "json")
    assert (again.code, "earlier-not-compared" in again.out) == (0, True)
    assert "another release" in licscan("history", "--db", database, f"file:{model}").out
    assert "another release" in licscan("audit", "--db", database, "--since", "1", "--format", "markdown").out

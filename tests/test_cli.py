"""The command line as its users call it: targets, exit codes, and one clear line for every kind of trouble."""

import contextlib
import io
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from licscan import scan
from licscan.commands import COMMANDS
from licscan.model import Loaded, ModelRef, Pin
from licscan.rulebook import Rulebook
from licscan.sources.folder import FolderSource
from tests.conftest import ROOT, Licscan, process

Make = Callable[..., Path]


def models(out: str) -> list[str]:
    return [model["ref"].partition("@")[0] for model in json.loads(out)["models"]]


def test_scans_references_folders_and_trees(
    licscan: Licscan, make_model: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """References, a folder, a file, a source tree: each target gives its models, each model once."""
    monkeypatch.chdir(tmp_path)
    make_model("models/one")
    (tmp_path / "app.py").write_text(
        "A.from_pretrained('google/gemma-2-2b-it')\nA.from_pretrained('google/gemma-2-2b-it')\n"
    )
    done = licscan("scan", "google/gemma-2-2b-it", "models", "app.py", ".", "api:openai/gpt-4o", "--format", "json")
    assert (done.code, done.err) == (0, "")
    assert models(done.out) == ["hf:google/gemma-2-2b-it", "file:models/one", "api:openai/gpt-4o"]
    assert [mention["line"] for mention in json.loads(done.out)["mentions"]] == [1, 2, 1, 2]


def test_reads_targets_from_standard_input(licscan: Licscan, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` stands for the lines of standard input; blank lines and comments are none."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("a/b\n\n# comment\nc/d  # why\n"))
    assert models(licscan("scan", "-", "--format", "json").out) == ["hf:a/b", "hf:c/d"]


@pytest.mark.parametrize(
    ("targets", "code", "line"),
    [
        (["foo:bar"], 2, "'foo:bar': unknown kind of reference"),
        (["not a name"], 2, "'not a name': no such file or folder"),
        (["./nowhere"], 2, "'./nowhere': no such file or folder"),
        (["hf:a--b"], 2, "not a name that the Hub allows"),
        (["hf:x\x1b[31m"], 2, "'hf:x\\x1b[31m': control characters in a reference"),
        (["notes.txt"], 2, "'notes.txt': neither weights nor a source file"),
        (["empty"], 4, ""),
        (["broken.py"], 4, ""),
    ],
)
def test_trouble_with_a_target_is_one_line(
    licscan: Licscan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, targets: list[str], code: int, line: str
) -> None:
    """What, where, what to do, and the right exit code; nothing to look at is 4."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "broken.py").write_text("from_pretrained(")
    (tmp_path / "empty").mkdir()
    done = licscan("scan", *targets)
    assert done.code == code
    assert line in done.err
    assert done.err.count("\n") == bool(line)
    assert "\x1b" not in done.err


def test_the_other_models_are_done_all_the_same(licscan: Licscan, make_model: Make, tmp_path: Path) -> None:
    """A target that means nothing costs only itself: the others are printed and kept, and the exit code says so."""
    make_model("good")
    database = tmp_path / "x.db"
    done = licscan("scan", "foo:bar", tmp_path / "good", "hf:", "a/b", "--format", "json", "--db", database)
    assert done.code == 2
    assert len(models(done.out)) == 2
    assert done.err.count("licscan: ") == 2
    with contextlib.closing(sqlite3.connect(database)) as connection:
        assert len(connection.execute("SELECT * FROM run_models").fetchall()) == 2


def test_strict_fails_on_what_could_not_be_looked_at(licscan: Licscan, make_model: Make) -> None:
    """With --strict something unread is 3; a model that states nothing is not: it was looked at."""
    assert licscan("scan", make_model("whole"), "--strict").code == 0
    assert licscan("scan", make_model("silent", card="---\nlanguage: en\n---\n"), "--strict").code == 0
    assert licscan("scan", make_model("torn", model__gguf=b"GGUF"), "--strict").code == 3
    assert licscan("scan", "a/b", "--strict").code == 3
    assert licscan("scan", "a/b").code == 0
    assert licscan("scan", "a/b", "foo:bar", "--strict").code == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["scan"], "give targets, or --replay"),
        (["scan", "a/b", "--replay", "1"], "give targets, or --replay"),
        (["scan", "a/b", "--since", "yesterday"], "does not match"),
        (["scan", "https://example.com/a/b"], "no page of a model"),
        (["scan", "a/b", "--format", "pdf"], "pdf"),
        (["scan", "a/b", "--nonsense"], "nonsense"),
        (["nonsense"], "No such command"),
        (["scan", "a/b", "--jobs", "0"], "not in the range"),
        (["scan", "a/b", "--output", "/nowhere/x.json"], "no such file or directory"),
        (["scan", "a/b", "--db", "/nowhere/x.db"], "unable to open database file"),
        (["scan", "a/b", "--db", "mysql://x"], "no database that licscan writes"),
        (["history", "no/body"], "no such database"),
        (["scan", ""], "an empty target"),
        (["scan", "file:nowhere"], "no such file or folder"),
        (["scan", "./" + "a" * 5000], "file name too long"),
        (["scan", "a/b", "--db", "sqlite:x"], "half a URL"),
        (["scan", "a/b", "--db", "postgresql://u:secret@host:notaport/l"], "notaport"),
        (["history", "foo:"], "unknown kind of reference"),
    ],
)
def test_a_wrong_call_is_two(licscan: Licscan, arguments: list[str], says: str) -> None:
    """A wrong option, place or name says so on standard error and leaves with 2, nothing on standard output."""
    done = licscan(*arguments)
    assert done.code == 2
    assert says in done.err
    assert done.out == "" or "output" in " ".join(arguments)


def test_writes_to_a_file(licscan: Licscan, tmp_path: Path) -> None:
    """--output takes the report, and standard output stays empty."""
    done = licscan("scan", "a/b", "--format", "json", "--output", tmp_path / "r.json")
    assert (done.code, done.out) == (0, "")
    assert models((tmp_path / "r.json").read_text()) == ["hf:a/b"]


def test_the_database_is_the_users_own_by_default(
    licscan: Licscan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --db the run is kept in the user's data folder, never in the working tree; LICSCAN_DB names another."""
    monkeypatch.chdir(tmp_path)
    licscan("scan", "a/b")
    assert (tmp_path / "data" / "licscan" / "licscan.db").exists()
    monkeypatch.setenv("LICSCAN_DB", str(tmp_path / "mine.db"))
    licscan("scan", "a/b")
    assert (tmp_path / "mine.db").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "mine.db"]


def test_history_shows_what_changed(licscan: Licscan, make_model: Make) -> None:
    """Every run of a model with revision, level and license, and what changed since the one before."""
    folder = make_model()
    licscan("scan", folder)
    licscan("scan", folder)
    make_model(card="---\nlicense: cc-by-nc-4.0\n---\n")
    licscan("scan", folder)
    done = licscan("history", f"file:{folder}")
    lines = done.out.splitlines()
    assert done.code == 0
    assert "permissive-open-weights  MIT" in lines[0]
    assert "changed" not in lines[1]
    assert lines[2].endswith("restrictive  CC-BY-NC-4.0  changed: revision, level, license")
    assert "    license: MIT -> CC-BY-NC-4.0" in lines[3:]
    assert "    level-lowered: permissive-open-weights -> restrictive" in lines[3:]
    assert "    clause new: non-commercial" in lines[3:]
    episodes = json.loads(licscan("history", f"file:{folder}", "--format", "json").out)
    assert [episode["license"] for episode in episodes] == ["MIT", "MIT", "CC-BY-NC-4.0"]


def test_history_of_a_relative_path_is_of_this_folder(
    licscan: Licscan, make_model: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same relative path in another folder is another model."""
    for place, license_ in (("a", "mit"), ("b", "gemma")):
        make_model(f"{place}/model", card=f"---\nlicense: {license_}\n---\n")
        monkeypatch.chdir(tmp_path / place)
        licscan("scan", "model", "--db", tmp_path / "x.db")
    shown = licscan("history", "file:model", "--db", tmp_path / "x.db").out
    assert shown.count("\n") == 1
    assert "LicenseRef-gemma" in shown


def test_unchanged_models_are_not_read_again(
    licscan: Licscan, make_model: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the database holds at a revision is not loaded again, unless --refresh asks for it."""
    folder = make_model()
    first = licscan("scan", folder, "--format", "json").out
    loads: list[ModelRef] = []
    load = FolderSource.load

    def counted(self: FolderSource, pin: Pin) -> Loaded:
        loads.append(pin.ref)
        return load(self, pin)

    monkeypatch.setattr(FolderSource, "load", counted)
    second = licscan("scan", folder, "--format", "json").out
    assert loads == []
    assert json.loads(first)["models"] == json.loads(second)["models"]
    licscan("scan", folder, "--refresh")
    assert len(loads) == 1


def test_a_fault_with_one_model_costs_that_model(
    licscan: Licscan, make_model: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of ours with one model is a gap in its assessment; the others are done."""
    good, bad = make_model("good"), make_model("bad")
    load = FolderSource.load

    def fails(self: FolderSource, pin: Pin) -> Loaded:
        if "bad" in str(pin.ref):
            raise KeyError("oops")
        return load(self, pin)

    monkeypatch.setattr(FolderSource, "load", fails)
    done = licscan("scan", good, bad, "--format", "json")
    assert done.code == 0
    first, second = json.loads(done.out)["models"]
    assert first["level"] == "permissive-open-weights"
    assert [gap["id"] for gap in second["gaps"]] == ["failed", "artefacts-not-established"]
    assert "KeyError" in second["gaps"][0]["why"]


HOSTILE = {
    "broken-yaml": "---\nlicense: [mit\n---\n",
    "merge-markers": "---\n<<<<<<< HEAD\nlicense: mit\n=======\nlicense: gpl-3.0\n>>>>>>> x\n---\n",
    "aliases": "---\nlicense: mit\na: &a [1]\nb: [" + "*a," * 350_000 + "]\n---\n",
    "brackets": "---\nlicense: mit\nx: " + "[" * 50_000 + "\n---\n",
    "never-closed": "---\nlicense: mit\n",
    "binary": "---\nlicense: mit\nx: \x00\x07\n---\n",
}


def test_hostile_cards_cost_only_themselves(licscan: Licscan, make_model: Make, tmp_path: Path) -> None:
    """Broken YAML, merge markers, a megabyte of aliases, 50,000 brackets, a card of 50 MB: one line each, the others done."""
    for name, card in HOSTILE.items():
        make_model(f"models/{name}", card=card)
    make_model("models/enormous", card="---\nlicense: mit\n---\n" + "word " * 10_000_000)
    make_model("models/good")
    database = tmp_path / "x.db"
    done = licscan("scan", tmp_path / "models", "--db", database, "--format", "json")
    assert (done.code, done.err) == (0, "")
    found = {Path(model["name"]).name: model for model in json.loads(done.out)["models"]}
    assert found.keys() == {*HOSTILE, "enormous", "good"}
    for name in HOSTILE:
        (why,) = [gap["why"] for gap in found[name]["gaps"] if gap["id"] == "card-broken"]
        assert why.startswith("README.md: ")
        assert "\n" not in why
        assert found[name]["license"]["claims"], name
    assert "card-truncated" in {gap["id"] for gap in found["enormous"]["gaps"]}
    assert found["good"]["license"]["id"] == "mit"
    assert found["merge-markers"]["conflicts"]
    assert licscan("scan", tmp_path / "models", "--db", database, "--strict").code == 3
    shown = licscan("scan", tmp_path / "models", "--db", database).out
    assert "card-broken (6): what the card's front matter says beyond single lines; mend the front matter" in " ".join(
        shown.split()
    )


def test_names_with_control_characters_are_shown_escaped(licscan: Licscan, make_model: Make, tmp_path: Path) -> None:
    """A folder whose name holds an escape is scanned like any other, and shown without obeying it."""
    make_model("evil\x1b[31m\u202e")
    done = licscan("scan", tmp_path, "-v")
    assert done.code == 0
    assert "evil\\x1b[31m\\u202e" in done.out.replace("\n", "").replace(" ", "")
    assert not {"\x1b", "\u202e"} & set(done.out)


def test_a_read_only_folder_can_be_scanned(make_model: Make, tmp_path: Path) -> None:
    """Nothing is written where the models lie."""
    folder = make_model()
    before = sorted(folder.rglob("*"))
    folder.chmod(0o555)
    done = process("scan", folder, "--db", tmp_path / "x.db", cwd=folder)
    folder.chmod(0o755)
    assert done.returncode == 0
    assert sorted(folder.rglob("*")) == before


def test_an_interrupt_says_what_is_kept(licscan: Licscan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Ctrl-C leaves with 130 and says that the same command goes on, and what was found until then is kept."""
    look = scan.Scan._look  # noqa: SLF001 - interrupted in the middle of its work

    def interrupted(self: scan.Scan, item: tuple[int, ModelRef]) -> scan.Seen:
        if item[1].name == "c/d":
            raise KeyboardInterrupt
        return look(self, item)

    monkeypatch.setattr(scan.Scan, "_look", interrupted)
    done = licscan("scan", "a/b", "c/d", "--jobs", 1, "--db", tmp_path / "x.db")
    assert done.code == 130
    assert "goes on from there" in done.err
    with contextlib.closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        assert len(connection.execute("SELECT * FROM run_models").fetchall()) == 1
    monkeypatch.setattr(scan.Scan, "_look", look)
    assert licscan("scan", "a/b", "c/d", "--db", tmp_path / "x.db").code == 0
    with contextlib.closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        assert connection.execute("SELECT count(*), min(finished) IS NOT NULL FROM runs").fetchone() == (1, 1)


def test_a_wrong_rule_base_is_two(licscan: Licscan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A rule base that is broken or missing ends the command with what is wrong."""
    monkeypatch.setattr("licscan.rulebook.compiled.shipped", lambda: tmp_path)
    done = licscan("scan", "a/b")
    assert done.code == 2
    assert "rules/levels/freedom.yaml: is missing" in done.err


def test_help_needs_no_more_than_click() -> None:
    """`licscan --help` imports neither pydantic nor SQLAlchemy nor any command."""
    code = (
        "import sys; from licscan import cli\ntry: cli.main(['--help'])\nexcept SystemExit: print(sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].strip("[]").replace("'", "").split(", "))
    assert (
        not {"pydantic", "sqlalchemy", "yaml", "rich", "licscan.commands.scan", "licscan.model", "importlib.metadata"}
        & loaded
    )


def test_the_table_of_commands_is_that_of_the_modules() -> None:
    """Every command of the table is a module, every module a command, and its help begins with the table's line."""
    from licscan.cli import licscan as group

    helpers = {"__init__", "options", "output", "progress", "runs", "scoring", "subjects"}
    beside = {file.stem for file in (ROOT / "licscan" / "commands").glob("*.py")} - helpers
    assert beside == set(COMMANDS)
    for name, line in COMMANDS.items():
        found = group.get_command(None, name)  # type: ignore[arg-type]
        assert found is not None
        assert (found.help or "").startswith(line)
        assert "Examples:" in (found.help or "")


def test_the_version_is_shown(licscan: Licscan) -> None:
    """`--version` names the program and its version."""
    assert licscan("--version").out.startswith("licscan 0.")


def test_output_that_cannot_be_written_is_said(make_model: Make, tmp_path: Path) -> None:
    """A full disk or a closed pipe ends the command with one line at most, and never with 1."""
    folder = make_model()
    command = f"{sys.executable} -m licscan scan {folder} --db {tmp_path / 'x.db'}"
    for form in ("terminal", "json"):
        full = subprocess.run(
            f"{command} --format {form} > /dev/full", shell=True, capture_output=True, text=True, check=False
        )
        assert (full.returncode, full.stderr.count("\n")) == (2, 1), full.stderr
        assert "no space left" in full.stderr
        closed = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {command} --format {form} -v | true"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert closed.returncode in {0, 141}
        assert closed.stderr == ""


def test_any_encoding_of_the_terminal_will_do(make_model: Make, tmp_path: Path) -> None:
    """A terminal that knows ASCII alone gets escapes, JSON is UTF-8 everywhere."""
    folder = make_model(card="---\nlicense: llama3.1\n---\n")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "licscan", "scan", str(folder), "-v", "--db", str(tmp_path / "x.db")]
    outputs = []
    for form in ("terminal", "json"):
        done = subprocess.run([*command, "--format", form], capture_output=True, env=environment, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
        outputs.append(done.stdout)
    assert outputs[0].isascii()
    assert r"\xa9" in outputs[0].decode()
    assert "©" in outputs[1].decode()


def test_needs_no_home(make_model: Make, tmp_path: Path) -> None:
    """Without a home folder a scan works with --db, and without it says what to do."""
    folder = make_model()
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("HOME", "XDG"))}
    environment |= {"HOME": "/nonexistent"}
    command = [sys.executable, "-m", "licscan", "scan", str(folder)]
    done = subprocess.run([*command, "--db", str(tmp_path / "x.db")], capture_output=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_progress_is_for_people_who_watch(licscan: Licscan, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a bar is shown on standard error and taken away; -q shows none."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert licscan("scan", "a/b", "-q").err == ""
    assert "1/1" in licscan("scan", "a/b").err
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    assert licscan("scan", "a/b").err == ""


def test_runs_as_a_module_from_anywhere(tmp_path: Path, rules: Rulebook) -> None:
    """`python -m licscan` works from another folder and finds its rules."""
    done = process("scan", "google/gemma-2-2b-it", "--format", "json", "--db", tmp_path / "x.db", cwd=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout)["tool"]["rules"] == rules.version


@pytest.mark.parametrize("call", [("check", "."), ("license", "mit"), ("rules", "list"), ("policy", "list")])
def test_every_command_can_be_told_to_stay_offline(
    licscan: Licscan, call: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that asks no network takes --offline all the same."""
    monkeypatch.chdir(tmp_path)
    assert licscan(*call, "--offline").code == 0

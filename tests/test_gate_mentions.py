"""Which models a tree names, as the gate sees it: the same as a scan does, each file read once while it stays as it is."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from licscan import targets
from licscan.gate.mentions import Comment, search
from licscan.model import Mention

CODE = "M.from_pretrained('a/b')\n"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "app.py": CODE + "M.from_pretrained('c/d', revision='v1')\n",
        "pkg/more.py": CODE,
        "notes.txt": "# licscan: ignore[level-unknown] nothing is searched here\n",
        "site/lib/x.py": CODE,
        "site/lib-1.dist-info/RECORD": "lib/x.py,,\nlib-1.dist-info/RECORD,,\n",
        "site/lib-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: lib\nVersion: 1\n",
        ".venv/x.py": CODE,
        "bad.py": "\0",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_the_gate_finds_what_a_scan_finds(tree: Path) -> None:
    """Same mentions, same files left out, same files that could not be read."""
    found = search([tree], tree)
    scanned = [one for one in targets.named(tree) if isinstance(one, Mention)]
    assert sorted((one.path, one.line, one.ref) for one in found.places) == sorted(
        (one.path, one.line, str(one.ref)) for one in scanned
    )
    assert {one.path for one in found.places} == {"app.py", "pkg/more.py"}
    assert [one.path for one in found.unread] == ["bad.py"]


def kept_in(cache: Path) -> dict[str, Any]:
    files = list(cache.glob("*.json"))
    return dict(json.loads(files[0].read_text())) if files else {"files": {}}


def test_a_file_is_read_once_while_it_stays_as_it_is(tree: Path, tmp_path: Path) -> None:
    """What is kept answers for the same size and times, and for nothing else."""
    cache = tmp_path / "kept"
    for path in tree.rglob("*.py"):
        os.utime(path, (1e9, 1e9))
    first = search([tree], tree, cache=cache)
    while str(tree / "app.py") not in kept_in(cache)["files"]:  # not before its times can tell
        first = search([tree], tree, cache=cache)
    kept = kept_in(cache)
    for entry in kept["files"].values():
        entry[3] = [[7, "hf", "kept/answer", None]] if entry[3] else entry[3]
    (place,) = cache.glob("*.json")
    place.write_text(json.dumps(kept))
    assert {one.ref for one in search([tree / "app.py"], tree, cache=cache).places} == {"hf:kept/answer"}
    assert kept_in(cache)["files"].keys() == kept["files"].keys()  # one file asks, and nothing else is forgotten
    (tree / "app.py").write_text(CODE)
    assert [one.ref for one in search([tree / "app.py"], tree, cache=cache).places] == ["hf:a/b"]
    for broken in ("", "[]", '{"files": 1}', "\0"):
        place.write_text(broken)
        assert search([tree], tree, cache=cache).places != []
    assert first.places


def test_a_hook_sees_what_the_tree_sees(tree: Path) -> None:
    """A file by itself is read with the constants of its tree, and left alone where the tree leaves it alone."""
    (tree / "names.py").write_text("NAME = 'e/f'\n")
    (tree / "use.py").write_text("from names import NAME\nM.from_pretrained(NAME)\n")
    (tree / "vendor").mkdir()
    (tree / "vendor/x.py").write_text(CODE)
    alone = search([tree / "use.py", tree / "vendor/x.py", tree / ".venv/x.py"], tree)
    assert [(one.path, one.ref) for one in alone.places] == [("use.py", "hf:e/f")]
    assert alone.excluded == 2
    whole = search([tree], tree)
    assert ("use.py", "hf:e/f") in [(one.path, one.ref) for one in whole.places]
    assert whole.vendored


def test_documents_may_speak_of_comments(tree: Path) -> None:
    """In prose, what stands beside no model is no comment on one."""
    (tree / "doc.md").write_text("Write `licscan: ignore[level-unknown] reason`, or `licscan: ignore`.\n")
    assert search([tree / "doc.md"], tree).comments == []


def test_comments_are_read_with_their_rules_and_reasons(tree: Path) -> None:
    """A comment is kept with its line, wherever it stands in a file that is searched."""
    (tree / "app.py").write_text(
        "M.from_pretrained('a/b')  # licscan: ignore[level-unknown, not-locked] a demo\n"
        "M.from_pretrained('c/d')  # licscan: ignore\n"
        "x = 1  # licscan: ignore[threshold]: nobody is here\n"
    )
    found = search([tree / "app.py"], tree)
    assert [one.ref for one in found.places] == ["hf:a/b"]
    assert found.comments == [
        Comment("app.py", 1, ("level-unknown", "not-locked"), "a demo"),
        Comment("app.py", 2, (), ""),
        Comment("app.py", 3, ("threshold",), "nobody is here"),
    ]
    assert search([tree / "notes.txt"], tree).comments == []


def test_what_is_left_out_is_counted(tree: Path) -> None:
    """Patterns are relative to the folder of the lock."""
    found = search([tree], tree, exclude=("pkg/*",))
    assert {one.path for one in found.places} == {"app.py"}
    assert found.excluded == 1


def test_everything_that_was_searched_is_accounted_for(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are counted once, however often they are asked for; what is left out and what others wrote is told apart."""
    monkeypatch.chdir(tree.parent)
    names = {
        "cfg/model.yaml": "model: ./weights/x.gguf\n",
        "cfg/weights/x.gguf": "GGUF",
        "pkg/b.py": CODE,
        "vendor/v.py": CODE,
    }
    for name, text in names.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    here = tree.name
    found = search([tree / ".venv/x.py", tree / "pkg", tree / "pkg/more.py", tree / "app.py"], tree)
    assert (found.files, found.excluded, found.vendored) == (3, 1, [])
    assert [(one.path, one.line, one.ref) for one in found.places] == [
        (f"{here}/pkg/b.py", 1, "hf:a/b"),
        (f"{here}/pkg/more.py", 1, "hf:a/b"),
        (f"{here}/app.py", 1, "hf:a/b"),
        (f"{here}/app.py", 2, "hf:c/d@v1"),
    ]
    found = search([tree], tree, exclude=("pkg/*", "nothing", "cfg/model.yaml"))
    assert found.excluded == 3
    assert {one.path for one in found.places} == {f"{here}/app.py"}
    assert found.files == 2  # app.py and bad.py
    (vendored,) = found.vendored
    assert "vendor" in vendored
    gone = search([tree / "nowhere.py"], tree)
    assert [(one.path, bool(one.why)) for one in gone.unread] == [(f"{here}/nowhere.py", True)]


def test_a_path_is_called_the_same_wherever_somebody_stands(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of the tree are named from the folder of the lock, others as they are written: on every machine alike."""
    names = {"cfg/model.yaml": "model: ./weights/x.gguf\n", "cfg/weights/x.gguf": "GGUF", "top.gguf": "GGUF"}
    for name, text in names.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    (tree / "cfg/use.py").write_text("Llama(model_path='top.gguf')\nLlama(model_path='/opt/none/y.gguf')\n")
    expected = {("model.yaml", "file:cfg/weights/x.gguf"), ("use.py", "file:top.gguf"), ("use.py", "file:/opt/none/y.gguf")}  # fmt: skip
    for here in (tree, tree / "cfg", tree.parent):
        monkeypatch.chdir(here)
        found = search([tree / "cfg"], tree).places
        assert {(Path(one.path).name, one.ref) for one in found} == expected


def test_a_search_of_the_whole_tree_forgets_what_is_gone(tree: Path, tmp_path: Path) -> None:
    """Only it does: a search of a part keeps what is known of the rest."""
    cache = tmp_path / "kept"
    for path in tree.rglob("*.py"):
        os.utime(path, (1e9, 1e9))
    while not {str(tree / "app.py"), str(tree / "pkg/more.py")} <= kept_in(cache)["files"].keys():
        search([tree], tree, cache=cache)
    (tree / "pkg/more.py").unlink()
    search([tree / "pkg"], tree, cache=cache)
    assert str(tree / "app.py") in kept_in(cache)["files"]
    search([tree, tree / "pkg"], tree, cache=cache)
    assert str(tree / "pkg/more.py") not in kept_in(cache)["files"]

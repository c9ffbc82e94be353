"""References: models where they are named, with place and revision, and nothing else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan import references
from licscan.references import Place, Trouble, kinds, python, search
from licscan.references.said import Broken, Found


def found(source: str, name: str = "x.py") -> list[Found]:
    finder = kinds.by_name(name)
    assert finder is not None
    return [one for one in finder.find(source, name) if isinstance(one, Found)]


def shown(one: Found) -> str:
    return f"{one.scheme}:{one.name}" + (f"@{one.revision}" if one.revision else "")


def named(source: str, name: str = "x.py") -> list[tuple[int, str]]:
    return [(one.line, shown(one)) for one in found(source, name)]


def places(folder: Path, *, vendored: bool = False) -> list[str]:
    """What a tree names, as `path:line ref`."""
    some = (one for one in search(folder, vendored=vendored, keep=False) if isinstance(one, Place))
    return [f"{Path(one.path).name}:{one.found.line} {shown(one.found)}" for one in some]


def test_every_finder_is_in_the_list() -> None:
    """A finder that nobody listed would never be asked."""
    beside = {
        file.stem
        for file in Path(references.__file__).parent.glob("*.py")
        if "\ndef wants(" in file.read_text() and "\ndef find(" in file.read_text()
    }
    assert {str(finder.__name__).rpartition(".")[2] for finder in references.FINDERS} == beside  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("source", "ref"),
    [
        ("AutoModel.from_pretrained('a/b')", "hf:a/b"),
        ("AutoModel.from_pretrained('a/b', revision='v1')", "hf:a/b@v1"),
        ("AutoModel.from_pretrained(pretrained_model_name_or_path='a/b')", "hf:a/b"),
        ("x.y.Z.from_pretrained('a/b').to('cuda')", "hf:a/b"),
        ("pipeline('text-generation', model='a/b')", "hf:a/b"),
        ("pipeline('text-generation', 'a/b')", "hf:a/b"),
        ("hf_hub_download(repo_id='a/b', filename='x')", "hf:a/b"),
        ("snapshot_download('a/b', repo_type='dataset')", "dataset:a/b"),
        ("load_dataset('a/b')", "dataset:a/b"),
        ("SentenceTransformer('a/b')", "hf:a/b"),
        ("SentenceTransformer('all-MiniLM-L6-v2')", "hf:sentence-transformers/all-MiniLM-L6-v2"),
        ("PeftModel.from_pretrained(base, 'a/lora')", "hf:a/lora"),
        ("PeftModel.from_pretrained(model=base, model_id='a/lora')", "hf:a/lora"),
        ("LLM(model='a/b')", "hf:a/b"),
        ("AutoModel.from_pretrained('https://huggingface.co/a/b')", "hf:a/b"),
        ("AutoModel.from_pretrained('./local/dir')", "file:./local/dir"),
    ],
)
def test_finds_the_models_that_calls_load(source: str, ref: str) -> None:
    """Loading calls with a literal name are mentions of that model."""
    assert named(source) == [(1, ref)]


@pytest.mark.parametrize(
    "source",
    [
        "print('a/b')",
        "AutoModel.from_pretrained(name)",
        "AutoModel.from_pretrained('<your/model>')",
        "AutoModel.from_pretrained()",
        "pipeline('text-generation')",
        "# AutoModel.from_pretrained('a/b')",
        "'''AutoModel.from_pretrained('a/b')'''",
        "open('a/b')",
        "AutoModel.from_pretrained('bert')",
    ],
)
def test_reports_nothing_else(source: str) -> None:
    """Names that are no literal, no name, or not loaded are not reported."""
    assert named(source) == []


def test_knows_the_lines() -> None:
    """Mentions come in order of lines; a call over several lines counts where the name stands."""
    source = "f(A.from_pretrained('a/b'))\nA.from_pretrained(\n  'c/d',\n)\n"
    assert named(source) == [(1, "hf:a/b"), (3, "hf:c/d")]


@pytest.mark.parametrize(
    "source",
    [
        "A.from_pretrained('a/b'",
        "A.from_pretrained('a/b')\n" + "from_pretrained(" * 500,
        "A.from_pretrained('a/b')\n" + "from_pretrained" + "(" * 100_000,
        "def f(:\n  A.from_pretrained('a/b')",
        "print 'x'\nA.from_pretrained('a/b')",
    ],
)
def test_reads_what_is_no_python_word_by_word(source: str) -> None:
    """Broken or deeply nested source gives what can be read of it, and says that it is broken."""
    given_back = list(python.find(source))
    assert "hf:a/b" in [shown(one) for one in given_back if isinstance(one, Found)]
    assert any(isinstance(one, Broken) for one in given_back)


@given(st.text(max_size=200))
def test_any_text_is_searched(text: str) -> None:
    """No text makes a finder of Python fail."""
    list(python.find(f"A.from_pretrained('a/b')\n{text}"))
    list(python.find(f"A.from_pretrained('a/b'\n{text}"))


def test_searches_a_tree(tmp_path: Path) -> None:
    """Every file of a tree is searched; ignored lines, environments and installed packages are not; trouble is said."""
    (tmp_path / "a.py").write_text("A.from_pretrained('a/b')\nA.from_pretrained('c/d')  # licscan: ignore\n")
    (tmp_path / "broken.py").write_text("A.from_pretrained('e/f'\n")
    (tmp_path / "text.txt").write_text("A.from_pretrained('g/h')\n")
    for folder in (".venv", "site/pkg", "site/x-1.0.dist-info"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "x.py").write_text("A.from_pretrained('i/j')\n")
    (tmp_path / "site/x-1.0.dist-info/METADATA").write_text("Name: x\nVersion: 1.0\n\n")
    (tmp_path / "site/x-1.0.dist-info/RECORD").write_text("pkg/x.py,,\nsingle.py,,\n")
    (tmp_path / "site/single.py").write_text("A.from_pretrained('i/j')\n")
    (tmp_path / "site/mine.py").write_text("A.from_pretrained('k/l')\n")
    assert places(tmp_path) == ["a.py:1 hf:a/b", "broken.py:1 hf:e/f", "mine.py:1 hf:k/l"]
    troubles = [one for one in search(tmp_path, keep=False) if isinstance(one, Trouble)]
    assert [(one.gap, one.why) for one in troubles] == [("file-broken", "not Python: line 1: '(' was never closed")]

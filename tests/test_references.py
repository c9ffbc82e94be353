"""References in Python: the models that calls load, with place and revision, and nothing else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan import references
from licscan.errors import UnreadableError
from licscan.model import Gap, Mention
from licscan.references import python, search


def named(source: str) -> list[tuple[int, str]]:
    return [(mention.line, str(mention.ref)) for mention in python.find(source, "x.py")]


def test_every_finder_is_in_the_list() -> None:
    """A finder that nobody listed would never be asked."""
    beside = {file.stem for file in Path(references.__file__).parent.glob("*.py")} - {"__init__", "interface"}
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
        "AutoModel.from_pretrained('./local/dir')",
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
        "from_pretrained('a/b'",
        "from_pretrained(" * 500,
        "from_pretrained" + "(" * 100_000,
        "from_pretrained('a/b')\0",
        "from_pretrained(" + "-" * 200_000 + "1)",
        "# from_pretrained\n" + "x = 1\n" * 500_000,
    ],
)
def test_refuses_what_is_no_python(source: str) -> None:
    """Broken, deeply nested or enormous source is refused; the process lives on."""
    with pytest.raises(UnreadableError):
        named(source)


@given(st.text(max_size=200))
def test_any_text_is_searched_or_refused(text: str) -> None:
    """No text makes the finder fail otherwise."""
    try:
        named(f"from_pretrained('a/b')\n{text}")
    except UnreadableError:
        pass


def test_searches_a_tree(tmp_path: Path) -> None:
    """Every file of a tree is searched; ignored lines, environments and installed packages are not; trouble is a gap."""
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
    found = list(search(tmp_path))
    assert [str(one.ref) for one in found if isinstance(one, Mention)] == ["hf:a/b", "hf:k/l"]
    assert [one.why for one in found if isinstance(one, Gap)] == [
        f"{tmp_path}/broken.py: not python: line 1: '(' was never closed"
    ]

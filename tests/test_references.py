"""References: models where they are named, with place and revision, and nothing else."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan import references, targets
from licscan.errors import UnreadableError
from licscan.model import GapId
from licscan.references import Place, Trouble, finders, kinds, python, search
from licscan.references.said import Broken, Found


def found(source: str, name: str = "x.py") -> list[Found]:
    finder = kinds.by_name(name)
    if finder is None:  # nothing is looked for in such a file
        return []
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
    assert {str(finder.__name__).rpartition(".")[2] for finder in finders.FINDERS} == beside  # type: ignore[attr-defined]


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


def test_leaves_out_what_git_ignores(tmp_path: Path) -> None:
    """The innermost list that speaks of a path decides, also one above the folder that is searched."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("*.gen.py\n/app/out/\n")
    (tmp_path / "app/sub").mkdir(parents=True)
    (tmp_path / "app/out").mkdir()
    (tmp_path / "app/sub/.gitignore").write_text("!kept.gen.py\nhidden.py\n")
    for name in ("a.py", "b.gen.py", "out/c.py", "sub/kept.gen.py", "sub/hidden.py"):
        (tmp_path / "app" / name).write_text("A.from_pretrained('a/b')\n")
    assert places(tmp_path / "app") == ["a.py:1 hf:a/b", "kept.gen.py:1 hf:a/b"]
    # A file that is named is read, ignored or not.
    assert places(tmp_path / "app/b.gen.py") == ["b.gen.py:1 hf:a/b"]


def test_searches_vendored_code_when_asked(tmp_path: Path) -> None:
    """Folders of other people's code are left out, which is said; asked for, they are searched."""
    (tmp_path / "node_modules/x").mkdir(parents=True)
    (tmp_path / "node_modules/x/index.js").write_text("await pipeline('x', 'Xenova/bert-base-cased')\n")
    assert places(tmp_path) == []
    assert [one.gap for one in search(tmp_path, keep=False) if isinstance(one, Trouble)] == ["vendored-not-searched"]
    assert places(tmp_path, vendored=True) == ["index.js:1 hf:Xenova/bert-base-cased"]
    assert places(tmp_path / "node_modules") == ["index.js:1 hf:Xenova/bert-base-cased"]


def test_knows_kinds_by_content(tmp_path: Path) -> None:
    """Where a name says nothing, the first line, or the instructions, say what a file is."""
    (tmp_path / "run").write_text("#!/usr/bin/env bash\nollama pull mistral\n")
    (tmp_path / "tool").write_text("#!/usr/bin/env python3\nA.from_pretrained('a/b')\n")
    (tmp_path / "image").write_text("FROM debian\nRUN vllm serve c/d\n")
    (tmp_path / "assistant").write_text("FROM llama3.2\nSYSTEM You help.\n")
    (tmp_path / "notes").write_text("ollama pull mistral\n")
    (tmp_path / "blob").write_bytes(b"#!/bin/sh\nollama pull mistral\n\0")
    assert places(tmp_path) == [
        "assistant:1 ollama:llama3.2",
        "image:2 hf:c/d",
        "run:2 ollama:mistral",
        "tool:2 hf:a/b",
    ]


def test_follows_values_into_other_files(tmp_path: Path) -> None:
    """A name that is imported has the value that its own file gives it."""
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/__init__.py").write_text("")
    (tmp_path / "pkg/names.py").write_text("DEFAULT = 'llama2'\nOWNER = 'acme-corp'\n")
    (tmp_path / "pkg/use.py").write_text(
        "from .names import DEFAULT\nfrom pkg import names\nChatOllama(model=DEFAULT)\nA.from_pretrained(f'{names.OWNER}/x-7b')\n"
    )
    assert places(tmp_path) == ["use.py:3 ollama:llama2", "use.py:4 hf:acme-corp/x-7b"]


def test_unchanged_files_are_not_read_again(tmp_path: Path) -> None:
    """What a file named is kept until it, or a file that it takes names from, changes."""
    tree, kept = tmp_path / "tree", tmp_path / "cache"
    tree.mkdir()
    (tree / "names.py").write_text("DEFAULT = 'llama2'\n")
    (tree / "use.py").write_text("from names import DEFAULT\nChatOllama(model=DEFAULT)\n")

    def refs() -> list[str]:
        return [shown(one.found) for one in search(tree, cache=kept) if isinstance(one, Place)]

    time.sleep(0.06)  # what was just written may be written again within the same tick
    assert refs() == ["ollama:llama2"]
    (file,) = kept.iterdir()
    document = json.loads(file.read_text())
    assert len(document["files"]) == 2
    document["files"][str(tree / "use.py")][3][0][2] = "llama2:kept"
    file.write_text(json.dumps(document))
    assert refs() == ["ollama:llama2:kept"]
    (tree / "names.py").write_text("DEFAULT = 'mistral:7b'\n")
    assert refs() == ["ollama:mistral:7b"]
    file.write_text("{broken")
    assert refs() == ["ollama:mistral:7b"]


@pytest.mark.parametrize(
    "name", ["x.py", "x.js", "x.rs", "x.yaml", "x.json", "x.toml", "x.sh", "x.ipynb", "x.md", "Dockerfile", ".env"]
)
@pytest.mark.parametrize(
    "content",
    [
        b"model = 'a/b'\n\0",
        b"[" * 150_000,
        b'{"model":' * 20_000,
        b"model: " * 60_000,
        b'"' * 120_000,
        b"f(" * 80_000,
        b"# caf\xe9\nmodel = 'a/b'\n",
        b"x" * (33 << 20),
    ],
    ids=["null", "brackets", "braces", "keys", "quotes", "calls", "latin", "long"],
)
def test_hostile_files_cost_little(tmp_path: Path, name: str, content: bytes) -> None:
    """Nesting, null bytes, wrong encodings and size end in mentions or in gaps, not in a failure."""
    (tmp_path / name).write_bytes(content)
    (tmp_path / "z.py").write_text("A.from_pretrained('a/b')\n")
    some = list(search(tmp_path, keep=False))
    assert shown(next(one.found for one in some if isinstance(one, Place) and one.path.endswith("z.py"))) == "hf:a/b"
    if b"\0" in content or len(content) > 32 << 20:
        assert any(isinstance(one, Trouble) and one.gap == "file-unreadable" for one in some)


@given(st.sampled_from(finders.FINDERS), st.text(max_size=300))
def test_no_text_makes_a_finder_fail(finder: references.Finder, text: str) -> None:
    """Every finder reads any text, or refuses it as unreadable."""
    names = {"documents": "x.toml", "languages": "x.ts", "prose": "README.md"}
    name = names.get(str(getattr(finder, "__name__", "")).rpartition(".")[2], "x")
    try:
        list(finder.find(f"model = 'a/b'\n{text}", name))
    except UnreadableError:
        pass


def test_one_model_is_one_however_it_is_named(tmp_path: Path) -> None:
    """Short names, old names and other case are one model with all its mentions; a name known in part is a gap."""
    (tmp_path / "a.py").write_text(
        "A.from_pretrained('gpt2')\nA.from_pretrained('openai-community/GPT2')\nA.from_pretrained(f'google/{x}')\n"
    )
    given_back = targets.find([str(tmp_path)], [])
    assert [str(ref) for ref in given_back.refs] == ["hf:openai-community/gpt2"]
    assert [str(one.ref) for one in given_back.mentions] == ["hf:gpt2", "hf:openai-community/GPT2", "hf:google/*"]
    assert [gap.id for gap in given_back.gaps] == [GapId.NAME_KNOWN_IN_PART]


def test_the_search_needs_none_of_the_heavy_libraries(tmp_path: Path) -> None:
    """Who only looks for names loads no database, no client, no types of a report."""
    (tmp_path / "a.py").write_text("A.from_pretrained('a/b')\n")
    code = (
        "import sys; from pathlib import Path; from licscan.references import search; "
        f"assert list(search(Path({str(tmp_path)!r}), keep=False)); "
        "print([name for name in ('pydantic', 'sqlalchemy', 'huggingface_hub', 'click', 'rich') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_corpus_of_snippets(corpus: Path) -> None:
    """On labelled snippets of real code at least 97 of 100 mentions are right, and 95 of 100 names are found."""
    file = corpus / "references/snippets.jsonl"
    right = wrong = missed = 0
    for line in file.read_text().splitlines():
        row = json.loads(line)
        if row["class"] == "ambiguous":
            continue
        name = _FILES.get(row["language"], "x.txt")
        text = row["snippet"] + "\n"
        if row["language"] == "notebook" and not row["snippet"].lstrip().startswith("{"):
            cell = {"cell_type": "code", "metadata": {}, "source": row["snippet"].splitlines(keepends=True)}
            text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
        got = {(one.scheme, one.name.removeprefix("./").lower()) for one in found(text, name)}
        want = {(_SCHEMES[one["kind"]], one["id"].removeprefix("./").lower()) for one in row["expected"]}
        hits = {one for one in got for other in want if _means(one, other)}
        right += sum(any(_means(one, other) for one in got) for other in want)
        missed += sum(not any(_means(one, other) for one in got) for other in want)
        wrong += len(got - hits)
    assert right / (right + wrong) >= 0.97
    assert right / (right + missed) >= 0.95


def _means(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return one == other or (one[0] == other[0] == "api" and one[1].split("/")[-1] == other[1].split("/")[-1])


_SCHEMES = {
    "hub": "hf",
    "api": "api",
    "ollama": "ollama",
    "dataset": "dataset",
    "local": "file",
    "oci": "oci",
    "modelscope": "modelscope",
}
_FILES = {
    "python": "x.py", "notebook": "x.ipynb", "javascript": "x.js", "typescript": "x.ts", "rust": "x.rs", "go": "x.go", "shell": "x.sh",
    "dockerfile": "Dockerfile", "yaml": "x.yaml", "json": "x.json", "toml": "x.toml", "env": ".env", "modelfile": "Modelfile",
    "markdown": "README.md",
}  # fmt: skip

"""How fast models are found where they are named: beside `ast.parse`, unchanged, and in hostile files."""

import ast
import gc
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from licscan.references import Place, Trouble, search

_FILES = 1_000
_LINES = 150
_NAMED = '\nMODEL = AutoModel.from_pretrained("northwind-labs/granite-{index}-7b")\n'
_SEARCH = """
import sys
from pathlib import Path
from licscan.references import search
print(len(list(search(Path(sys.argv[1]), cache=Path(sys.argv[2])))))
"""
_HOSTILE: dict[str, bytes] = {
    "deep.py": b"A.from_pretrained('a/b')\nx = " + b"[" * 100_000,
    "deep.json": b'{"model":' * 100_000 + b'"a/b"',
    "deep.yaml": b"[" * 100_000,
    "line.py": b'model = "a/b"; ' * 1_400_000,
    "line.json": b'{"model": "a/b"}, ' * 1_100_000,
    "null.py": b"model = 'a/b'\n\0",
    "latin.py": b"# caf\xe9\nmodel = 'a/b'\n",
    "million.py": b"x = [" + b"1," * 1_000_000 + b"]",
    "signs.js": b'const m = {model: "a/b"};' + b"(" * 1_000_000,
}


def references() -> None:
    """Models that source code names: CPU beside `ast.parse` of the same files, again, and by number of files."""
    source = _sources()
    for what, every in (("an id in each", 1), ("an id in one of ten", 10)):
        with tempfile.TemporaryDirectory() as folder:
            tree = Path(folder) / "tree"
            _write(tree, source, _FILES, every)
            parsed = _cpu(partial(_parse, tree))
            found = _cpu(partial(_search, tree))
            print(f"  {_FILES} files, {what}: {found:.2f} s, ast.parse {parsed:.2f} s, ratio {found / parsed:.2f}")
            if every == 1:
                _again(tree, Path(folder) / "cache")
    for number in (1_000, 10_000, 50_000):
        with tempfile.TemporaryDirectory() as folder:
            _write(Path(folder), [["x = 1"] * 3], number, 10)
            seconds = _cpu(partial(_search, Path(folder)))
            print(f"  {number:6} short files: {seconds / number * 1e6:.0f} us of CPU a file")
    for name, content in _HOSTILE.items():
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / name).write_bytes(content)
            begun = time.process_time()
            some = _search(Path(folder))
            seconds = time.process_time() - begun
            gaps = [one.why for one in some if isinstance(one, Trouble)]
            print(f"  hostile {name:12} {seconds:.2f} s, {gaps or 'no gap'}")


def _sources() -> list[list[str]]:
    """Beginnings of modules of the interpreter's own library, of ordinary size."""
    folder = Path(ast.__file__).parent
    texts = (file.read_text(encoding="utf-8", errors="replace") for file in sorted(folder.glob("*.py")))
    some = [text.split("\n") for text in texts if text.count("\n") >= _LINES]
    return [_whole(lines) for lines in some if _whole(lines)]


def _whole(lines: list[str]) -> list[str]:
    """At least so many lines, up to where a statement ends; nothing where they do not parse."""
    for end in range(_LINES, min(len(lines), 4 * _LINES)):
        if lines[end] and not lines[end][0].isspace():
            try:
                ast.parse("\n".join(lines[:end]))
            except SyntaxError:
                continue
            return lines[:end]
    return []


def _write(tree: Path, sources: list[list[str]], number: int, every: int) -> None:
    for index in range(number):
        folder = tree / f"d{index // 100}"
        folder.mkdir(parents=True, exist_ok=True)
        named = _NAMED.format(index=index) if index % every == 0 else "\n"
        text = "\n".join(sources[index % len(sources)]) + named
        (folder / f"m{index}.py").write_text(text, encoding="utf-8")


def _search(tree: Path) -> list[Place | Trouble]:
    return list(search(tree, keep=False))


def _parse(tree: Path) -> None:
    for file in tree.rglob("*.py"):
        ast.parse(file.read_text(encoding="utf-8"))


def _again(tree: Path, cache: Path) -> None:
    """The whole process, first and unchanged."""
    for what in ("first", "unchanged"):
        begun = _children()
        command = [sys.executable, "-c", _SEARCH, str(tree), str(cache)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        seconds = _children() - begun
        print(f"    {what} run, whole process: {seconds:.2f} s of CPU, {done.stdout.strip()} mentions")
        time.sleep(0.1)


def _children() -> float:
    import resource  # noqa: PLC0415 - not on every system

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _cpu(work: Callable[[], object]) -> float:
    gc.collect()
    begun = time.process_time()
    work()
    return time.process_time() - begun

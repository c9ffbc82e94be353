"""The gate's figures: an unchanged tree of 1,000 files, and one changed file, beside the import of click."""

import compileall
import json
import os
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from licscan import lock as locks
from licscan.edition import edition
from licscan.gate import policy_for
from licscan.judge import chosen, compiled, limits, plain
from licscan.lock import Lock
from licscan.model import Assessment, ModelRef
from licscan.rulebook import load

Cpu = Callable[..., tuple[float, float]]
_FILES, _MODELS, _TURNS = 1_000, 50, 11


def gate(cpu: Cpu, assessed: Assessment) -> None:
    """A warm lock of 50 models in a tree of 1,000 files, and the hook on one changed file.

    Args:
        cpu: CPU seconds of a whole process.
        assessed: What is so about a model, to be locked under 50 names.
    """
    # As an installed package is: without byte code half of the time would go into compiling.
    compileall.compile_dir(Path(locks.__file__).parents[1], quiet=1)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        tree(work, assessed)
        env = {"XDG_CACHE_HOME": f"{name}/cache", "PYTHONPATH": str(Path(locks.__file__).parents[2])}
        here = Path.cwd()
        os.chdir(work)
        try:
            cpu("-m", "licscan", "check", "--exit-zero", env=env)  # reads every file once
            found: dict[str, list[float]] = {"import click": [], "unchanged tree": [], "one changed file": []}
            for turn in range(_TURNS):  # in turn, so that a busy moment meets all of them
                (work / "pkg0/m0.py").write_text(f"# {turn}\nM.from_pretrained('harbor/m0')\n")
                found["import click"].append(cpu("-c", "import click")[0])
                found["one changed file"].append(cpu("-m", "licscan", "check", "--exit-zero", "pkg0/m0.py", env=env)[0])
                cpu("-m", "licscan", "check", "--exit-zero", env=env)
                found["unchanged tree"].append(cpu("-m", "licscan", "check", "--exit-zero", env=env)[0])
        finally:
            os.chdir(here)
    middle = {what: statistics.median(times) for what, times in found.items()}
    goals = {"unchanged tree": 7, "one changed file": 5}
    for what, seconds in middle.items():
        ratio = f", {seconds / middle['import click']:.1f} times (goal {goals[what]})" if what in goals else ""
        print(f"  {what:16} {seconds * 1000:6.1f} ms CPU (median of {_TURNS}){ratio}")


def tree(work: Path, assessed: Assessment) -> None:
    """A tree of source files that name 50 models, and its lock.

    Args:
        work: Where.
        assessed: What is so about each model.
    """
    for number in range(_FILES):
        folder = work / f"pkg{number % 20}"
        folder.mkdir(exist_ok=True)
        body = "\n".join(f"def f{line}(x):\n    return x + {line}" for line in range(40))
        named = f"M.from_pretrained('harbor/m{number}')\n" if number < _MODELS else ""
        (folder / f"m{number}.py").write_text(f"{named}{body}\n")
    rules = load()
    refs = [ModelRef.parse(f"hf:harbor/m{number}") for number in range(_MODELS)]
    models = {str(ref): locks.entry_of(str(ref), plain(assessed), "2026-01-01") for ref in refs}
    policy = compiled("default", chosen("default", rules), rules)
    locks.write(Lock("0.1.0", edition(), policy, limits(rules), models), work / locks.NAME)
    assert json.loads((work / locks.NAME).read_text())  # noqa: S101 - what is measured must be there
    assert policy_for("default", locks.read(work / locks.NAME))  # noqa: S101

"""The audit as an HTML page: what writing it of a run's models costs, and how big it becomes."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from licscan.clock import clock
from licscan.judge import chosen, findings, judge_of
from licscan.model import Loaded, Organisation
from licscan.rulebook import load
from licscan.store import Store
from tests.audited import assessed, real

_RECORDS = "hub/models-2026-08.jsonl"


def audit(*numbers: int) -> None:
    """CPU seconds, peak MiB and bytes of `licscan audit` over the real models of a database."""
    folder = Path(os.environ.get("LICSCAN_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
    if not (folder / _RECORDS).exists():
        print(f"  skipped: no {_RECORDS} (LICSCAN_CORPUS names the folder that holds it)")
        return
    with tempfile.TemporaryDirectory() as name:
        for number in numbers or (200, 1000):
            database, page = Path(name) / f"{number}.db", Path(name) / f"{number}.html"
            keep(folder, number, database)
            command = [sys.executable, "-m", "licscan", "audit", "-q", "--db", str(database), "--output", str(page)]
            running = subprocess.Popen(command)
            _, status, usage = os.wait4(running.pid, 0)
            running.returncode = os.waitstatus_to_exitcode(status)
            if running.returncode not in {0, 1}:
                sys.exit(f"{command}: exit {running.returncode}")
            print(
                f"  {number} models: {usage.ru_utime + usage.ru_stime:.2f} s of CPU, peak {usage.ru_maxrss / 1024:.0f} "
                f"MiB, {page.stat().st_size / 1e6:.2f} MB (goals: 5 s and 300 MiB of 1,000; 2 MB of 200)"
            )


def keep(corpus: Path, number: int, database: Path) -> None:
    """Keep real models in a database, as a scan does."""
    rules = load()
    judge = judge_of(chosen("default", rules), rules, Organisation(), clock().date())
    with Store(str(database)) as store:
        run = store.begin(["benchmark"], str(database.parent), rules.version, clock())
        models = real(corpus, rules)
        for position, (model, bases, found) in enumerate(assessed(models[:number], rules, models)):
            some = tuple(Loaded(base) for base in bases)
            store.save(run, position, Loaded(model), found, some, findings=tuple(findings(judge, found)))
        store.finish(run, clock(), number)


if __name__ == "__main__":
    audit(*map(int, sys.argv[1:]))

"""The audit as an HTML page: what writing it of a run's models costs, and how big it becomes."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from costs import run

from licscan.clock import clock
from licscan.judge import chosen, findings, judge_of
from licscan.model import Loaded, Organisation
from licscan.rulebook import load
from licscan.store import Store
from tests.audited import assessed, real
from tests.browser import CHROMIUM, browser, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_RECORDS = "hub/models-2026-08.jsonl"
_TIMES = 3
_OPENED = """() => {
    const [all] = performance.getEntriesByType("navigation");
    const [, drawn] = performance.getEntriesByType("paint");
    return { drawn: drawn.startTime, loaded: all.loadEventEnd };
}"""
# Until the page says another number of models, and is laid out.
_ACTED = """async () => {
    const form = document.querySelector("form.filter");
    const count = form.querySelector(".count"), before = count.textContent;
    const begun = performance.now();
    ACT
    form.dispatchEvent(new Event("input"));
    while (count.textContent === before) await new Promise((go) => setTimeout(go, 1));
    document.body.offsetHeight;
    return performance.now() - begun;
}"""
_ACTS = {
    "filtered by level": 'form.elements.level.value = "unknown";',
    "searched for words": 'form.elements.level.value = ""; form.elements.q.value = "built with llama";',
    "sorted and searched": 'document.querySelector("table.models thead th").click(); form.elements.q.value = "qwen";',
}


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
            cost = run(command, exits=frozenset({0, 1}))
            print(
                f"  {number} models: {cost.cpu:.2f} s of CPU, peak {cost.peak:.0f} "
                f"MiB, {page.stat().st_size / 1e6:.2f} MB (goals: 5 s and 300 MiB of 1,000; 2 MB of 200)"
            )


def page(number: int = 1000) -> None:
    """The audit's page in Chromium: milliseconds until it is drawn, loaded, filtered and sorted; CPU of its thread."""
    folder = Path(os.environ.get("LICSCAN_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
    if CHROMIUM is None or not (folder / _RECORDS).exists():
        print(f"  skipped: no Chromium, or no {_RECORDS} (LICSCAN_CHROMIUM and LICSCAN_CORPUS name them)")
        return
    with tempfile.TemporaryDirectory() as name:
        database, file = Path(name) / "audit.db", Path(name) / "audit.html"
        keep(folder, number, database)
        command = [sys.executable, "-m", "licscan", "audit", "-q", "--db", str(database), "--output", str(file)]
        subprocess.run(command, check=False)
        with browser() as started:
            runs = [_opened(started, file) for _ in range(_TIMES)]
    least = {what: min(run[what] for run in runs) for what in runs[0]}
    told = ", ".join(f"{what} {took:.0f} ms" for what, took in least.items())
    print(f"  {number} models, the least of {_TIMES}: {told} (goal: 1 s each; load {os.getloadavg()[0]:.1f})")


def _opened(started: "Browser", file: Path) -> dict[str, float]:
    with opened(started, file) as seen:
        session = seen.page.context.new_cdp_session(seen.page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        seen.page.reload()
        took: dict[str, float] = dict(seen.page.evaluate(_OPENED))
        spent = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        took["CPU until then"] = 1000 * spent["TaskDuration"]
        for what, act in _ACTS.items():
            took[what] = seen.page.evaluate(_ACTED.replace("ACT", act))
    return took


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

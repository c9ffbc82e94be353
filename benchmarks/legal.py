"""The figures of license texts: recognition, clause search, loading the rules, memory; beside scancode-toolkit."""

import importlib.util
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from licscan.clauses import search
from licscan.formats.bounded import decode
from licscan.licenses import read_text
from licscan.licenses.recognise import recognise
from licscan.model import Evidence
from licscan.prints import Words
from licscan.rulebook import Rulebook, load
from licscan.wording import Wording

ROOT = Path(__file__).resolve().parent.parent


def texts() -> list[str]:
    """The license texts of the corpus that LICSCAN_CORPUS names, else the license of this project."""
    corpus = Path(os.environ.get("LICSCAN_CORPUS", ROOT.parent / "shared" / "corpus")) / "licenses" / "texts"
    files = sorted(corpus.glob("*.txt")) or [ROOT / "LICENSE"]
    return [decode(file.read_bytes()) for file in files]


def legal() -> None:
    """License texts: CPU time a text, in the mean, and what loading the rules costs."""
    # In a process of its own, whose memory holds nothing else.
    subprocess.run([sys.executable, __file__], check=True)


def _measure() -> None:
    begun = time.process_time()
    rules = load()
    loading = time.process_time() - begun
    found = texts()
    here = Evidence(source="benchmark")
    print(f"  {len(found)} texts, {sum(map(len, found)) / len(found) / 1000:.1f} kB in the mean")
    print(f"  loading the compiled rules: {loading:.3f} s (goal 0.15)")
    recognise(Words(Wording(found[0])), rules)  # makes the index
    known = [text for text in found if recognise(Words(Wording(text)), rules).known]
    print(f"  recognition: {_mean(lambda text: recognise(Words(Wording(text)), rules), found):.2f} ms a text (goal 5)")
    print(f"  peak memory up to here: {_peak():.0f} MiB (goal 100)")
    took = _mean(lambda text: read_text(text, rules, here), known)
    print(f"  {len(known)} of them, which a record knows, with the words of their clauses: {took:.2f} ms a text")
    begun = time.process_time()
    search(Wording(found[0]), rules, here)  # opens the patterns
    print(f"  the first text: {time.process_time() - begun:.2f} s")
    for turn in ("first", "again"):
        # Patterns are compiled when a text first wants them.
        prepared, searched = _search(found, rules, here)
        print(f"  clauses, {turn}: {searched:.2f} ms a text (goal 10), after {prepared:.2f} ms to take its layout away")
    print(f"  peak memory, all texts searched for all clauses: {_peak():.0f} MiB (goal 100)")
    _scancode(found)


def _peak() -> float:
    """Peak memory of this process alone, in MiB; what `getrusage` says on Linux has that of its parent in it."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        if found:
            return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _search(found: Sequence[str], rules: Rulebook, here: Evidence) -> tuple[float, float]:
    """What it takes to prepare a text, and to search it, in ms of CPU in the mean; no text is kept."""
    preparing, searching = 0.0, 0.0
    for text in found:
        begun = time.process_time()
        wording = Wording(text)
        tuple(wording.sentences())
        between = time.process_time()
        search(wording, rules, here)
        preparing += between - begun
        searching += time.process_time() - between
    return preparing / len(found) * 1000, searching / len(found) * 1000


def _mean(work: Callable[[Any], object], items: Sequence[Any]) -> float:
    begun = time.process_time()
    for item in items:
        work(item)
    return (time.process_time() - begun) / len(items) * 1000


def _has_scancode() -> bool:
    # A package of its license texts alone bears the same name.
    try:
        return importlib.util.find_spec("licensedcode.cache") is not None
    except ModuleNotFoundError:
        return False


def _scancode(found: list[str]) -> None:
    if not _has_scancode():
        print("  scancode-toolkit is not installed; pip install scancode-toolkit prints its figures here")
        return
    from licensedcode.cache import get_index  # noqa: PLC0415 - seconds, and not everybody has it

    begun = time.process_time()
    index = get_index()
    print(f"  scancode-toolkit: loading its index {time.process_time() - begun:.2f} s")
    print(f"  scancode-toolkit: {_mean(lambda text: index.match(query_string=text), found[:60]):.1f} ms a text")


if __name__ == "__main__":
    _measure()

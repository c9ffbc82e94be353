"""The figures of this project, each beside a peer or a limit. `run.py [NAME...]`; see README.md."""

import ast
import compileall
import json
import statistics
import struct
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
from audit import audit, page
from checksums import verify, verify_small
from costs import run
from from_hub import hub, memory
from gate import gate as measured
from graph import graph
from legal import legal
from manifest import manifest as manifests
from names import names
from references import references
from sqlalchemy import insert
from weights import formats, stores_

import licscan
from licscan.alone import unseen
from licscan.assess import assess
from licscan.clock import clock
from licscan.model import Evidence, Finding, Loaded, ModelRef
from licscan.rulebook import load
from licscan.store import Store, rows, tables
from licscan.store.save import EACH

_BATCH = 5_000
LOADED = Loaded(unseen(ModelRef.parse("hf:acme/model")))
ASSESSED = assess(LOADED.model, {}, load())
PACKAGE = Path(licscan.__file__).parent


def cpu(*command: object, env: dict[str, str] | None = None) -> tuple[float, float]:
    """CPU seconds and peak MiB of a whole process."""
    cost = run([sys.executable, *command], env)
    return cost.cpu, cost.peak


def start() -> None:
    """Start-up: what `licscan --help` costs beside the import of click alone."""
    for package in (PACKAGE, Path(click.__file__).parent):
        compileall.compile_dir(package, quiet=2)
    commands: dict[str, list[str]] = {
        "pass": ["-c", "pass"],
        "import click": ["-c", "import click"],
        "licscan --help": ["-m", "licscan", "--help"],
    }
    found: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(15):  # in turn, so that a busy moment meets all of them
        for name, command in commands.items():
            found[name].append(cpu(*command)[0])
    middle = {name: statistics.median(times) for name, times in found.items()}
    for name, seconds in middle.items():
        print(f"  {name:16} {seconds * 1000:6.1f} ms CPU (median of 15)")
    print(f"  ratio to import click: {middle['licscan --help'] / middle['import click']:.2f} (goal 1.7)")


def folders(number: int = 1000) -> None:
    """A tree of model folders, looked at for the first time and again."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for index in range(number):
            _model(work / "models" / f"org{index % 20}" / f"model-{index}", index)
        env = {"XDG_CACHE_HOME": name, "LICSCAN_DB": str(work / "x.db")}
        cpu("-m", "licscan", "scan", "hf:a/b", "--offline", env=env)  # compiles the rule base and makes the tables
        for what in ("cold", "unchanged"):
            begun = time.perf_counter()
            seconds, peak = cpu("-m", "licscan", "scan", work / "models", "-q", "--format", "json", env=env)
            wall = time.perf_counter() - begun
            rates = f"{number / seconds:6.0f} models/s of CPU, {number / wall:6.0f} models/s of wall"
            print(f"  {what:10} {rates}, peak {peak:.0f} MiB")


def _model(folder: Path, index: int) -> None:
    """A folder as a fine-tuned language model leaves it: card, license, configurations, tokenizer, two shards."""
    folder.mkdir(parents=True)
    license_ = ("apache-2.0", "mit", "llama3.1", "gemma", "cc-by-nc-4.0", "other")[index % 6]
    body = "\n\n".join(
        f"## Section {part}\n\n" + "It was trained on text and answers questions. " * 20 for part in range(8)
    )
    (folder / "README.md").write_text(
        f"---\nlicense: {license_}\nlanguage:\n- en\n- de\nlibrary_name: transformers\ntags:\n- chat\n- text\n"
        f"datasets:\n- a/b\n- c/d\nbase_model: org/base-{index % 7}\npipeline_tag: text-generation\n---\n"
        f"# Model {index}\n\nThis model is released under the license above.\n\n{body}\n"
    )
    (folder / "LICENSE").write_text(f"Terms {index % 6}\n" + "All rights as granted below. " * 300)
    config = {"model_type": "llama", "vocab_size": 32000, "_name_or_path": "org/base"}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer.json").write_text("{}")
    for shard in (1, 2):
        tensors: dict[str, object] = {"__metadata__": {"format": "pt"}}
        for tensor in range(100):
            tensors[f"model.layers.{tensor}.weight"] = {
                "dtype": "F32",
                "shape": [4],
                "data_offsets": [tensor * 16, tensor * 16 + 16],
            }
        header = json.dumps(tensors).encode()
        (folder / f"model-{shard:05}-of-00002.safetensors").write_bytes(
            struct.pack("<Q", len(header)) + header + bytes(1600)
        )


def gate() -> None:
    """The gate: an unchanged tree of 1,000 files, and one changed file."""
    measured(cpu, ASSESSED)


def manifest() -> None:
    """Every format of the manifest for 1,000 models of a database."""
    manifests(cpu)


def findings(number: int = 50_000) -> None:
    """Findings saved through the store, and the same rows by Core's executemany."""
    made = [_finding(index) for index in range(number)]
    ours, core = [], []
    for _ in range(7):  # in turn, so that a busy moment meets both
        with tempfile.TemporaryDirectory() as name:
            ours.append(number / _timed(name, partial(_finish, made)))
        with tempfile.TemporaryDirectory() as name:
            evidences = rows.Evidences()
            prepared = rows.findings(1, made, evidences)
            kept = list(evidences.rows.values())
            core.append(number / _timed(name, partial(_executemany, kept, prepared)))
    ratio = statistics.median(one / other for one, other in zip(ours, core, strict=True))
    print(f"  ours                 {statistics.median(ours):8.0f} findings/s of CPU (median of 7)")
    print(f"  Core executemany     {statistics.median(core):8.0f} findings/s of CPU, rows prepared beforehand")
    print(f"  ratio {ratio:.2f} (median of 7 pairs; goal 0.6)")


def _finish(made: list[Finding], store: Store, run: int) -> None:
    for position, first in enumerate(range(0, len(made), EACH)):
        store.save(run, position, LOADED, ASSESSED, findings=made[first : first + EACH])
    store.finish(run, clock(), len(made))


def _timed(folder: str, write: Callable[[Store, int], None]) -> float:
    with Store(f"{folder}/x.db") as store:
        run = store.begin(["bench"], "/", "rules", clock())
        begun = time.process_time()
        write(store, run)
        return time.process_time() - begun


def _executemany(evidence: list[rows.Row], prepared: list[rows.Row], store: Store, _run: int) -> None:
    with store._engine.begin() as connection:  # noqa: SLF001 - the same database, without our code
        for first in range(0, len(prepared), _BATCH):
            connection.execute(insert(tables.EVIDENCE), evidence[first : first + _BATCH])
            connection.execute(insert(tables.FINDINGS), prepared[first : first + _BATCH])


def _finding(index: int) -> Finding:
    evidence = Evidence(
        source="folder",
        path=f"models/m{index % 1000}/README.md",
        revision=f"tree-{index:032x}",
        sha256=f"{index:064x}",
        lines=(3, 3),
        quote="license: cc-by-nc-4.0",
    )
    return Finding(
        rule="restrictive-level",
        severity="error",
        model=ModelRef(scheme="hf", name=f"org/model-{index}"),
        message="grants no business use",
        remedy="use another model, or ask for a license",
        path=f"src/app{index % 300}.py",
        line=index % 500,
        evidence=evidence,
        fingerprint=f"{index:064x}",
    )


def rooms() -> None:
    """How large the modules and functions are."""
    files = {file: file.read_text() for file in PACKAGE.rglob("*.py") if "migrations" not in file.parts}
    lengths = {str(file.relative_to(PACKAGE)): text.count("\n") for file, text in files.items()}
    functions = {
        f"{file.relative_to(PACKAGE)}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for file, text in files.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    for what, sizes in (("modules", lengths), ("functions", functions)):
        largest = max(sizes, key=sizes.__getitem__)
        median = statistics.median(sizes.values())
        print(f"  {len(sizes)} {what}: largest {sizes[largest]} lines ({largest}), median {median:.0f}")


BENCHMARKS = {
    "start": start,
    "folders": folders,
    "manifest": manifest,
    "formats": formats,
    "findings": findings,
    "audit": audit,
    "page": page,
    "graph": graph,
    "gate": gate,
    "hub": hub,
    "legal": legal,
    "names": names,
    "memory": memory,
    "references": references,
    "rooms": rooms,
    "verify": verify,
    "verify-small": verify_small,
    "stores": stores_,
}

if __name__ == "__main__":
    for wanted in sys.argv[1:] or BENCHMARKS:
        print(f"{wanted}: {(BENCHMARKS[wanted].__doc__ or '').splitlines()[0]}")
        BENCHMARKS[wanted]()

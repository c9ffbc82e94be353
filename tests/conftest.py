"""What tests share: the rule base, a database of their own, a licscan to run, models to look at."""

import functools
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import settings

from licscan import cli
from licscan.model import Assessment
from licscan.rulebook import Rulebook, load
from licscan.store.report import summary as ranked

# Fixtures that serve a hub and ask it.
pytest_plugins = ["tests.hubs"]

ROOT = Path(__file__).resolve().parent.parent
# Real cards and Hub records, where somebody has them at hand; they belong to others and are not part of the project.
CORPUS = Path(os.environ.get("LICSCAN_CORPUS", ROOT.parent / "shared" / "corpus"))

# A shell that starts the tests in the background has them ignore an interrupt, and so would every licscan that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A folder of compiled rules to begin with, where somebody has one: `make mutation` starts a process for each mutant.
COMPILED = os.environ.get("LICSCAN_TEST_RULES")

# The same examples at each run, so that a red run means a change; `HYPOTHESIS_PROFILE=explore make test` looks for new ones.
settings.register_profile("default", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=3000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests over real input counted; the workers of a parallel run cannot."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "summary":
                terminalreporter.write_line(str(value))


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the user's database or cache, or knows a clock of its own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    # One cache for all tests of a process: compiling the rules takes seconds.
    cache = tmp_path_factory.getbasetemp() / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    if COMPILED and not (cache / "licscan").exists():
        shutil.copytree(COMPILED, cache / "licscan")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("LICSCAN_DB", "LICSCAN_CONFIG", "GITHUB_REPOSITORY", "CI_PROJECT_PATH"):
        monkeypatch.delenv(name, raising=False)
    # No test asks the real Hub; those of the hub source bring their own.
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    for name in ("HF_TOKEN", "HF_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))


@functools.cache
def _opened(cache: Path) -> Rulebook:
    return load(cache=cache)


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    # Where commands look for them too: they are compiled once.
    # What was compiled into the checkout is kept up to date by whoever asks first; commands of tests find it there.
    beside = ROOT / "licscan" / "_compiled"
    if COMPILED or beside.is_dir():
        return _opened(Path(COMPILED or beside))
    return _opened(tmp_path_factory.getbasetemp() / "cache" / "licscan")


@pytest.fixture(scope="session")
def corpus() -> Path:
    if not CORPUS.is_dir():
        pytest.skip(f"no corpus of real cards at {CORPUS}; set LICSCAN_CORPUS")
    return CORPUS


class Outcome(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


Licscan = Callable[..., Outcome]


@pytest.fixture
def licscan(capsys: pytest.CaptureFixture[str]) -> Licscan:
    """Run a command in this process."""

    def run(*arguments: object) -> Outcome:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Outcome(int(left.value.code or 0), printed.out, printed.err)

    return run


def process(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    command = [sys.executable, "-m", "licscan", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


def summary(models: Iterable[Assessment]) -> dict[str, Any]:
    """The summary of assessments that are in no database."""
    levels: Counter[str] = Counter()
    gaps: Counter[str] = Counter()
    conflicts: Counter[str] = Counter()
    for model in models:
        levels[model.level.value] += 1
        gaps.update({gap.id.value for gap in model.gaps})
        conflicts.update({conflict.id for conflict in model.conflicts})
    return ranked(levels, gaps, conflicts)


def safetensors(metadata: dict[str, str] | None = None) -> bytes:
    """A safetensors file of one small tensor."""
    header: dict[str, object] = {"weight": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}
    if metadata:
        header = {"__metadata__": metadata, **header}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + b"\0\0\0\0"


def onnx(metadata: dict[str, str] | None = None) -> bytes:
    """An ONNX model: a version, an empty graph, an operator set, metadata."""
    message = b"\x08\x08" + _field(2, b"pytorch") + _field(7, b"") + _field(8, b"\x10\x11")
    for key, value in (metadata or {}).items():
        message += _field(14, _field(1, key.encode()) + _field(2, value.encode()))
    return message


def _field(number: int, payload: bytes) -> bytes:
    return bytes([number << 3 | 2]) + _varint(len(payload)) + payload


def _varint(number: int) -> bytes:
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


@pytest.fixture
def make_model(tmp_path: Path) -> Callable[..., Path]:
    """Make a folder of a model: a card, weights, and whatever else."""

    def make(
        name: str = "model", card: str | None = "---\nlicense: mit\n---\n# A model\n", **files: str | bytes
    ) -> Path:
        folder = tmp_path / name
        folder.mkdir(parents=True, exist_ok=True)
        if card is not None:
            (folder / "README.md").write_text(card, encoding="utf-8")
        (folder / "model.safetensors").write_bytes(safetensors())
        for path, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (folder / path.replace("__", ".")).write_bytes(data)
        return folder

    return make

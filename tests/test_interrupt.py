"""Ctrl-C while a hub is asked: at once, in one line, and the same command goes on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import process
from tests.hub.repositories import standard
from tests.hub.server import Hub, serving


def test_an_interrupt_ends_all_waiting(tmp_path: Path) -> None:
    """Eight models that wait for a silent hub do not hold up Ctrl-C; what was found before is kept and not asked again."""
    catalogue = standard()
    catalogue.generated = 30
    names = [f"bulk/model-{number:05}" for number in range(30)]
    env = {**os.environ, "HF_HUB_OFFLINE": "0", "LICSCAN_DB": str(tmp_path / "x.db")}
    with serving(Hub(catalogue)) as hub:
        env["HF_ENDPOINT"] = hub.url
        command = [sys.executable, "-m", "licscan", "scan", *names]
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=env)
        while len(hub.log.requests) < 60:
            time.sleep(0.01)
        hub.silent = frozenset({"info", "resolve", "resolve_cache", "cdn"})
        time.sleep(1)
        begun = time.monotonic()
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=90)
        assert running.returncode == 130
        assert errors.strip() == "licscan: interrupted; what was found is kept, and the same command goes on from there"
        # Half a second until a waiting read looks up, and a machine that is busy; a time-out would take twenty.
        assert time.monotonic() - begun < 15
        hub.silent = frozenset()
        asked = set(hub.log.paths())
        hub.log.clear()
        done = process("scan", *names, env=env)
        assert done.returncode == 0
        assert "30 models" in done.stdout
        assert "Run 1 is kept" in done.stdout
        again = {path for path in hub.log.paths() if "?blobs" in path} & asked
        assert len(again) < 30

"""The fault campaign: a hub that fails, is killed and started again, and a client that is killed, against a quiet run.

`make campaign` runs it over 2,000 models; a small one is among the tests. The seed says which answers fail and how.
"""

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from licscan.model import GapId
from tests.hub.server import wait_until_up

PASSING = {gap.value for gap in GapId if gap.passing}


@dataclass
class Outcome:
    """What a campaign found.

    Attributes:
        models: How many were asked for.
        ideal: Requests of the quiet run.
        asked: Requests of the campaign.
        same: Models whose assessment is that of the quiet run.
        excused: Models with a gap that names passing trouble.
        wrong: Models that differ and say nothing of trouble.
        twice: Models that stand there twice.
        missing: Models that stand there not at all.
        runs: How many runs the database holds.
        client_kills: How often the client was killed.
        server_kills: How often the server was killed.
        seconds: How long the campaign took.
    """

    models: int
    ideal: int = 0
    asked: int = 0
    same: int = 0
    excused: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    runs: int = 0
    client_kills: int = 0
    server_kills: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.models} models: {self.same} as without faults, {len(self.excused)} with a gap that says why, "
            f"{len(self.wrong)} wrong, {len(self.twice)} twice, {len(self.missing)} missing; "
            f"client killed {self.client_kills} times, server {self.server_kills} times, {self.runs} run; "
            f"{self.asked} requests, {self.asked / self.ideal:.2f} times the {self.ideal} of the quiet run; "
            f"{self.seconds:.0f} s"
        )


class Server:
    """A hub in a process of its own, at one address however often it is started.

    Args:
        folder: Where to count its requests.
        port: Where it listens.
        models: How many it has.
        faults: Share of answers that fail.
        seed: Which.
    """

    def __init__(self, folder: Path, port: int, models: int, faults: float, seed: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"requests-{faults}.log"
        self._arguments = [f"--generated={models}", f"--faults={faults}", f"--seed={seed}", f"--log={self.log}"]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it listens."""
        command = [sys.executable, "-m", "tests.hub", f"--port={self.port}", "--slow=1", *self._arguments]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until_up(self.url)

    def kill(self) -> None:
        """Kill it, in the middle of whatever it does."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def asked(self) -> int:
        """How many requests it has had."""
        if not self.log.exists():
            return 0
        with self.log.open("rb") as stream:
            return sum(not line.startswith(b"+") for line in stream)


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.kill()


def scan(server: Server, folder: Path, name: str, models: int) -> subprocess.Popen[str]:
    """A licscan that looks at all models of a hub, of the same request each time."""
    listed = folder / "models.txt"
    listed.write_text("".join(f"bulk/model-{number:05}\n" for number in range(models)))
    env = {key: value for key, value in os.environ.items() if key not in {"HF_HUB_OFFLINE", "HF_TOKEN"}}
    env |= {"HF_ENDPOINT": server.url, "HF_HOME": str(folder / "hf"), "SOURCE_DATE_EPOCH": "1767225600"}
    output = folder / f"{name}.json"
    command = [sys.executable, "-m", "licscan", "scan", "-", "--db", str(folder / f"{name}.db"), "-q"]
    with listed.open() as stream:
        return subprocess.Popen(
            [*command, "--format", "json", "--output", str(output)],
            stdin=stream,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
        )


def finish(running: subprocess.Popen[str], output: Path) -> dict[str, Any]:
    """Wait for a licscan, and read its report."""
    _, errors = running.communicate()
    if running.returncode:
        raise RuntimeError(f"exit {running.returncode}: {errors}")
    found: dict[str, Any] = json.loads(output.read_text())
    return found


def run(folder: Path, models: int, faults: float, seed: int, client_kills: int, server_kills: int) -> Outcome:
    """Make a quiet run and a troubled one, and compare them."""
    outcome = Outcome(models)
    # At one address, since evidence names it.
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    with serving(Server(folder, port, models, 0.0, seed)) as quiet:
        first = finish(scan(quiet, folder, "quiet", models), folder / "quiet.json")
        outcome.ideal = quiet.asked()
    begun = time.monotonic()
    with serving(Server(folder, port, models, faults, seed)) as troubled:
        running = _killed(troubled, folder, outcome, seed, client_kills, server_kills)
        second = finish(running, folder / "troubled.json")
        outcome.asked = troubled.asked()
    outcome.seconds = time.monotonic() - begun
    outcome.runs = second["run"]
    _compare(first["models"], second["models"], outcome)
    return outcome


def _killed(
    server: Server, folder: Path, outcome: Outcome, seed: int, client_kills: int, server_kills: int
) -> subprocess.Popen[str]:
    """Scan; at moments spread over the work, kill the client or the server, and start it again."""
    kills = ["client"] * client_kills + ["server"] * server_kills
    random.Random(seed).shuffle(kills)  # noqa: S311 - which order is no secret
    running = scan(server, folder, "troubled", outcome.models)
    for number, kill in enumerate(kills, 1):
        wanted = outcome.ideal * number / (len(kills) + 1)
        while server.asked() < wanted and running.poll() is None:
            time.sleep(0.1)
        if running.poll() is not None:
            break
        if kill == "client":
            running.send_signal(signal.SIGKILL)
            running.communicate()
            outcome.client_kills += 1
            running = scan(server, folder, "troubled", outcome.models)
        else:
            server.kill()
            outcome.server_kills += 1
            time.sleep(2)
            server.start()
    return running


def _compare(first: list[dict[str, Any]], second: list[dict[str, Any]], outcome: Outcome) -> None:
    expected = {_name(model): model for model in first}
    found = Counter(_name(model) for model in second)
    outcome.twice = [name for name, number in found.items() if number > 1]
    outcome.missing = sorted(expected.keys() - found.keys())
    for model in second:
        name = _name(model)
        if model == expected.get(name):
            outcome.same += 1
        elif any(gap["id"] in PASSING and gap["why"] for gap in model["gaps"]):
            outcome.excused.append(name)
        else:
            outcome.wrong.append(name)


def _name(model: dict[str, Any]) -> str:
    return str(model["ref"]).partition("@")[0]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("--models", type=int, default=2000)
    parser.add_argument("--faults", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--client-kills", type=int, default=5)
    parser.add_argument("--server-kills", type=int, default=2)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        found = run(Path(folder), asked.models, asked.faults, asked.seed, asked.client_kills, asked.server_kills)
    print(found)
    bad = found.wrong or found.twice or found.missing or found.runs != 1 or found.asked > 1.5 * found.ideal
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()

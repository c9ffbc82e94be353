"""The figures of the Hub: requests and bytes a model, models a second, our share of the time, memory."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from costs import run

from tests.hub.server import wait_until_up


class Server(NamedTuple):
    """A hub in a process of its own: its address, what it counts in, its process."""

    url: str
    log: Path
    process: subprocess.Popen[bytes]

    def cpu(self) -> float:
        """CPU seconds that it has used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def counted(self) -> tuple[int, int]:
        """Requests and bytes of bodies so far."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        bodies = [int(line) for line in lines if line.startswith("+")]
        return len(lines) - len(bodies), sum(bodies)


class Cost(NamedTuple):
    """What a licscan cost: seconds of wall, CPU seconds of its own and of the hub, MiB, requests, bytes of bodies."""

    wall: float
    ours: float
    server: float
    peak: float
    requests: int
    size: int


@contextmanager
def serving(folder: Path, models: int) -> Iterator[Server]:
    """A hub with generated models."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    log = folder / "requests.log"
    command = [sys.executable, "-m", "tests.hub", f"--port={port}", f"--generated={models}", f"--log={log}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_until_up(f"http://127.0.0.1:{port}")
        yield Server(f"http://127.0.0.1:{port}", log, process)
    finally:
        process.kill()
        process.wait()


def scan(server: Server, folder: Path, name: str, models: int, *options: str) -> Cost:
    """One licscan over all models, named one by one."""
    listed = folder / f"{models}.txt"
    listed.write_text("".join(f"bulk/model-{number:05}\n" for number in range(models)))
    env = {key: value for key, value in os.environ.items() if key not in {"HF_HUB_OFFLINE", "HF_TOKEN"}}
    env |= {"HF_ENDPOINT": server.url, "HF_HOME": str(folder / "hf"), "XDG_CACHE_HOME": str(folder / "cache")}
    command = [sys.executable, "-m", "licscan", "scan", "-", "-q", "--db", str(folder / f"{name}.db"), *options]
    before, busy = server.counted(), server.cpu()
    with listed.open() as stream:
        cost = run(command, env, stdin=stream)
    after = server.counted()
    return Cost(cost.wall, cost.cpu, server.cpu() - busy, cost.peak, after[0] - before[0], after[1] - before[1])


def hub(number: int = 500) -> None:
    """Models of a hub on this machine: what they cost for the first time and again, by 1 and by 8 at a time."""
    with tempfile.TemporaryDirectory() as name, serving(Path(name), number) as server:
        folder = Path(name)
        scan(server, folder, "warm", 1)  # compiles the rule base
        for jobs in (1, 8):
            for what in ("first", "again"):
                cost = scan(server, folder, f"jobs-{jobs}", number, f"--jobs={jobs}")
                share = cost.ours / (cost.ours + cost.server)
                print(
                    f"  {jobs} at a time, {what}: {cost.requests / number:.2f} requests and {cost.size / number:.0f} "
                    f"bytes a model, {number / cost.wall:.0f} models/s, {number / cost.ours:.0f} models/s of our CPU; "
                    f"of all CPU {share:.0%} is ours and {1 - share:.0%} the server's"
                )


def memory(few: int = 1000, many: int = 10_000) -> None:
    """Peak memory over a thousand models of a hub, and over ten thousand: flat, not growing with the number."""
    with tempfile.TemporaryDirectory() as name, serving(Path(name), many) as server:
        for number in (few, many):
            cost = scan(server, Path(name), f"memory-{number}", number)
            print(f"  {number} models: peak {cost.peak:.0f} MiB, {number / cost.wall:.0f} models/s of wall")

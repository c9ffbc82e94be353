"""What a command costs: its own CPU time and peak memory, and nothing of the benchmark that starts it.

Linux counts as a process's peak memory what the process had that started it. A small one in between is what is counted.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import IO, NamedTuple

_BETWEEN = """\
import json, os, sys
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(pid, 0)
said = [usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)]
os.write(int(sys.argv[1]), json.dumps(said).encode())
"""


class Cost(NamedTuple):
    """What a command cost.

    Attributes:
        cpu: Seconds of processor time.
        peak: MiB of memory.
        wall: Seconds that it took.
    """

    cpu: float
    peak: float
    wall: float


def run(
    command: Sequence[object],
    env: Mapping[str, str] | None = None,
    stdin: IO[str] | None = None,
    exits: frozenset[int] = frozenset({0}),
) -> Cost:
    """Run a command, and say what it cost; the program ends where the command ends otherwise than it should.

    Args:
        command: The program by its whole path, and its arguments.
        env: Variables besides those of this process.
        stdin: What it reads.
        exits: The exit codes that it may have.
    """
    told, tells = os.pipe()
    between = [sys.executable, "-I", "-S", "-c", _BETWEEN, str(tells), *map(str, command)]
    begun = time.perf_counter()
    done = subprocess.run(
        between,
        stdin=stdin,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, **(env or {})},
        pass_fds=(tells,),
        check=False,
    )
    wall = time.perf_counter() - begun
    os.close(tells)
    with os.fdopen(told) as stream:
        said = stream.read()
    if not said or json.loads(said)[2] not in exits:
        sys.exit(f"{command}: {done.stderr.decode(errors='replace')}")
    cpu, peak, _ = json.loads(said)
    return Cost(cpu, peak, wall)

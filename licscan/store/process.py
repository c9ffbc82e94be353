"""Which process writes a run, and whether it is still there: a run that is being made was not killed."""

import os
import socket


def this_process() -> str:
    """This machine and process."""
    return f"{socket.gethostname()}:{os.getpid()}"


def is_running(process: str) -> bool:
    """Whether a process is there; one of another machine is taken for gone, since it cannot be asked."""
    host, _, number = process.rpartition(":")
    if host != socket.gethostname() or not number.isdigit() or int(number) == os.getpid() or os.name == "nt":
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

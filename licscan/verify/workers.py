"""Files hashed by several threads: hashing and reading let go of the interpreter, so that each has a processor."""

import os
import queue
import threading
from collections.abc import Callable, Generator, Sequence
from typing import NamedTuple

from licscan.verify.hashing import BUFFER, Hashed, StoppedError, hash_file

_SMALL = 1 << 20
_SMALL_AT_ONCE = 64
_MOST = 32
_TICK = 0.1

Progress = Callable[[int], None]


class Job(NamedTuple):
    """A file to be hashed.

    Attributes:
        number: Its place among all.
        path: Where it is opened.
        size: In bytes, as it was when it was listed.
        algorithms: Which digests.
    """

    number: int
    path: str
    size: int
    algorithms: tuple[str, ...]


class Done(NamedTuple):
    """A file that was hashed, by the number of its job."""

    number: int
    hashed: Hashed


def processors() -> int:
    """How many processors this process may use."""
    try:
        return min(_MOST, len(os.sched_getaffinity(0)))
    except AttributeError:
        return min(_MOST, os.cpu_count() or 1)


def hash_all(jobs: Sequence[Job], threads: int, progress: Progress) -> Generator[Done, None, None]:
    """Hash files, in any order, by that many threads.

    Args:
        jobs: The files.
        threads: How many at a time.
        progress: Told now and then, by the thread that asks, how many bytes were read so far.

    Whoever stops asking ends the work: what is being read is left.
    """
    work = _Work(jobs)
    threads = max(1, min(threads, len(work.left)))
    running = [threading.Thread(target=work.run, args=(place,), daemon=True) for place in range(threads)]
    work.read = [0] * threads
    for one in running:
        one.start()
    try:
        ended = 0
        while ended < threads:
            try:
                found = work.results.get(timeout=_TICK)
            except queue.Empty:
                progress(sum(work.read))
                continue
            if isinstance(found, BaseException):
                raise found
            ended += found is None
            progress(sum(work.read))
            yield from found or ()
    finally:
        work.stopped = True
        for one in running:
            one.join()


class _Work:
    """What is left to do, and what is done."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        # The largest first, so that no thread begins with one when the others are done; small ones many at a time.
        ordered = sorted(jobs, key=lambda job: -job.size)
        large = [[job] for job in ordered if job.size >= _SMALL]
        small = ordered[len(large) :]
        self.left = large + [small[n : n + _SMALL_AT_ONCE] for n in range(0, len(small), _SMALL_AT_ONCE)]
        self.left.reverse()
        self.results: queue.SimpleQueue[list[Done] | BaseException | None] = queue.SimpleQueue()
        self.read: list[int] = []
        self.stopped = False

    def run(self, place: int) -> None:
        """Take one lot after the other until none is left; say so with None."""
        buffer = bytearray(BUFFER)

        def read(number: int) -> None:
            if self.stopped:
                raise StoppedError
            self.read[place] += number

        try:
            while not self.stopped:
                try:
                    jobs = self.left.pop()
                except IndexError:
                    break
                self.results.put([Done(job.number, hash_file(job.path, job.algorithms, buffer, read)) for job in jobs])
            self.results.put(None)
        except StoppedError:
            self.results.put(None)
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that asked
            self.results.put(error)

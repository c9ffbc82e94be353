"""A limit of calls in a window of time, told in the headers that the Hub tells it in."""

import math
import threading
import time
from collections.abc import Callable


class Limit:
    """Counts calls in windows that start at the first call and do not slide.

    Args:
        calls: How many are answered in a window.
        seconds: How long a window is.
        clock: Seconds that only grow.
    """

    def __init__(self, calls: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._calls = calls
        self._seconds = seconds
        self._clock = clock
        self._ends = -math.inf
        self._used = 0
        self._lock = threading.Lock()

    def take(self) -> tuple[bool, dict[str, str]]:
        """Count one call: whether it is within the limit, and the headers that say what is left."""
        with self._lock:
            now = self._clock()
            if now >= self._ends:
                self._ends = now + self._seconds
                self._used = 0
            self._used += 1
            allowed = self._used <= self._calls
            return allowed, rate_headers(
                self._calls,
                self._seconds,
                max(0, self._calls - self._used),
                max(1, math.ceil(self._ends - now)),
                refused=not allowed,
            )


def rate_headers(calls: int, seconds: float, remaining: int, reset: int, *, refused: bool) -> dict[str, str]:
    """The headers of an answer; one that refuses says in the old way, too, how long to wait."""
    headers = {
        "RateLimit": f'"api";r={remaining};t={reset}',
        "RateLimit-Policy": f'"fixed window";"api";q={calls};w={math.ceil(seconds)}',
    }
    return {**headers, "Retry-After": str(reset)} if refused else headers

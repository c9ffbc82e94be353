"""Everything that can go wrong between a hub and its client, chosen by a seed, so that a campaign can be repeated."""

import hashlib
import threading
from collections import Counter
from dataclasses import dataclass, field

KINDS = (
    "500",
    "502",
    "503",
    "504",
    "408",
    "429",
    "reset",  # the connection ends without an answer
    "half",  # the body stops before its length
    "short",  # the length is smaller than the body: a truncated answer that looks whole
    "html",  # a page for people where data were asked for
    "empty",  # 200, and nothing
    "garbled",  # bytes of the body changed, length kept
    "other",  # an answer about another repository; garbled where an answer is about none
    "slow",  # later than a client should wait for one answer
)


@dataclass
class Faults:
    """Which answers fail.

    Attributes:
        share: How many of all answers, 0 to 1.
        seed: Chooses which.
        kinds: In which ways.
        slow_seconds: How long a slow answer takes.
        given: How many of each kind were given.
    """

    share: float = 0.0
    seed: int = 0
    kinds: tuple[str, ...] = KINDS
    slow_seconds: float = 3.0
    given: Counter[str] = field(default_factory=Counter)
    _asked: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def choose(self, request: str) -> str | None:
        """The fault of the next answer to a request, or none: by seed, request, and how often it was asked before."""
        if not self.share:
            return None
        with self._lock:
            number = self._asked[request]
            self._asked[request] += 1
        chance = hashlib.sha256(f"{self.seed}\0{request}\0{number}".encode()).digest()
        if int.from_bytes(chance[:4], "big") / 2**32 >= self.share:
            return None
        kind = self.kinds[int.from_bytes(chance[4:8], "big") % len(self.kinds)]
        with self._lock:
            self.given[kind] += 1
        return kind

"""How long to wait: for one model, for a hub that asks for a pause, for a hub that is down."""

import threading
import time

from licscan.errors import UnreachableError

# A hub's window of requests is 5 minutes; one that asks for much more is not going to be waited for.
LONGEST_PAUSE = 600.0
MOST_PAUSED = 1800.0
# So many models in a row that the hub could not answer for, whatever was tried: it is down, or no hub.
GIVEN_UP = 3
# How long it is then left alone before one more model asks it.
LEFT_ALONE = 15.0


class GivenUpError(UnreachableError):
    """The hub is not even asked: it is down, asks for too long a pause, or the scan has ended."""


class Patience:
    """How long one model may take, pauses that the hub itself asks for apart.

    Args:
        seconds: How long.
        until: When it ends, where it has begun before.
    """

    def __init__(self, seconds: float, until: float = 0.0) -> None:
        self.seconds = seconds
        self.paused = 0.0
        self.gave_up = False
        self.until = until or time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left; 0 when none are."""
        return max(0.0, self.until - time.monotonic())

    def extend(self, seconds: float) -> None:
        """Wait longer, since the hub asked for it."""
        self.paused += seconds
        self.until += seconds


class Gate:
    """What all that ask one hub have in common: pauses, whether it is down, and whether the scan has ended."""

    def __init__(self) -> None:
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self.known = False  # whether it has ever answered
        self._open_from = 0.0
        self._given_up = 0
        self._ask_again = 0.0
        self._reason = ""

    @property
    def closed(self) -> bool:
        """Whether the scan has ended."""
        return self._closed.is_set()

    def close(self) -> None:
        """End the scan: whoever waits stops waiting."""
        self._closed.set()

    def pause(self, seconds: float) -> None:
        """Let nobody ask for so long.

        Raises:
            GivenUpError: It is longer than anybody wants to wait.
        """
        if seconds > LONGEST_PAUSE:
            raise GivenUpError(f"asks to come back in {seconds:.0f} s, and {LONGEST_PAUSE:.0f} s are waited for")
        with self._lock:
            self._open_from = max(self._open_from, time.monotonic() + seconds)

    def pausing(self) -> float:
        """For how many seconds nobody may ask."""
        return max(0.0, self._open_from - time.monotonic())

    def enter(self, patience: Patience) -> None:
        """Wait until it may be asked.

        Raises:
            GivenUpError: It is down, the scan has ended, or the pauses take too long.
        """
        while wait := self.pausing():
            patience.extend(wait)
            if patience.paused > MOST_PAUSED:
                raise GivenUpError(f"asked for pauses of more than {MOST_PAUSED:.0f} s")
            self.sleep(wait)
        self._raise_if_closed()
        with self._lock:
            if self._given_up >= GIVEN_UP:
                if time.monotonic() < self._ask_again:
                    raise GivenUpError(f"gave no answer for {self._given_up} models before: {self._reason}")
                self._ask_again = time.monotonic() + LEFT_ALONE

    def sleep(self, seconds: float) -> None:
        """Wait, but no longer than the scan lasts.

        Raises:
            GivenUpError: The scan has ended.
        """
        self._closed.wait(seconds)
        self._raise_if_closed()

    @property
    def doubtful(self) -> bool:
        """Whether the hub is down as far as is known: one try is enough then."""
        return self._given_up >= GIVEN_UP

    def answered(self) -> None:
        """The hub gave an answer that is one."""
        self.known = True
        self._given_up = 0

    def gave_up(self, reason: str, patience: Patience) -> None:
        """The hub could not be brought to answer; however many files of one model it is, that is one model."""
        with self._lock:
            if patience.gave_up:
                return
            patience.gave_up = True
            self._given_up += 1
            self._reason = reason
            self._ask_again = time.monotonic() + LEFT_ALONE

    def _raise_if_closed(self) -> None:
        if self._closed.is_set():
            raise GivenUpError("the scan was ended")

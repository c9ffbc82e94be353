"""Asking a hub until it answers: retries, pauses that it asks for, and the token for it alone."""

import json
import os
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2
import tenacity
from huggingface_hub import constants
from huggingface_hub.errors import OfflineModeIsEnabled
from huggingface_hub.utils import RateLimitInfo, build_hf_headers, parse_ratelimit_headers

from licscan import __version__
from licscan.errors import (
    DeniedError,
    HeaderError,
    InvalidAnswerError,
    NotFoundError,
    OfflineError,
    UnreachableError,
    UnreadableError,
    UsageError,
)
from licscan.sources.hub import wire
from licscan.sources.hub.answers import trouble
from licscan.sources.hub.endpoint import endpoint, shown
from licscan.sources.hub.patience import LONGEST_PAUSE, Gate, GivenUpError, Patience
from licscan.sources.hub.wire import Answer
from licscan.text import printable

Check = Callable[[Answer], None]

JSON_LIMIT = 24 << 20
# Where an answer never comes right: so often it is asked, and so often for an answer that is none.
MOST_TRIES = 10
MOST_INVALID = 6
# Where nobody has answered yet, and nobody is there: no name, no listener.
MOST_CALLS = 5
# What is no answer but words that mean nothing; a redirect to a host that no name can have is a `ValueError`.
_INVALID = (httpx2.TooManyRedirects, httpx2.UnsupportedProtocol, httpx2.InvalidURL, httpx2.DecodingError, ValueError)
_TOO_MANY = 429
_MOST_PAUSES = 20
_ANSWERS = frozenset({200, 206, 304})
_DEFAULT_PAUSE = 5.0
_LONGEST_LIMIT = 300


class Client:
    """Asks one hub; any number of threads may share it.

    Raises:
        UsageError: HF_ENDPOINT is no address, or the token cannot be read.
    """

    def __init__(self) -> None:
        self.endpoint = endpoint()
        self.gate = Gate()
        wire.install()
        try:
            self._headers = build_hf_headers(library_name="licscan", library_version=__version__)
        except (ValueError, OSError, httpx2.HTTPError) as error:
            what = f"the token of the hub cannot be read: {type(error).__name__}"
            raise UsageError(what, where="huggingface_hub", remedy="log in again, or unset HF_TOKEN") from error
        if not re.fullmatch("[!-~]*", self._secret):
            what = "the token of the hub has characters that no token has"
            raise UsageError(what, where="huggingface_hub", remedy="log in again, or mend HF_TOKEN")

    @property
    def anonymous(self) -> bool:
        """Whether no token is sent."""
        return "authorization" not in self._headers

    @property
    def shown(self) -> str:
        """The endpoint as it may be shown: without a password."""
        return shown(self.endpoint)

    def ask(
        self,
        url: str,
        patience: Patience,
        *,
        limit: int = JSON_LIMIT,
        headers: Mapping[str, str] | None = None,
        check: Check | None = None,
    ) -> Answer:
        """What the hub answers, once it does.

        Args:
            url: What for: a path at the endpoint, or an address.
            patience: How long it may take.
            limit: How many bytes to read at most.
            headers: What to send besides.
            check: Raises `InvalidAnswerError` for an answer that cannot be what was asked for; it is asked for again.

        Raises:
            UnreadableError: The hub says no, gives no answer in time, or none that is one.
        """
        address = url if "://" in url else self.endpoint + url
        invalid = 0
        last: UnreadableError | None = None

        def once() -> Answer:
            nonlocal invalid, last
            if last and not patience.left():
                raise last  # says more than that the time is over
            try:
                return self._once(address, patience, limit, headers or {}, check)
            except (InvalidAnswerError, UnreachableError) as error:
                invalid += isinstance(error, InvalidAnswerError)
                last = error
                raise

        def enough(state: tenacity.RetryCallState) -> bool:
            tries = state.attempt_number
            nobody = (
                tries >= MOST_CALLS and not self.gate.known and last and isinstance(last.__cause__, httpx2.ConnectError)
            )
            given_up = tries >= MOST_TRIES or invalid >= MOST_INVALID or bool(nobody)
            return given_up or not patience.left() or self.gate.doubtful

        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_is_worth_another_try),
            wait=tenacity.wait_random_exponential(multiplier=0.4, max=8),
            stop=enough,
            sleep=lambda seconds: self.gate.sleep(min(seconds, patience.left())),
            reraise=True,
        )
        return self._settled(lambda: retrying(once), patience)

    def ask_json(self, url: str, patience: Patience, check: Callable[[Any, str], None], **more: Any) -> Answer:
        """What the hub answers, in JSON that can be read and passes a check: of that, and of where it came from."""

        def is_json(answer: Answer) -> None:
            if answer.status == httpx2.codes.NOT_MODIFIED and "if-none-match" in more.get("headers", {}):
                return
            check(read_json(answer.body, whole=answer.whole), answer.url)

        return self.ask(url, patience, check=is_json, **more)

    def close(self) -> None:
        """End whatever is still being asked."""
        self.gate.close()
        wire.uninstall()

    def _settled(self, ask: Callable[[], Answer], patience: Patience) -> Answer:
        """Ask, and note for all who ask this hub whether it answers."""
        try:
            answer = ask()
        except (NotFoundError, DeniedError):
            self.gate.answered()  # "no" is an answer
            raise
        except (UnreachableError, InvalidAnswerError) as error:
            if _is_worth_another_try(error):
                self.gate.gave_up(error.what, patience)
            raise
        self.gate.answered()
        return answer

    def _once(
        self, url: str, patience: Patience, limit: int, headers: Mapping[str, str], check: Check | None
    ) -> Answer:
        answer = self._paced(url, patience, limit, headers)
        if answer.status == httpx2.codes.RANGE_NOT_SATISFIABLE and "range" in headers:
            raise HeaderError("the file has no such bytes: it is empty")
        if found := trouble(answer, anonymous=self.anonymous or not self._is_ours(url)):
            raise found
        if answer.status not in _ANSWERS:
            raise InvalidAnswerError(f"a status that nobody asked for: {answer.status}")
        if check:
            check(answer)
        return answer

    def _paced(self, url: str, patience: Patience, limit: int, headers: Mapping[str, str]) -> Answer:
        """An answer that is no "too many requests": those are waited for, by all who ask."""
        for _ in range(_MOST_PAUSES):
            self.gate.enter(patience)
            answer = self._exchange(url, patience, limit, headers)
            budget = _budget(answer)
            if answer.status == _TOO_MANY:
                self.gate.pause(_pause(answer, budget))
                continue
            if budget and budget.remaining == 0 and "/api/" in url:
                # The next one would be refused: wait at once. This one is an answer, however long the wait would be.
                wait = min(budget.reset_in_seconds + 1.0, budget.window_seconds or 60.0)
                if wait <= LONGEST_PAUSE:
                    self.gate.pause(wait)
            return answer
        raise UnreachableError(f"asked to come back later {_MOST_PAUSES} times in a row")

    def _exchange(self, url: str, patience: Patience, limit: int, headers: Mapping[str, str]) -> Answer:
        if not patience.left():
            raise UnreachableError(f"no answer within {patience.seconds:.0f} s")
        sent = {**(self._headers if self._is_ours(url) else {}), **headers}
        try:
            return self._without_token(wire.exchange(url, sent, limit, patience, self.gate))
        except OfflineModeIsEnabled as error:
            raise OfflineError("offline: HF_HUB_OFFLINE is set", where=self.shown) from error
        except httpx2.TimeoutException as error:
            late = f"no answer within {patience.seconds:.0f} s" if not patience.left() else "no answer in time"
            raise UnreachableError(f"{late} ({type(error).__name__})", where=self.shown) from error
        except _INVALID as error:
            raise InvalidAnswerError(self._words(error), where=self.shown) from error
        except (httpx2.HTTPError, OSError) as error:
            raise UnreachableError(self._words(error), where=self.shown) from error

    def _without_token(self, answer: Answer) -> Answer:
        """The answer; a hostile server might echo the token, and what is answered is kept and shown."""
        secret = self._secret
        if not secret or not (secret.encode() in answer.body or secret in "".join(answer.headers.values())):
            return answer
        raise InvalidAnswerError("an answer that repeats the token")

    def _words(self, error: Exception) -> str:
        """What went wrong on the way; such words quote what the server sent."""
        words = " ".join(str(error).split())
        told = "what was sent repeats the token" if self._secret and self._secret in words else printable(words)[:200]
        return f"{type(error).__name__}: {told}"

    @property
    def _secret(self) -> str:
        return self._headers.get("authorization", "").removeprefix("Bearer ")

    def _is_ours(self, url: str) -> bool:
        """Whether an address is at the endpoint's own origin: nobody else is sent the token."""
        return _origin(url) == _origin(self.endpoint)


def read_json(body: bytes, *, whole: bool = True) -> Any:
    """The JSON of an answer.

    Raises:
        InvalidAnswerError: It is none, or too long to be read.
    """
    if not whole:
        raise InvalidAnswerError(f"an answer of more than {JSON_LIMIT >> 20} MiB")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        what = "an empty answer" if not body.strip() else "a web page" if body.lstrip()[:1] == b"<" else "no sound JSON"
        raise InvalidAnswerError(f"{what} where JSON was asked for") from error


def is_offline() -> bool:
    """Whether the environment forbids `huggingface_hub` to ask."""
    # The library keeps what it was imported with, like the endpoint.
    now = (os.environ.get(name, "").upper() for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"))
    return bool(constants.is_offline_mode()) or not constants.ENV_VARS_TRUE_VALUES.isdisjoint(now)


def _is_worth_another_try(error: BaseException) -> bool:
    return isinstance(error, UnreachableError | InvalidAnswerError) and not isinstance(error, GivenUpError)


def _budget(answer: Answer) -> RateLimitInfo | None:
    """What is left of a hub's limit, as far as it says so in numbers that mean something."""
    if max(len(answer.headers.get(name, "")) for name in ("ratelimit", "ratelimit-policy")) > _LONGEST_LIMIT:
        return None
    try:
        return parse_ratelimit_headers(answer.headers)
    except ValueError:
        return None


def _pause(answer: Answer, budget: RateLimitInfo | None) -> float:
    """How long a hub asks everybody to wait."""
    if budget:
        return budget.reset_in_seconds + 1.0
    after = answer.headers.get("retry-after", "").strip()
    return max(1.0, float(after) + 0.5) if re.fullmatch(r"[0-9]{1,7}", after) else _DEFAULT_PAUSE


def _origin(url: str) -> tuple[str, str, int]:
    try:
        parts = urlsplit(url)
        return parts.scheme, (parts.hostname or "").casefold(), parts.port or {"https": 443}.get(parts.scheme, 80)
    except ValueError as error:
        raise InvalidAnswerError(f"no address: {url[:100]!r}") from error

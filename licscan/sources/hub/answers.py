"""What an answer of a hub means when it is not what was asked for."""

from typing import NamedTuple

import httpx2
from huggingface_hub.errors import (
    DisabledRepoError,
    GatedRepoError,
    HfHubHTTPError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import hf_raise_for_status

from licscan.errors import (
    DeniedError,
    InvalidAnswerError,
    NotFoundError,
    UnreachableError,
    UnreadableError,
)
from licscan.sources.hub.wire import Answer
from licscan.text import printable

ANONYMOUS = "asked without a token"

_LONGEST = 200
# The body is decoded and bounded; and the library would print a warning of the server as it stands.
_NOT_OURS = frozenset({"content-encoding", "content-length", "x-hf-warning"})
_NO_ROUTE = frozenset({404, 405, 410, 501})
_PASSING = frozenset({408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})


class _Meaning(NamedTuple):
    """What an error of the library means here, and whether a token might change it."""

    kind: type[UnreadableError]
    words: str
    depends_on_token: bool = False


_NO_REPOSITORY = _Meaning(NotFoundError, "no such repository, or a private one", depends_on_token=True)
# The order matters: a gated repository is a kind of repository that is not found.
_MEANINGS: dict[type[Exception], _Meaning] = {
    GatedRepoError: _Meaning(DeniedError, "gated: its publisher has not given access", depends_on_token=True),
    DisabledRepoError: _Meaning(DeniedError, "disabled by the hub"),
    RevisionNotFoundError: _Meaning(NotFoundError, "no such revision"),
    RemoteEntryNotFoundError: _Meaning(NotFoundError, "no such file"),
    RepositoryNotFoundError: _NO_REPOSITORY,
}


class MissingRouteError(NotFoundError):
    """The server knows no such route, as mirrors do: that says nothing of the repository."""


def trouble(answer: Answer, *, anonymous: bool) -> UnreadableError | None:
    """What is wrong, as the library tells it; None where the answer is one.

    Args:
        answer: The answer.
        anonymous: Whether no token was sent.
    """
    if answer.status < httpx2.codes.BAD_REQUEST:
        return None
    said = _said(answer)
    if answer.status in _PASSING:
        return UnreachableError(f"the hub answers {answer.status}{said}")
    suffix = f" ({ANONYMOUS})" if anonymous else ""
    try:
        hf_raise_for_status(_response(answer))
    except tuple(_MEANINGS) as error:
        meaning = next(meaning for known, meaning in _MEANINGS.items() if isinstance(error, known))
        return meaning.kind(meaning.words + (suffix if meaning.depends_on_token else ""))
    except HfHubHTTPError:
        return _by_status(answer, said, suffix)
    return None


def _by_status(answer: Answer, said: str, suffix: str) -> UnreadableError:
    if "invalid credentials" in said.casefold():
        return DeniedError("the hub refuses the token")
    if answer.status == httpx2.codes.UNAUTHORIZED:
        # What the Hub says of a repository that is not there, and of one that nobody may know of. The library takes it
        # for that over https only.
        return NotFoundError(_NO_REPOSITORY.words + suffix)
    if answer.status in {httpx2.codes.FORBIDDEN, httpx2.codes.UNAVAILABLE_FOR_LEGAL_REASONS}:
        return DeniedError(f"access is refused{said}{suffix}")
    if answer.status in _NO_ROUTE:
        return MissingRouteError(f"the server answers {answer.status}{said}")
    return InvalidAnswerError(f"the hub answers {answer.status}{said}")


def _response(answer: Answer) -> httpx2.Response:
    """The answer as the library reads it: its bounded body, and no word on how that was encoded."""
    # As bytes: the library's own way from text to a header knows ASCII alone, and messages come in any language.
    headers = [(key.encode(), value.encode()) for key, value in answer.headers.items() if key not in _NOT_OURS]
    return httpx2.Response(
        answer.status, headers=headers, content=answer.body, request=httpx2.Request("GET", answer.url)
    )


def _said(answer: Answer) -> str:
    words = answer.headers.get("x-error-message") or answer.headers.get("x-error-code") or ""
    return f": {printable(' '.join(words.split()))[:_LONGEST]}" if words else ""

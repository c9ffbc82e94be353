"""Whether an answer of a hub can be what was asked for; what cannot is asked for again."""

import hashlib
import re
from collections import Counter
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit

from huggingface_hub import hf_hub_url

from licscan.errors import HeaderError, InvalidAnswerError
from licscan.formats import safetensors
from licscan.formats.listing import Listed
from licscan.model import ModelRef
from licscan.sources.hub.record import read_record, sha
from licscan.sources.hub.wire import Answer

FIRST_HEAD = 1 << 16

_SAME_AGAIN = 2
_NEXT = re.compile(r'<([^<>]+)>\s*;[^,]*\brel="?next"?')
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_GIT = re.compile(r'(?:W/)?"?([0-9a-f]{40})"?')


class Address(NamedTuple):
    """A repository at the endpoint.

    Attributes:
        kind: `models` or `datasets`, as its paths spell it.
        name: Its name.
    """

    kind: str
    name: str

    @classmethod
    def of(cls, ref: ModelRef) -> "Address":
        """That of a reference."""
        return cls("datasets" if ref.scheme == "dataset" else "models", ref.name)

    def api(self, rest: str = "") -> str:
        """A path of the API."""
        return f"/api/{self.kind}/{self.name}{rest}"

    def info(self, revision: str | None) -> str:
        """The path that tells of it at a revision; of models with sizes and digests."""
        at = f"/revision/{quote(revision, safe='')}" if revision else ""
        return self.api(at + ("?blobs=true" if self.kind == "models" else ""))

    def file(self, endpoint: str, revision: str | None, path: str) -> str:
        """The address of a file, as the library builds it."""
        kind = self.kind.removesuffix("s")
        return hf_hub_url(self.name, path, repo_type=kind, revision=revision or "main", endpoint=endpoint)


def check_info(address: Address, revision: str | None, said: Any, url: str) -> None:
    """Whether an answer can be that of an info call.

    Raises:
        InvalidAnswerError: It is no record, or tells of another repository or commit.
    """
    if not isinstance(said, dict):
        raise InvalidAnswerError("a record that is no JSON object")
    record = read_record(said)
    if revision and record.sha and re.fullmatch(r"[0-9a-f]{40}", revision) and record.sha != revision:
        raise InvalidAnswerError("a record of another commit")
    # A repository that was renamed answers under its new name, and a redirect has led there.
    if record.id and record.id.casefold() not in {address.name.casefold(), *_names(url)}:
        raise InvalidAnswerError("a record of another repository")
    if not record.id and not record.sha and "siblings" not in said:
        raise InvalidAnswerError("a record that says nothing")


class HeadCheck:
    """Whether an answer can be the head of a safetensors file, and how long that head is.

    An unsound head may be what the publisher uploaded, or what the way made of it: it is asked for again, until it has
    come so often that it must be the former, or the digest of the whole file shows it.
    """

    def __init__(self, file: Listed) -> None:
        self.asked = FIRST_HEAD
        self.length = FIRST_HEAD
        self._file = file
        self._seen: Counter[bytes] = Counter()

    def __call__(self, answer: Answer) -> None:
        """Look at an answer.

        Raises:
            InvalidAnswerError: It cannot be the head; another try may give it.
            HeaderError: It is the head, and it is unsound.
        """
        body, size = answer.body, self._file.size
        if size >= 0 and len(body) < min(self.asked, size):
            raise InvalidAnswerError("less of a weight file than was asked for")
        if 0 <= size == len(body):
            check_digest(answer, self._file.promised)
        try:
            self.length = safetensors.header_length(body, size, self._file.path)
            if len(body) >= self.length:
                safetensors.read_head(body[: self.length], self._file.path)
        except HeaderError as error:
            self._seen[hashlib.sha256(body).digest()] += 1
            if max(self._seen.values()) > _SAME_AGAIN or 0 <= size == len(body):
                raise
            raise InvalidAnswerError(error.what) from error


def next_page(answer: Answer, endpoint: str) -> str | None:
    """The address of the next page, of the endpoint's own origin: the token would go along; None after the last page.

    Raises:
        InvalidAnswerError: There is a next page, and it is nowhere in the API.
    """
    found = _NEXT.search(answer.headers.get("link", ""))
    if not found:
        return None
    try:
        following = urljoin(answer.url, found[1])
        # A mirror passes on the links of the hub behind it.
        path = re.sub(r"^[a-z]+://[^/]+", "", following).removeprefix(urlsplit(endpoint).path)
    except ValueError:
        path = ""
    if not path.startswith("/api/"):
        raise InvalidAnswerError("a list whose next page is nowhere in the API")
    return f"{endpoint}{path}"


def commit_of(answer: Answer) -> str | None:
    """The commit that a file was served from."""
    return sha(answer.headers.get("x-repo-commit"))


def _names(url: str) -> set[str]:
    parts = unquote(urlsplit(url).path).casefold().partition("/api/")[2].split("/")
    return {"/".join(parts[1:3]), *parts[1:2]}


def check_list(said: Any, _url: str) -> None:
    """Whether an answer can be a list of files.

    Raises:
        InvalidAnswerError: It is none.
    """
    if not isinstance(said, list):
        raise InvalidAnswerError("a list of files that is no JSON array")


def is_page(answer: Answer, path: str) -> bool:
    """Whether what came for a file is a page for people, such as one to log in at, whatever it is said to be."""
    if "text/html" in answer.headers.get("content-type", ""):
        return True
    return not path.casefold().endswith((".html", ".htm")) and bool(_PAGE.match(answer.body))


def check_digest(answer: Answer, promised: str | None) -> None:
    """Compare a file with what was promised of it: by the list, or else by the answer itself.

    Raises:
        InvalidAnswerError: These are other bytes.
    """
    if promised is None:
        etag = _GIT.fullmatch(answer.headers.get("x-linked-etag") or answer.headers.get("etag", ""))
        promised = f"git-sha1:{etag[1]}" if etag else None
    algorithm, _, wanted = (promised or "").partition(":")
    data = answer.body
    if algorithm == "sha256":
        found = hashlib.sha256(data).hexdigest()
    elif algorithm == "git-sha1":
        found = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
    else:
        return
    if found != wanted:
        raise InvalidAnswerError("not the bytes whose digest is promised")

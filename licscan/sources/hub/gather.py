"""Everything that a hub says of one commit, as the bytes of its answers: what is asked, how, and how it is checked.

The answers are kept by name, and the facts are read from them alone (`read.py`), so that reading them again later gives
the same facts.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx2

from licscan.errors import HeaderError, InvalidAnswerError, UnreadableError
from licscan.formats import safetensors
from licscan.formats.listing import Listed
from licscan.formats.names import CARD_LIMIT, CONFIG_LIMIT, TEXT_LIMIT, is_card_name, is_read, text_kind
from licscan.model import ModelRef
from licscan.sources.hub.checks import FIRST_HEAD, Address, HeadCheck, check_digest, check_list, is_page, next_page
from licscan.sources.hub.client import Client, read_json
from licscan.sources.hub.patience import Patience
from licscan.sources.hub.record import Record, read_record, read_tree
from licscan.sources.hub.wire import Answer

RECORD, INFO, TREE, FILE, HEAD = "record", "info", "tree/", "file/", "head/"
MOST_FILES = 24
MOST_HEADS = 2

_MOST_PAGES = 20
_LONGEST_HEAD = 4 << 20
# What is asked for where a server lists no files.
_BLIND = (
    "README.md LICENSE LICENSE.md LICENSE.txt NOTICE USE_POLICY.md config.json adapter_config.json model_index.json"
).split()


class Gathering:
    """Asks for everything of one commit.

    Args:
        client: Whom to ask.
        ref: The repository, at its commit where that is known.
        patience: How long it may take.
    """

    def __init__(self, client: Client, ref: ModelRef, patience: Patience) -> None:
        self._client = client
        self._patience = patience
        self._address = Address.of(ref)
        self._revision = ref.revision
        self._kept: dict[str, bytes] = {}
        self._troubles: dict[str, dict[str, str]] = {}
        self._cut: dict[str, int] = {}

    def run(self, info: bytes, trouble: UnreadableError | None = None) -> dict[str, bytes]:
        """The answers, by name; what could not be had is in the record of them.

        Args:
            info: What an info call said; empty where there is no such call.
            trouble: What is wrong with it.
        """
        if trouble:
            self._trouble(INFO, trouble)
        record = read_record(read_json(info) if info else None)
        if info:
            self._kept[INFO] = info
        files = self._list(record)
        for path, promised in self._wanted(files):
            self._file(path, promised)
        for file in self._heads(files or ()):
            self._try(HEAD + file.path, self._head, file)
        self._kept[RECORD] = self._record(listed=files is not None)
        return self._kept

    def list_files(self, info: bytes) -> tuple[Listed, ...]:
        """All files of the commit, with what is promised of them.

        Args:
            info: What an info call said; empty where there is no such call.

        Raises:
            UnreadableError: They are not listed, or not all of them.
        """
        record = read_record(read_json(info) if info else None)
        files = self._list(record)
        if trouble := self._troubles.get("files"):
            raise UnreadableError(trouble["why"])
        if files is None or record.left_out:
            raise UnreadableError("the server does not list all files")
        return files

    def _record(self, *, listed: bool) -> bytes:
        """What reading the answers needs to know besides: how they were had, and what could not be had."""
        known = {
            "endpoint": self._client.shown,
            "anonymous": self._client.anonymous,
            "listed": listed,
            "troubles": self._troubles,
            "cut": self._cut,
        }
        return json.dumps(known, sort_keys=True).encode()

    def _list(self, record: Record) -> tuple[Listed, ...] | None:
        if record.files is not None and (record.sized or not record.files or self._address.kind == "datasets"):
            return record.files
        # A mirror that drops parameters gives names alone: the tree has sizes and digests.
        pages = self._try("files", self._pages) or []
        for number, page in enumerate(pages):
            self._kept[f"{TREE}{number}"] = page
        files, _ = read_tree([read_json(page) for page in pages])
        return files or record.files

    def _pages(self) -> list[bytes]:
        """All pages of the tree; more than a bound of them are a trouble, and those that were had are kept."""
        where = self._address.api(f"/tree/{quote(self._revision or 'main', safe='')}?recursive=true&expand=false")
        pages: list[bytes] = []
        for _ in range(_MOST_PAGES):
            answer = self._client.ask_json(where, self._patience, check_list)
            pages.append(answer.body)
            try:
                following = next_page(answer, self._client.endpoint)
            except InvalidAnswerError as error:
                self._trouble("files", error)
                return pages
            if following is None:
                return pages
            where = following
        self._trouble("files", UnreadableError(f"more than {_MOST_PAGES} pages of files; the first were read"))
        return pages

    def _wanted(self, files: tuple[Listed, ...] | None) -> Iterator[tuple[str, str | None]]:
        if files is None:
            yield from ((path, None) for path in _BLIND)
            return
        read = sorted((file for file in files if is_read(file.path)), key=lambda file: _weight(file.path))
        for number, file in enumerate(read):
            if number < MOST_FILES:
                yield file.path, file.promised
            else:
                why = f"more than {MOST_FILES} such files; the others were not asked for"
                self._trouble(FILE + file.path, UnreadableError(why))

    def _file(self, path: str, promised: str | None) -> None:
        denied = self._troubles.get(FILE + "*")
        if denied and not is_card_name(path):
            # Who is refused one file of a gated repository is refused all.
            self._troubles[FILE + path] = denied
            return
        answer = self._try(FILE + path, self._fetch, path, promised)
        if answer is None:
            trouble = self._troubles[FILE + path]
            if trouble["gap"] == "access-denied":
                self._troubles[FILE + "*"] = trouble
            return
        self._kept[FILE + path] = answer.body
        if not answer.whole:
            self._cut[path] = len(answer.body)

    def _fetch(self, path: str, promised: str | None) -> Answer:
        def check(answer: Answer) -> None:
            if answer.status != httpx2.codes.OK:
                raise InvalidAnswerError(f"status {answer.status} where a file was asked for")
            if promised is None and is_page(answer, path):
                raise InvalidAnswerError("a web page where a file was asked for")
            if answer.whole:
                check_digest(answer, promised)

        url = self._address.file(self._client.endpoint, self._revision, path)
        return self._client.ask(url, self._patience, limit=_limit(path), check=check)

    def _heads(self, files: tuple[Listed, ...]) -> list[Listed]:
        """The weight files whose headers are asked for: one each of two sets of shards, at most."""
        if FILE + "*" in self._troubles:
            return []
        sets: dict[str, Listed] = {}
        for file in files:
            if file.path.endswith(safetensors.SUFFIXES):
                sets.setdefault(re.sub(r"-\d+-of-\d+", "", file.path), file)
        return sorted(sets.values(), key=lambda file: (file.path.count("/"), file.path))[:MOST_HEADS]

    def _head(self, file: Listed) -> None:
        url = self._address.file(self._client.endpoint, self._revision, file.path)
        if 0 <= file.size < FIRST_HEAD:
            safetensors.header_length(bytes(min(8, file.size)), file.size, file.path)
        checked = HeadCheck(file)
        asked = self._ranged(url, FIRST_HEAD, checked)
        if checked.length > _LONGEST_HEAD:
            why = f"a header of {checked.length} bytes, and {_LONGEST_HEAD} are asked for at most"
            raise HeaderError(why, where=file.path)
        if len(asked.body) < checked.length:
            asked = self._ranged(url, checked.length, checked)
        if len(asked.body) < checked.length:
            raise HeaderError("the server gave less than the header", where=file.path)
        self._kept[HEAD + file.path] = asked.body[: checked.length]

    def _ranged(self, url: str, length: int, check: "HeadCheck") -> Answer:
        check.asked = length
        # A server that knows no ranges sends the whole file: no more of it is read than was asked for.
        headers = {"range": f"bytes=0-{length - 1}", "accept-encoding": "identity"}
        return self._client.ask(url, self._patience, limit=length, headers=headers, check=check)

    def _try(self, name: str, ask: Any, *arguments: Any) -> Any:
        try:
            return ask(*arguments)
        except UnreadableError as error:
            self._trouble(name, error)
            return None

    def _trouble(self, name: str, error: UnreadableError) -> None:
        self._troubles[name] = {"gap": error.gap, "why": error.what}


def _limit(path: str) -> int:
    if is_card_name(path):
        return CARD_LIMIT
    return TEXT_LIMIT if text_kind(path.rpartition("/")[2]) else CONFIG_LIMIT


def _weight(path: str) -> tuple[int, str]:
    """Cards first: they are public where all else is gated; then what states terms; then configurations."""
    name = path.rpartition("/")[2]
    return (0 if is_card_name(path) else 1 if text_kind(name) else 2), path

"""From the name of a repository to the commit that is meant: by an info call, by its commits, or by a file of it."""

import datetime
import re
from typing import Any

import httpx2

from licscan.errors import InvalidAnswerError, NotFoundError, UnreadableError
from licscan.model import ModelRef, Pin
from licscan.sources.hub.answers import MissingRouteError
from licscan.sources.hub.checks import Address, check_info, commit_of, next_page
from licscan.sources.hub.client import Client, read_json
from licscan.sources.hub.patience import Patience
from licscan.sources.hub.record import SHA, day, read_record, sha

_MOST_PAGES = 40
# Files that nearly every repository has: a server that tells nothing of a repository may still serve these.
_USUAL = ("README.md", "config.json")


def pin(client: Client, ref: ModelRef, before: Pin | None, patience: Patience) -> Pin:
    """The repository at the commit that its revision names now.

    Raises:
        UnreadableError: The hub says no, gives no answer in time, or none that is one.
    """
    if ref.revision in {".", ".."}:
        raise NotFoundError("no such revision")  # in an address they would mean another place: the default branch
    if ref.revision and SHA.fullmatch(ref.revision):
        return Pin(ref, until=patience.until)
    if ref.date:
        found = _on(client, ref, ref.date, patience)
        return Pin(ref.at(found), until=patience.until)
    return _by_info(client, ref, before, patience)


def ask_info(client: Client, ref: ModelRef, patience: Patience) -> tuple[bytes, InvalidAnswerError | None]:
    """What the hub says of a commit, empty where it has no such call; and what is wrong with it.

    Raises:
        UnreadableError: The hub says no, gives no answer in time, or none that is one.
    """
    address = Address.of(ref)
    try:
        answer = client.ask_json(
            address.info(ref.revision), patience, lambda said, url: check_info(address, ref.revision, said, url)
        )
    except (MissingRouteError, InvalidAnswerError) as error:
        # The commit may have come from a file: if those are served, that is what there is.
        _by_file(client, ref, patience, error)
        return b"", error if isinstance(error, InvalidAnswerError) else None
    return answer.body, None


def _by_info(client: Client, ref: ModelRef, before: Pin | None, patience: Patience) -> Pin:
    address, mark = Address.of(ref), f"{client.shown} "
    known = before.validator.removeprefix(mark) if before and before.validator.startswith(mark) else ""
    headers = {"if-none-match": known} if known else {}
    try:
        answer = client.ask_json(
            address.info(ref.revision),
            patience,
            lambda said, url: check_info(address, ref.revision, said, url),
            headers=headers,
        )
    except (MissingRouteError, InvalidAnswerError) as error:
        return Pin(ref.at(_by_file(client, ref, patience, error)), until=patience.until)
    if answer.status == httpx2.codes.NOT_MODIFIED:
        if before is None or not known:
            raise InvalidAnswerError("unchanged, says the hub, and nobody had asked that")
        return before._replace(until=patience.until)
    found = read_record(read_json(answer.body)).sha
    if found is None:
        try:
            found = _by_file(client, ref, patience, InvalidAnswerError("a record without a commit"))
        except UnreadableError:
            # Nothing says at which commit this is: what is read is that of the moment, and a gap says so.
            return Pin(ref, answer=answer.body, until=patience.until)
    etag = answer.headers.get("etag", "")
    etag = etag if re.fullmatch("[!-~]{1,200}", etag) else ""  # what no header can say back is none
    return Pin(ref.at(found), f"{mark}{etag}" if etag else "", answer.body, patience.until)


def _by_file(client: Client, ref: ModelRef, patience: Patience, error: UnreadableError) -> str:
    """The commit that a file is served from; raises the error where no file says one."""
    for path in _USUAL:
        try:
            answer = client.ask(Address.of(ref).file(client.endpoint, ref.revision, path), patience, limit=1)
        except UnreadableError:
            continue
        if found := commit_of(answer):
            return found
    raise error


def _on(client: Client, ref: ModelRef, wanted: datetime.date, patience: Patience) -> str:
    """The commit that held at the end of a day, in UTC."""
    where: str | None = Address.of(ref).api("/commits/main")
    earliest: datetime.date | None = None
    for _ in range(_MOST_PAGES):
        if where is None:
            break
        answer = client.ask_json(where, patience, _check_commits)
        for commit, committed in _commits(read_json(answer.body)):
            if committed <= wanted:
                return commit
            earliest = committed
        where = next_page(answer, client.endpoint)
    first = f"; the first that is listed is of {earliest}" if earliest else ""
    raise NotFoundError(f"no commit on or before {wanted}{first}")


def _commits(said: list[Any]) -> list[tuple[str, datetime.date]]:
    found = []
    for entry in said:
        commit = sha(entry.get("id")) if isinstance(entry, dict) else None
        committed = day(entry.get("date")) if isinstance(entry, dict) else None
        if commit and committed:
            found.append((commit, committed))
    return found


def _check_commits(said: Any, _url: str) -> None:
    if not isinstance(said, list) or (said and not _commits(said)):
        raise InvalidAnswerError("a list of commits that is none")

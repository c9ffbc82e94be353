"""The repositories of an organisation or a collection, from a hub's lists."""

from collections.abc import Generator, Iterator
from typing import Any
from urllib.parse import urlencode

from licscan.errors import InvalidAnswerError, UnreadableError, UsageError
from licscan.model import Access, Gap, GapId, ModelRef
from licscan.sources.hub.checks import next_page
from licscan.sources.hub.client import Client, read_json
from licscan.sources.hub.patience import Patience
from licscan.sources.hub.record import Record, read_record, text
from licscan.sources.hub.targets import Several
from licscan.sources.interface import Found, Reach

_PAGE = 1000
_MOST_PAGES = 200
# By reference: the commit that a list names, and who is given the files.
Listed = dict[str, tuple[str, Access | None]]

_SCHEMES = {"model": "hf", "dataset": "dataset"}


def find(client: Client, meant: Several, reach: Reach, listed: Listed) -> Iterator[Found]:
    """The repositories, at the commits that the list names; a gap where it could not be had.

    Args:
        client: Whom to ask.
        meant: What they have in common.
        reach: From which day on they are wanted.
        listed: Gets what the list says of each.
    """
    try:
        if meant.kind == "owner":
            there = yield from _of_owner(client, meant, reach, listed)
        else:
            there = yield from _of_collection(client, meant, reach)
    except UnreadableError as error:
        yield Gap(id=GapId(error.gap), what=f"which models {meant.name} has", why=error.what)
    else:
        if not there:
            yield Gap(id=GapId.NOT_FOUND, what=f"which models {meant.name} has", why="the hub lists none")


def _of_owner(client: Client, meant: Several, reach: Reach, listed: Listed) -> Generator[Found, None, bool]:
    """Those of an owner that are wanted; whether anything is listed at all."""
    there = False
    kind = "datasets" if meant.scheme == "dataset" else "models"
    asked = [("author", meant.name), ("sort", "lastModified"), ("direction", "-1"), ("limit", str(_PAGE))]
    fields = [("expand", name) for name in ("sha", "lastModified", "gated", "private", "disabled")]
    where: str | None = f"/api/{kind}?{urlencode([*asked, *fields])}"
    for _ in range(_MOST_PAGES):
        if where is None:
            return there
        answer = client.ask_json(where, Patience(reach.timeout), _check_list)
        page = [read_record(entry) for entry in read_json(answer.body)]
        there = there or bool(page)
        days = [record.published for record in page if record.published]
        for record in page:
            _ref(meant.scheme, record, listed)
        wanted = [record for record in page if _is_wanted(record, reach)]
        unnamed = sum(_is_of(record, meant) and _parsed(f"{meant.scheme}:{record.id}") is None for record in wanted)
        strangers = sum(not _is_of(record, meant) for record in page)
        yield from (ref for record in wanted if _is_of(record, meant) and (ref := _ref(meant.scheme, record, listed)))
        if strangers:
            # A mirror that drops parameters lists what it likes.
            why = f"the server lists {strangers} models of others on one page: it may leave out some of {meant.name}'s"
            yield Gap(id=GapId.NOT_LOOKED_AT, what=f"which models {meant.name} has", why=why)
            return True
        if unnamed:
            why = f"{unnamed} of the names that are listed are none that the Hub allows"
            yield Gap(id=GapId.NOT_LOOKED_AT, what=f"which models {meant.name} has", why=why)
        if not wanted and days == sorted(days, reverse=True):
            return there  # newest first: all that follow are older
        where = next_page(answer, client.endpoint)
    yield Gap(id=GapId.NOT_LOOKED_AT, what=f"which models {meant.name} has", why=f"more than {_MOST_PAGES} pages")
    return True


def _of_collection(client: Client, meant: Several, reach: Reach) -> Generator[Found, None, bool]:
    """Its models and datasets; whether it has any."""
    there = False
    answer = client.ask_json(f"/api/collections/{meant.name}", Patience(reach.timeout), _check_collection)
    for item in read_json(answer.body)["items"]:
        # Spaces and papers are no models.
        scheme = _SCHEMES.get(str(item.get("type"))) if isinstance(item, dict) else None
        name = text(item.get("id")) if scheme else None
        if scheme and name and (ref := _parsed(f"{scheme}:{name}")):
            there = True
            yield ref
    return there


def _is_of(record: Record, meant: Several) -> bool:
    return bool(record.id) and str(record.id).casefold().startswith(f"{meant.name.casefold()}/")


def _is_wanted(record: Record, reach: Reach) -> bool:
    return reach.since is None or record.published is None or record.published >= reach.since


def _ref(scheme: str, record: Record, listed: Listed) -> ModelRef | None:
    ref = _parsed(f"{scheme}:{record.id}")
    if ref is None or record.sha is None:
        return ref
    listed[str(ref)] = record.sha, record.access
    return ref.at(record.sha)


def _parsed(name: str) -> ModelRef | None:
    try:
        return ModelRef.parse(name)
    except UsageError:
        return None


def _check_list(said: Any, _url: str) -> None:
    if not isinstance(said, list):
        raise InvalidAnswerError("a list of models that is no JSON array")


def _check_collection(said: Any, _url: str) -> None:
    if not isinstance(said, dict) or not isinstance(said.get("items"), list):
        raise InvalidAnswerError("a collection that lists nothing")

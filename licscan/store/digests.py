"""Which file of which model has which digest, kept and asked."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, select

from licscan.model import KnownFile, Model, ModelRef
from licscan.store import rows, tables
from licscan.store.save import keep

_BATCH = 2_000
_ASKED = 200
_LONGEST = 1_000
_PREFIX = "sha256:"


def keep_digests(connection: Connection, known: Iterable[KnownFile]) -> int:
    """Keep what tables or listings say; of what is kept already, the newest license and origin. How many there were."""
    number = 0
    batch: dict[tuple[str, str, str], dict[str, str]] = {}
    for one in known:
        row = _row(one)
        batch[row["sha256"], row["ref"], row["file"]] = row
        number += 1
        if len(batch) >= _BATCH:
            _keep(connection, batch)
            batch = {}
    _keep(connection, batch)
    return number


def listed_in(model: Model) -> Iterator[KnownFile]:
    """The digests that a server's list of files states."""
    for file in model.files:
        if model.origin and file.promised and file.promised.startswith(_PREFIX):
            yield KnownFile(file.promised.removeprefix(_PREFIX), model.ref, file.path, "", model.source)


def find_digests(connection: Connection, digests: Iterable[str]) -> list[KnownFile]:
    """What is known of digests."""
    wanted = list(dict.fromkeys(digests))
    found: list[KnownFile] = []
    for first in range(0, len(wanted), _ASKED):
        query = select(tables.DIGESTS).where(tables.DIGESTS.c.sha256.in_(wanted[first : first + _ASKED]))
        found += (_known(*row) for row in connection.execute(query))
    return sorted(found)


def all_digests(connection: Connection) -> Iterator[KnownFile]:
    """Everything that is known, in order of digests."""
    kept = tables.DIGESTS
    query = select(kept).order_by(kept.c.sha256, kept.c.ref, kept.c.file)
    for row in connection.execute(query.execution_options(yield_per=_BATCH)):
        yield _known(*row)


def _known(sha256: str, ref: str, file: str, license_: str, origin: str) -> KnownFile:
    return KnownFile(sha256, ModelRef.parse(ref), file, license_, origin)


def _row(one: KnownFile) -> dict[str, str]:
    texts = {"ref": str(one.ref), "file": one.file, "license": one.license, "origin": one.origin[:100]}
    return {"sha256": one.sha256, **{key: (rows.plain(text) or "")[:_LONGEST] for key, text in texts.items()}}


def _keep(connection: Connection, batch: dict[tuple[str, str, str], dict[str, str]]) -> None:
    keep(connection, tables.DIGESTS, list(batch.values()), replace=("license", "origin"))

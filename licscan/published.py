"""What is promised of a copy by those whom `licscan.verify` does not know: the database, and the Hub itself."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from licscan.digests import Promise
from licscan.errors import LicscanError, OfflineError, StoreError, UnreadableError
from licscan.model import ModelRef
from licscan.sources import TIMEOUT, Reach
from licscan.sources.hub import HubSource
from licscan.verify import Copy

_LISTED = frozenset({"hf", "dataset"})


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom to ask.

    Attributes:
        offline: Not the Hub.
        database: The database, as `--db` names it; the user's own by default.
    """

    offline: bool = False
    database: str | None = None


def ask(copies: Sequence[Copy], asking: Asking) -> None:
    """Add to copies what is promised of the models that they are copies of; trouble is added, too.

    Args:
        copies: Those that bear a reference.
        asking: Whom to ask.
    """
    hub = HubSource(Reach(timeout=TIMEOUT, offline=asking.offline))
    with contextlib.closing(hub):
        for copy in copies:
            ref = ModelRef.parse(copy.ref)
            if ref.scheme in _LISTED:
                copy.add(_stored(copy, ref, hub, asking))
                _hub(copy, ref, hub)


def _stored(copy: Copy, ref: ModelRef, hub: HubSource, asking: Asking) -> Iterator[Promise]:
    """What the Hub said of the weights when the model was scanned."""
    from licscan.store import Store  # noqa: PLC0415 - 0.3 s, and most copies bring their own list

    if not ref.revision or hub.origin is None:
        return
    try:
        with Store(asking.database, to_write=False) as store:
            model = store.known(ref, hub.origin)
    except StoreError as error:
        # That nothing was scanned before is no trouble.
        if asking.database or "no such database" not in error.what:
            copy.troubles.append(f"the database: {error}")
        return
    for file in model.files if model else ():
        if file.promised:
            yield Promise(file.path, "database", file.promised, file.size if file.size > 0 else None)


def _hub(copy: Copy, ref: ModelRef, hub: HubSource) -> None:
    source = f"list of {hub.origin}"
    try:
        pinned, files = hub.list_files(ref)
    except OfflineError as error:
        # What is at hand is what was wanted, if there is anything.
        (copy.notes if copy.promises else copy.troubles).append(f"{source}: not asked, {error.what}")
        return
    except UnreadableError as error:
        copy.troubles.append(f"{source}: {error.what}")
        return
    except LicscanError as error:
        copy.troubles.append(f"{source}: {error}")
        return
    copy.ref = str(pinned)
    copy.listed.append("")
    copy.add(Promise(file.path, source, file.promised, file.size if file.size >= 0 else None) for file in files)

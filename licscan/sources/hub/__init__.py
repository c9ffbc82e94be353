"""Models and datasets on the Hugging Face Hub, or on a mirror of it that HF_ENDPOINT names.

Nothing of the client is imported before it is needed: it takes a quarter of a second, and most commands ask no hub.
"""

import os
import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from licscan.errors import OfflineError
from licscan.model import Access, GapId, Loaded, Model, ModelRef, Pin
from licscan.sources.hub.patience import Patience
from licscan.sources.hub.record import SHA, read_record
from licscan.sources.hub.targets import Several, read_target
from licscan.sources.interface import Found, OnDisk, Reach

if TYPE_CHECKING:
    from licscan.formats.listing import Listed
    from licscan.sources.hub.client import Client


class HubSource:
    """Repositories of a hub; the schemes are `hf` and `dataset`, the revision is a commit.

    Args:
        reach: How long a model may take, and from which day on the models of an organisation are wanted.
    """

    name = "hub"
    schemes = frozenset({"hf", "dataset"})
    needs_network = True

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._made: Client | None = None
        self._lock = threading.Lock()
        # What lists said in this scan: a base that was listed need not be asked for its commit again.
        self._listed: dict[str, tuple[str, Access | None]] = {}
        _silence()

    @property
    def origin(self) -> str | None:
        """The endpoint as it may be shown, without asking it anything."""
        from licscan.sources.hub.endpoint import endpoint, shown  # noqa: PLC0415 - the library, see above

        return shown(endpoint())

    def means(self, target: str) -> bool:
        """Whether a target is an address of a hub, or stands for several of its repositories."""
        return read_target(target, os.environ.get("HF_ENDPOINT")) is not None

    def find(self, target: str) -> Iterator[Found]:
        """The repositories that a target stands for: at their commits, where the hub says so in its list."""
        meant = read_target(target, os.environ.get("HF_ENDPOINT"))
        if isinstance(meant, Several):
            from licscan.sources.hub.several import find  # noqa: PLC0415 - the client, see above

            yield from find(self._client(), meant, self._reach, self._listed)
        elif meant is not None:
            yield meant

    def pin(self, ref: ModelRef, before: Pin | None = None) -> Pin:
        """The repository at the commit that its revision names now: one call, none for a commit.

        Args:
            ref: The repository; with a branch, tag, commit, or day.
            before: What it was pinned to the last time: told that, the hub need not say it all again.

        Raises:
            UnreadableError: The hub says no, gives no answer in time, or none that is one.
        """
        from licscan.sources.hub import pinning  # noqa: PLC0415 - the client, see above

        listed = self._listed.get(str(ref.at(None)))
        if listed and ref.revision in {None, listed[0]}:
            return Pin(ref.at(listed[0]), current=True)
        return pinning.pin(self._client(), ref, before, self._patience())

    def holds(self, pin: Pin, model: Model) -> bool:
        """Whether facts that were loaded at the same commit still hold: access may have changed since."""
        from licscan.sources.hub.client import read_json  # noqa: PLC0415 - the client, see above
        from licscan.sources.hub.read import notes  # noqa: PLC0415 - likewise

        if not (pin.ref.revision and SHA.fullmatch(pin.ref.revision)):
            return False  # whatever a branch held then
        if not self._client().anonymous and any(gap.id is GapId.ACCESS_DENIED for gap in model.gaps):
            return False  # access may have been given since
        if not pin.answer:
            sha, access = self._listed.get(str(pin.ref.at(None)), ("", None))
            return sha != pin.ref.revision or access in {None, model.access}
        record = read_record(read_json(pin.answer))
        return (tuple(notes(record, pin.ref)), record.tags) == (model.notes, model.tags)

    def load(self, pin: Pin) -> Loaded:
        """Everything that the hub says of a commit, with the answers that say so.

        Raises:
            UnreadableError: The hub says no, gives no answer in time, or none that is one.
        """
        from licscan.sources.hub import pinning  # noqa: PLC0415 - the client, see above
        from licscan.sources.hub.gather import Gathering  # noqa: PLC0415 - likewise

        client, patience = self._client(), self._patience(pin.until)
        info, trouble = (pin.answer, None) if pin.answer else pinning.ask_info(client, pin.ref, patience)
        kept = Gathering(client, pin.ref, patience).run(info, trouble)
        return Loaded(self.read(pin.ref, kept), kept, validator=pin.validator, current=pin.current)

    def list_files(self, ref: ModelRef) -> "tuple[ModelRef, tuple[Listed, ...]]":
        """All files of a repository, with what the hub promises of them, and the commit that they are of.

        Raises:
            UnreadableError: The hub says no, gives no answer in time, or lists not all.
        """
        from licscan.sources.hub import pinning  # noqa: PLC0415 - the client, see above
        from licscan.sources.hub.gather import Gathering  # noqa: PLC0415 - likewise

        pin = self.pin(ref)
        client, patience = self._client(), self._patience(pin.until)
        info = pin.answer or pinning.ask_info(client, pin.ref, patience)[0]
        return pin.ref, Gathering(client, pin.ref, patience).list_files(info)

    def on_disk(self, _ref: ModelRef) -> OnDisk | None:
        """None: what a hub says is of no copy."""
        return None

    def read(self, ref: ModelRef, kept: Mapping[str, bytes]) -> Model:
        """The facts again, from answers that were kept.

        Raises:
            UnreadableError: They are not the answers of one commit.
        """
        from licscan.sources.hub.read import read  # noqa: PLC0415 - the client, see above

        return read(ref, kept, self.name)

    def waiting(self) -> str:
        """How long the hub asks everybody to pause still."""
        seconds = self._made.gate.pausing() if self._made else 0
        return f"the hub asks for a pause, {seconds:.0f} s left" if seconds >= 1 else ""

    def close(self) -> None:
        """End whatever is still being asked."""
        if self._made:
            self._made.close()

    def _patience(self, until: float = 0.0) -> Patience:
        return Patience(self._reach.timeout, until)

    def _client(self) -> "Client":
        with self._lock:
            if self._made is None:
                if self._reach.offline:
                    raise OfflineError("offline: only the hub could tell", remedy="leave out --offline")
                from licscan.sources.hub.client import Client, is_offline  # noqa: PLC0415 - the client, see above

                if is_offline():
                    raise OfflineError("offline: HF_HUB_OFFLINE is set", remedy="unset it")
                self._made = Client()
            return self._made


def _silence() -> None:
    """Have the library tell nobody that it is used: it would ask the hub which program calls it, once a day.

    It reads that when it is imported, so this must come before anything that imports it.
    """
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

"""The whole line: find, pin, load, assess. The only module that knows all of it."""

import datetime
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from licscan import identity, lineage, reviews, targets
from licscan.around import Bases
from licscan.assess import assess
from licscan.clock import clock
from licscan.errors import LicscanError, OfflineError, UnreadableError
from licscan.model import Assessment, Gap, GapId, Loaded, Model, ModelRef, Organisation
from licscan.rulebook import Rulebook
from licscan.sources import SOURCES, TIMEOUT, Reach, Source
from licscan.store import Store
from licscan.targets import Targets
from licscan.verified import Verifier

Run = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]

# So many models are remembered within a scan, since many come from the same few.
_REMEMBERED = 256
_SMALL = 256 << 10


def _now() -> datetime.datetime:
    return clock()


@dataclass(frozen=True, slots=True)
class Settings:
    """What a scan may do.

    Attributes:
        offline: Ask no network.
        refresh: Look at everything anew, whatever the store holds.
        timeout: How long one model may take, in seconds.
        since: Of an organisation, only the models that changed on that day or later.
        organisation: What the organisation that asks said of itself.
        hash_all: Hash weight files of any size, to know them by their digests.
        verify: Read the weights on this disk, and compare them with what is promised of them; without it, only what is
            known from an earlier run is compared.
        vendored: Search folders of code that others wrote for references too.
        now: The time that the report bears.
    """

    offline: bool = False
    refresh: bool = False
    timeout: float = TIMEOUT
    since: datetime.date | None = None
    organisation: Organisation = field(default_factory=Organisation)
    hash_all: bool = False
    verify: bool = False
    vendored: bool = False
    now: datetime.datetime = field(default_factory=_now)


class Seen(NamedTuple):
    """One model and what is so about it.

    Attributes:
        position: Its place among those that were asked for.
        loaded: Its facts.
        assessment: What is so about it.
        bases: The facts of the models that it comes from.
    """

    position: int
    loaded: Loaded
    assessment: Assessment
    bases: tuple[Loaded, ...] = ()


class Scan:
    """Looks at models.

    Args:
        rules: The rule base.
        settings: What it may do.
        store: Where facts that were loaded before are kept; None to keep nothing.
    """

    def __init__(self, rules: Rulebook, settings: Settings, store: Store | None = None) -> None:
        self._rules = rules
        self._settings = settings
        self._store = store
        self._verifier = Verifier(read=settings.verify)
        reach = Reach(settings.timeout, settings.offline, settings.hash_all, settings.since, self._verifier)
        self._sources: list[Source] = [make(reach) for make in SOURCES]
        self._memory = _Memory()
        decided = store.reviews() if store else ()
        self._curations = reviews.curations(decided, settings.now.date())

    def find(self, asked: Sequence[str]) -> Targets:
        """What targets stand for; a target that means nothing is trouble, and the others are looked at all the same."""
        return targets.find(asked, self._sources, vendored=self._settings.vendored)

    def asks_network(self, refs: Iterable[ModelRef]) -> bool:
        """Whether looking at some of these means waiting for a network."""
        return not self._settings.offline and any(
            source.needs_network for source in map(self._source, refs) if source is not None
        )

    def look(self, refs: Iterable[ModelRef], run: Run = map, done: Iterable[int] = ()) -> Iterator[Seen]:
        """Every model with what is so about it; trouble with one is a gap in its assessment.

        Args:
            refs: The models.
            run: Any map: the builtin, that of threads, a cluster's. It may give the results in any order.
            done: Places that are looked at already.
        """
        known = frozenset(done)
        yield from run(self._look, (item for item in enumerate(refs) if item[0] not in known))

    def look_again(self, kept: Iterable[tuple[Loaded, tuple[Loaded, ...]]]) -> Iterator[Seen]:
        """Models assessed anew from the bytes that an earlier run kept of them; nothing else is asked."""
        for position, (loaded, bases) in enumerate(kept):
            model = self._read_again(loaded)
            read = [Loaded(self._read_again(base), asked=base.asked) for base in bases]
            found = {lineage.key(base.asked or base.model.ref): base.model for base in read}
            yield Seen(position, Loaded(model, asked=loaded.asked), self._assess(model, found), tuple(read))

    def waiting(self) -> str:
        """What is waited for at this moment, for people who watch; empty where work goes on."""
        return "; ".join(filter(None, (source.waiting() for source in self._sources)))

    def close(self) -> None:
        """Let go of what is open, and end whatever is still being asked."""
        for source in self._sources:
            source.close()
        self._verifier.close()

    def _source(self, ref: ModelRef) -> Source | None:
        return next((one for one in self._sources if ref.scheme in one.schemes), None)

    def _read_again(self, loaded: Loaded) -> Model:
        source = self._source(loaded.model.ref)
        if source is None or not loaded.kept:
            return loaded.model  # the facts themselves are what was kept
        try:
            return source.read(loaded.model.ref, loaded.kept)
        except UnreadableError as error:
            gap = Gap(id=GapId(error.gap), what="what the kept answers say", why=f"{error.what}; the facts were taken")
            return loaded.model.model_copy(update={"gaps": (*loaded.model.gaps, gap)})

    def _look(self, item: tuple[int, ModelRef]) -> Seen:
        position, ref = item
        try:
            return self._look_closely(position, ref)
        except LicscanError:
            raise
        except Exception as error:  # noqa: BLE001 - a fault of ours with one model must not cost the others
            why = f"a fault of licscan: {type(error).__name__}: {error}"
            failed = Loaded(_unseen(ref, why, GapId.FAILED), asked=ref)
            return Seen(position, failed, self._assess(failed.model, {}))

    def _look_closely(self, position: int, ref: ModelRef) -> Seen:
        loaded = self._facts(ref)
        source = self._source(loaded.model.ref)
        if source and loaded.model.seen and (disk := source.on_disk(loaded.model.ref)):
            loaded = loaded._replace(model=self._verifier.apply(loaded.model, disk))
        bases: dict[lineage.Key, Loaded] = {}
        waiting = lineage.named(loaded.model)
        while waiting and len(bases) < lineage.MOST:
            base = waiting.pop(0)
            if lineage.key(base) in bases:
                continue
            bases[lineage.key(base)] = found = self._facts(base)
            waiting += lineage.named(found.model)
        for dataset in loaded.model.datasets[: lineage.MOST_DATASETS]:
            if dataset.ref and lineage.key(dataset.ref) not in bases:
                bases[lineage.key(dataset.ref)] = self._facts(dataset.ref)
        models = {key: _whole(base) for key, base in bases.items()}
        return Seen(position, loaded, self._assess(_whole(loaded), models), tuple(bases.values()))

    def _assess(self, model: Model, bases: Bases) -> Assessment:
        model = reviews.curated(model, self._curations)
        bases = {key: reviews.curated(base, self._curations) for key, base in bases.items()}
        return assess(model, bases, self._rules, self._settings.organisation)

    def _facts(self, ref: ModelRef) -> Loaded:
        """What is known of one reference: from the store where it holds that revision, else from its source."""
        source = self._source(ref)
        if source is None:
            return Loaded(_unseen(ref, f"this version looks at no {ref.scheme}: references itself"), asked=ref)
        if not source.needs_network:
            return self._ask(source, ref)
        if self._settings.offline:
            return self._stored(source, ref, "offline")
        return self._memory.recall(ref, lambda: self._ask(source, ref))

    def _ask(self, source: Source, ref: ModelRef) -> Loaded:
        store = None if self._settings.refresh else self._store
        try:
            pin = source.pin(ref, store.pinned(ref, source.origin) if store and source.origin else None)
            if (
                store
                and (model := store.known(pin.ref, source.origin))
                and not _is_troubled(model)
                and source.holds(pin, model)
            ):
                return self._identified(source, Loaded(model, asked=ref, validator=pin.validator, current=pin.current))
            return self._identified(source, source.load(pin)._replace(asked=ref))
        except OfflineError as error:
            return self._stored(source, ref, error.what)
        except UnreadableError as error:
            why = f"{error.where}: {error.what}" if error.where else error.what
            return Loaded(_unseen(ref, why, GapId(error.gap)), asked=ref)

    def _identified(self, source: Source, loaded: Loaded) -> Loaded:
        """What lies on this machine, with what the digests of its files are known to be."""
        digests = [digest for file in loaded.model.files if (digest := identity.digest_of(file))]
        if self._store is None or source.needs_network or not digests:
            return loaded
        return loaded._replace(model=identity.by_digest(loaded.model, self._store.identify(digests)))

    def _stored(self, source: Source, ref: ModelRef, why: str) -> Loaded:
        """What the store holds, where nobody may be asked: that revision, else the newest and a gap that says so."""
        if self._store is None or self._settings.refresh or source.origin is None:
            return self._cached(ref, why)
        if ref.revision and (model := self._store.known(ref, source.origin)):
            return Loaded(model, asked=ref)
        model = self._store.latest(ref, source.origin)
        if model is None:
            return self._cached(ref, why)
        gap = Gap(
            id=GapId.REVISION_NOT_ESTABLISHED,
            what="whether this is still the newest revision",
            why=f"{why}: the newest facts that are kept answered",
        )
        return Loaded(model, asked=ref, besides=(gap,))

    def _cached(self, ref: ModelRef, why: str) -> Loaded:
        """What a tool's own cache on this machine holds of a model, where nobody else can be asked."""
        for source in self._sources:
            try:
                loaded = source.load(source.pin(ref)) if not source.needs_network else None
            except UnreadableError:
                continue
            if loaded is not None:
                gap = Gap(
                    id=GapId.REVISION_NOT_ESTABLISHED,
                    what="whether this is still the newest revision",
                    why=f"{why}: what the cache of this machine holds answered",
                )
                return loaded._replace(asked=ref, besides=() if ref.revision == loaded.model.ref.revision else (gap,))
        return Loaded(_unseen(ref, why), asked=ref)


def _whole(loaded: Loaded) -> Model:
    """The facts, with what is open only now."""
    model = loaded.model
    return model.model_copy(update={"gaps": (*model.gaps, *loaded.besides)}) if loaded.besides else model


class _Memory:
    """The models that were loaded last: each is asked for once, however many threads want it at that moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[ModelRef, Future[Loaded]] = OrderedDict()

    def recall(self, ref: ModelRef, load: Callable[[], Loaded]) -> Loaded:
        with self._lock:
            found = self._found.get(ref)
            mine = found is None
            if found is None:
                found = self._found[ref] = Future()
                while len(self._found) > _REMEMBERED:
                    self._found.popitem(last=False)
            else:
                self._found.move_to_end(ref)
        if not mine:
            return found.result()
        try:
            loaded = load()
        except BaseException as error:
            found.set_exception(error)
            raise
        # The bytes go to the store with each model that wants them, since any may be the first to be saved.
        small = sum(map(len, loaded.kept.values())) < _SMALL
        found.set_result(loaded if small else loaded._replace(kept={}))
        return loaded


def _is_troubled(model: Model) -> bool:
    return any(gap.id.passing for gap in model.gaps)


def _unseen(ref: ModelRef, why: str, gap_id: GapId = GapId.NOT_LOOKED_AT) -> Model:
    gap = Gap(id=gap_id, what=f"what {ref} itself says", why=why)
    return Model(ref=ref, name=ref.name, source="rules", seen=False, gaps=(gap,))


def _failed(future: Future[Any]) -> bool:
    return future.cancelled() or future.exception() is not None


def threads(jobs: int) -> Run:
    """A map over that many threads: results as they come, and never more at hand than a few for each thread."""

    def run(function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        pool = ThreadPoolExecutor(jobs)
        waiting: set[Future[Any]] = set()
        try:
            for item in items:
                waiting.add(pool.submit(function, item))
                if len(waiting) >= 2 * jobs:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (one.result() for one in sorted(done, key=_failed))
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (one.result() for one in sorted(done, key=_failed))
        except KeyboardInterrupt:
            # What is done is not to be lost.
            yield from (one.result() for one in waiting if one.done() and not _failed(one))
            raise
        finally:
            # Who interrupts a scan does not want to wait for the rest of it.
            pool.shutdown(wait=False, cancel_futures=True)

    return run

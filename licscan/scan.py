"""The whole line: find, pin, load, assess. The only module that knows all of it."""

import datetime
import itertools
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from licscan import __version__, lineage
from licscan.assess import assess
from licscan.errors import LicscanError, UnreadableError, UsageError
from licscan.model import Assessment, Gap, GapId, Level, Mention, Model, ModelRef, Report, Tool
from licscan.references import search
from licscan.rulebook import Rulebook
from licscan.sources import SOURCES, Source
from licscan.store import Store

Run = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]


def _now() -> datetime.datetime:
    return clock()


@dataclass(frozen=True, slots=True)
class Settings:
    """What a scan may do.

    Attributes:
        offline: Ask no network.
        refresh: Look at everything anew, whatever the store holds.
        now: The time that the report bears.
    """

    offline: bool = False
    refresh: bool = False
    now: datetime.datetime = field(default_factory=_now)


class Targets(NamedTuple):
    """What some targets stand for.

    Attributes:
        refs: The models, each once, in order.
        mentions: Where they are named.
        gaps: What could not be looked into.
        troubles: Targets that mean nothing.
    """

    refs: tuple[ModelRef, ...]
    mentions: tuple[Mention, ...]
    gaps: tuple[Gap, ...]
    troubles: tuple[LicscanError, ...]


class Seen(NamedTuple):
    """One model and what is so about it."""

    model: Model
    assessment: Assessment


def clock() -> datetime.datetime:
    """The time, in UTC; that of `SOURCE_DATE_EPOCH` where it is set, so that reports can be made again byte by byte."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC)
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


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
        self._sources: list[Source] = [make() for make in SOURCES]

    def find(self, targets: Sequence[str]) -> Targets:
        """What targets stand for: references, files, folders of models, source trees.

        A target that means nothing is trouble, and the others are looked at all the same.
        """
        refs: dict[ModelRef, None] = {}
        mentions: list[Mention] = []
        gaps: list[Gap] = []
        troubles: list[LicscanError] = []
        for target in targets:
            try:
                for found in self._find(target):
                    if isinstance(found, Gap):
                        gaps.append(found)
                    elif isinstance(found, Mention):
                        mentions.append(found)
                        refs[found.ref] = None
                    else:
                        refs[found] = None
            except LicscanError as error:
                troubles.append(error)
        return Targets(tuple(refs), tuple(mentions), tuple(dict.fromkeys(gaps)), tuple(troubles))

    def look(self, refs: Iterable[ModelRef], run: Run = map) -> Iterator[Seen]:
        """Every model with what is so about it, in order; trouble with one is a gap in its assessment.

        Args:
            refs: The models.
            run: Any map: the builtin, an executor's, a cluster's.
        """
        yield from run(self._look, refs)

    def _find(self, target: str) -> Iterator[ModelRef | Mention | Gap]:
        path = _path_of(target)
        if path is None:
            yield ModelRef.parse(target)
            return
        nothing = True
        local = (source for source in self._sources if "file" in source.schemes)
        for found in itertools.chain(*(source.find(str(path)) for source in local), search(path)):
            nothing = False
            yield found
        if nothing and path.is_file():
            remedy = "give a weight file, a source file, or a folder"
            raise UsageError("neither weights nor a source file that is searched", where=ascii(target), remedy=remedy)

    def _look(self, ref: ModelRef) -> Seen:
        try:
            return self._look_closely(ref)
        except LicscanError:
            raise
        except Exception as error:  # noqa: BLE001 - a fault of ours with one model must not cost the others
            why = f"a fault of licscan: {type(error).__name__}: {error}"
            model = _unseen(ref, why, GapId.FAILED)
            return Seen(model, assess(model, {}, self._rules))

    def _look_closely(self, ref: ModelRef) -> Seen:
        model = self._facts(ref)
        bases: dict[lineage.Key, Model] = {}
        waiting = [base.ref for base in model.bases if base.ref]
        while waiting and len(bases) < lineage.MOST:
            base = waiting.pop(0)
            if lineage.key(base) in bases:
                continue
            bases[lineage.key(base)] = found = self._facts(base)
            waiting += [deeper.ref for deeper in found.bases if deeper.ref]
        return Seen(model, assess(model, bases, self._rules))

    def _facts(self, ref: ModelRef) -> Model:
        """What is known of one reference: from the store where it holds that revision, else from its source."""
        source = next((one for one in self._sources if ref.scheme in one.schemes), None)
        if source is None or (source.needs_network and self._settings.offline):
            return _unseen(ref, "offline" if source else f"this version looks at no {ref.scheme}: references itself")
        try:
            pinned = source.pin(ref)
            if self._store and not self._settings.refresh and (kept := self._store.known(pinned)):
                return kept
            return source.load(pinned)
        except UnreadableError as error:
            return _unseen(ref, f"{error.where}: {error.what}")


def _path_of(target: str) -> Path | None:
    """The path that a target is; None for a reference. A path that is there wins over a model's name.

    Raises:
        UsageError: The target is empty, no text, or a path that is not there.
    """
    shown = ascii(target)
    if not target.strip():
        raise UsageError("an empty target", where=shown, remedy="name a model, a file or a folder")
    try:
        target.encode()
    except UnicodeEncodeError:
        raise UsageError("no valid text", where=shown, remedy="rename it, or scan the folder around it") from None
    if target.startswith("file:"):
        ref = ModelRef.parse(target)
        path, must_be_there = Path(ref.name), True
    else:
        marked = target.startswith(("./", "../", "/", "~", ".\\", "..\\")) or target in {".", ".."}
        path, must_be_there = Path(target).expanduser() if target.startswith("~") else Path(target), marked
    try:
        if path.exists():
            return path
    except (OSError, ValueError) as error:
        what = (getattr(error, "strerror", None) or str(error)).lower()
        raise UsageError(what, where=shown, remedy="check the path") from error
    if must_be_there or not _is_reference(target):
        raise UsageError("no such file or folder", where=shown, remedy="check the path, or write org/name")
    return None


def _is_reference(target: str) -> bool:
    """Whether a target that is no path should be read as a reference, if only to say what is wrong with it."""
    try:
        ModelRef.parse(target)
    except UsageError:
        return ":" in target
    return True


def _unseen(ref: ModelRef, why: str, gap_id: GapId = GapId.NOT_LOOKED_AT) -> Model:
    gap = Gap(id=gap_id, what=f"what {ref} itself says", why=why)
    return Model(ref=ref, name=ref.name, source="rules", seen=False, gaps=(gap,))


def report(
    models: Sequence[Assessment], targets: Targets, rules: Rulebook, now: datetime.datetime, run: int | None
) -> Report:
    """The report of one run."""
    return Report(
        tool=Tool(name="licscan", version=__version__, rules=rules.version),
        created=now,
        run=run,
        models=models,
        mentions=targets.mentions,
        gaps=targets.gaps,
        summary=summary(models),
    )


def summary(models: Iterable[Assessment]) -> dict[str, Any]:
    """How many models have each level, each gap, each conflict."""
    levels = dict.fromkeys((level.value for level in reversed(Level)), 0)
    gaps: Counter[str] = Counter()
    conflicts: Counter[str] = Counter()
    number = 0
    for model in models:
        number += 1
        levels[model.level.value] += 1
        gaps.update({gap.id.value for gap in model.gaps})
        conflicts.update({conflict.id for conflict in model.conflicts})
    ranked = {"gaps": _ranked(gaps), "conflicts": _ranked(conflicts)}
    return {"models": number, "levels": levels, **ranked}


def _ranked(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def threads(jobs: int) -> Run:
    """A map over that many threads: results in order, and never more at hand than a few for each thread."""

    def run(function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        with ThreadPoolExecutor(jobs) as pool:
            waiting: deque[Future[Any]] = deque()
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) >= 4 * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    return run

"""Saving and loading: every model is committed as it comes, so that a killed run loses nothing that it had saved."""

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

from sqlalchemy import select, update

from licscan import __version__
from licscan.model import (
    Assessment,
    Finding,
    Gap,
    KnownFile,
    Loaded,
    Mention,
    Model,
    ModelRef,
    ModelReview,
    Pin,
    Report,
)
from licscan.store import rows, statements, tables
from licscan.store.collect import Part, collect
from licscan.store.database import in_memory, open_database, show, troubles, writing
from licscan.store.digests import all_digests, find_digests, keep_digests, listed_in
from licscan.store.documents import read_assessment
from licscan.store.history import Begun, Episode, begun, begun_before, history, models_of
from licscan.store.kept import facts, facts_of, facts_of_run, kept_facts, resume, save_bases
from licscan.store.process import is_running, this_process
from licscan.store.report import load_report
from licscan.store.reviews import load_reviews, save_review
from licscan.store.save import EACH, READ_BY, add, keep, replace_parts, save_assessment, save_facts, save_findings


class Store:
    """A database of runs.

    Args:
        place: A file or URL; the user's own database by default.
        to_write: Whether anything will be written.

    Raises:
        StoreError: It cannot be opened. Every method raises it where the database refuses.
    """

    def __init__(self, place: str | None = None, *, to_write: bool = True) -> None:
        self._engine = open_database(place, to_write=to_write)
        self.shown = show(self._engine.url)

    @property
    def kept_in(self) -> str | None:
        """Where runs are kept, as it may be shown; None for a database that ends with the process."""
        return None if in_memory(self._engine.url) else self.shown

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin(self, request: Sequence[str], directory: str, rules: str, now: datetime.datetime) -> int:
        """The number of a new run, or of the same request's last run where that was killed before it was finished.

        Args:
            request: What was asked for: targets, and the options that change what is found.
            directory: Where from.
            rules: Version of the rule base.
            now: The time.
        """
        wanted = json.dumps([*request, directory, rules, READ_BY])
        key = hashlib.sha256(wanted.encode()).hexdigest()
        runs = tables.RUNS
        last = select(runs.c.id, runs.c.finished, runs.c.process).where(runs.c.request_key == key)
        with troubles(self.shown), writing(self._engine) as connection:
            found = connection.execute(last.order_by(runs.c.id.desc()).limit(1)).first()
            if found and found.finished is None and not is_running(found.process):
                connection.execute(update(runs).where(runs.c.id == found.id).values(process=this_process()))
                return int(found.id)
            values = {
                "request": json.dumps(list(request)),
                "request_key": key,
                "directory": directory,
                "process": this_process(),
                "tool": __version__,
                "rules": rules,
                "started": now,
            }
            return add(connection, statements.adding(runs), values)

    def known(self, ref: ModelRef, origin: str | None = None) -> Model | None:
        """The facts of a model at a revision, where this version of licscan has loaded them before.

        Args:
            ref: The model at that revision.
            origin: The server that must have said them, where one did.
        """
        if in_memory(self._engine.url):
            return None
        place = {"ref": str(ref.at(None)), "revision": ref.revision or "", "reader": READ_BY}
        with troubles(self.shown), self._engine.connect() as connection:
            return facts(connection, statements.FACTS_KEPT if origin else statements.FACTS, place, origin)

    def latest(self, ref: ModelRef, origin: str) -> Model | None:
        """The facts of a model at the revision that it meant the last time: for when nobody says what it means now."""
        if in_memory(self._engine.url):
            return None
        with troubles(self.shown), self._engine.connect() as connection:
            pin = connection.execute(statements.PIN, {"ref": f"{origin} {ref}"}).first()
        return self.known(ref.at(pin.revision), origin) if pin else None

    def pinned(self, ref: ModelRef, origin: str | None) -> Pin | None:
        """What a reference was pinned to the last time, where its source gave something to ask with again."""
        if in_memory(self._engine.url):
            return None
        with troubles(self.shown), self._engine.connect() as connection:
            found = connection.execute(statements.PIN, {"ref": f"{origin} {ref}"}).first()
        return Pin(ref.at(found.revision), found.validator) if found else None

    def resume(self, run: int, asked: Sequence[ModelRef]) -> set[int]:
        """The places of a run that are done: that hold what is asked for there, with no passing trouble left open.

        Args:
            run: The run's number.
            asked: What is to be looked at, in order.
        """
        with troubles(self.shown), writing(self._engine) as connection:
            return resume(connection, run, asked)

    def save(
        self,
        run: int,
        position: int,
        loaded: Loaded,
        assessment: Assessment,
        bases: Iterable[Loaded] = (),
        *,
        findings: Sequence[Finding] = (),
    ) -> None:
        """Keep one model and what is so about it; once this returns, it is kept whatever happens.

        Args:
            run: The run's number.
            position: The model's place in the run.
            loaded: Its facts.
            assessment: What is so about it.
            bases: The facts of the models that it comes from.
            findings: What a policy objects to in it.
        """
        with troubles(self.shown), writing(self._engine) as connection:
            number = save_assessment(connection, save_facts(connection, run, loaded), assessment)
            asked = str(loaded.asked or loaded.model.ref)
            place = {"run_id": run, "position": position, "assessment_id": number, "asked": asked}
            keep(connection, tables.RUN_MODELS, [place], replace=("assessment_id", "asked"))
            bases = tuple(bases)
            save_bases(connection, run, position, bases)
            save_findings(connection, run, position, findings)
            for one in (loaded, *bases):
                keep_digests(connection, listed_in(one.model))

    def identify(self, digests: Iterable[str]) -> list[KnownFile]:
        """The files of models that have some of these digests, as listings and imported tables know them."""
        if in_memory(self._engine.url):
            return []
        with troubles(self.shown), self._engine.connect() as connection:
            return find_digests(connection, digests)

    def learn(self, known: Iterable[KnownFile]) -> int:
        """Keep a table of digests; how many lines it had."""
        with troubles(self.shown), writing(self._engine) as connection:
            return keep_digests(connection, known)

    def digests(self) -> Iterator[KnownFile]:
        """Every digest that is known."""
        with troubles(self.shown), self._engine.connect() as connection:
            yield from all_digests(connection)

    def finish(
        self,
        run: int,
        now: datetime.datetime,
        models: int = 0,
        *,
        mentions: Iterable[Mention] = (),
        gaps: Iterable[Gap] = (),
    ) -> None:
        """Keep what belongs to the whole run, and mark it as finished.

        Args:
            run: The run's number.
            now: The time.
            models: How many models it has; what an earlier, killed attempt had saved beyond them is no part of it.
            mentions: Where models are named.
            gaps: What belongs to no model.
        """
        with troubles(self.shown), writing(self._engine) as connection:
            ends = ((tables.RUN_MODELS, models), (tables.RUN_BASES, models), (tables.FINDINGS, models * EACH))
            for kept, end in ends:
                connection.execute(kept.delete().where(kept.c.run_id == run, kept.c.position >= end))
            replace_parts(connection, tables.MENTIONS, run, rows.of_run(run, map(rows.mention, mentions)))
            replace_parts(connection, tables.RUN_GAPS, run, rows.of_run(run, map(rows.gap, gaps)))
            connection.execute(update(tables.RUNS).where(tables.RUNS.c.id == run).values(finished=now))

    def collect(
        self, parts: Iterable[Part], *, request: Sequence[str], directory: str, rules: str, now: datetime.datetime
    ) -> int:
        """Keep reports that others made as one finished run, all of them or nothing; its number.

        Args:
            parts: The reports, one at a time.
            request: What was collected.
            directory: Where from.
            rules: Version of the rule base.
            now: The time.

        Raises:
            UnkeepableError: One of them cannot be kept.
        """
        with troubles(self.shown), writing(self._engine) as connection:
            return collect(connection, parts, request=request, directory=directory, rules=rules, now=now)

    def any_before(self, run: int) -> bool:
        """Whether some run before this one found anything, of whatever model."""
        with troubles(self.shown), self._engine.connect() as connection:
            return connection.execute(statements.ANY_BEFORE, {"its_run": run}).first() is not None

    def before(self, run: int, ref: ModelRef, directory: str) -> Assessment | None:
        """What the last run before this one found of a model, whatever its revision then; None where none did.

        Args:
            run: This run's number.
            ref: The model.
            directory: Where this run was made from: a relative path means another folder elsewhere.

        Raises:
            OutdatedError: Another release kept it, in other words than today's.
        """
        place = {"its_run": run, "its_ref": str(ref.at(None))}
        relative = ref.scheme == "file" and not Path(ref.name).is_absolute()
        query = statements.BEFORE_HERE if relative else statements.BEFORE
        place |= {"here": directory} if relative else {}
        with troubles(self.shown), self._engine.connect() as connection:
            document = connection.execute(query, place).scalar()
        return read_assessment(document, self.shown) if document else None

    def load(self, run: int | None = None) -> Report:
        """What a run found; the last one by default. Its models are read while they are asked for, one by one.

        Raises:
            UsageError: There is no such run.
        """
        with troubles(self.shown):
            return load_report(self._engine, run)

    def kept(self, run: int) -> Iterator[tuple[Loaded, tuple[Loaded, ...]]]:
        """The facts of a run's models and of their bases, with the bytes that they were read from, in order."""
        with troubles(self.shown):
            yield from kept_facts(self._engine, run)

    def history(self, ref: ModelRef, directory: str | None = None) -> list[Episode]:
        """All runs that looked at a model, oldest first; of one folder where a directory is given.

        Raises:
            UsageError: No run did.
        """
        with troubles(self.shown), self._engine.connect() as connection:
            return history(connection, ref, directory)

    def found(self, episode: Episode | int) -> Assessment:
        """What was so about a model at one of its runs, by the episode or the number under which it is kept."""
        number = episode if isinstance(episode, int) else episode.number
        with troubles(self.shown), self._engine.connect() as connection:
            document = connection.execute(statements.ASSESSED, {"number": number}).scalar_one()
        return read_assessment(document, self.shown)

    def begun(self, run: int) -> Begun:
        """What is known of a run itself.

        Raises:
            UsageError: There is no such run.
        """
        with troubles(self.shown), self._engine.connect() as connection:
            return begun(connection, run)

    def begun_before(self, run: Begun, until: datetime.datetime | None = None) -> Begun | None:
        """The last finished run before another one, and before some time: of the same request, else of its models."""
        with troubles(self.shown), self._engine.connect() as connection:
            return begun_before(connection, run, until)

    def models_of(self, run: int) -> dict[str, int]:
        """The models of a run, by reference without revision, each with the number under which it is kept."""
        with troubles(self.shown), self._engine.connect() as connection:
            return models_of(connection, run)

    def reviews(self) -> list[ModelReview]:
        """What people decided about models, oldest first."""
        with troubles(self.shown), self._engine.connect() as connection:
            return load_reviews(connection)

    def decide(self, review: ModelReview) -> None:
        """Keep a decision beside all before it."""
        with troubles(self.shown), writing(self._engine) as connection:
            save_review(connection, review)

    def facts(self, run: int, ref: ModelRef) -> tuple[Loaded, tuple[Loaded, ...]] | None:
        """The facts of a model of a run and of its bases; None where this version cannot read them.

        Args:
            run: The run's number.
            ref: The model at the revision that was looked at.
        """
        with troubles(self.shown):
            return facts_of(self._engine, run, ref)

    def facts_of_all(self, run: int) -> Iterator[tuple[Loaded, tuple[Loaded, ...]] | None]:
        """The facts of a run's models and of their bases, in order, without the bytes that they were read from.

        None in the place of a model whose facts are not kept here.
        """
        with troubles(self.shown):
            yield from facts_of_run(self._engine, run)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

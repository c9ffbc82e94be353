"""Saving and loading: every model is committed as it comes, so that a killed run loses nothing that it had saved."""

import datetime
import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Self

from sqlalchemy import select, update

from licscan import __version__
from licscan.model import Assessment, Finding, Gap, Mention, Model, ModelRef, Report
from licscan.store import rows, statements, tables
from licscan.store.database import in_memory, open_database, show, troubles, writing
from licscan.store.history import Episode, history
from licscan.store.process import is_running, this_process
from licscan.store.save import add, keep, replace_parts, save_assessment, save_findings, save_model


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
        wanted = json.dumps([*request, directory, rules, __version__])
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

    def known(self, ref: ModelRef) -> Model | None:
        """The facts of a model at a revision, where this version of licscan has loaded them before."""
        if in_memory(self._engine.url):
            return None
        place = {"ref": str(ref.at(None)), "revision": ref.revision or "", "reader": __version__}
        with troubles(self.shown), self._engine.connect() as connection:
            document = connection.execute(statements.FACTS, place).scalar()
            if document is None:
                return None
            model = Model.model_validate_json(document)
            if not model.texts:
                return model
            digests = [text.sha256 for text in model.texts]
            query = select(tables.TEXTS).where(tables.TEXTS.c.sha256.in_(digests))
            kept = {row.sha256: row.text for row in connection.execute(query)}
        whole = tuple(text.model_copy(update={"text": kept.get(text.sha256)}) for text in model.texts)
        return model.model_copy(update={"texts": whole})

    def save(self, run: int, position: int, model: Model, assessment: Assessment) -> None:
        """Keep one model and what is so about it; once this returns, it is kept whatever happens.

        Args:
            run: The run's number.
            position: The model's place in the run.
            model: Its facts.
            assessment: What is so about it.
        """
        with troubles(self.shown), writing(self._engine) as connection:
            number = save_assessment(connection, save_model(connection, model), assessment)
            place = {"run_id": run, "position": position, "assessment_id": number}
            keep(connection, tables.RUN_MODELS, [place], replace=("assessment_id",))

    def finish(
        self,
        run: int,
        now: datetime.datetime,
        models: int = 0,
        *,
        mentions: Iterable[Mention] = (),
        gaps: Iterable[Gap] = (),
        findings: Iterable[Finding] = (),
    ) -> None:
        """Keep what belongs to the whole run, and mark it as finished.

        Args:
            run: The run's number.
            now: The time.
            models: How many models it has; what an earlier, killed attempt had saved beyond them is no part of it.
            mentions: Where models are named.
            gaps: What belongs to no model.
            findings: What a policy objects to.
        """
        with troubles(self.shown), writing(self._engine) as connection:
            kept = tables.RUN_MODELS
            connection.execute(kept.delete().where(kept.c.run_id == run, kept.c.position >= models))
            replace_parts(connection, tables.MENTIONS, run, rows.of_run(run, map(rows.mention, mentions)))
            replace_parts(connection, tables.RUN_GAPS, run, rows.of_run(run, map(rows.gap, gaps)))
            save_findings(connection, run, findings)
            connection.execute(update(tables.RUNS).where(tables.RUNS.c.id == run).values(finished=now))

    def load(self, run: int | None = None) -> Report:
        """What a run found; the last one by default.

        Raises:
            UsageError: There is no such run.
        """
        from licscan.store.report import load_report  # noqa: PLC0415 - only some commands read runs back

        with troubles(self.shown), self._engine.connect() as connection:
            return load_report(connection, run)

    def history(self, ref: ModelRef, directory: str | None = None) -> list[Episode]:
        """All runs that looked at a model, oldest first; of one folder where a directory is given.

        Raises:
            UsageError: No run did.
        """
        with troubles(self.shown), self._engine.connect() as connection:
            return history(connection, ref, directory)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

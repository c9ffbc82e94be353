"""What earlier runs left to go on from: facts and the bytes that they were read from, and the places that are done."""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Engine, Select, select

from licscan.errors import UsageError
from licscan.model import GapId, Loaded, Model, ModelRef
from licscan.store import statements, tables
from licscan.store.collect import READER
from licscan.store.save import keep, save_facts


def facts(
    connection: Connection, query: Select[Any], place: Mapping[str, Any], origin: str | None = None
) -> Model | None:
    """The facts of a model, its texts included; None where there are none.

    Args:
        connection: The database.
        query: The documents that may be meant, the newest first.
        place: Its parameters.
        origin: The server whose facts are wanted; None for those that no server said.
    """
    for document in connection.execute(query, dict(place)).scalars():
        try:
            model = Model.model_validate_json(document)
        except ValidationError:
            continue  # facts of an earlier release, in other words than today's: read them anew
        if model.origin == origin:
            return _with_texts(connection, model)
    return None


def _with_texts(connection: Connection, model: Model) -> Model:
    if not model.texts:
        return model
    kept = (connection.execute(statements.TEXT, {"digest": text.sha256}).scalar() for text in model.texts)
    whole = tuple(text.model_copy(update={"text": words}) for text, words in zip(model.texts, kept, strict=True))
    return model.model_copy(update={"texts": whole})


def save_bases(connection: Connection, run: int, position: int, bases: Iterable[Loaded]) -> None:
    """Keep the facts of the bases that one assessment rests on."""
    table = tables.RUN_BASES
    connection.execute(table.delete().where(table.c.run_id == run, table.c.position == position))
    values = [
        {
            "run_id": run,
            "position": position,
            "ref": str(base.asked or base.model.ref),
            "model_id": save_facts(connection, run, base),
        }
        for base in bases
    ]
    keep(connection, table, values)


def resume(connection: Connection, run: int, asked: Sequence[ModelRef]) -> set[int]:
    """The places of a run that hold what is asked for there, and that no passing trouble left open."""
    places, gaps = tables.RUN_MODELS, tables.GAPS
    passing = [gap.value for gap in GapId if gap.passing]
    troubled = (
        select(places.c.position)
        .join_from(places, gaps, gaps.c.assessment_id == places.c.assessment_id)
        .where(places.c.run_id == run, gaps.c.gap.in_(passing))
    )
    again = set(connection.execute(troubled).scalars())
    done: set[int] = set()
    for row in connection.execute(select(places.c.position, places.c.asked).where(places.c.run_id == run)):
        if row.position < len(asked) and row.position not in again and row.asked == str(asked[row.position]):
            done.add(row.position)
    return done


def kept_facts(engine: Engine, run: int) -> Iterator[tuple[Loaded, tuple[Loaded, ...]]]:
    """The facts of a run's models and of their bases, in order, one at a time."""
    places, found, bases = tables.RUN_MODELS, tables.ASSESSMENTS, tables.RUN_BASES
    query = (
        select(places.c.position, places.c.asked, found.c.model_id)
        .join_from(places, found)
        .where(places.c.run_id == run)
        .order_by(places.c.position)
    )
    models = tables.MODELS
    with engine.connect() as connection:
        rows = connection.execute(query).all()
        numbers = [row.model_id for row in rows]
        theirs = select(models.c.id).where(models.c.reader == READER, models.c.id.in_(numbers[:1]))
        if connection.execute(theirs).first():
            what = "was collected from reports: what they rest on is not kept here"
            raise UsageError(what, where=f"run {run}", remedy="scan its models, or assess it again where it was made")
    for row in rows:
        with engine.connect() as connection:
            theirs = select(bases.c.ref, bases.c.model_id).where(
                bases.c.run_id == run, bases.c.position == row.position
            )
            others = [_loaded(connection, one.model_id, one.ref) for one in connection.execute(theirs).all()]
            yield _loaded(connection, row.model_id, row.asked), tuple(others)


def facts_of(engine: Engine, run: int, ref: ModelRef) -> tuple[Loaded, tuple[Loaded, ...]] | None:
    """The facts of one model of a run and of its bases, without the bytes that they were read from.

    None where there are none that this version can read.
    """
    place = {"its_run": run, "its_ref": str(ref.at(None)), "its_revision": ref.revision or "", "nobody": READER}
    with engine.connect() as connection:
        row = connection.execute(statements.FACTS_OF, place).first()
        if row is None:
            return None
        theirs = {"its_run": run, "its_position": row.position}
        try:
            others = [
                _facts(connection, one.document, one.ref)
                for one in connection.execute(statements.FACTS_OF_BASES, theirs).all()
            ]
            return _facts(connection, row.document, row.asked), tuple(others)
        except ValidationError:
            return None  # facts of an earlier release, in other words than today's


def facts_of_run(engine: Engine, run: int) -> Iterator[tuple[Loaded, tuple[Loaded, ...]] | None]:
    """The facts of a run's models and of their bases, in order, one at a time, without the bytes of either.

    None in the place of a model of which there are none that this version can read: it was collected from a report.
    """
    places, found, models = tables.RUN_MODELS, tables.ASSESSMENTS, tables.MODELS
    query = select(places.c.position, places.c.asked, found.c.model_id, models.c.reader).join_from(places, found)
    query = query.join(models, models.c.id == found.c.model_id)
    with engine.connect() as connection:
        rows = connection.execute(query.where(places.c.run_id == run).order_by(places.c.position)).all()
    for row in rows:
        if row.reader == READER:
            yield None
            continue
        with engine.connect() as connection:
            document = connection.execute(statements.FACTS_BY_ID, {"id": row.model_id}).scalar_one()
            place = {"its_run": run, "its_position": row.position}
            bases = connection.execute(statements.FACTS_OF_BASES, place).all()
            try:
                others = tuple(_facts(connection, one.document, one.ref) for one in bases)
                whole = _facts(connection, document, row.asked), others
            except ValidationError:
                whole = None
        yield whole


def _loaded(connection: Connection, model_id: int, asked: str) -> Loaded:
    kept = {row.name: zlib.decompress(row.data) for row in connection.execute(statements.KEPT, {"model": model_id})}
    document = connection.execute(statements.FACTS_BY_ID, {"id": model_id}).scalar_one()
    return _facts(connection, document, asked)._replace(kept=kept)


def _facts(connection: Connection, document: str, asked: str) -> Loaded:
    model = _with_texts(connection, Model.model_validate_json(document))
    return Loaded(model, asked=ModelRef.parse(asked) if asked else model.ref)

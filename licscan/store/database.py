"""One database: opened, brought to the newest tables, and its troubles said in words that help."""

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

import platformdirs
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from licscan.errors import StoreError

# The newest migration; a test compares it with the folder. Asking for one number spares 130 ms of importing Alembic.
HEAD = "0004"
# What is wrong where nothing was ever kept.
NO_DATABASE = "no such database"

_WAIT = 30
_LOCK = 0x11C5CA4  # any number that no other program takes
# A scheme without its slashes: `sqlite:x` would otherwise be a file of that name.
_HALF_A_URL = re.compile(r"[a-z][a-z0-9+]+:(?!//|\\\\)", re.IGNORECASE)


def default_path() -> Path:
    """The user's own database, in the data folder of the system; never in the working tree."""
    return platformdirs.user_data_path("licscan") / "licscan.db"


def open_database(place: str | None = None, *, to_write: bool = True) -> Engine:
    """Open a database, make it if it is not there, and bring its tables up to date.

    Args:
        place: A file, or a URL of SQLAlchemy such as `postgresql+psycopg://user@host/name`; the user's own by default.
        to_write: Whether anything will be written. What is only read is left as it is.

    Raises:
        StoreError: It cannot be opened, is another program's, or was written by a newer licscan.
    """
    with troubles("the database"):
        url = _url(place)
    shown = show(url)
    with troubles(shown):
        on_disk = url.get_backend_name() == "sqlite" and not in_memory(url)
        if not to_write and on_disk and not url.query and not Path(str(url.database)).exists():
            raise StoreError(NO_DATABASE, where=shown, remedy="licscan scan makes it")
        if not place and to_write:
            default_path().parent.mkdir(parents=True, exist_ok=True)
        engine = _engine(url)
        try:
            _bring_up_to_date(engine, shown, to_write=to_write)
        except BaseException:
            engine.dispose()
            raise
    return engine


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that will write: it waits for its turn at once, where it can still wait.

    SQLite cannot make a writer of a reader while another writes, and says "database is locked" without waiting.
    """
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


def show(url: URL) -> str:
    """A database as it may be shown: the path of a file, any other without its password."""
    on_disk = url.get_backend_name() == "sqlite" and not in_memory(url)
    return url.database if on_disk and url.database else url.render_as_string(hide_password=True)


@contextlib.contextmanager
def troubles(shown: str) -> Iterator[None]:
    """Turn what a database complains about into a `StoreError` that says where and what to do."""
    try:
        yield
    except DBAPIError as error:
        what = " ".join(str(error.orig).split()) or type(error.orig).__name__
        raise StoreError(what, where=shown, remedy=_remedy(what)) from error
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise StoreError(str(error), where=shown, remedy="give a file, or a URL such as sqlite:///x.db") from error
    except ModuleNotFoundError as error:
        raise StoreError(f"needs the package {error.name}", where=shown, remedy=f"pip install {error.name}") from error
    except (SQLAlchemyError, OSError, RuntimeError) as error:
        raise StoreError(str(error), where=shown, remedy="choose another place with --db") from error


def _remedy(what: str) -> str:
    low = what.casefold()
    if "readonly" in low or "read-only" in low or "unable to open" in low:
        return "choose a place that can be written to with --db, or keep nothing with --db sqlite://"
    if "not a database" in low or "malformed" in low:
        return "that file is something else, or damaged: choose another with --db"
    if "locked" in low:
        return "another licscan is writing; try again when it is done"
    return "see whether the database can be reached, or choose another with --db"


def _url(place: str | None) -> URL:
    if place and _HALF_A_URL.match(place):
        raise ArgumentError(f"half a URL: {place.partition(':')[0]}: without //")
    if not place or "://" not in place:
        return URL.create("sqlite", database=str((Path(place) if place else default_path()).absolute()))
    url = make_url(re.sub(r"^postgres://", "postgresql://", place))
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise ArgumentError(f"no database that licscan writes: {url.get_backend_name()}")
    # SQLAlchemy's default for PostgreSQL is psycopg 2; the extra brings psycopg 3.
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _engine(url: URL) -> Engine:
    if in_memory(url):
        return create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    if url.get_backend_name() != "sqlite":
        return create_engine(url)
    engine = create_engine(url, connect_args={"timeout": _WAIT})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def in_memory(url: URL) -> bool:
    """Whether a database lives only as long as the process; it has one connection, which threads cannot share."""
    return url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """WAL, so that readers do not wait; a power cut may lose the last moments, a killed process loses nothing."""
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`, not by the driver's guess
    for pragma in ("foreign_keys=ON", "synchronous=NORMAL", "journal_mode=WAL"):
        # A database that may only be read keeps the mode that it has.
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _bring_up_to_date(engine: Engine, shown: str, *, to_write: bool) -> None:
    with engine.connect() as connection:
        version = _version(connection)
        if version is not None and version > HEAD:
            raise StoreError(
                f"was written by a newer licscan (tables {version}, this one knows {HEAD})",
                where=shown,
                remedy="update licscan, or choose another database with --db",
            )
        if version is None and inspect(connection).get_table_names():
            raise StoreError("is another program's database", where=shown, remedy="choose another with --db")
    if version == HEAD:
        return
    if not to_write:
        what = "holds no runs" if version is None else f"has tables {version}, and this licscan needs {HEAD}"
        raise StoreError(what, where=shown, remedy="licscan scan makes it, or brings it up to date")
    with _without_foreign_keys(engine), writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            # Two processes that make the same tables at once: one waits.
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        if _version(connection) != HEAD:
            _migrate(connection)


@contextlib.contextmanager
def _without_foreign_keys(engine: Engine) -> Iterator[None]:
    """Let a migration make a table anew that others refer to: SQLite can change one in no other way."""
    if engine.dialect.name != "sqlite" or in_memory(engine.url):
        yield  # nothing refers to anything yet
        return

    def off(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA foreign_keys=OFF")

    engine.dispose()
    event.listen(engine, "checkout", off)
    try:
        yield
    finally:
        event.remove(engine, "checkout", off)
        engine.dispose()


def _version(connection: Connection) -> str | None:
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(connection: Connection) -> None:
    # 130 ms of import, needed once in the life of a database.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    with as_file(files("licscan") / "store" / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

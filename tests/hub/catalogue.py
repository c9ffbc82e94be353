"""All that a hub holds, by name and by date."""

import datetime
import threading
from collections.abc import Iterator, Mapping

from tests.hub.generated import bulk, bulk_dates, bulk_number
from tests.hub.values import FIRST_DAY, Collection, Repository

Entry = tuple[datetime.datetime, str]
"""When a repository was last changed, and its name."""


class Catalogue:
    """All repositories of a hub.

    Args:
        repositories: Those that are held.
        generated: How many `bulk/model-NNNNN` there are besides, made when they are asked for.
    """

    def __init__(self, repositories: Mapping[str, Repository] | None = None, generated: int = 0) -> None:
        self._held = dict(repositories or {})
        self._moved: dict[str, str] = {}
        self._collections: dict[str, Collection] = {}
        # Tests change a catalogue while the server reads it.
        self._lock = threading.Lock()
        self.generated = generated

    def add(self, repository: Repository) -> Repository:
        with self._lock:
            self._held[f"{repository.kind}/{repository.name}"] = repository
        return repository

    def find(self, kind: str, name: str) -> Repository | None:
        held = self._held.get(f"{kind}/{name}")
        if held is not None or kind != "models" or f"{kind}/{name}" in self._moved:
            return held
        number = bulk_number(name)
        return bulk(number) if number is not None and number < self.generated else None

    def moved_to(self, kind: str, name: str) -> str | None:
        """The new name of a repository that had this one."""
        return self._moved.get(f"{kind}/{name}")

    def rename(self, old: str, new: str, kind: str = "models") -> Repository:
        """Give a repository another name; the old one leads to it.

        Raises:
            KeyError: No repository has the old name.
        """
        repository = self._found(kind, old)
        with self._lock:
            self._held.pop(f"{kind}/{old}", None)
            self._moved[f"{kind}/{old}"] = new
            self._moved.pop(f"{kind}/{new}", None)
            repository.name = new
            self._held[f"{kind}/{new}"] = repository
        return repository

    def touch(
        self,
        name: str,
        files: Mapping[str, bytes | str | None] | None = None,
        *,
        kind: str = "models",
        date: datetime.datetime | None = None,
    ) -> Repository:
        """Add a commit to a repository, generated ones too.

        Args:
            name: Of the repository.
            files: What the commit changes; by default only a list of changes.
            kind: Of the repository.
            date: Of the commit; by default a minute after everything else.

        Raises:
            KeyError: There is no such repository.
        """
        repository = self._found(kind, name)
        latest = max((entry[0] for one in ("models", "datasets") for entry in self.entries(one)), default=FIRST_DAY)
        changed = files or {"CHANGES.md": f"{len(repository.commits)} changes\n"}
        repository.commit("touched", changed, date or latest + datetime.timedelta(minutes=1))
        return self.add(repository)

    def entries(self, kind: str, author: str = "") -> list[Entry]:
        """Date and name of all repositories, newest first; none is made for that."""
        with self._lock:
            held = [(one.commits[-1].date, one.name) for one in self._held.values() if one.kind == kind and one.commits]
            gone = {key.removeprefix("models/") for key in (*self._held, *self._moved)}
        generated = bulk_dates(self.generated) if kind == "models" else ()
        found = [*held, *(entry for entry in generated if entry[1] not in gone)]
        if author:
            found = [entry for entry in found if entry[1].startswith(f"{author}/")]
        return sorted(found, key=lambda entry: (-entry[0].timestamp(), entry[1]))

    def list_all(self, kind: str) -> Iterator[Repository]:
        """All repositories, newest first."""
        for _, name in self.entries(kind):
            repository = self.find(kind, name)
            if repository is not None:
                yield repository

    def collect(self, collection: Collection) -> Collection:
        """Add a collection."""
        self._collections[collection.slug] = collection
        return collection

    def collection(self, slug: str) -> Collection | None:
        return self._collections.get(slug)

    def _found(self, kind: str, name: str) -> Repository:
        repository = self.find(kind, name)
        if repository is None:
            raise KeyError(f"{kind}/{name}")
        return repository

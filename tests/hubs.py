"""A hub for one test, and licscan to ask it: over real HTTP, with the real client, as hasty as a test wants it."""

import contextlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from huggingface_hub import close_session, set_client_factory
from huggingface_hub.utils._http import default_client_factory

from licscan.model import Assessment, Loaded, Model, ModelRef
from licscan.rulebook import Rulebook
from licscan.scan import Run, Scan, Seen, Settings, threads
from licscan.sources.hub import HubSource, client
from licscan.sources.interface import Reach
from licscan.store import Store
from tests.hub.answers import JSON, Answer
from tests.hub.catalogue import Catalogue
from tests.hub.handler import Handler
from tests.hub.repositories import Repository, card, standard
from tests.hub.routing import Request
from tests.hub.server import TOKEN, Hub, serving

Files = dict[str, bytes | str | None]
Tell = Callable[[Request], Answer | None]


class ToldHub(Hub):
    """A hub that gives some paths the answers that it is told, and all others its own.

    Args:
        catalogue: What it holds.
        prefix: A path that all of its own begin with.
        options: Those of any hub.
    """

    def __init__(self, catalogue: Catalogue | None = None, *, prefix: str = "", **options: Any) -> None:
        super().__init__(catalogue, **options)
        self.prefix = prefix
        self.told: list[tuple[re.Pattern[str], Tell]] = []

    @property
    def url(self) -> str:
        """Where it is."""
        return super().url + self.prefix

    def tell(self, path: str, answer: Answer | Tell) -> None:
        """Answer a path, given as a pattern, so; a function that gives None leaves it to the hub."""
        self.told.append((re.compile(path), answer if callable(answer) else lambda _: answer))

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Serve one connection."""
        _ToldHandler(request, client_address, self)

    def calls(self) -> list[str]:
        """The calls of the API, files apart."""
        return [path for path in self.files_too() if _is_call(path)]

    def files(self) -> list[str]:
        """The names of the files that were asked for, each once for each request."""
        found = (re.search(r"/resolve/[^/]+/(.+)", path) for path in self.files_too())
        return [one[1] for one in found if one]

    def files_too(self) -> list[str]:
        """All that was asked for."""
        with self.log.lock:
            return [path for _, path in self.log.requests]


class _ToldHandler(Handler):
    server: ToldHub

    def _serve(self, form: str = "") -> None:
        self.path = self.path.removeprefix(self.server.prefix) if self.path.startswith(self.server.prefix) else "/"
        super()._serve(form)

    def _answer(self, name: str | None, fault: str | None, request: Request) -> Answer:
        for pattern, tell in self.server.told:
            if pattern.fullmatch(request.path) and (found := tell(request)):
                return found
        return super()._answer(name, fault, request)


def _is_call(path: str) -> bool:
    return path.startswith("/api/") and not path.startswith("/api/resolve-cache/")


def as_json(value: object) -> Answer:
    """An answer as a hub gives it, whatever it holds: halves of characters and numbers that are none, too."""
    return Answer(200, json.dumps(value).encode(), {"Content-Type": JSON})


def repository(
    name: str = "acme/model",
    files: Files | None = None,
    /,
    kind: str = "models",
    **fields: Any,
) -> Repository:
    """A repository of one commit; without files it has a card that says MIT."""
    return Repository(name, kind=kind, **fields).commit("first", files or {"README.md": card(license="mit")})


def changed(repository: Repository, **fields: object) -> dict[str, Any]:
    """The answer to an info call with other values in it; those that are `...` are left out."""
    from tests.hub import records

    said = records.info(repository, repository.commits[-1], blobs=True) | fields
    return {key: value for key, value in said.items() if value is not ...}


@pytest.fixture
def online(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let the client ask: as nobody, whoever is logged in on this machine."""
    # The rules are compiled once for all of these tests.
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "compiled"))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")
    for name, value in {
        "HF_HUB_OFFLINE": False,
        "HF_HUB_DISABLE_TELEMETRY": True,
        "HF_HUB_DISABLE_IMPLICIT_TOKEN": False,
        "HF_TOKEN_PATH": str(tmp_path / "no-token"),
    }.items():
        monkeypatch.setattr(f"huggingface_hub.constants.{name}", value)
    yield
    close_session()
    set_client_factory(default_client_factory)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask twice, and no more."""
    monkeypatch.setattr(client, "MOST_TRIES", 2)
    monkeypatch.setattr(client, "MOST_INVALID", 2)


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> str:
    """Be somebody who may read everything."""
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    return TOKEN


Serve = Callable[..., ToldHub]


@pytest.fixture
def serve(online: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:  # noqa: ARG001 - it must come first
    """Run a hub until the test ends: the usual one, with more repositories and other habits."""
    with contextlib.ExitStack() as running:

        def start(*more: Repository, **options: Any) -> ToldHub:
            catalogue = standard()
            for one in more:
                catalogue.add(one)
            hub = ToldHub(catalogue, **options)
            running.enter_context(serving(hub))
            monkeypatch.setenv("HF_ENDPOINT", hub.url)
            return hub

        yield start
        close_session()


Load = Callable[..., Loaded]


@pytest.fixture
def load(online: None) -> Iterator[Load]:  # noqa: ARG001 - it must come first
    """Ask the source for one model, from its name to its facts."""
    with contextlib.ExitStack() as open_:

        def run(name: str, timeout: float = 20.0) -> Loaded:
            source = open_.enter_context(contextlib.closing(HubSource(Reach(timeout=timeout))))
            return source.load(source.pin(ModelRef.parse(name)))

        yield run


Read = Callable[..., Model]


@pytest.fixture
def read(load: Load) -> Read:
    """The facts of one model; what is read again from what was kept is the same, or the test fails."""

    def run(name: str, timeout: float = 20.0) -> Model:
        loaded = load(name, timeout)
        again = HubSource(Reach()).read(loaded.model.ref, loaded.kept)
        assert again == loaded.model
        return loaded.model

    return run


class Look(NamedTuple):
    """A way to look at models as a scan does, without a command line."""

    rules: Rulebook
    store: Store | None = None

    def all(self, names: Iterable[str], run: Run = map, **settings: Any) -> list[Seen]:
        """All of these, in order."""
        scan = Scan(self.rules, Settings(**{"timeout": 20.0, **settings}), self.store)
        with contextlib.closing(scan):
            return sorted(scan.look(map(ModelRef.parse, names), run), key=lambda seen: seen.position)

    def one(self, name: str, **settings: Any) -> Assessment:
        """One of them."""
        return self.all([name], **settings)[0].assessment

    def at_once(self, names: Iterable[str], jobs: int = 8, **settings: Any) -> list[Seen]:
        """All of these, in threads."""
        return self.all(names, threads(jobs), **settings)


@pytest.fixture
def look(online: None, rules: Rulebook) -> Look:  # noqa: ARG001 - it must come first
    """Look at models without a store."""
    return Look(rules)


def gaps(found: Model | Assessment) -> dict[str, str]:
    """The gaps by their id, each with its reason; reasons of the same id are put together."""
    told: dict[str, str] = {}
    for gap in found.gaps:
        told[gap.id.value] = f"{told[gap.id.value]}; {gap.why}" if gap.id.value in told else gap.why
    return told


def stated(found: Model) -> dict[str, str]:
    """What is claimed, by where it stands."""
    return {claim.place.value: claim.stated for claim in found.claims}

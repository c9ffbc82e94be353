"""The answers of the Hub, route by route, as `huggingface_hub` 2.x expects them."""

import base64
import binascii
import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

from tests.hub import records
from tests.hub.answers import JSON, Answer
from tests.hub.catalogue import Entry
from tests.hub.routing import Holder, Request, route
from tests.hub.values import FIRST_DAY, Commit, File, Repository

PAGE = 1000
COMMITS_PAGE = 50
TOKEN = "hf_made_for_tests"  # noqa: S105 - opens nothing
TOKEN_WITHOUT_ACCESS = "hf_made_for_tests_too"  # noqa: S105 - opens even less: nothing gated, nothing private


class Routes:
    """The answer to one request."""

    def __init__(self, hub: Holder, request: Request) -> None:
        self.hub = hub
        self.request = request
        self.query = {key: value for key, value in request.query.items() if key not in hub.drops}
        self.token = request.headers.get("authorization", "").removeprefix("Bearer ")

    def answer(self) -> Answer:
        if self.token and self.token not in {TOKEN, TOKEN_WITHOUT_ACCESS}:
            return Answer.error(401, message="Invalid credentials in Authorization header")
        name, parts = route(self.request.path)
        if name is None or (self.hub.routes is not None and name not in self.hub.routes):
            return Answer(404, b"<html>Not found</html>", {"Content-Type": "text/html"})
        return getattr(self, f"_{name}")(**parts)  # type: ignore[no-any-return]

    def _repository(self, kind: str, name: str) -> Repository | Answer:
        found = self.hub.catalogue.find(kind, name)
        new = self.hub.catalogue.moved_to(kind, name) if found is None else None
        visible = self.hub.catalogue.find(kind, new) if new else found
        if visible is None or (visible.private and self.token != TOKEN):
            # An anonymous client is not told whether there is such a repository: 401, and no code.
            if not self.token:
                return _unauthorized()
            return Answer.error(404, "RepoNotFound", "Repository not found")
        if new:
            return self._moved(name, new)
        if visible.disabled:
            return Answer.error(403, message="Access to this resource is disabled.")
        return visible

    def _moved(self, old: str, new: str) -> Answer:
        """The same question about the new name, on the same host."""
        query = urlencode(self.query, doseq=True)
        path = self.request.path.replace(f"/{old}", f"/{new}", 1)
        return Answer.redirect(307, f"{path}?{query}" if query else path)

    def _commit(self, kind: str, name: str, revision: str | None) -> tuple[Repository, Commit] | Answer:
        found = self._repository(kind, name)
        if isinstance(found, Answer):
            return found
        commit = found.at(revision)
        if commit is None:
            return Answer.error(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        return found, commit

    def _info(self, kind: str, name: str, revision: str | None = None) -> Answer:
        bad = self._bad_expand(kind)
        found = bad or self._commit(kind, name, revision)
        if isinstance(found, Answer):
            return found
        if "expand" in self.query:
            return self._cached(records.expanded(*found, self.query["expand"]))
        return self._cached(records.info(*found, blobs="blobs" in self.query))

    def _bad_expand(self, kind: str) -> Answer | None:
        unknown = sorted(set(self.query.get("expand", [])) - records.EXPANDABLE[kind])
        if unknown:
            return Answer.error(400, "BadRequest", f'Invalid value for "expand": {", ".join(unknown)}')
        return None

    def _bad_order(self) -> Answer | None:
        """Listings are made in one order; whoever asks for another must not believe that it was given."""
        if self.query.get("sort", ["lastModified"]) == ["lastModified"] and self.query.get("direction", ["-1"]) == [
            "-1"
        ]:
            return None
        return Answer.error(400, "BadRequest", "This hub sorts by lastModified, newest first")

    def _cached(self, value: object) -> Answer:
        """An answer with a validator; nothing when the client has it already."""
        body = json.dumps(value).encode()
        tag = f'W/"{File(body).blob_id}"'
        if self.request.headers.get("If-None-Match") == tag:
            with self.hub.log.lock:
                self.hub.log.not_modified += 1
            return Answer(304, b"", {"ETag": tag})
        return Answer(200, body, {"Content-Type": JSON, "ETag": tag})

    def _listing(self, kind: str) -> Answer:
        bad = self._bad_expand(kind) or self._bad_order()
        if bad:
            return bad
        entries = self.hub.catalogue.entries(kind, self.query.get("author", [""])[0])
        try:
            size = max(1, min(PAGE, int(self.query.get("limit", [str(PAGE)])[0])))
            start = _after(entries, self.query["cursor"][0]) if "cursor" in self.query else 0
        except ValueError:
            return Answer.error(400, "BadRequest", "Invalid limit or cursor")
        chosen: list[Repository] = []
        for number, (_, name) in enumerate(entries[start:], start):
            repository = self.hub.catalogue.find(kind, name)
            if repository is None or (repository.private and self.token != TOKEN):
                continue
            if len(chosen) == size:
                return self._page(
                    [records.listed(one, self.query) for one in chosen], cursor=_cursor(entries[number - 1])
                )
            chosen.append(repository)
        return self._page([records.listed(one, self.query) for one in chosen])

    def _page(self, items: Sequence[Any], **following: str) -> Answer:
        """A page, with a link to the next one that asks for all that this one was asked for."""
        if not following:
            return Answer.data(items)
        query = urlencode({**self.query, **following}, doseq=True)
        return Answer.data(items, Link=f'<{self.hub.url}{self.request.path}?{query}>; rel="next"')

    def _tree(self, kind: str, name: str, revision: str, folder: str = "") -> Answer:
        found = self._commit(kind, name, revision)
        if isinstance(found, Answer):
            return found
        entries = records.tree(found[1])
        if folder:
            if not any(entry["path"] == folder and entry["type"] == "directory" for entry in entries):
                return Answer.error(404, "EntryNotFound", f"{folder} does not exist", **{"X-Repo-Commit": found[1].sha})
            entries = [entry for entry in entries if entry["path"].startswith(f"{folder}/")]
        if self.query.get("recursive", ["false"])[0].lower() not in {"true", "1"}:
            depth = folder.count("/") + 1 if folder else 0
            entries = [entry for entry in entries if entry["path"].count("/") == depth]
        start = int(self.query.get("cursor", ["0"])[0])
        more = {"cursor": str(start + PAGE)} if start + PAGE < len(entries) else {}
        return self._page(entries[start : start + PAGE], **more)

    def _paths(self, kind: str, name: str, revision: str) -> Answer:
        found = self._commit(kind, name, revision)
        if isinstance(found, Answer):
            return found
        wanted = set(parse_qs(self.request.form).get("paths", []))
        return Answer.data([entry for entry in records.tree(found[1]) if entry["path"] in wanted])

    def _refs(self, kind: str, name: str) -> Answer:
        found = self._repository(kind, name)
        return found if isinstance(found, Answer) else Answer.data(records.refs(found))

    def _commits(self, kind: str, name: str, revision: str) -> Answer:
        found = self._commit(kind, name, revision)
        if isinstance(found, Answer):
            return found
        commits = records.history(*found)
        page = int(self.query.get("p", ["0"])[0])
        start = page * COMMITS_PAGE
        more = {"p": str(page + 1)} if start + COMMITS_PAGE < len(commits) else {}
        return self._page(commits[start : start + COMMITS_PAGE], **more)

    def _collection(self, slug: str) -> Answer:
        found = self.hub.catalogue.collection(slug)
        if found is None:
            return Answer.error(404, message="Collection not found")
        items = [self.hub.catalogue.find(f"{kind}s", name) for kind, name in found.items]
        updated = max((item.commits[-1].date for item in items if item), default=FIRST_DAY)
        return Answer.data(records.collection(found, updated))

    def _auth(self, kind: str, name: str) -> Answer:
        found = self._repository(kind, name)
        if isinstance(found, Answer):
            return found
        return self._refused(found, {}) or Answer(200, b"OK", {"Content-Type": "text/plain"})

    def _refused(self, repository: Repository, headers: dict[str, str]) -> Answer | None:
        """What somebody is told who may not read the files of a gated repository."""
        if not repository.gated or self.token == TOKEN:
            return None
        restricted = f"Access to model {repository.name} is restricted"
        if self.token:
            return Answer.error(403, "GatedRepo", f"{restricted} and you are not in the authorized list.", **headers)
        message = f"{restricted}. You must have access to it and be authenticated to access it. Please log in."
        return Answer.error(401, "GatedRepo", message, **headers)

    def _entry(self, kind: str, name: str, revision: str, path: str) -> tuple[Commit, File] | Answer:
        """A file that the client may read."""
        found = self._commit(kind, name, revision)
        if isinstance(found, Answer):
            return found
        repository, commit = found
        headers = {"X-Repo-Commit": commit.sha}
        file = commit.files.get(path)
        if file is None:
            return Answer.error(404, "EntryNotFound", "Entry not found", **headers)
        public = path in {"README.md", ".gitattributes"}
        return (None if public else self._refused(repository, headers)) or (commit, file)

    def _resolve(self, name: str, revision: str, path: str, kind: str = "models") -> Answer:
        kind = kind.rstrip("/")
        found = self._entry(kind, name, revision, path)
        if isinstance(found, Answer):
            return found
        commit, file = found
        place = f"{kind}/{name}/{commit.sha}/{quote(path)}"
        headers = {"X-Repo-Commit": commit.sha, "X-Linked-Etag": f'"{file.etag}"'}
        if file.lfs:
            headers["X-Linked-Size"] = str(len(file.data))
            return Answer.redirect(302, f"{self.hub.elsewhere}/cdn/{place}", **headers)
        if self.hub.plain_resolve:
            return self._file(commit, file)
        return Answer.redirect(307, f"/api/resolve-cache/{place}", **headers)

    def _resolve_cache(self, kind: str, name: str, revision: str, path: str) -> Answer:
        found = self._entry(kind, name, revision, path)
        return found if isinstance(found, Answer) else self._file(*found)

    def _file(self, commit: Commit, file: File) -> Answer:
        return self._ranged(file, {"X-Repo-Commit": commit.sha, "ETag": f'"{file.etag}"'})

    def _cdn(self, kind: str, name: str, revision: str, path: str) -> Answer:
        repository = self.hub.catalogue.find(kind, name)
        commit = repository.at(revision) if repository else None
        file = commit.files.get(path) if commit else None
        return self._ranged(file, {"ETag": f'"{file.etag}"'}) if file else Answer(404, b"gone", {})

    def _ranged(self, file: File, headers: dict[str, str]) -> Answer:
        data = file.data
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.request.headers.get("Range", ""))
        if not wanted or "range" in self.hub.drops:
            return Answer(200, data, {"Accept-Ranges": "bytes", **headers})
        start, end = int(wanted[1]), min(int(wanted[2] or len(data) - 1), len(data) - 1)
        if start >= len(data):
            return Answer(416, b"", {"Content-Range": f"bytes */{len(data)}", **headers})
        return Answer(206, data[start : end + 1], {"Content-Range": f"bytes {start}-{end}/{len(data)}", **headers})

    def _whoami(self) -> Answer:
        return Answer.data({"type": "user", "name": "tester", "orgs": []}) if self.token else _unauthorized()


def _unauthorized() -> Answer:
    return Answer.error(401, message="Invalid username or password.", **{"WWW-Authenticate": 'Bearer realm="hub"'})


def _cursor(last: Entry) -> str:
    """Where a page ended: not a number, since repositories change and move up while somebody reads."""
    return base64.urlsafe_b64encode(json.dumps([last[0].timestamp(), last[1]]).encode()).decode()


def _after(entries: list[Entry], cursor: str) -> int:
    """The first place behind a cursor.

    Raises:
        ValueError: It is no cursor.
    """
    try:
        date, name = json.loads(base64.urlsafe_b64decode(cursor))
        behind = (-float(date), str(name))
    except (binascii.Error, TypeError) as trouble:
        raise ValueError(cursor) from trouble
    return next((at for at, entry in enumerate(entries) if (-entry[0].timestamp(), entry[1]) > behind), len(entries))

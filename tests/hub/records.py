"""The JSON that the Hub answers with."""

import datetime
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from tests.hub.values import Collection, Commit, File, Repository, git_hash

Record = dict[str, Any]

# The names that `expand` may ask for, as the client lists them.
EXPANDABLE = {
    "models": frozenset(
        """author baseModels cardData childrenModelCount config createdAt disabled downloads downloadsAllTime evalResults
        gated gguf inference inferenceProviderMapping lastModified library_name likes mask_token model-index pipeline_tag
        private resourceGroup safetensors sha siblings spaces tags transformersInfo trendingScore usedStorage
        widgetData""".split()
    ),
    "datasets": frozenset(
        """author cardData citation createdAt description disabled downloads downloadsAllTime gated lastModified likes
        mainSize paperswithcode_id private resourceGroup sha siblings tags trendingScore usedStorage""".split()
    ),
}
_SHORT = "likes private downloads tags pipeline_tag library_name createdAt modelId".split()
_FULL = [*_SHORT, *"author gated disabled lastModified sha siblings".split()]


def time(date: datetime.datetime) -> str:
    return date.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def object_id(name: str) -> str:
    """An id as the Hub's database gives them."""
    return hashlib.sha256(name.encode()).hexdigest()[:24]


def info(repository: Repository, commit: Commit, *, blobs: bool = False) -> Record:
    """What the Hub says of a repository at a commit."""
    return _record(repository, commit, _usual(repository.kind), blobs=blobs) | repository.metadata


def expanded(repository: Repository, commit: Commit, names: Iterable[str]) -> Record:
    """Only the id and what was asked for."""
    return _record(repository, commit, names)


def listed(repository: Repository, query: dict[str, list[str]]) -> Record:
    """An entry of a listing: how much it says depends on what was asked."""
    commit = repository.commits[-1]
    if "expand" in query:
        return expanded(repository, commit, query["expand"])
    names = [*(_FULL if _wanted(query, "full") else _SHORT)]
    names += ["cardData"] if _wanted(query, "cardData") else []
    names += ["config"] if _wanted(query, "config") else []
    return _record(repository, commit, [name for name in names if name in _usual(repository.kind)])


def other(record: Record) -> Record:
    """The record of a repository that nobody asked for."""
    sha = hashlib.sha1(str(record.get("sha")).encode(), usedforsecurity=False).hexdigest()
    return {**record, "id": "acme/other", "modelId": "acme/other", "author": "acme", "sha": sha}


def _wanted(query: dict[str, list[str]], name: str) -> bool:
    return query.get(name, ["false"])[0].lower() in {"true", "1"}


def _usual(kind: str) -> list[str]:
    both = [*_FULL, "cardData", "usedStorage"]
    if kind == "datasets":
        models_only = {"pipeline_tag", "library_name", "modelId"}
        return [name for name in both if name not in models_only]
    return [*both, "config", "safetensors", "gguf", "spaces"]


def _record(repository: Repository, commit: Commit, names: Iterable[str], *, blobs: bool = False) -> Record:
    """A record of some fields; each is made only if it is asked for, since a listing makes a thousand records."""
    front = commit.front
    fields: dict[str, Callable[[], Any]] = {
        "modelId": lambda: repository.name,
        "author": lambda: repository.name.partition("/")[0],
        "sha": lambda: commit.sha,
        "lastModified": lambda: time(commit.date),
        "createdAt": lambda: time(repository.commits[0].date),
        "private": lambda: repository.private,
        "gated": lambda: repository.gated,
        "disabled": lambda: repository.disabled,
        "downloads": lambda: 1,
        "likes": lambda: 0,
        "tags": lambda: _tags(front, commit),
        "pipeline_tag": lambda: front.get("pipeline_tag"),
        "library_name": lambda: front.get("library_name"),
        "cardData": lambda: front,
        "config": lambda: _config(commit),
        "siblings": lambda: [_sibling(path, file, blobs=blobs) for path, file in commit.files.items()],
        "spaces": list,
        "usedStorage": lambda: sum(len(file.data) for file in commit.files.values()),
        "safetensors": lambda: _safetensors(commit),
        "gguf": lambda: _gguf(commit),
        "baseModels": lambda: _base_models(front, commit),
    }
    # The id of the database outlives commits and names.
    record: Record = {"_id": repository.commits[0].sha[:24], "id": repository.name}
    for name in names:
        if name in repository.metadata:
            record[name] = repository.metadata[name]
        elif name in fields:
            record[name] = fields[name]()
    # The Hub leaves out what it has nothing to say of.
    silent = {"safetensors", "gguf", "baseModels"}
    return {key: value for key, value in record.items() if value is not None or key not in silent}


def _sibling(path: str, file: File, *, blobs: bool) -> Record:
    one: Record = {"rfilename": path}
    if blobs:
        one |= {"size": len(file.data), "blobId": file.blob_id}
        if file.lfs:
            one["lfs"] = {"sha256": file.sha256, "size": len(file.data), "pointerSize": len(file.pointer)}
    return one


def _strings(value: object) -> list[str]:
    several = value if isinstance(value, list) else [value]
    return [one for one in several if isinstance(one, str)]


def _config(commit: Commit) -> Record:
    """Of a configuration the Hub repeats what kind of model it is."""
    try:
        config = json.loads(commit.files["config.json"].data)
        return {key: config[key] for key in ("architectures", "model_type") if key in config}
    except (KeyError, ValueError, TypeError):
        return {}


def _relation(front: Record, commit: Commit) -> str:
    """How a model comes from its bases: what the card says, or what the Hub guesses from the files."""
    if front.get("base_model_relation"):
        return str(front["base_model_relation"])
    if "adapter_config.json" in commit.files:
        return "adapter"
    if any(path.endswith(".gguf") for path in commit.files):
        return "quantized"
    return "merge" if len(_strings(front.get("base_model"))) > 1 else "finetune"


def _tags(front: Record, commit: Commit) -> list[str]:
    tags = [f"license:{one}" for one in _strings(front.get("license"))]
    for base in _strings(front.get("base_model")):
        tags += [f"base_model:{base}", f"base_model:{_relation(front, commit)}:{base}"]
    return [*tags, *(f"dataset:{one}" for one in _strings(front.get("datasets"))), "region:us"]


def _base_models(front: Record, commit: Commit) -> Record | None:
    bases = [{"_id": object_id(base), "id": base} for base in _strings(front.get("base_model"))]
    return {"relation": _relation(front, commit), "models": bases} if bases else None


def _safetensors(commit: Commit) -> Record | None:
    counts: Counter[str] = Counter()
    for path, file in commit.files.items():
        if path.endswith(".safetensors"):
            counts += file.parameters
    return {"parameters": dict(counts), "total": counts.total()} if counts else None


def _gguf(commit: Commit) -> Record | None:
    sizes = [len(file.data) for path, file in commit.files.items() if path.endswith(".gguf")]
    return {"total": max(sizes), "architecture": "llama", "context_length": 2048} if sizes else None


def tree(commit: Commit) -> list[Record]:
    """All files and folders of a commit, in the order of their paths."""
    folders: dict[str, list[str]] = {}
    for path, file in commit.files.items():
        parts = path.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            folders.setdefault("/".join(parts[:depth]), []).append(file.blob_id)
    entries: list[Record] = [
        {"type": "directory", "path": path, "oid": git_hash("tree", "".join(oids).encode()), "size": 0}
        for path, oids in folders.items()
    ]
    entries += [_tree_file(path, file) for path, file in commit.files.items()]
    return sorted(entries, key=lambda entry: str(entry["path"]))


def _tree_file(path: str, file: File) -> Record:
    entry: Record = {"type": "file", "path": path, "size": len(file.data), "oid": file.blob_id}
    if file.lfs:
        entry["lfs"] = {"oid": file.sha256, "size": len(file.data), "pointerSize": len(file.pointer)}
    return entry


def refs(repository: Repository) -> Record:
    """Branches and tags."""

    def some(named: dict[str, str], folder: str) -> list[Record]:
        return [{"name": key, "ref": f"refs/{folder}/{key}", "targetCommit": sha} for key, sha in named.items()]

    return {"branches": some(repository.branches, "heads"), "tags": some(repository.tags, "tags"), "converts": []}


def history(repository: Repository, last: Commit) -> list[Record]:
    """The commits up to one, newest first."""
    upto = repository.commits[: repository.commits.index(last) + 1][::-1]
    return [
        {"id": one.sha, "title": one.title, "message": "", "date": time(one.date), "authors": [{"user": "acme"}]}
        for one in upto
    ]


def collection(found: Collection, last_updated: datetime.datetime) -> Record:
    """A collection with its items."""
    owner = found.slug.partition("/")[0]
    return {
        "slug": found.slug,
        "title": found.title,
        "owner": {"name": owner, "fullname": owner, "type": "org"},
        "lastUpdated": time(last_updated),
        "position": 0,
        "private": False,
        "theme": "green",
        "upvotes": 0,
        "shareUrl": f"https://hub.invalid/collections/{found.slug}",
        "items": [
            {"_id": object_id(f"{found.slug}#{number}"), "type": kind, "id": name, "position": number}
            for number, (kind, name) in enumerate(found.items)
        ],
    }

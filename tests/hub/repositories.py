"""What the test hub holds: repositories with commits, made here, none of it anybody else's."""

import datetime
import hashlib
import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

LFS_FROM = 1 << 16
LFS_SUFFIXES = (".safetensors", ".gguf", ".bin", ".onnx")
FIRST_DAY = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class File:
    """A file at a commit, kept in git or, when large or weights, beside it (LFS)."""

    data: bytes
    lfs: bool = False

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def pointer(self) -> bytes:
        return f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.sha256}\nsize {len(self.data)}\n".encode()

    @property
    def blob_id(self) -> str:
        """The git object: of an LFS file that is its pointer."""
        data = self.pointer if self.lfs else self.data
        return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Commit:
    """A state of a repository."""

    sha: str
    date: datetime.datetime
    title: str
    files: Mapping[str, File]


@dataclass
class Repository:
    """A model or dataset with its history, newest commit last."""

    name: str
    kind: str = "models"
    commits: list[Commit] = field(default_factory=list)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    gated: str | bool = False
    private: bool = False
    disabled: bool = False
    metadata: dict[str, Any] = field(default_factory=dict)

    def commit(self, title: str, files: Mapping[str, bytes | str | None]) -> "Repository":
        """Add a commit that changes some files (None removes one); the repository itself, to go on with."""
        kept = dict(self.commits[-1].files) if self.commits else {}
        for path, content in files.items():
            if content is None:
                kept.pop(path, None)
                continue
            data = content.encode() if isinstance(content, str) else content
            kept[path] = File(data, lfs=path.endswith(LFS_SUFFIXES) or len(data) >= LFS_FROM)
        date = FIRST_DAY + datetime.timedelta(days=30 * len(self.commits))
        tree = "".join(f"{path}\0{file.blob_id}" for path, file in sorted(kept.items()))
        sha = hashlib.sha1(f"{self.name}\0{len(self.commits)}\0{tree}".encode(), usedforsecurity=False).hexdigest()
        self.commits.append(Commit(sha, date, title, dict(sorted(kept.items()))))
        self.branches["main"] = sha
        return self

    def at(self, revision: str | None) -> Commit | None:
        """The commit that a branch, tag or commit names."""
        wanted = revision or "main"
        sha = self.branches.get(wanted) or self.tags.get(wanted) or wanted
        return next((commit for commit in self.commits if commit.sha == sha), None)


class Catalogue:
    """All repositories of a hub.

    Args:
        repositories: Those that are held.
        generated: How many `bulk/model-NNNNN` there are besides, made when they are asked for.
    """

    def __init__(self, repositories: Mapping[str, Repository] | None = None, generated: int = 0) -> None:
        self._held = dict(repositories or {})
        self.generated = generated

    def add(self, repository: Repository) -> Repository:
        self._held[f"{repository.kind}/{repository.name}"] = repository
        return repository

    def find(self, kind: str, name: str) -> Repository | None:
        held = self._held.get(f"{kind}/{name}")
        if held is None and kind == "models" and name.startswith("bulk/model-"):
            number = name.removeprefix("bulk/model-")
            if number.isdigit() and int(number) < self.generated:
                return bulk(int(number))
        return held

    def list_all(self, kind: str) -> Iterator[Repository]:
        for repository in self._held.values():
            if repository.kind == kind:
                yield repository
        if kind == "models":
            for number in range(self.generated):
                yield bulk(number)


def safetensors(metadata: dict[str, str] | None = None, tensors: int = 3) -> bytes:
    """A safetensors file of some small tensors."""
    header: dict[str, Any] = {"__metadata__": metadata} if metadata else {}
    for number in range(tensors):
        header[f"layer.{number}.weight"] = {
            "dtype": "F32",
            "shape": [4],
            "data_offsets": [number * 16, number * 16 + 16],
        }
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(16 * tensors)


def card(**fields: object) -> str:
    """A card with these fields as front matter."""
    lines = [f"{key}: {json.dumps(value)}" for key, value in fields.items()]
    return "---\n" + "\n".join(lines) + "\n---\n# A model\n\nMade for tests.\n"


LICENSES = ("apache-2.0", "mit", "llama3.1", "gemma", "cc-by-nc-4.0", "other", None, "openrail")


def bulk(number: int) -> Repository:
    """One of many: every eighth says nothing of its license, every fifth comes from another."""
    fields: dict[str, object] = {"library_name": "transformers", "pipeline_tag": "text-generation"}
    license_ = LICENSES[number % len(LICENSES)]
    if license_:
        fields["license"] = license_
    if number % 5 == 4:
        fields["base_model"] = f"bulk/model-{number - 4:05}"
    files: dict[str, bytes | str] = {
        "README.md": card(**fields),
        "config.json": json.dumps({"model_type": "llama", "vocab_size": 32000, "number": number}),
        "model.safetensors": safetensors({"format": "pt"}),
        "tokenizer.json": "{}",
    }
    if number % 3 == 0:
        files["LICENSE"] = f"Terms of license {license_}.\n" * 20
    return Repository(f"bulk/model-{number:05}").commit("first", files)


def standard() -> Catalogue:
    """The repositories that tests and the demo look at."""
    hub = Catalogue()
    hub.add(
        Repository("acme/tiny")
        .commit(
            "first",
            {
                "README.md": card(license="mit", pipeline_tag="text-generation"),
                "config.json": json.dumps({"model_type": "gpt2"}),
                "model.safetensors": safetensors({"format": "pt"}),
            },
        )
        .commit("second: another license", {"README.md": card(license="cc-by-nc-4.0", pipeline_tag="text-generation")})
    )
    tiny = hub.find("models", "acme/tiny")
    if tiny:
        tiny.tags["v1"] = tiny.commits[0].sha
        tiny.branches["dev"] = tiny.commits[0].sha
    hub.add(
        Repository("acme/adapter").commit(
            "first",
            {
                "README.md": card(
                    license="apache-2.0", base_model="acme/gated", base_model_relation="adapter", datasets=["acme/data"]
                ),
                "adapter_config.json": json.dumps({"base_model_name_or_path": "acme/gated", "revision": "main"}),
                "adapter_model.safetensors": safetensors({"license": "apache-2.0"}),
                "LICENSE": "Apache License\nVersion 2.0\n",
                "NOTICE": "Made by acme\n",
            },
        )
    )
    gated = Repository("acme/gated", gated="manual").commit(
        "first",
        {
            "README.md": card(
                license="llama3.1", extra_gated_prompt="By clicking you accept the Llama 3.1 Community License."
            ),
            "LICENSE": "LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\n",
            "USE_POLICY.md": "# Policy\n",
            "model-00001-of-00002.safetensors": safetensors(),
            "model-00002-of-00002.safetensors": safetensors(),
        },
    )
    hub.add(gated)
    hub.add(
        Repository("acme/data", kind="datasets").commit(
            "first", {"README.md": card(license="cc-by-nc-4.0"), "data.csv": "a,b\n"}
        )
    )
    hub.add(Repository("acme/disabled", disabled=True).commit("first", {"README.md": card(license="mit")}))
    hub.add(Repository("acme/private", private=True).commit("first", {"README.md": card(license="mit")}))
    hub.add(Repository("acme/empty").commit("first", {".gitattributes": ""}))
    hub.add(Repository("acme/quantized").commit("first", {"README.md": card(license="mit", base_model=["acme/tiny"], base_model_relation="quantized"), "q4.gguf": b"GGUF" + bytes(100)}))  # fmt: skip
    hub.add(Repository("gpt9").commit("first", {"README.md": card(license="mit")}))
    return hub

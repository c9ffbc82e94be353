"""What a hub says of a repository, read without trusting it: any field may be missing, null, or of another type."""

import datetime
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeGuard

from licscan.formats.bounded import sound
from licscan.formats.listing import Listed
from licscan.model import Access

SHA = re.compile(r"[0-9a-f]{40}")

_SHA256 = re.compile(r"[0-9a-f]{64}")
_LONGEST = 1024
_MOST_TAGS = 500


class Record(NamedTuple):
    """What a hub says of a repository at a commit.

    Attributes:
        id: Its name there; that of another one where it was renamed.
        sha: The commit.
        files: Its files; None where the hub gives no list.
        sized: Whether the list has sizes and digests.
        left_out: How many entries of the list mean nothing.
        card: The front matter of its card, as data.
        tags: What it is tagged with.
        access: Who is given the files.
        approval: How access to a gated one is given: `auto` or `manual`.
        published: The day of its last commit.
        task: Its task, such as `text-generation`.
        gguf: What the hub read from the header of a GGUF file.
        safetensors: What it read from those of safetensors files: how many parameters of each type.
        config: What it took from the configuration.
        library: The library that it is for.
        created: The day on which the repository was made.
    """

    id: str | None
    sha: str | None
    files: tuple[Listed, ...] | None
    sized: bool
    left_out: int
    card: Mapping[str, Any]
    tags: tuple[str, ...]
    access: Access | None
    approval: str | None
    published: datetime.date | None
    task: str | None
    gguf: Mapping[str, Any]
    safetensors: Mapping[str, Any]
    config: Mapping[str, Any]
    library: str | None
    created: datetime.date | None


def read_record(said: object) -> Record:
    """Read the answer to an info call, or one entry of a listing; never fails."""
    fields = _mapping(said)
    siblings = fields.get("siblings")
    files, left_out = _files(siblings, "rfilename", "blobId", "sha256")
    listed = files if isinstance(siblings, list) else None
    return Record(
        id=text(fields.get("id")) or text(fields.get("modelId")),
        sha=sha(fields.get("sha")),
        files=listed,
        sized=any(file.size >= 0 for file in files),
        left_out=left_out,
        card=_sound(_mapping(fields.get("cardData"))),
        tags=tuple(_tags(fields.get("tags"))),
        access=_access(fields),
        approval=text(fields.get("gated")),
        published=day(fields.get("lastModified")),
        task=text(fields.get("pipeline_tag")),
        gguf=_sound(_mapping(fields.get("gguf"))),
        safetensors=_sound(_mapping(fields.get("safetensors"))),
        config=_sound(_mapping(fields.get("config"))),
        library=text(fields.get("library_name")),
        created=day(fields.get("createdAt")),
    )


def read_tree(pages: list[object]) -> tuple[tuple[Listed, ...], int]:
    """The files of a tree, and how many of its entries mean nothing; never fails."""
    entries: list[object] = []
    for page in pages:
        entries += page if isinstance(page, list) else []
    only_files = [entry for entry in entries if _mapping(entry).get("type") != "directory"]
    return _files(only_files, "path", "oid", "oid")


def sha(value: object) -> str | None:
    """A commit; None for anything else."""
    return value if isinstance(value, str) and SHA.fullmatch(value) else None


def text(value: object) -> str | None:
    """A text that says something, bounded; None for anything else."""
    return sound(value.strip())[:_LONGEST] if isinstance(value, str) and value.strip() else None


def day(value: object) -> datetime.date | None:
    """The day of a time as the hub writes it; None for anything else."""
    try:
        return datetime.datetime.fromisoformat(value).date() if isinstance(value, str) else None
    except ValueError:
        return None


def _files(entries: object, path: str, blob: str, digest: str) -> tuple[tuple[Listed, ...], int]:
    found: dict[str, Listed] = {}
    left_out = 0
    for entry in entries if isinstance(entries, list) else ():
        fields = _mapping(entry)
        name = fields.get(path)
        if not isinstance(name, str) or not name or len(name) > _LONGEST or not _is_name(name):
            left_out += 1
            continue
        large = _mapping(fields.get("lfs"))
        size: int = next((one for one in (large.get("size"), fields.get("size")) if _is_size(one)), -1)
        found.setdefault(name, Listed(name, size, _promised(large.get(digest), fields.get(blob), large)))
    return tuple(found[name] for name in sorted(found)), left_out


def _is_name(name: str) -> bool:
    """Whether a path may be asked for: no half characters, none that no file has, nothing that leads elsewhere."""
    return sound(name) == name and "\0" not in name and {".", "..", ""}.isdisjoint(name.split("/"))


def _promised(sha256: object, git: object, large: Mapping[str, Any]) -> str | None:
    if isinstance(sha256, str) and _SHA256.fullmatch(sha256):
        return f"sha256:{sha256}"
    # The git object of a large file is its pointer: that promises nothing of the file.
    return f"git-sha1:{git}" if not large and isinstance(git, str) and SHA.fullmatch(git) else None


def _is_size(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _tags(value: object) -> Iterator[str]:
    for tag in value[:_MOST_TAGS] if isinstance(value, list) else ():
        if found := text(tag):
            yield found


def _access(fields: Mapping[str, Any]) -> Access | None:
    if fields.get("disabled") is True:
        return Access.DISABLED
    gated = fields.get("gated")
    if gated is True or (isinstance(gated, str) and gated):
        return Access.GATED
    if fields.get("private") is True:
        return Access.PRIVATE
    # Silence is no statement: a mirror that drops the field does not say that everybody may.
    return Access.OPEN if gated is False else None


def _sound(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Data without halves of characters, like `sound` for a text; nothing where they are nested beyond reason."""
    try:
        return _mapping(json.loads(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")))
    except RecursionError:
        return {}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}

"""Names of models, and the places where they are named."""

import re
from datetime import date
from typing import Self

from pydantic import model_serializer, model_validator

from licscan.characters import UNPRINTABLE
from licscan.errors import UsageError
from licscan.model.value import Value
from licscan.revisions import split_name

SCHEMES = {
    "hf": "a model on the Hugging Face Hub: hf:org/name",
    "dataset": "a dataset on the Hugging Face Hub: dataset:org/name",
    "file": "a file or folder on this machine: file:models/x.gguf",
    "ollama": "a model of the Ollama library: ollama:llama3.1:8b",
    "api": "a model that is only offered as a service: api:openai/gpt-4o",
    "oci": "a model in an OCI registry: oci:registry/name:tag",
    "modelscope": "a model on ModelScope: modelscope:org/name",
}

LONGEST = 1024

# huggingface_hub's own rule (validate_repo_id): owner and name of 1 to 96 characters each, no leading or trailing "-"
# or ".", no "--" or "..", not ending in ".git". A name without owner is one of the Hub's early ids ("gpt2").
_HUB_PART = r"(?![-.])[A-Za-z0-9._-]{1,96}(?<![-.])"
_HUB_NAME = re.compile(rf"(?:{_HUB_PART}/)?{_HUB_PART}")
# Where a program fills in a part of the name, as far as it is known: `google/t5-v1_1-*`.
_HUB_PATTERN = re.compile(rf"{_HUB_PART}/[A-Za-z0-9._*-]*\*[A-Za-z0-9._*-]*")
_BARE = re.compile(rf"{_HUB_PART}/{_HUB_PART}(?:@[^@\s]+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class ModelRef(Value):
    """A model's name and revision; in JSON it is its text, such as `hf:org/name@sha`.

    Attributes:
        scheme: Where the name is known: one of `SCHEMES`.
        name: The name there, case kept; `*` in a name of the Hub stands for a part that is not known.
        revision: A commit, tag, branch, digest, or a date `YYYY-MM-DD` (the commit that held then).
    """

    scheme: str
    name: str
    revision: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_text(cls, data: object) -> object:
        return _fields(data) if isinstance(data, str) else data

    @model_serializer
    def _write_text(self) -> str:
        return str(self)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `scheme:name@revision`, or a bare `org/name[@revision]`, which is a model on the Hub.

        Raises:
            UsageError: The text is no reference; the message says why and shows a right one.
        """
        return cls.model_validate(_fields(text))

    def at(self, revision: str | None) -> Self:
        """The same model at another revision."""
        return self.model_copy(update={"revision": revision})

    @property
    def is_pattern(self) -> bool:
        """Whether the name is known only in part; `*` stands for the rest."""
        return "*" in self.name and self.scheme in {"hf", "dataset"}

    @property
    def date(self) -> date | None:
        """The day that the revision names, if it names one."""
        if self.revision and _DATE.fullmatch(self.revision):
            return date.fromisoformat(self.revision)
        return None

    def __str__(self) -> str:
        name = f"{self.scheme}:{self.name}"
        return f"{name}@{self.revision}" if self.revision else name


class Mention(Value):
    """A model named at a place in someone's file.

    Attributes:
        path: The file, as the user would name it.
        line: The line, counted from 1.
        ref: The model that is named there.
    """

    path: str
    line: int
    ref: ModelRef


def _fields(text: str) -> dict[str, str | None]:
    shown = ascii(text[:80])
    if len(text) > LONGEST:
        raise UsageError(f"a reference of {len(text)} characters", where=shown, remedy=f"at most {LONGEST} are read")
    scheme, name = _scheme(text, shown)
    # A file may bear any name, and a scanner must be able to say so; what prints it escapes it.
    if scheme != "file" and UNPRINTABLE.search(name):
        raise UsageError("control characters in a reference", where=shown, remedy="remove them")
    name, revision = split_name(scheme, name)
    _check(scheme, name, revision, shown)
    return {"scheme": scheme, "name": name, "revision": revision}


def _scheme(text: str, shown: str) -> tuple[str, str]:
    scheme, colon, rest = text.partition(":")
    if colon and scheme in SCHEMES:
        return scheme, rest
    if _BARE.fullmatch(text):
        return "hf", text
    if colon and re.fullmatch(r"[a-z0-9+.-]+", scheme) and "/" not in scheme:
        raise UsageError(
            f"unknown kind of reference {scheme!r}", where=shown, remedy=f"use one of {', '.join(SCHEMES)}"
        )
    raise UsageError("not a model reference", where=shown, remedy="write org/name[@revision], scheme:name, or a path")


def _check(scheme: str, name: str, revision: str | None, shown: str) -> None:
    if not name.strip() or revision == "":
        raise UsageError("a reference with nothing in it", where=shown, remedy=f"write {SCHEMES[scheme]}")
    if scheme in {"hf", "dataset"}:
        forbidden = "--" in name or ".." in name or name.endswith(".git")
        if forbidden or not (_HUB_NAME.fullmatch(name) or _HUB_PATTERN.fullmatch(name)):
            raise UsageError("not a name that the Hub allows", where=shown, remedy=f"write {SCHEMES[scheme]}")
    if revision and _DATE.fullmatch(revision):
        try:
            date.fromisoformat(revision)
        except ValueError:
            raise UsageError(f"no such day: {revision}", where=shown, remedy="write @YYYY-MM-DD") from None

"""One rule file read into its type; what is wrong is refused with file, line and key."""

import difflib
import hashlib
from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from licscan.errors import LicscanError, RuleError, UnreadableError
from licscan.formats.bounded import decode
from licscan.formats.marked_yaml import load
from licscan.model import Evidence, Value

Record = TypeVar("Record", bound=Value)
Path = tuple[str | int, ...]


class RuleFile:
    """A rule file: its path as shown to users, its fields, and the line of each.

    Args:
        path: Such as `rules/licenses/mit.yaml`.
        data: Its bytes.

    Raises:
        RuleError: It is no YAML mapping, a key stands twice, or its `id` is not its name.
    """

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.sha256 = hashlib.sha256(data).hexdigest()
        try:
            marked = load(decode(data))
        except UnreadableError as error:
            line = error.where.removeprefix("line ")
            raise RuleError(error.what, where=f"{path}:{line}" if line else path, remedy="mend the YAML") from error
        if not isinstance(marked.value, dict):
            raise RuleError("not a mapping", where=f"{path}:1", remedy="write `key: value` lines")
        self.fields: dict[str, object] = marked.value
        self.lines = marked.lines
        if marked.twice:
            raise self.refusal(marked.twice[0].path, "stands twice", "remove one of them")
        stem = path.rpartition("/")[2].rpartition(".")[0]
        if self.fields.get("id") != stem:
            raise self.refusal(("id",), f"is {self.fields.get('id')!r}", f"a file is named as its id: {stem}")

    def make(self, record: type[Record], data: Mapping[str, object], at: Path = ()) -> Record:
        """The record that the data describe.

        Args:
            record: The type.
            data: The fields, as read from the file, with what the loader adds.
            at: Where in the file the data stand.

        Raises:
            RuleError: A field is wrong, missing, or unknown.
        """
        try:
            return record.model_validate(data)
        except ValidationError as error:
            first = error.errors()[0]
            key = (*at, *first["loc"])
            if first["type"] == "extra_forbidden":
                known = difflib.get_close_matches(str(key[-1]), list(record.model_fields), n=1)
                remedy = f"did you mean {known[0]}?" if known else "remove it"
                raise self.refusal(key, "is no key of this record", remedy) from error
            raise self.refusal(key, first["msg"][0].lower() + first["msg"][1:], "mend the value") from error
        except LicscanError as error:  # a reference inside the record
            raise self.refusal(at, f"{error.where}: {error.what}", error.remedy) from error

    def refusal(self, key: Path, what: str, remedy: str) -> RuleError:
        """The error for a key of this file: file, line and key, then what is wrong and what to do."""
        shown = ".".join(str(part) for part in key)
        where = f"{self.path}:{self.line(key)}"
        return RuleError(f"{shown}: {what}" if shown else what, where=where, remedy=remedy)

    def line(self, key: Path) -> int:
        """The line of a key, or of the nearest thing above it that has one."""
        lines = (self.lines.get(key[:length]) for length in range(len(key), 0, -1))
        return next((line for line in lines if line), 1)

    def evidence(self, key: Path = (), **more: str | None) -> Evidence:
        """The record as evidence: file, line, digest."""
        line = self.line(key)
        return Evidence(source="rules", path=self.path, sha256=self.sha256, lines=(line, line), **more)

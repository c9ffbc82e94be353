"""`licscan digests`: which file of which model has which digest, imported and exported."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from licscan.errors import UnreadableError, UsageError
from licscan.formats.bounded import open_regular
from licscan.formats.hub_names import model_ref
from licscan.model import KnownFile, ModelRef
from licscan.store import Store
from licscan.text import count, printable

_SHA256 = re.compile(r"[0-9a-f]{64}")
_LONGEST_LINE = 1 << 16
_URI = re.compile(r"(?:huggingface|hf)://([^/]+/[^/]+)(?:/.*)?")


@click.group()
def command() -> None:
    """Import and export which file of which model has which digest.

    A weight file whose SHA-256 is known is that model, whatever it is called here. What a hub lists is known by
    itself, once it was looked at; tables of others are imported.

    \b
    Examples:
      licscan digests import gallery.jsonl
      licscan digests export --output digests.jsonl
    """


@command.command(name="import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--db", metavar="FILE|URL", envvar="LICSCAN_DB", help="The database; your own by default.")
def import_digests(files: tuple[Path, ...], *, db: str | None) -> None:
    """Import tables of digests: JSON Lines with sha256, a model, and what is known of it.

    Each line is an object: `sha256`; the model as `ref` (as licscan writes it), `hub` (org/name) or `uri` (an address);
    `file` or `filename`, and `license`, where they are known. Lines that name no model are counted and left out.
    """
    with Store(db) as store:
        for path in files:
            left_out: list[int] = []
            kept = store.learn(_read(path, left_out))
            if not kept:
                remedy = 'each line must be an object such as {"sha256": "...", "ref": "hf:org/name"}'
                raise UsageError("no line names a digest and a model", where=str(path), remedy=remedy)
            more = f"; {count(len(left_out), 'line')} without a digest or a model left out" if left_out else ""
            click.echo(printable(f"{path}: {count(kept, 'digest')}{more}"))


@command.command(name="export")
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="Write there instead.")
@click.option("--db", metavar="FILE|URL", envvar="LICSCAN_DB", help="The database; your own by default.")
def export_digests(*, output: Path | None, db: str | None) -> None:
    """Export everything that is known of digests, as JSON Lines that can be imported."""
    with Store(db, to_write=False) as store:
        lines = (_line(one) for one in store.digests())
        if output is None:
            for line in lines:
                click.echo(line)
            return
        try:
            with output.open("w", encoding="utf-8") as stream:
                stream.writelines(f"{line}\n" for line in lines)
        except OSError as error:
            what = (error.strerror or str(error)).lower()
            raise UsageError(what, where=str(output), remedy="choose another place with --output") from error


def _line(one: KnownFile) -> str:
    fields = {"sha256": one.sha256, "ref": str(one.ref), "file": one.file, "license": one.license, "origin": one.origin}
    return json.dumps({key: value for key, value in fields.items() if value})


def _read(path: Path, left_out: list[int]) -> Iterator[KnownFile]:
    try:
        with open(open_regular(path), encoding="utf-8", errors="replace") as stream:  # noqa: PTH123 - a descriptor
            number = 0
            while line := stream.readline(_LONGEST_LINE):
                number += 1
                if not line.strip():
                    continue
                known = _known(line, path.name)
                if known is None:
                    left_out.append(number)
                else:
                    yield known
    except UnreadableError as error:
        raise UsageError(error.what, where=str(path), remedy="check the path") from error


def _known(line: str, origin: str) -> KnownFile | None:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    sha256 = _text(fields, "sha256", "sha256sum").casefold().removeprefix("sha256:")
    ref = _ref(fields)
    if not _SHA256.fullmatch(sha256) or ref is None:
        return None
    file = _text(fields, "file", "filename", "path")
    return KnownFile(sha256, ref, file, _text(fields, "license"), _text(fields, "origin") or origin)


def _ref(fields: dict[str, Any]) -> ModelRef | None:
    """The model of a line: a reference, a name on the Hub, or an address there."""
    if stated := _text(fields, "ref"):
        try:
            return ModelRef.parse(stated)
        except UsageError:
            return None
    for text in (_text(fields, "hub"), _text(fields, "uri", "url")):
        uri = _URI.fullmatch(text)
        ref = model_ref(uri[1] if uri else text) if text else None
        if ref and "/" in ref.name:
            return ref
    return None


def _text(fields: dict[str, Any], *keys: str) -> str:
    return next((value.strip()[:1000] for key in keys if isinstance(value := fields.get(key), str)), "")

"""`licscan header`: what weight files say of themselves."""

import json
from pathlib import Path

import click

from licscan import formats
from licscan.errors import UnreadableError, UsageError
from licscan.formats.header import Header
from licscan.formats.private import veiled
from licscan.text import excerpt, printable

_LONGEST = 300


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--private", is_flag=True, help="Show everything: paths, folders and counts of training data, too.")
@click.option("--format", "form", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True)
def command(files: tuple[Path, ...], *, private: bool, form: str) -> None:
    """Show what weight files say of themselves: format, licenses, bases, imports of pickles.

    A file is read as what its content shows, whatever its name; nothing of it is loaded. Training tools also write
    names of folders, paths and tags of private data into files: these are left out of all reports, and shown here with
    --private.

    \b
    Examples:
      licscan header model.gguf
      licscan header lora.safetensors --private --format json
    """
    shown = []
    troubles = []
    for path in files:
        try:
            shown.append({"path": str(path), **_plain(formats.read(path), private=private)})
        except UnreadableError as error:
            troubles.append(error)
    if form == "json":
        click.echo(json.dumps(shown, indent=2))
    else:
        for one in shown:
            _print(one)
    if troubles:
        remedy = "see whether the file is what its name says"
        raise UsageError("; ".join(map(str, troubles)), where="", remedy=remedy)


def _plain(header: Header, *, private: bool) -> dict[str, object]:
    pairs = [[key, value] for key, value in header.pairs] if private else [[*pair] for pair in header.shown().items()]
    bases = [[base.key, base.name if private else veiled(base.name)] for base in header.bases]
    found: dict[str, object] = {"format": header.format, "tensors": header.tensors, "status": header.status.value}
    found |= {"promised": header.promised, "bases": bases, "datasets": [[*one] for one in header.datasets]}
    found |= {"texts": [name for name, _ in header.texts], "unsure": header.unsure or None, "metadata": pairs}
    return {key: value for key, value in found.items() if value not in (None, [])}


def _print(one: dict[str, object]) -> None:
    click.echo(printable(str(one.pop("path"))))
    for key, value in one.items():
        if not isinstance(value, list):
            click.echo(printable(f"  {key}: {value}"))
            continue
        for item in value:
            words = f"{item[0]}: {item[1]}" if isinstance(item, list) else str(item)
            click.echo(printable(f"  {key}: {excerpt(words, _LONGEST)}"))

"""`licscan history`: what runs found of a model."""

import json
from pathlib import Path

import click

from licscan.commands.options import common
from licscan.commands.output import opened
from licscan.model import ModelRef
from licscan.store import Episode, Store
from licscan.text import printable


@click.command()
@click.argument("ref")
@common
def command(ref: str, *, form: str, output: Path | None, db: str | None) -> None:
    """Show what runs found of a model, and what changed between them.

    REF is a model as `licscan scan` prints it, with a revision to see only that one. Of a relative path, the runs
    that were made from this folder are shown.

    \b
    Examples:
      licscan history meta-llama/Llama-3.1-8B
      licscan history file:models/llama --format json
    """
    wanted = ModelRef.parse(ref)
    # A relative path means another folder elsewhere.
    relative = wanted.scheme == "file" and not Path(wanted.name).is_absolute()
    with Store(db, to_write=False) as store:
        episodes = store.history(wanted, str(Path.cwd()) if relative else None)
    with opened(output, form) as stream:
        if form == "json":
            stream.write(json.dumps([_plain(episode) for episode in episodes], indent=2) + "\n")
            return
        previous: Episode | None = None
        for episode in episodes:
            stream.write(printable(_line(episode, previous)) + "\n")
            previous = episode


def _line(episode: Episode, previous: Episode | None) -> str:
    when = episode.started.strftime("%Y-%m-%d %H:%M")
    revision = (episode.revision or "unpinned")[:17]
    changed = _changed(episode, previous)
    return f"run {episode.run}  {when}  {revision}  {episode.level}  {episode.license or '-'}{changed}"


def _changed(episode: Episode, previous: Episode | None) -> str:
    if previous is None or previous.digest == episode.digest:
        return ""
    pairs = {"revision": "revision", "level": "level", "license": "license", "rules": "rules"}
    names = [shown for name, shown in pairs.items() if getattr(previous, name) != getattr(episode, name)]
    return f"  changed: {', '.join(names) or 'details'}"


def _plain(episode: Episode) -> dict[str, object]:
    return {**episode._asdict(), "started": episode.started.isoformat()}

"""`licscan history`: what runs found of a model, and what changed from one to the next."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from licscan.changes import since, words
from licscan.commands.options import common
from licscan.commands.output import opened
from licscan.model import Change, ModelRef
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
        changed = list(_changed(store, episodes))
    with opened(output, form) as stream:
        if form == "json":
            rows = [_plain(episode, found) for episode, found in zip(episodes, changed, strict=True)]
            stream.write(json.dumps(rows, indent=2) + "\n")
            return
        previous: Episode | None = None
        for episode, found in zip(episodes, changed, strict=True):
            stream.write(printable(_line(episode, previous)) + "\n")
            for change in found:
                stream.write(printable(f"    {words(change)}") + "\n")
            previous = episode


def _line(episode: Episode, previous: Episode | None) -> str:
    when = episode.started.strftime("%Y-%m-%d %H:%M")
    revision = (episode.revision or "unpinned")[:17]
    changed = _differs(episode, previous)
    return f"run {episode.run}  {when}  {revision}  {episode.level}  {episode.license or '-'}{changed}"


def _changed(store: Store, episodes: list[Episode]) -> Iterator[tuple[Change, ...]]:
    """What changed at each run since the one before it; nothing at the first."""
    previous: Episode | None = None
    for episode in episodes:
        same = previous is None or previous.digest == episode.digest
        yield () if same or previous is None else _since(store, previous, episode)
        previous = episode


def _since(store: Store, previous: Episode, episode: Episode) -> tuple[Change, ...]:
    return since(lambda: store.found(previous), store.found(episode)) or ()


def _differs(episode: Episode, previous: Episode | None) -> str:
    if previous is None or previous.digest == episode.digest:
        return ""
    pairs = {"revision": "revision", "level": "level", "license": "license", "rules": "rules"}
    names = [shown for name, shown in pairs.items() if getattr(previous, name) != getattr(episode, name)]
    return f"  changed: {', '.join(names) or 'details'}"


def _plain(episode: Episode, found: tuple[Change, ...]) -> dict[str, object]:
    fields = {name: value for name, value in episode._asdict().items() if name != "number"}
    rows = [change.model_dump(mode="json") for change in found]
    return {**fields, "started": episode.started.isoformat(), "changes": rows}

"""Progress for people who watch: how many, how fast, how long still."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from licscan.reports.verify import size

Item = TypeVar("Item")


def bar(items: Iterable[Item], total: int, waiting: Callable[[], str]) -> Iterator[Item]:
    """The items, with a bar on standard error that goes away at the end.

    Args:
        items: What is done, one by one.
        total: How many there are.
        waiting: What is waited for at a moment; shown while there is something.
    """
    columns = (
        TextColumn("looking"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        _Waiting(waiting),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("looking", total=total)
        for item in items:
            progress.advance(task)
            yield item


@contextlib.contextmanager
def bytes_bar() -> Iterator[Callable[[int, int], None]]:
    """A bar of bytes on standard error that goes away at the end; it is told how many of how many were read."""
    columns = (
        TextColumn("reading"),
        BarColumn(),
        DownloadColumn(binary_units=True),
        _BytesRate(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


class _Waiting(ProgressColumn):
    """Why nothing moves."""

    def __init__(self, waiting: Callable[[], str]) -> None:
        super().__init__()
        self._waiting = waiting

    def render(self, _task: Task) -> Text:
        return Text(self._waiting())


class _BytesRate(ProgressColumn):
    """Bytes a second, in the units that the report has."""

    def render(self, task: Task) -> Text:
        return Text(f"{size(task.speed)}/s" if task.speed else "")


class _Rate(ProgressColumn):
    """Models a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.0f}/s" if task.speed else "")

"""Progress for people who watch: how many, how fast, how long still."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

Item = TypeVar("Item")


def bar(items: Iterable[Item], total: int) -> Iterator[Item]:
    """The items, with a bar on standard error that goes away at the end."""
    columns = (TextColumn("looking"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("looking", total=total)
        for item in items:
            progress.advance(task)
            yield item


class _Rate(ProgressColumn):
    """Models a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.0f}/s" if task.speed else "")

"""Options that several commands have."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

import click

from licscan.config import organisation
from licscan.model import Organisation
from licscan.reports import FORMATS

Command = TypeVar("Command", bound=Callable[..., Any])


def common(command: Command) -> Command:
    """The options of every command that prints what the database holds."""
    for option in (
        click.option("--db", metavar="FILE|URL", envvar="LICSCAN_DB", help="The database; your own by default."),
        click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="Write there instead."),
        click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True),
    ):
        command = option(command)
    return command


class Stance(NamedTuple):
    """Who asks, and what they object to.

    Attributes:
        organisation: What the organisation said of itself.
        policy: The name of the policy.
    """

    organisation: Organisation
    policy: str


def judged(command: Command) -> Command:
    """The options that say what an organisation said of itself, and what it objects to; they come as one `stance`."""

    @functools.wraps(command)
    def with_stance(
        *arguments: Any, config: Path | None, what_if: tuple[str, ...], policy: str, **options: Any
    ) -> object:
        return command(*arguments, stance=Stance(organisation(config, what_if), policy), **options)

    for option in (
        click.option("--policy", default="default", show_default=True, metavar="ID", help="What is objected to."),
        click.option("--what-if", multiple=True, metavar="FACT=VALUE", help="As if that were so of your organisation."),
        click.option(
            "--config", metavar="FILE", type=click.Path(path_type=Path), help="What your organisation says of itself."
        ),
    ):
        with_stance = option(with_stance)
    return cast("Command", with_stance)

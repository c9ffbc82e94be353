"""The command line: finds the command, and says what went wrong in one line."""

import importlib
import sys
from typing import NoReturn

import click

from licscan.commands import COMMANDS
from licscan.errors import LicscanError

_INTERRUPTED = 130


class Commands(click.Group):
    """Commands that are imported only when they are called; help texts for all come from one table."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """The command of a name."""
        if name not in COMMANDS:
            return None
        found: click.Command = importlib.import_module(f"licscan.commands.{name}").command
        found.name = name
        return found

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="licscan", message="%(prog)s %(version)s")
def licscan() -> None:
    """Which license do these AI models come under, how open are they, and what do they ask of you?

    licscan informs; it gives no legal advice.
    """


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run a command and leave with its exit code."""
    try:
        # Not standalone: click gives back what a command hands to `Context.exit`.
        code = licscan.main(arguments, standalone_mode=False, prog_name="licscan")
    except LicscanError as error:
        click.echo(f"licscan: {error}", err=True)
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("licscan: interrupted; what was found is kept, and the same command goes on from there", err=True)
        sys.exit(_INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    sys.exit(code if isinstance(code, int) else 0)

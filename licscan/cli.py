"""The command line: finds the command, and says what went wrong in one line."""

import gc
import importlib
import os
import sys
from typing import NoReturn

import click

from licscan.commands import COMMANDS
from licscan.errors import LicscanError

_WRONG = 2
_INTERRUPTED = 130
_PIPE_CLOSED = 141  # as the shell says of a process that SIGPIPE ended


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
        return _with_offline(found)

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


def _with_offline(command: click.Command) -> click.Command:
    """The command, which takes `--offline` too where it asks no network anyway: scripts may say it of every command."""
    inner = command.commands.values() if isinstance(command, click.Group) else [command]
    for one in inner:
        if all("--offline" not in parameter.opts for parameter in one.params):
            one.params.append(click.Option(["--offline"], is_flag=True, hidden=True, expose_value=False))
    return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="licscan", message="%(prog)s %(version)s")
def licscan() -> None:
    """Which license do these AI models come under, how open are they, and what do they ask of you?

    licscan informs; it gives no legal advice.
    """


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run a command and leave with its exit code; whatever goes wrong is one line on standard error."""
    look_less_for_garbage()
    # What an old terminal cannot show is written as an escape instead of ending the command.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        # Not standalone: click gives back what a command hands to `Context.exit`.
        code = licscan.main(arguments, standalone_mode=False, prog_name="licscan")
        sys.stdout.flush()
    except LicscanError as error:
        _leave(str(error), error.exit_code)
    except click.Abort:
        _leave("interrupted; what was found is kept, and the same command goes on from there", _INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (BrokenPipeError, SystemExit):  # click itself leaves, with 1, when the pipe is closed
        _forget_output()
        sys.exit(_PIPE_CLOSED)
    except OSError as error:
        _forget_output()
        _leave(f"{error.filename or 'standard output'}: {(error.strerror or str(error)).lower()}", _WRONG)
    except Exception as error:  # a fault of ours: 1 would say that a model failed a policy
        if os.environ.get("LICSCAN_DEBUG"):
            raise
        kind = type(error).__name__
        _leave(f"a fault of licscan, {kind}: {error} (please report it; LICSCAN_DEBUG=1 shows where)", _WRONG)
    sys.exit(code if isinstance(code, int) else 0)


def look_less_for_garbage() -> None:
    """Search for cycles among what lives on only now and then: rules and facts stay until a command ends.

    By default Python goes through all of them every few thousand new ones: half of the time over many models.
    """
    gc.set_threshold(100_000, 20, 50)


def _leave(message: str, code: int) -> NoReturn:
    click.echo(f"licscan: {message}", err=True)
    sys.exit(code)


def _forget_output() -> None:
    """What could not be written must not be tried again when Python flushes its streams at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):
        return

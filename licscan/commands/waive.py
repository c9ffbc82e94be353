"""`licscan waive`: write a waiver into the configuration."""

import datetime
import json
from pathlib import Path

import click

from licscan.config import NAME, Waiver, found_above, read
from licscan.errors import UsageError
from licscan.gate import RULES, Asked, check, too_wide
from licscan.revisions import unpinned
from licscan.text import printable

_LONGEST = 366


@click.command(epilog="Exit codes: 0 done; 2 wrong call or configuration.")
@click.argument("rule")
@click.argument("model")
@click.option("--reason", required=True, metavar="TEXT", help="Why it may pass.")
@click.option("--approver", required=True, metavar="WHO", help="Who decided that.")
@click.option(
    "--expires", required=True, metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="The last day; a year at most."
)
@click.option("--pin", is_flag=True, help="Only for the commit and the license that are in the lock.")
@click.option("--to", metavar="FILE", type=click.Path(path_type=Path), help="The file that it is added to.")
def command(
    rule: str, model: str, *, reason: str, approver: str, expires: datetime.datetime, pin: bool, to: Path | None
) -> None:
    """Let a finding pass until a day, and write down why and who says so.

    RULE and MODEL are those of the finding: `licscan check` prints both. MODEL may be a pattern, such as hf:acme/*.

    \b
    Examples:
      licscan waive level-restrictive meta-llama/Llama-3.1-8B --reason "read by counsel, LEGAL-17" \\
        --approver jane@example.com --expires 2027-06-30 --pin
    """
    name = model if ":" in model else f"hf:{model}"
    day, today = expires.date(), datetime.datetime.now(datetime.UTC).date()
    if not today <= day <= today + datetime.timedelta(days=_LONGEST):
        raise UsageError("is over, or more than a year away", where=f"--expires {day}", remedy="decide again in a year")
    if rule in RULES and not RULES[rule].waivable:
        raise UsageError("cannot be waived", where=ascii(rule), remedy=RULES[rule].remedy)
    waiver = Waiver(rule, name, reason, approver, day)
    if too_wide(waiver):
        remedy = "name the rule, and at least whose models"
        raise UsageError("is for everything", where=f"{rule!a} {name!a}", remedy=remedy)
    if pin:
        waiver = _pinned(waiver)
    place = to or found_above(Path()) or Path(NAME)
    if place.name == "pyproject.toml":
        _append(place, _text(waiver, "tool.licscan.waivers"))
    else:
        _append(place, _text(waiver, "waivers"))
    read(place if to is None else None)  # what was written must be read again
    click.echo(f"{place}: {rule} for {name} passes until {day}")


def _pinned(waiver: Waiver) -> Waiver:
    """The waiver for the commit and the license that the lock holds of the one model that it names."""
    done = check(Asked())
    found = [one for one in done.report["models"] if unpinned(one["ref"]) == waiver.model]
    if len(found) != 1:
        remedy = "run licscan lock, and name one model without a pattern"
        raise UsageError("is not one model of the lock", where=ascii(waiver.model), remedy=remedy)
    (model,) = found
    return Waiver(
        waiver.rule,
        waiver.model,
        waiver.reason,
        waiver.approver,
        waiver.expires,
        model["revision"],
        model["license"]["id"],
    )


def _text(waiver: Waiver, table: str) -> str:
    fields = {
        "rule": waiver.rule,
        "model": waiver.model,
        "reason": waiver.reason,
        "approver": waiver.approver,
        "revision": waiver.revision,
        "license": waiver.license,
    }
    # A JSON string is a TOML string.
    lines = [f"{name} = {json.dumps(printable(value), ensure_ascii=False)}" for name, value in fields.items() if value]
    return "\n".join((f"[[{table}]]", *lines, f"expires = {waiver.expires}")) + "\n"


def _append(place: Path, text: str) -> None:
    try:
        before = place.read_text(encoding="utf-8") if place.exists() else ""
        gap = "\n" if before and not before.endswith("\n\n") else ""
        place.write_text(before + ("" if before.endswith("\n") or not before else "\n") + gap + text, encoding="utf-8")
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        raise UsageError(what, where=str(place), remedy="choose another place with --to") from error

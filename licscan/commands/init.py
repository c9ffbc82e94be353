"""`licscan init`: a configuration, and with it a lock and a baseline of what is there."""

import json
from pathlib import Path

import click

from licscan.config import ACTIVITIES, NAME, PURPOSES
from licscan.errors import UsageError
from licscan.gate import Asked, baseline, check
from licscan.text import count

_BASELINE = "licscan-baseline.json"
_POLICIES = {
    "default": "what everybody should know",
    "permissive-only": "nothing that limits use, and nothing that must be given back",
    "commercial-product": "models inside a product that is sold",
    "hosted-service": "models behind a service",
    "internal-use": "models that stay inside",
    "ship-weights": "weights that are passed on",
    "research": "research without commercial use",
}
_TEXT = """\
# What licscan check is told; every key is explained in docs/gate.md of licscan.

# What is refused: {policies}; or a file of your own, such as "policies/ours.yaml".
policy = {policy}

# One configuration for many repositories: a path, env:VARIABLE, or package:NAME.
# extends = ["env:ACME_LICSCAN"]

# Your own models: neither locked nor judged.
# internal = ["hf:acme/*"]

# Files that are not searched.
# exclude = ["tests/fixtures/*"]
{baseline}
# How bad a rule is, where that differs from the policy: error, warning, note, off.
# [severity]
# revision-mutable = "error"

# What decides the limits of licenses. Confidential numbers may lie where `extends` or LICSCAN_CONFIG points.
[organisation]
{activities}
{purposes}
# territories = ["DE", "US"]
# monthly_active_users = "5M"

# What somebody let pass: see licscan waive.
"""


@click.command(epilog="Exit codes: 0 done; 2 wrong call, or there is a configuration already.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.option("--policy", type=click.Choice(tuple(_POLICIES)), help="What is refused.")
@click.option("--baseline", "adopt", is_flag=True, help="Lock what is there and let it pass; only what is new fails.")
@click.option("--offline", is_flag=True, help="Ask no network while locking.")
@click.pass_context
def command(context: click.Context, /, *, yes: bool, policy: str | None, adopt: bool, offline: bool) -> None:
    """Write a configuration; with --baseline, adopt a repository as it is.

    \b
    Examples:
      licscan init
      licscan init --yes --policy commercial-product --baseline
    """
    place = Path(NAME)
    if place.exists():
        raise UsageError("is there already", where=NAME, remedy="change it, or remove it first")
    activities, purposes = "", ""
    if not yes:
        policy = policy or _asked_policy()
        activities = click.prompt(f"What you do with models, of {', '.join(ACTIVITIES)} (may be empty)", default="")
        purposes = click.prompt(f"What for, of {', '.join(PURPOSES)} (may be empty)", default="")
    text = _TEXT.format(
        policies=", ".join(_POLICIES),
        policy=json.dumps(policy or "default"),
        baseline=f'\n# What was there before licscan was.\nbaseline = "{_BASELINE}"\n' if adopt else "",
        activities=_words("activities", activities, ["host", "ship-product"]),
        purposes=_words("purposes", purposes, ["commercial"]),
    )
    if adopt:
        Path(_BASELINE).write_text(baseline.text(()), encoding="utf-8")
    place.write_text(text, encoding="utf-8")
    click.echo(f"{NAME}: written; policy {policy or 'default'}")
    if adopt:
        _adopt(context, offline=offline)
    else:
        click.echo("next: licscan lock, then licscan check")


def _adopt(context: click.Context, *, offline: bool) -> None:
    from licscan.commands.lock import command as lock  # noqa: PLC0415 - slow, and only for this

    try:
        context.invoke(lock, paths=(Path(),), offline=offline)
    except click.exceptions.Exit as left:
        if left.exit_code:
            raise
    done = check(Asked())
    Path(_BASELINE).write_text(baseline.text(done.findings), encoding="utf-8")
    known = sum(one.waiver is None and one.severity == "error" for one in done.findings)
    click.echo(f"{_BASELINE}: {count(known, 'error')} known, and let pass; commit {NAME}, licscan.lock and {_BASELINE}")


def _asked_policy() -> str:
    for name, why in _POLICIES.items():
        click.echo(f"  {name}: {why}")
    return str(click.prompt("What is refused", type=click.Choice(tuple(_POLICIES)), default="default"))


def _words(name: str, answer: str, example: list[str]) -> str:
    words = answer.replace(",", " ").split()
    return f"{name} = {json.dumps(words)}" if words else f"# {name} = {json.dumps(example)}"

"""`licscan policy`: policies listed, shown as rules, and proved."""

import click

from licscan.judge import chosen
from licscan.proving import troubles
from licscan.rulebook import Rulebook, load
from licscan.text import count, printable


@click.group()
def command() -> None:
    """List, show and prove policies.

    \b
    Examples:
      licscan policy list
      licscan policy show commercial-product
      licscan policy test policies/ours.yaml
    """


@command.command("list")
def list_() -> None:
    """List the policies of the rule base: id, and for whom each is."""
    for name, policy in sorted(load().policies.items()):
        click.echo(printable(f"{name}: {policy.title}. {policy.why}"))


@command.command()
@click.argument("name", metavar="ID|FILE")
def show(name: str) -> None:
    """Show the rules of a policy, those included that it takes over."""
    policy = chosen(name, load())
    for rule in policy.rules:
        click.echo(printable(f"{rule.severity} {rule.id}: {rule.title}"))


@command.command(
    epilog="Exit codes: 0 all is proved; 1 a case comes out otherwise, or a rule can never object; 2 a rule is wrong."
)
@click.argument("names", nargs=-1, metavar="[ID|FILE]...")
@click.pass_context
def test(context: click.Context, names: tuple[str, ...]) -> None:
    """Prove policies by their cases, and report rules that cannot object or only repeat others.

    All policies of the rule base by default.
    """
    rules = load()
    failed = [name for name in names or sorted(rules.policies) if not _proved(name, rules)]
    context.exit(1 if failed else 0)


def _proved(name: str, rules: Rulebook) -> bool:
    policy = chosen(name, rules)
    found = list(troubles(policy, rules))
    for one in found:
        click.echo(printable(f"{name}: {one.about}: {one.what}"), err=one.fails)
    bad = sum(one.fails for one in found)
    click.echo(
        printable(
            f"{name}: {count(len(policy.cases), 'case')}, {count(len(policy.rules), 'rule')}: "
            f"{count(bad, 'fault') if bad else 'proved'}"
        )
    )
    return not bad

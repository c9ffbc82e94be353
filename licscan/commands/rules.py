"""`licscan rules`: the rule base listed, shown, tested, and added to."""

import re
from pathlib import Path

import click

from licscan.clauses import locate, prove
from licscan.errors import RuleError, UnreadableError, UsageError
from licscan.formats.bounded import decode, read_file
from licscan.licenses import places_of
from licscan.model import Clause, Evidence
from licscan.place import rule_files, shipped
from licscan.prints import Words
from licscan.rulebook import Rulebook, load
from licscan.text import count, printable
from licscan.wording import Wording

_KINDS = ("licenses", "clauses", "models")
_LONGEST = 4 << 20


@click.group()
def command() -> None:
    """List, show and test the rules, and make a record of a license text.

    \b
    Examples:
      licscan rules list clauses
      licscan rules show llama3.1
      licscan rules fingerprint LICENSE > rules/licenses/acme-1.0.yaml
      licscan rules test ./my-rules
    """


@command.command(name="list")
@click.argument("kind", type=click.Choice(_KINDS), default="licenses")
def list_rules(kind: str) -> None:
    """List the records of a kind: id, what it says at a glance, title."""
    rules = load()
    rows: dict[str, list[tuple[str, str, str]]] = {
        "licenses": [(one.id, one.freedom.value, one.title) for one in rules.licenses.values()],
        "clauses": [(one.id, one.status, one.title) for one in rules.clauses.values()],
        "models": [(one.id, one.license or "-", one.title) for one in rules.models],
    }
    width = max(len(name) for name, _, _ in rows[kind])
    middle = max(len(word) for _, word, _ in rows[kind])
    for name, word, title in sorted(rows[kind]):
        click.echo(printable(f"{name:<{width}}  {word:<{middle}}  {title}"))


@command.command()
@click.argument("name", metavar="ID")
def show(name: str) -> None:
    """Show the rule files of an id, without their hashes."""
    found = [(path, data) for _, path, data in rule_files(shipped()) if Path(path).stem == name]
    if not found:
        raise UsageError("no rule has that id", where=ascii(name), remedy="see licscan rules list")
    for path, data in found:
        click.echo(f"# {path}")
        text = re.sub(r"(?m)^fingerprints:\n(?:[ \t].*\n?)*", "", decode(data))
        click.echo("\n".join(printable(line) for line in text.splitlines()))


@command.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False)
def test(folder: Path | None) -> None:
    """Check a rule base: every file, every reference, every example of a clause type.

    FOLDER holds licenses/, clauses/, phrases/, levels/ and models/; the shipped rules are tested without one.
    """
    rules = load(folder)
    failures = list(prove(rules))
    for one in failures:
        click.echo(printable(f"{one.clause}: {one.what}: {one.example}"), err=True)
    if failures:
        what = f"{count(len(failures), 'example')} of clause types not kept"
        raise RuleError(what, where=str(folder or "rules"), remedy="mend the patterns, or the examples")
    searched = len({one.clause for one in rules.detectors.patterns})
    parts = (
        count(len(rules.licenses), "license"),
        f"{count(len(rules.clauses), 'clause type')} ({searched} searched for)",
        count(len(rules.models), "model family", "model families"),
    )
    click.echo(f"{', '.join(parts)}: all is well. Rules {rules.version}.")


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--id", "name", help="The id of the record; the file's name by default.")
def fingerprint(file: Path, name: str | None) -> None:
    """Print a record of a license text, ready to be filled in; its clauses are what the patterns propose."""
    rules = load()
    try:
        text = decode(read_file(file, _LONGEST).data)
    except UnreadableError as error:
        raise UsageError(error.what, where=str(file), remedy="give a readable text file") from error
    wording = Wording(text)
    located = locate(wording, rules, Evidence(source="file", path=str(file)))
    found = [one.clause for one in located]
    words = Words(wording)
    made = words.fingerprint()
    lines = [
        f"id: {name or _slug(file.stem)}",
        f"title: {_quoted(_title(text))}",
        "# version, family, steward, url, released, aliases: {hub: [], names: [], urls: []}",
        "freedom: unknown  # free, notice, conditional, noncommercial",
        "reciprocity: none  # share-alike, network",
        *(["clauses:"] if found else []),
        *(_clause(clause, rules) for clause in found),
        "reviewed: {by: your name, role: person, on: 2000-01-01}",
        "fingerprints:",
        f'  - {{words: {made.words}, letters: {made.letters}, digest: "{made.digest}",',
        f'     terms: "{made.terms}", title: {made.title},',
        f"     quotes: {_quoted(places_of(found, located, words))},",
        f"     sentences: {_quoted(made.sentences)},",
        f"     runs: {_quoted(made.runs)}}}",
    ]
    click.echo("\n".join(lines))


def _clause(clause: Clause, rules: Rulebook) -> str:
    section = f", section: {_quoted(clause.evidence.section)}" if clause.evidence.section else ""
    known = rules.clauses[clause.id].values
    values = ", ".join(f"{key}: {_value(value)}" for key, value in clause.values.items() if key in known)
    line = f"  # line {clause.evidence.lines[0]}" if clause.evidence.lines else ""
    return f"  - {{id: {clause.id}{section}{f', values: {{{values}}}' if values else ''}}}{line}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return str(value) if isinstance(value, int) else _quoted(str(value))


def _quoted(text: str) -> str:
    return "'" + printable(text).replace("'", "''") + "'"


def _title(text: str) -> str:
    return next((line.strip(" #*=-\t")[:120] for line in text.splitlines() if line.strip(" #*=-\t")), "untitled")


def _slug(stem: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", stem.casefold()).strip("-.") or "license"

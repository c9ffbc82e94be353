"""`licscan diff`: what changes from one license, model or run to another."""

import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import click

from licscan.changes import changes, words
from licscan.commands.license import reading_of
from licscan.commands.options import common
from licscan.commands.output import opened
from licscan.errors import StoreError, UsageError
from licscan.licenses import Change as LicenseChange
from licscan.licenses import TextReading, compare, resolve
from licscan.model import Change, Clause, ModelRef
from licscan.readings import remembering
from licscan.rulebook import Rulebook, load
from licscan.scan import Scan, Settings
from licscan.store import NO_DATABASE, Store
from licscan.text import excerpt, printable

_SAME = "nothing that licscan looks at differs"
_RUN = re.compile(r"run:\d+")


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--offline", is_flag=True, help="Ask no network; of models, only what is known of them here.")
@common
def command(first: str, second: str, *, offline: bool, output: Path | None, form: str, db: str | None) -> None:
    """Show what becomes allowed, forbidden and owed from one license to another.

    A and B are license texts, or licenses as SPDX, the Hub or this rule base names them. Of two models, such as one
    model at two commits, or of two runs (run:3 run:5), it shows what changed: license, level, clauses, bases, files.

    \b
    Examples:
      licscan diff llama3 llama3.1
      licscan diff microsoft/phi-2@2023-12-20 microsoft/phi-2
      licscan diff run:3 run:5
      licscan diff apache-2.0 ./LICENSE --format json
    """
    rules = remembering(load())
    if kind := kind_of((first, second), rules):
        with opened(output, form) as stream, _store(db, kind) as store:
            pairs = list(
                _runs(store, first, second)
                if kind == "run"
                else _models(store, rules, (first, second), offline=offline)
            )
            _write(pairs, stream, form)
        return
    readings = [reading_of(target, rules) for target in (first, second)]
    found = compare(readings[0], readings[1], rules)
    with opened(output, form) as stream:
        if form == "json":
            rows = [_plain(change) for change in found]
            names = [_name(target, reading) for target, reading in zip((first, second), readings, strict=True)]
            stream.write(json.dumps({"schema_version": 1, "from": names[0], "to": names[1], "changes": rows}, indent=2))
            stream.write("\n")
            return
        for line in _lines((first, second), readings, found, rules):
            stream.write(printable(line) + "\n")


def _store(db: str | None, kind: str) -> Store:
    """The database; models that are looked at now need none, so where none was named or made, one in memory does."""
    try:
        return Store(db, to_write=False)
    except StoreError as error:
        if kind != "model" or db is not None or error.what != NO_DATABASE:
            raise
        return Store("sqlite://")


def kind_of(targets: tuple[str, str], rules: Rulebook) -> str | None:
    """Whether both targets are runs or both are models; None for licenses.

    Raises:
        UsageError: One is a run or model, and the other is not.
    """
    kinds = [_kind(target, rules) for target in targets]
    if kinds[0] != kinds[1]:
        shown = " and ".join(f"{target} is a {kind or 'license'}" for target, kind in zip(targets, kinds, strict=True))
        raise UsageError("two things of one kind are compared", where=ascii(shown), remedy="licscan diff --help")
    return kinds[0]


def _kind(target: str, rules: Rulebook) -> str | None:
    if _RUN.fullmatch(target):
        return "run"
    if target == "-" or Path(target).is_file() or resolve(target, rules).expression is not None:
        return None
    try:
        ModelRef.parse(target)
    except UsageError:
        return None
    return "model"


Pair = tuple[str, list[Change]]


def _runs(store: Store, first: str, second: str) -> Iterator[Pair]:
    """What changed from one run to another, model by model, whatever revision each was looked at."""
    before, after = (store.load(int(target.partition(":")[2])) for target in (first, second))
    old = {str(model.ref.at(None)): model for model in before.models}
    for model in after.models:
        previous = old.pop(str(model.ref.at(None)), None)
        if previous is None:
            yield str(model.ref), [Change(id="model", after=f"{model.level}, {model.license.spdx or 'no license'}")]
        elif found := list(changes(previous, model)):
            yield str(model.ref), found
    for name, model in old.items():
        yield name, [Change(id="model", before=f"{model.level}, {model.license.spdx or 'no license'}")]


def _models(store: Store, rules: Rulebook, targets: tuple[str, str], *, offline: bool) -> Iterator[Pair]:
    """What changes from one model to another, or from one revision of a model to another."""
    refs = [ModelRef.parse(target) for target in targets]
    with contextlib.closing(Scan(rules, Settings(offline=offline), store)) as scan:
        before, after = (seen.assessment for seen in scan.look(refs))
    yield f"{before.ref} -> {after.ref}", list(changes(before, after))


def _write(pairs: list[Pair], stream: TextIO, form: str) -> None:
    if form == "json":
        rows = [
            {"model": name, "changes": [change.model_dump(mode="json") for change in found]} for name, found in pairs
        ]
        stream.write(json.dumps({"schema_version": 1, "models": rows}, indent=2) + "\n")
        return
    for name, found in pairs:
        stream.write(printable(name) + "\n")
        said = [words(change) for change in found] or [_SAME]
        stream.writelines(printable(f"  {line}") + "\n" for line in said)
    if not pairs:
        stream.write(f"{_SAME}\n")
    stream.write("licscan informs; it gives no legal advice.\n")


def _lines(
    targets: tuple[str, str], readings: list[TextReading], found: tuple[LicenseChange, ...], rules: Rulebook
) -> list[str]:
    one, other = (_name(target, reading) for target, reading in zip(targets, readings, strict=True))
    lines = [f"{one} -> {other}"]
    if readings[0].freedom is not readings[1].freedom:
        lines.append(f"freedom {readings[0].freedom} -> {readings[1].freedom}")
    if not found:
        lines.append("no term that this rule base knows differs")
    last = ""
    for change in found:
        if change.kind != last:
            lines.append(f"{change.kind}:")
            last = change.kind
        before = f" (before: {_values(change.before)})" if change.before else ""
        lines.append(
            f"  {rules.clauses[change.clause.id].title}: {_values(change.clause)}{before}".replace(":  ", ": ")
        )
        if change.clause.quote:
            lines.append(f'    "{excerpt(change.clause.quote, 160)}"')
    return [*lines, "licscan informs; it gives no legal advice."]


def _values(clause: Clause) -> str:
    return ", ".join(f"{name} {value}" for name, value in clause.values.items()) or "yes"


def _name(target: str, reading: TextReading) -> str:
    return reading.record.title if reading.record else target


def _plain(change: LicenseChange) -> dict[str, object]:
    before = change.before.values if change.before else None
    clause = change.clause
    return {"kind": change.kind, "clause": clause.id, "values": clause.values, "before": before, "quote": clause.quote}

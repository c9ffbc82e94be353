"""Lineage at scale: the models of a file of Hub records, each assessed with the others as its bases."""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from licscan import lineage
from licscan.around import Around, Memory
from licscan.assess import assess
from licscan.cli import look_less_for_garbage
from licscan.model import Assessment, GapId, Model
from licscan.rulebook import Rulebook, load
from tests.test_corpus import hub_model

_RECORDS = "hub/models-2026-08.jsonl"
_SHOWN = 40
_BEYOND = ("base-license", "base-reciprocity")


def graph(times: int = 1, *, listed: bool = False) -> None:
    """Graph and levels of all records of the corpus: CPU time, chains, roots, what children declare beyond bases."""
    folder = Path(os.environ.get("LICSCAN_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
    if not (folder / _RECORDS).exists():
        print(f"  skipped: no {_RECORDS} (LICSCAN_CORPUS names the folder that holds it)")
        return
    lines = (folder / _RECORDS).read_text().splitlines()
    records = [json.loads(line) for line in lines]
    models = [copy for turn in range(times) for copy in _copies(records, turn)]
    rules = load()
    look_less_for_garbage()  # as every command does
    begun = time.process_time()
    found = list(assessed(models, rules))
    spent = time.process_time() - begun
    print(
        f"  {len(models)} records: {spent:.2f} s of CPU (goal 3 for 8,179), {spent / len(models) * 1e3:.2f} ms a model"
    )
    if times == 1:
        _tell(found, listed=listed)


def assessed(models: Sequence[Model], rules: Rulebook) -> Iterator[Assessment]:
    """Every model, with all of them as possible bases."""
    bases = {lineage.key(model.ref): model for model in models}
    bases |= {lineage.key(model.ref.at(None)): model for model in models}
    around = Around(bases, rules, memory=Memory.empty())
    for model in models:
        yield assess(model, bases, rules, memory=around.memory)


def _copies(records: list[dict[str, object]], turn: int) -> Iterator[Model]:
    """The models of the records; further copies bear other names, their bases too."""
    for record in records:
        model = hub_model(record)
        if turn:
            bases = tuple(
                base.model_copy(update={"ref": base.ref.model_copy(update={"name": f"{base.ref.name}-{turn}"})})
                if base.ref
                else base
                for base in model.bases
            )
            ref = model.ref.model_copy(update={"name": f"{model.ref.name}-{turn}"})
            model = model.model_copy(update={"ref": ref, "bases": bases})
        yield model


def _tell(found: list[Assessment], *, listed: bool) -> None:
    children = [one for one in found if one.lineage]
    roots = Counter(one.lineage[-1].base for one in children)
    open_ = Counter(link.base for one in found for link in one.lineage if link.level is None)
    conflicts = Counter(conflict.id for one in found for conflict in one.conflicts)
    depth = max((_depth(one) for one in children), default=0)
    unresolved = sum(any(gap.id is GapId.BASE_NOT_RESOLVED for gap in one.gaps) for one in found)
    print(f"  {len(children)} have bases, the deepest chain is {depth}, {len(roots)} roots, the commonest:")
    for name, number in roots.most_common(5):
        print(f"    {number:4} {name}")
    print(f"  {unresolved} have a base that is not among them and not in the rule base ({len(open_)} names)")
    print(f"  conflicts: {', '.join(f'{number} {name}' for name, number in conflicts.most_common())}")
    beyond = [(one, c) for one in found for c in one.conflicts if c.id in _BEYOND]
    print(f"  {len({one.name for one, _ in beyond})} declare more than a base allows")
    for one, conflict in beyond[: len(beyond) if listed else 0]:
        print(f"    {one.ref}: {'; against '.join(statement.says for statement in conflict.statements)}")


def _depth(one: Assessment) -> int:
    """The length of the longest chain from a model to a base."""
    parents: dict[str, list[str]] = {}
    for link in one.lineage:
        parents.setdefault(link.child or "", []).append(link.base)
    deepest, level, seen = 0, parents.get("", []), set[str]()
    while level and deepest < lineage.DEEPEST:
        deepest += 1
        seen.update(level)
        level = [base for name in level for base in parents.get(name, []) if base not in seen]
    return deepest


if __name__ == "__main__":
    graph(listed="--list" in sys.argv)
    if "--ten" in sys.argv:  # goal: at most eleven times the time of one
        graph(10)

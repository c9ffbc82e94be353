"""A lock brought up to date: what stays, what is looked at, what changed. The looking itself is a scan's."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from licscan import changes
from licscan.judge import plain
from licscan.lock import Lock, entry_of, model_of
from licscan.lock.entry import Entry
from licscan.model import Assessment, Change, ModelRef
from licscan.revisions import unpinned

# A change of these is shown to whoever runs the gate until somebody accepts it.
_KEPT = frozenset({"license", "freedom", "level-lowered", "level-raised", "clause"})


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of each reference.

    Attributes:
        look: What is looked at, by the reference as it is named: with the commit where that is to stay.
        keep: What stays as it is.
        gone: What nothing names any more.
    """

    look: Mapping[str, ModelRef]
    keep: tuple[str, ...]
    gone: tuple[str, ...]


def plan(named: Iterable[str], before: Lock | None, rules: str, update: Iterable[str] = (), *, whole: bool) -> Plan:
    """What is to be looked at.

    Args:
        named: The references that the tree names.
        before: The lock so far.
        rules: The edition of the rules: what was locked with others is read anew, at the same commit.
        update: Patterns of models that move to what their name means now.
        whole: Whether everything that the lock is for was searched.
    """
    entries = before.models if before else {}
    patterns = tuple(update)
    wanted = {*named, *(() if whole else entries)}
    look: dict[str, ModelRef] = {}
    keep = []
    for ref in sorted(wanted):
        entry = entries.get(ref)
        parsed = ModelRef.parse(ref)
        if entry is None or any(_means(pattern, ref) for pattern in patterns):
            look[ref] = parsed
        elif before and before.rules != rules:
            look[ref] = parsed.at(entry.get("commit") or parsed.revision)
        else:
            keep.append(ref)
    return Plan(look, tuple(keep), tuple(sorted(entries.keys() - wanted)))


def _means(pattern: str, ref: str) -> bool:
    name, low = unpinned(ref).casefold(), pattern.casefold()
    return any(fnmatchcase(one, low) for one in (ref.casefold(), name, name.removeprefix("hf:")))


@dataclass(frozen=True, slots=True)
class Renewal:
    """What became of one reference.

    Attributes:
        ref: The reference as it is named.
        entry: Its new entry.
        changes: What is so now and was not before.
        kept: Why the old entry was kept instead, where it was.
    """

    ref: str
    entry: Entry
    changes: tuple[Change, ...] = ()
    kept: str | None = None


def renewed(ref: str, model: Assessment, before: Entry | None, today: datetime.date) -> Renewal:
    """The new entry of a reference.

    Args:
        ref: The reference as it is named.
        model: What is so about it now.
        before: The entry so far.
        today: The day.
    """
    trouble = next((gap for gap in model.gaps if gap.id.unfinished and gap.what.startswith("what ")), None)
    if before and trouble and not _was_troubled(before):
        # An outage must not take away what is known.
        return Renewal(ref, before, kept=f"{trouble.what}: {trouble.why}")
    made = entry_of(ref, plain(model), today.isoformat())
    if before is None:
        return Renewal(ref, made)
    found = tuple(changes.changes(assessment_of(before), model))
    pending = list(before.get("changes", ()))
    if before.get("commit") != model.revision:
        pending += [one.model_dump(mode="json") for one in found if one.id in _KEPT]
    if pending:
        made = entry_of(ref, plain(model), today.isoformat(), pending)
    same = {key: value for key, value in made.items() if key != "as_of"}
    if same == {key: value for key, value in before.items() if key != "as_of"}:
        return Renewal(ref, before)
    return Renewal(ref, made, found)


def accepted(entry: Entry) -> dict[str, Any]:
    """The entry, its changes known to somebody."""
    return {key: value for key, value in entry.items() if key != "changes"}


def assessment_of(entry: Entry) -> Assessment:
    """An entry as the assessment that it was made of, as far as it was kept."""
    model = model_of(entry)
    model["gaps"] = [{key: gap[key] for key in ("id", "what", "why")} for gap in model["gaps"]]
    return Assessment.model_validate({**model, "ref": _at(model)})


def _at(model: Mapping[str, Any]) -> str:
    return str(ModelRef.parse(model["ref"]).at(model["revision"]))


def _was_troubled(before: Entry) -> bool:
    return any(gap.get("unfinished") and gap["what"].startswith("what ") for gap in before.get("gaps", ()))


def told(before: Lock | None, planned: Plan, renewals: Iterable[Renewal]) -> Iterator[str]:
    """What became of the lock, one line each."""
    entries = before.models if before else {}
    for one in renewals:
        what = f"{one.entry['level']}, {one.entry['license'].get('id') or 'no known license'}"
        commit = f" at {str(one.entry['commit'])[:12]}" if one.entry.get("commit") else ""
        if one.kept:
            yield f"= {one.ref}: kept as it was; {one.kept}"
        elif one.ref not in entries:
            yield f"+ {one.ref}{commit}: {what}"
        elif one.entry is not entries[one.ref]:
            yield f"~ {one.ref}{commit}: {what}"
            for change in one.changes:
                yield f"    {change.id}: {change.before or 'nothing'} -> {change.after or 'nothing'}"
    for ref in planned.gone:
        yield f"- {ref}"

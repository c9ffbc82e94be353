"""Reports of many repositories, read back and laid side by side, to be kept as one run."""

import datetime
import hashlib
import itertools
import os
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import NamedTuple

from pydantic import ValidationError

from licscan.bounded import read_file
from licscan.errors import LicscanError, UsageError
from licscan.model import Assessment, Finding, Gap, Mention, ModelRef, Report
from licscan.text import count, fold

_LARGEST = 256 << 20
_VERSION = 1
_LONGEST = 200
_REMEDY = "give reports of licscan check --format json or licscan scan --format json"
# What other formats of a gate have at their top.
_OTHERS = {"runs": "SARIF", "bomFormat": "CycloneDX", "spdxVersion": "SPDX", "licscan-baseline": "a baseline"}


class Named(NamedTuple):
    """A report as somebody asked for it: its repository, where that is said, and its file."""

    repository: str | None
    file: Path


@dataclass(frozen=True, slots=True)
class Source:
    """A report that can be read.

    Attributes:
        repository: Whose it is.
        file: Where it lies.
        sha256: The digest of its bytes.
        created: When it was made.
        rules: The rule base that it rests on.
        outcome: `pass`, `fail`, or `scan` where nothing was decided.
        findings: How many errors and warnings it has that nobody let pass, and how many that somebody did.
        models: Reference and revision of each model.
    """

    repository: str
    file: Path
    sha256: str
    created: datetime.datetime
    rules: str
    outcome: str
    findings: dict[str, int]
    models: tuple[tuple[str, str], ...]


class Gathered(NamedTuple):
    """The reports that count, by repository, and what is to be said of those that do not."""

    sources: tuple[Source, ...]
    troubles: tuple[LicscanError, ...]
    notes: tuple[str, ...]


def gather(reports: Sequence[Named]) -> Gathered:
    """Look at reports: which can be read, whose they are, and which of several of one repository is the newest.

    Args:
        reports: The reports that somebody asked for.
    """
    names = _by_place([one.file for one in reports])
    sources: list[Source] = []
    troubles: list[LicscanError] = []
    for asked, fallback in zip(reports, names, strict=True):
        try:
            sources.append(_source(asked, fallback))
        except LicscanError as error:
            troubles.append(error)
    counting, notes = _newest(sources)
    return Gathered(tuple(sorted(counting, key=lambda one: one.repository)), tuple(troubles), tuple(notes))


def merged(source: Source, wins: Container[tuple[str, str]]) -> Report:
    """A report whose places begin with the name of its repository, with the models for which it is the one to ask.

    Args:
        source: The report.
        wins: The models, by reference and revision, of which it says what counts.

    Raises:
        UsageError: It is no longer what it was.
    """
    report, digest = _read(source.file)
    if digest != source.sha256:
        raise UsageError("was changed while it was read", where=str(source.file), remedy="try again")
    models = [_model(one, source.repository) for one in report.models if _key(one, source.repository) in wins]
    return report.model_copy(
        update={
            "models": models,
            "findings": [_finding(one, source.repository) for one in report.findings],
            "mentions": [_mention(one, source.repository) for one in report.mentions],
            "gaps": [_gap(one, source.repository) for one in report.gaps],
        }
    )


def winners(sources: Iterable[Source]) -> dict[Path, set[tuple[str, str]]]:
    """By report, the models of which it says last what is so."""
    last: dict[tuple[str, str], Path] = {}
    found: dict[Path, set[tuple[str, str]]] = {}
    for source in sorted(sources, key=lambda one: (one.created, one.repository)):
        last |= dict.fromkeys(source.models, source.file)
        found[source.file] = set()
    for model, file in last.items():
        found[file].add(model)
    return found


def _source(asked: Named, fallback: str) -> Source:
    report, digest = _read(asked.file)
    stated = report.summary.get("repository")
    repository = fold(asked.repository or (stated if isinstance(stated, str) else "")).strip("/")[:_LONGEST] or fallback
    open_ = [one.severity for one in report.findings if one.waiver is None]
    counts = {severity: open_.count(severity) for severity in ("error", "warning")}
    outcome = report.summary.get("outcome")
    created = report.created
    return Source(
        repository=repository,
        file=asked.file,
        sha256=digest,
        created=created if created.tzinfo else created.replace(tzinfo=datetime.UTC),
        rules=report.tool.rules,
        outcome=outcome if outcome in {"pass", "fail"} else "scan",
        findings={**counts, "waived": len(report.findings) - len(open_)},
        models=tuple(_key(one, repository) for one in report.models),
    )


def _read(file: Path) -> tuple[Report, str]:
    """A report and the digest of its bytes.

    Raises:
        LicscanError: It cannot be read, or is none.
    """
    content = read_file(file, _LARGEST)
    where = str(file)
    if not content.whole:
        raise UsageError("is larger than 256 MiB", where=where, remedy="collect the reports of fewer folders")
    try:
        report = Report.model_validate_json(content.data)
    except ValidationError as error:
        raise _refused(error, content.data, where) from error
    except LicscanError as error:  # a reference that is none
        raise UsageError(f"names a model that is none: {error}", where=where, remedy=_REMEDY) from error
    return report, hashlib.sha256(content.data).hexdigest()


def _refused(error: ValidationError, data: bytes, where: str) -> UsageError:
    """Why bytes are no report: what they are instead, a version that is not known, or the first thing that is wrong."""
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return UsageError(f"is no JSON: {first['msg'].partition(': ')[2]}", where=where, remedy=_REMEDY)
    head = _head(data)
    if head is None:
        return UsageError("is no report: no JSON object", where=where, remedy=_REMEDY)
    version = head.get("schema_version")
    if isinstance(version, int) and version > _VERSION:
        what = f"was written by a newer licscan: schema version {version}, this one reads {_VERSION}"
        return UsageError(what, where=where, remedy="update licscan here, or check with this version there")
    if "tool" not in head:
        known = next((name for key, name in _OTHERS.items() if key in head), None)
        return UsageError(f"is no report of licscan{f', but {known}' if known else ''}", where=where, remedy=_REMEDY)
    place = ".".join(map(str, first["loc"]))
    return UsageError(f"is damaged at {place[:200]}: {first['msg']}", where=where, remedy="make the report anew")


def _head(data: bytes) -> dict[str, object] | None:
    from pydantic_core import from_json  # noqa: PLC0415 - only for what is no report; it bounds the depth

    found = from_json(data)
    return found if isinstance(found, dict) else None


def _newest(sources: Iterable[Source]) -> tuple[list[Source], list[str]]:
    """Of each repository its newest report, and a note for each that does not count."""
    kept: dict[str, Source] = {}
    notes = []
    for one in sorted(sources, key=lambda one: (one.created, str(one.file))):
        before = kept.get(one.repository)
        kept[one.repository] = one
        if before is None:
            continue
        if before.sha256 == one.sha256:
            notes.append(f"{before.file} and {one.file} are the same report of {one.repository}")
        else:
            notes.append(
                f"{before.file} does not count: {one.file} is a newer report of {one.repository}"
                " (parts of one repository: name them apart, NAME=FILE)"
            )
    return list(kept.values()), notes


def _by_place(files: Sequence[Path]) -> list[str]:
    """A name for each file from where it lies: what tells it from the others, without what all have in common."""
    parts = [PurePath(os.path.abspath(file)).parts for file in files]  # noqa: PTH100 - resolve() would follow links
    folders = zip(*(one[:-1] for one in parts), strict=False)
    common = sum(1 for _ in itertools.takewhile(lambda level: len(set(level)) == 1, folders))
    same = len({one[-1] for one in parts}) == 1 and len(parts) > 1
    return [_name(one[common:], same=same) for one in parts]


def _name(parts: tuple[str, ...], *, same: bool) -> str:
    if same and len(parts) > 1:
        return "/".join(parts[:-1])
    return "/".join((*parts[:-1], PurePath(parts[-1]).stem or parts[-1]))


def _key(model: Assessment, repository: str) -> tuple[str, str]:
    return str(_ref(model.ref, repository)), model.revision or ""


def _ref(ref: ModelRef, repository: str) -> ModelRef:
    """A path means a file of that repository alone; every other name is the same everywhere."""
    return ref.model_copy(update={"name": _below(ref.name, repository)}) if ref.scheme == "file" else ref


def _below(path: str, repository: str) -> str:
    return f"{repository}/{path.lstrip('/')}"


def _model(model: Assessment, repository: str) -> Assessment:
    return model.model_copy(update={"ref": _ref(model.ref, repository)})


def _finding(one: Finding, repository: str) -> Finding:
    path = _below(one.path, repository) if one.path else repository
    return one.model_copy(update={"path": path, "model": _ref(one.model, repository) if one.model else None})


def _mention(one: Mention, repository: str) -> Mention:
    return Mention(path=_below(one.path, repository), line=one.line, ref=_ref(one.ref, repository))


def _gap(one: Gap, repository: str) -> Gap:
    return Gap(id=one.id, what=one.what, why=f"{repository}: {one.why}")


def described(source: Source) -> str:
    """A report in a line: whose it is, what came of it, when, and by which rules."""
    said = [count(source.findings[name], name) for name in ("error", "warning") if source.findings[name]]
    said += [f"{source.findings['waived']} let pass"] if source.findings["waived"] else []
    outcome = {"pass": "PASS", "fail": "FAIL", "scan": "scan"}[source.outcome]
    tail = f": {', '.join(said)}" if said else ""
    return f"{outcome}  {source.repository}  {count(len(source.models), 'model')}{tail}  {source.created:%Y-%m-%d}"

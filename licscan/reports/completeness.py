"""What bills of materials lack: for a terminal, as JSON, and as Markdown."""

import datetime
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TextIO

from licscan import __version__
from licscan.completeness import NAMES, Row, Score, Status, remedy
from licscan.materials import DATASET, MODEL, Bom
from licscan.reports.lines import NO_ADVICE, console, say
from licscan.text import count, excerpt, fold, printable

SCHEMA_VERSION = 1

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~@&$:-])")
_READ = {
    "itself": "",
    "quoted": "its source was read as others quote it",
    "retold": "draft: its source could not be read, only what others tell of it",
}
_STYLES = {Status.MISSING: "red", Status.NO_PLACE: "red", Status.PARTIAL: "yellow", Status.PRESENT: "green"}
_LONGEST = 60


class Scored(NamedTuple):
    """A document and its scores.

    Attributes:
        path: The file.
        bom: What it says.
        scores: One for each framework.
    """

    path: str
    bom: Bom
    scores: tuple[Score, ...]


def write(scored: Sequence[Scored], stream: TextIO, *, verbose: bool = False) -> None:
    """Write scores for a terminal: what is missing of each framework, and where it would come from.

    Args:
        scored: The documents.
        stream: Where to.
        verbose: Show what is there, too.
    """
    to = console(stream)
    for one in scored:
        say(to, f"{one.path}: {_about(one.bom)}", style="bold")
        for score in one.scores:
            to.print()
            say(to, f"{score.framework.title}: {_sum(score)}")
            say(to, _rests_on(score), 2, "dim")
            for row in score.rows:
                if row.is_open or verbose:
                    say(to, f"{row.status.value:14} {_line(row)}", 2, _STYLES.get(row.status, "dim"))
                    if row.is_open or row.status is Status.MISSING:
                        say(to, f"from: {remedy(row, one.bom)}", 17)
        to.print()
    say(to, f"{NO_ADVICE} licscan {__version__}.", style="dim")


def write_json(scored: Sequence[Scored], stream: TextIO, *, created: datetime.datetime, rules: str) -> None:
    """Write scores as JSON; `docs/manifest.md` says what stands where."""
    said = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "licscan", "version": __version__, "rules": rules},
        "created": created.isoformat(),
        "files": [_file(one) for one in scored],
    }
    json.dump(said, stream, indent=2, ensure_ascii=False)
    stream.write("\n")


def write_markdown(scored: Sequence[Scored], stream: TextIO) -> None:
    """Write scores as Markdown: a table of each framework, with every element."""
    for one in scored:
        stream.write(f"# {_safe(one.path)}\n\n{_safe(_about(one.bom))}\n")
        for score in one.scores:
            stream.write(f"\n## {_safe(score.framework.title)}\n\n{_safe(_sum(score))}. {_safe(_rests_on(score))}\n\n")
            stream.write("| element | | state | for | where it would come from |\n|---|---|---|---|---|\n")
            stream.writelines(f"{line}\n" for line in _table(score, one.bom))
        stream.write("\n")
    stream.write(f"{NO_ADVICE} licscan {__version__}.\n")


def _table(score: Score, bom: Bom) -> Iterator[str]:
    for row in score.rows:
        element = row.element
        kind = ", ".join(filter(None, ("" if element.need == "required" else element.need, "draft" * element.draft)))
        title = f"{element.group}: {element.title}{f' ({element.section})' if element.section else ''}"
        number = f"{row.has} of {row.of}" if row.of > 1 else ""
        origin = remedy(row, bom) if row.status is not Status.PRESENT and row.of else ""
        yield "| " + " | ".join(map(_safe, (title, kind, row.status.value, number, origin))) + " |"


def _about(bom: Bom) -> str:
    models = sum(part.kind == MODEL and part.direct for part in bom.parts)
    bases = sum(part.kind == MODEL and not part.direct for part in bom.parts)
    datasets = sum(part.kind == DATASET for part in bom.parts)
    behind = f" and {count(bases, 'base', 'bases')}" if bases else ""
    listed = f"{count(models, 'model')}{behind}, {count(datasets, 'data set')}"
    return f"{NAMES[bom.family]} {bom.version} ({bom.form}), {listed}"


def _sum(score: Score) -> str:
    return f"{score.complete} of {count(score.wanted, 'element')} ({score.share:.0%})"


def _rests_on(score: Score) -> str:
    source = score.framework.source
    version = f" {source.version}" if source.version else ""
    read = f"; {_READ[source.read]}" if _READ[source.read] else ""
    return f"{source.publisher}{version}, {source.published}{read}"


def _line(row: Row) -> str:
    element = row.element
    marks = [
        element.section or "",
        "draft" if element.draft else "",
        "" if element.need == "required" else element.need,
    ]
    words = f"{element.group}: {element.title}"
    if told := ", ".join(filter(None, marks)):
        words += f" ({told})"
    if row.status is Status.PARTIAL:
        more = ", ..." if row.of - row.has > len(row.lacking) else ""
        words += f": {row.of - row.has} of {row.of} lack it: {', '.join(row.lacking)}{more}"
    elif row.status is Status.PRESENT and row.found:
        words += f": {excerpt(row.found, _LONGEST)}"
    return words


def _file(one: Scored) -> dict[str, Any]:
    bom = one.bom
    return {
        "path": one.path,
        "format": bom.family,
        "version": bom.version,
        "form": bom.form,
        "models": sum(part.kind == MODEL and part.direct for part in bom.parts),
        "datasets": sum(part.kind == DATASET for part in bom.parts),
        "frameworks": [_score(score, bom) for score in one.scores],
    }


def _score(score: Score, bom: Bom) -> dict[str, Any]:
    framework = score.framework
    return {
        "id": framework.id,
        "title": framework.title,
        "source": framework.source.model_dump(mode="json"),
        "complete": score.complete,
        "wanted": score.wanted,
        "share": round(score.share, 4),
        "elements": [_row(row, bom) for row in score.rows],
    }


def _row(row: Row, bom: Bom) -> dict[str, Any]:
    element = row.element
    return {
        "id": element.id,
        "title": element.title,
        "group": element.group,
        "section": element.section,
        "of": element.of,
        "need": element.need,
        "draft": element.draft,
        "status": row.status.value,
        "has": row.has,
        "should": row.of,
        "lacking": list(row.lacking),
        "found": row.found or None,
        "from": remedy(row, bom) if row.status is not Status.PRESENT and row.of else None,
    }


def _safe(text: str) -> str:
    """Words of any origin as Markdown: nothing in them is markup."""
    return _SPECIAL.sub(r"\\\1", printable(fold(text))).replace(r"\<", "&lt;").replace(r"\@", "&#64;")

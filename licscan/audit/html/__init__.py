"""The audit as one HTML page: opened from a disk, an archive or a mail, with no network and nothing beside it."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from jinja2 import Template

from licscan import measures
from licscan.audit.dossier import Dossier
from licscan.audit.html.chapters import Chapters
from licscan.audit.html.shell import inline, templates
from licscan.audit.html.view import plain, shown
from licscan.model import Level
from licscan.organisation import DOING

# So much of the sections is held in memory; the rest waits in a file until the chapters before them are written.
_HELD = 16 << 20
_MEANINGS = {
    "fully-open": "weights, data, code and recipe",
    "permissive-open-weights": "free to use, some duties",
    "restrictive": "withheld from some users or uses",
    "unknown": "nothing may be relied on",
    "closed": "weights are not released",
}
_MATCHES = {
    "exact": "word for word",
    "modified": "an altered copy of the license",
    "tag": "by its name alone: no text was at hand",
    "none": "not at all",
}
_GLYPHS = {"limitation": "▲", "condition": "■", "permission": "●", "other": "◆"}
_STATES = {
    "s:error": "has errors",
    "s:warning": "has warnings",
    "waived": "something was let pass",
    "conflict": "statements contradict",
    "t:reached": "threshold reached",
    "t:tell-us": "threshold: tell us your number",
    "changed": "changed since last time",
    "r:none": "not reviewed",
    "r:approved": "approved",
    "r:rejected": "rejected",
    "r:re-opened": "review re-opened",
    "r:expired": "review expired",
}


def write(dossier: Dossier, stream: TextIO) -> None:
    """Write an audit as an HTML page. The same dossier gives the same bytes.

    Args:
        dossier: The audit; its models are gone through once, one at a time.
        stream: Where to.
    """
    chapters, words = Chapters(dossier), _words(dossier)
    section = templates().get_template("model.html")
    # The chapters before the sections tell what is in all of them.
    with tempfile.SpooledTemporaryFile(_HELD, "w+", encoding="utf-8") as sections:
        for entry in dossier.entries:
            one = shown(entry, dossier)
            sections.write(section.render(words, shown=one))
            chapters.add(one)
        whole = {**words, **_of(chapters)}
        _stream(templates().get_template("page.html"), stream, whole)
        sections.seek(0)
        shutil.copyfileobj(sections, stream)
    _stream(templates().get_template("end.html"), stream, whole)


def _stream(template: Template, stream: TextIO, values: Mapping[str, Any]) -> None:
    stream.writelines(template.generate(values))


def _words(dossier: Dossier) -> dict[str, Any]:
    """What every template may need."""
    return {
        "dossier": dossier,
        "inline": inline(),
        "titles": {name: rule.title for name, rule in dossier.clauses.items()},
        "doing": DOING,
        "matches": _MATCHES,
        "meanings": _MEANINGS,
        "glyphs": _GLYPHS,
        "levels": [level.value for level in reversed(Level)],
        "amount": measures.words,
        "plain": plain,
    }


def _of(chapters: Chapters) -> dict[str, Any]:
    licenses = Counter(row.license for row in chapters.rows)
    return {
        "chapters": chapters,
        "clauses": chapters.clauses,
        "words_of_licenses": sorted(licenses.items(), key=lambda one: (-one[1], one[0])),
        "states": list(_states(chapters)),
    }


def _states(chapters: Chapters) -> Iterator[tuple[str, str]]:
    """The states that some model is in."""
    there = {mark for row in chapters.rows for mark in row.marks.split()}
    yield from ((mark, words) for mark, words in _STATES.items() if mark in there)

"""Audits made for tests of what they are written as: of real models, of a model that has everything, and hostile ones."""

import dataclasses
import datetime
import hashlib
import io
import json
import typing
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel

from licscan import lineage
from licscan.around import Around, Memory
from licscan.assess import assess
from licscan.audit import Dossier, Entry
from licscan.audit.html import write
from licscan.judge import chosen, findings, judge_of
from licscan.model import (
    Amount,
    Assessment,
    Evidence,
    LicenseText,
    Model,
    ModelRef,
    Organisation,
    Report,
    Tool,
    WeightFile,
)
from licscan.quotations import Altered, Quotations
from licscan.rulebook import Rulebook
from tests.test_corpus import hub_model

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
ACME = Organisation(
    name="Acme",
    amounts=MappingProxyType({"monthly_active_users": (Amount(2_000_000),)}),
    territories=("EU",),
    activities=("host", "ship-product"),
)
# What the rule base and licscan write themselves, and what is made of numbers.
_OURS = frozenset(
    {"key", "id", "clause", "rule", "metric", "comparator", "effect", "limit", "yours", "fingerprint", "kind"}
)
TOOL = Tool(name="licscan", version="1.0", rules="2026-01-01+0a1b2c3d")


class Looked(NamedTuple):
    """A model that was assessed: its facts, those of its bases, and what is so."""

    model: Model
    bases: tuple[Model, ...]
    found: Assessment


def dossier(entries: Sequence[Entry], book: Rulebook, **more: Any) -> Dossier:
    """An audit of some models."""
    found = tuple(one for entry in entries for one in entry.findings)
    report = Report.model_construct(
        tool=TOOL, created=NOW, run=7, models=(), findings=found, mentions=(), gaps=(), summary={}
    )
    fields: dict[str, Any] = {
        "report": report,
        "entries": entries,
        "created": NOW,
        "writer": TOOL,
        "organisation": ACME,
        "policy": "default",
        "policy_title": "Default",
        "clauses": book.clauses,
        "total": len(entries),
        **more,
    }
    return Dossier(**fields)


def entry(number: int, model: Assessment, **more: Any) -> Entry:
    """A model's place in an audit."""
    return Entry(number=number, key=f"m{number}", model=model, **more)


def page(audit: Dossier) -> str:
    """An audit as an HTML page."""
    stream = io.StringIO()
    write(audit, stream)
    return stream.getvalue()


def real(corpus: Path, rules: Rulebook) -> list[Model]:
    """Real models of the corpus, some of each license first, each with the text of its license where that is there."""
    lines = (corpus / "hub" / "models-2026-08.jsonl").read_text().splitlines()
    records = [json.loads(line) for line in lines]
    texts = {file.stem: file.read_text(errors="replace") for file in (corpus / "licenses" / "texts").glob("*.txt")}
    named = {name: record.id for record in rules.licenses.values() for name in (*record.aliases.hub, record.id)}
    licenses: dict[str, list[Model]] = {}
    for record in records:
        model = _with_text(hub_model(record), named.get(str(record["license"])), texts)
        licenses.setdefault(str(record["license"]), []).append(model)
    # Of each license one with many bases and one that was found by chance; then all as they come.
    first = [model for some in licenses.values() for model in (max(some, key=lambda one: len(one.bases)), some[-1])]
    rest = [model for some in licenses.values() for model in some]
    step = 1 + len(rest) // 1100
    unique = {str(model.ref): model for model in (*first, *rest[::step], *rest)}
    return list(unique.values())


def assessed(models: Sequence[Model], rules: Rulebook, known: Iterable[Model] = ()) -> Iterator[Looked]:
    """Models with all of them, and of others that are known, as possible bases."""
    everything = (*known, *models)
    bases = {lineage.key(model.ref): model for model in everything}
    bases |= {lineage.key(model.ref.at(None)): model for model in everything}
    around = Around(bases, rules, memory=Memory.empty())
    for model in models:
        found = assess(model, bases, rules, ACME, around.memory)
        named = (link.base for link in found.lineage if link.base.startswith("hf:"))
        keys = [lineage.key(ModelRef.parse(name).at(None)) for name in named]
        yield Looked(model, tuple(bases[key] for key in keys if key in bases), found)


def real_audit(corpus: Path, rules: Rulebook, number: int) -> Dossier:
    """An audit of real models, held against the default policy, in the licenses' own words."""
    judge = judge_of(chosen("default", rules), rules, ACME, NOW.date())
    words = Quotations(rules)
    models = real(corpus, rules)
    made = []
    for at, (model, bases, found) in enumerate(assessed(models[:number], rules, models), 1):
        told = words.quoted(found, model, bases)
        text = model.texts[0].evidence if model.texts else None
        made.append(entry(at, told, findings=tuple(findings(judge, found)), text=text, altered=words.altered(model)))
    return dossier(made, rules)


def _with_text(model: Model, record: str | None, texts: dict[str, str]) -> Model:
    if record not in texts:
        return model
    text = texts[str(record)]
    digest = hashlib.sha256(text.encode()).hexdigest()
    commit = hashlib.sha1(model.name.encode(), usedforsecurity=False).hexdigest()
    where = Evidence(source="hub", path="LICENSE", revision=commit, sha256=digest)
    lies = LicenseText(path="LICENSE", kind="license", sha256=digest, text=text, evidence=where)
    return model.model_copy(update={"ref": model.ref.at(commit), "texts": (lies,)})


def poisoned(value: Any, words: str) -> Any:  # noqa: PLR0911 - one for each kind of value
    """A value with some words before each text in it that somebody else may have written."""
    if isinstance(value, Enum) or value is None:
        return value
    if isinstance(value, str):
        return f"https://{words}{value.removeprefix('https://')}" if value.startswith("https://") else f"{words}{value}"
    if isinstance(value, ModelRef):
        return ModelRef.model_construct(scheme="file", name=f"{words}{value.name}", revision=value.revision)
    if isinstance(value, BaseModel):
        free = {name: field.annotation for name, field in type(value).model_fields.items()}
        changed = {name: poisoned(getattr(value, name), words) for name, kind in free.items() if not _fixed(name, kind)}
        if isinstance(value, WeightFile):  # others write the keys of a header, too
            changed["header"] = {f"{words}{key}": one for key, one in changed["header"].items()}
        return value.model_copy(update=changed)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kept = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
        return dataclasses.replace(
            value, **{name: poisoned(one, words) for name, one in kept.items() if name not in _OURS}
        )
    if isinstance(value, Altered):
        return Altered(*(poisoned(one, words) for one in value))
    if isinstance(value, tuple | list):
        return type(value)(poisoned(one, words) for one in value)
    if isinstance(value, dict):
        return {key: one if key in _OURS else poisoned(one, words) for key, one in value.items()}
    return value


def _fixed(name: str, annotation: Any) -> bool:
    """Whether a field is one of ours, or takes one of a few words that are."""
    parts = (annotation, *typing.get_args(annotation))
    return name in _OURS or any(typing.get_origin(part) is Literal for part in parts)

"""Audits made for tests of what they are written as: of real models, and of models that mean harm."""

import datetime
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from licscan import lineage
from licscan.around import Around
from licscan.assess import assess
from licscan.audit import Dossier, Entry
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
)
from licscan.quotations import Quotations
from licscan.rulebook import Rulebook
from tests.test_corpus import hub_model

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
ACME = Organisation(
    name="Acme",
    amounts=MappingProxyType({"monthly_active_users": (Amount(2_000_000),)}),
    territories=("EU",),
    activities=("host", "ship-product"),
)
TOOL = Tool(name="licscan", version="1.0", rules="2026-01-01+0a1b2c3d")


class Made:
    """Entries made anew each time they are gone through."""

    def __init__(self, make: Callable[[], Iterator[Entry]], number: int) -> None:
        self._make, self._number = make, number

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[Entry]:
        return self._make()


def dossier(entries: Sequence[Entry] | Made, rules: Rulebook, **more: Any) -> Dossier:
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
        "clauses": rules.clauses,
        "total": len(entries),
        **more,
    }
    return Dossier(**fields)


def entry(number: int, model: Assessment, **more: Any) -> Entry:
    """A model's place in an audit."""
    return Entry(number=number, key=f"m{number}", model=model, **more)


def real_models(corpus: Path, rules: Rulebook, number: int) -> list[Assessment]:
    """Real models of the corpus, as many licenses as there are, each with the text of its license where that is there."""
    lines = (corpus / "hub" / "models-2026-08.jsonl").read_text().splitlines()
    records = [json.loads(line) for line in lines]
    texts = {file.stem: file.read_text(errors="replace") for file in (corpus / "licenses" / "texts").glob("*.txt")}
    named = {name: record.id for record in rules.licenses.values() for name in (*record.aliases.hub, record.id)}
    models = [_with_text(hub_model(record), named.get(str(record["license"])), texts) for record in records]
    bases = {lineage.key(model.ref): model for model in models}
    bases |= {lineage.key(model.ref.at(None)): model for model in models}
    around = Around(bases, rules, memory={})
    licenses: dict[str, list[Model]] = {}
    for record, model in zip(records, models, strict=True):
        licenses.setdefault(str(record["license"]), []).append(model)
    # A few of each license, those with bases among them, and then more of the commonest.
    chosen_ = [model for some in licenses.values() for model in sorted(some, key=lambda one: -len(one.bases))[:3]]
    chosen_ += models[:: max(1, len(models) // max(1, number - len(chosen_)))]
    unique = {str(model.ref): model for model in chosen_}
    words = Quotations(rules)
    made = [(model, assess(model, bases, rules, ACME, around.memory)) for model in list(unique.values())[:number]]
    return [words.quoted(one, model, _bases(one, bases)) for model, one in made]


def _bases(one: Assessment, known: dict[lineage.Key, Model]) -> list[Model]:
    keys = [lineage.key(ModelRef.parse(link.base)) for link in one.lineage if link.base.startswith("hf:")]
    return [known[key] for key in keys if key in known]


def real(corpus: Path, rules: Rulebook, number: int) -> Dossier:
    """An audit of real models, held against the default policy; what it finds is in it."""
    judge = judge_of(chosen("default", rules), rules, ACME, NOW.date())
    made = [
        entry(
            at,
            model,
            findings=tuple(findings(judge, model)),
            text=model.license.claims[0].evidence if model.license.claims else None,
        )
        for at, model in enumerate(real_models(corpus, rules, number), 1)
    ]
    return dossier(made, rules)


def _with_text(model: Model, record: str | None, texts: dict[str, str]) -> Model:
    if record not in texts:
        return model
    text = texts[str(record)]
    digest, commit = (
        hashlib.sha256(text.encode()).hexdigest(),
        hashlib.sha1(model.name.encode(), usedforsecurity=False).hexdigest(),
    )
    where = Evidence(source="hub", path="LICENSE", revision=commit, sha256=digest)
    lies = LicenseText(path="LICENSE", kind="license", sha256=digest, text=text, evidence=where)
    return model.model_copy(update={"ref": model.ref.at(commit), "texts": (lies,)})

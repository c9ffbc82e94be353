"""Models made for tests of manifests: facts as a source would give them, assessed by the real rules."""

import datetime
import hashlib
import importlib
import io
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from licscan.assess import assess
from licscan.lineage import key
from licscan.manifest import FORMATS
from licscan.manifest.assemble import Wish, assemble
from licscan.manifest.bill import Bill
from licscan.model import (
    Activity,
    Claim,
    DeclaredBase,
    Evidence,
    LicenseText,
    Loaded,
    Model,
    ModelRef,
    Organisation,
    Place,
    Relation,
    Report,
    Subject,
    Tool,
)
from licscan.rulebook import Rulebook

if TYPE_CHECKING:
    from licscan.formats.names import TextKind

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
COMMIT = "c0ffee" * 6 + "c0ff"
PEOPLE = ("notice", "markdown", "html")


def model(
    name: str,
    license: str | None = None,  # noqa: A002 - what it is called
    *,
    texts: Mapping[str, str] | None = None,
    base: str | None = None,
    relation: Relation = Relation.FINETUNE,
    seen: bool = True,
) -> Model:
    """The facts of a model: a card with a tag, files with texts, a base."""
    ref = ModelRef.parse(name if ":" in name else f"hf:{name}")
    ref = ref.at(COMMIT) if ref.scheme == "hf" else ref
    card = Evidence(source="hub", path="README.md", revision=COMMIT, sha256="ab" * 32, lines=(2, 2))
    claim = Claim(subject=Subject.WEIGHTS, place=Place.CARD_TAG, stated=license or "", evidence=card)
    declared = DeclaredBase(
        stated=base or "", ref=ModelRef.parse(base) if base else None, relation=relation, evidence=card
    )
    return Model(
        ref=ref,
        name=ref.name,
        source="hub",
        claims=(claim,) if license else (),
        texts=tuple(_text(path, words) for path, words in (texts or {}).items()),
        bases=(declared,) if base else (),
        seen=seen,
    )


def _text(path: str, words: str) -> LicenseText:
    kind: TextKind = "notice" if path.startswith("NOTICE") else "policy" if "POLICY" in path else "license"
    digest = hashlib.sha256(words.encode(errors="replace")).hexdigest()
    at = Evidence(source="hub", path=path, revision=COMMIT, sha256=digest)
    return LicenseText(path=path, kind=kind, sha256=digest, text=words, evidence=at)


def bill(
    rules: Rulebook,
    *models: Model,
    bases: Iterable[Model] = (),
    organisation: Organisation | None = None,
    activities: frozenset[Activity] | None = None,
    texts: bool = True,
    name: str = "Harbor",
) -> Bill:
    """The bill of some models."""
    bases = tuple(bases)
    around = {key(one.ref.at(None)): one for one in bases}
    loaded = tuple(Loaded(one, asked=one.ref.at(None)) for one in bases)
    report = Report(
        tool=Tool(name="licscan", version="0", rules="r"),
        created=NOW,
        run=1,
        models=tuple(assess(one, around, rules, organisation) for one in models),
    )
    kept = [(Loaded(one), loaded) for one in models]
    return assemble(report, lambda: kept, rules, Wish(name, NOW, activities, texts=texts))


def written(made: Bill, form: str) -> str:
    """The bill in a format."""
    stream = io.StringIO()
    importlib.import_module(FORMATS[form]).write(made, stream)
    return stream.getvalue()

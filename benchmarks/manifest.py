"""Manifests: each format for 1,000 models of a database, CPU time and peak memory."""

import datetime
import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path

from identify.vendor.licenses import LICENSES

from licscan.assess import assess
from licscan.clock import clock
from licscan.lineage import key
from licscan.manifest import FORMATS
from licscan.model import (
    Claim,
    DeclaredBase,
    DeclaredDataset,
    Evidence,
    LicenseText,
    Loaded,
    Model,
    ModelRef,
    Place,
    Property,
    PropertyId,
    Relation,
    Subject,
    WeightFile,
)
from licscan.rulebook import load
from licscan.store import Store

Cpu = Callable[..., tuple[float, float]]
_TAGS = ("apache-2.0", "mit", "llama3.1", "gemma", "cc-by-nc-4.0", "other")
_SHARDS = 4


def manifest(cpu: Cpu, number: int = 1000) -> None:
    """Every format, over models with cards, license texts of their own, bases, datasets and weight files.

    Args:
        cpu: CPU seconds and peak MiB of a whole process.
        number: How many models.
    """
    with tempfile.TemporaryDirectory() as name:
        db = str(Path(name) / "x.db")
        fill(db, number)
        for form in FORMATS:
            out = Path(name) / form
            seconds, peak = cpu("-m", "licscan", "manifest", "--db", db, "--format", form, "--output", out)
            size = out.stat().st_size / (1 << 20)
            print(
                f"  {form:15} {seconds:5.1f} s CPU (goal 10), peak {peak:4.0f} MiB (goal 400), {size:5.1f} MiB written"
            )


def fill(db: str, number: int) -> None:
    """A database with one run of so many models; every third is made from another."""
    rules, texts = load(), dict(LICENSES)
    roots = [_model(index, texts, ()) for index in range(20)]
    bases = {key(one.ref.at(None)): one for one in roots}
    with Store(db) as store:
        run = store.begin(["benchmark"], "/", rules.version, clock())
        for index in range(number):
            root = roots[index % 20]
            model = _model(100 + index, texts, (root,) if index % 3 == 0 else ())
            around = bases if model.bases else {}
            loaded = tuple(Loaded(root, asked=root.ref.at(None)) for _ in model.bases)
            store.save(run, index, Loaded(model, {"card": b"x" * 4000}), assess(model, around, rules), loaded)
        store.finish(run, clock(), number)


_STATED = {
    PropertyId.TASK: ("text-generation",),
    PropertyId.ARCHITECTURE: ("LlamaForCausalLM",),
    PropertyId.FAMILY: ("llama",),
    PropertyId.PARAMETERS: ("8030261248",),
    PropertyId.LANGUAGE: ("en", "de", "fr"),
    PropertyId.LIBRARY: ("transformers",),
    PropertyId.TAG: ("chat", "conversational", "endpoints_compatible"),
    PropertyId.CARD: ("README.md",),
}


def _model(index: int, texts: dict[str, str], bases: tuple[Model, ...]) -> Model:
    commit = hashlib.sha1(str(index).encode(), usedforsecurity=False).hexdigest()
    ref = ModelRef(scheme="hf", name=f"org{index % 50}/model-{index}", revision=commit)
    card = Evidence(source="hub", path="README.md", revision=commit, sha256=commit + "0" * 24, lines=(2, 2))
    tag = _TAGS[index % len(_TAGS)]
    words = f"Copyright (c) 2026 Org {index}\n\n" + texts["Apache-2.0" if tag == "apache-2.0" else "MIT"]
    digest = hashlib.sha256(words.encode()).hexdigest()
    text = LicenseText(path="LICENSE", kind="license", sha256=digest, text=words, evidence=card)
    return Model(
        ref=ref,
        name=ref.name,
        source="hub",
        modality="text",
        claims=(Claim(subject=Subject.WEIGHTS, place=Place.CARD_TAG, stated=tag, evidence=card),),
        texts=(text,) if tag in {"apache-2.0", "mit"} else (),
        files=tuple(
            WeightFile(
                path=f"model-{shard}.safetensors",
                format="safetensors",
                size=5 << 30,
                promised=f"sha256:{hashlib.sha256(f'{index}/{shard}'.encode()).hexdigest()}",
            )
            for shard in range(_SHARDS)
        ),
        bases=tuple(
            DeclaredBase(stated=one.name, ref=one.ref.at(None), relation=Relation.FINETUNE, evidence=card)
            for one in bases
        ),
        datasets=(DeclaredDataset(stated="org/data", ref=ModelRef.parse("dataset:org/data"), evidence=card),),
        properties=tuple(Property(id=id_, values=values, evidence=card) for id_, values in _STATED.items()),
        published=datetime.date(2026, 1, 1),
    )

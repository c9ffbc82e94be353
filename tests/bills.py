"""Fifty models of all kinds, and the bill of them: what documents about models are tested with."""

import datetime
import hashlib
from collections.abc import Iterable, Iterator

from licscan.assess import assess
from licscan.lineage import key
from licscan.manifest.assemble import Wish, assemble
from licscan.manifest.bill import Author, Bill
from licscan.model import (
    Access,
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
    Report,
    Subject,
    Tool,
    WeightFile,
)
from licscan.rulebook import Rulebook

WHEN = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
HOSTILE = "\x1b[31mred\x1b[0m \u202egnp \x00 \x0b \ufffe ]]> </text> <text> &amp; <script>'\"\\ \r\n =1+1"
OWN_WORDS = (
    "Custom License\r\n\r\nYou may look at it.\x0cYou may not sell it. </text> ]]> &lt;\x07 é 许可证 \U0001f600\n"
)
MIT = (
    "MIT License\n\nCopyright (c) 2025 Acme Corporation\n\nPermission is hereby granted, free of charge, to any person obtaining a copy "
    'of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without '
    "limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit "
    "persons to whom the Software is furnished to do so, subject to the following conditions:\n\nThe above copyright notice and this "
    'permission notice shall be included in all copies or substantial portions of the Software.\n\nTHE SOFTWARE IS PROVIDED "AS IS", '
    "WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A "
    "PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR "
    "OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR "
    "THE USE OR OTHER DEALINGS IN THE SOFTWARE.\n"
)
# What cards say: restrictive, permissive, composite, unknown, nothing, no license at all, and what nobody can parse.
TAGS = (
    "apache-2.0", "mit", "llama3.1", "gemma", "cc-by-nc-4.0", "openrail", "bigscience-bloom-rail-1.0", "other", "unknown",
    "gpl-3.0", "agpl-3.0", "lgpl-3.0", "openmdw-1.0", "cc0-1.0", "c-uda", "MIT OR Apache-2.0", "Apache-2.0 AND CC-BY-4.0",
    "GPL-2.0-only WITH Classpath-exception-2.0", "MIT AND LicenseRef-llama-3.1", "(MIT OR Apache-2.0) AND CC-BY-NC-4.0",
    "acme-community-license", "MIT OR (", "LicenseRef-\u00e9 x", HOSTILE, "Apache-2.0 WITH Made-Up-exception", "cc-by", "creativeml-openrail-m",
)  # fmt: skip


def model(name: str, tag: str | None = "apache-2.0", **more: object) -> Model:
    """A model of the Hub, or of the place that its name says, as its source would know it."""
    ref = ModelRef.parse(name if ":" in name else f"hf:{name}")
    if ref.scheme in {"hf", "dataset"} and ref.revision is None and not more.pop("unpinned", False):
        ref = ref.at(hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest())
    card = where("README.md", ref.revision)
    claims = (Claim(subject=Subject.WEIGHTS, place=Place.CARD_TAG, stated=tag, evidence=card),) if tag else ()
    fields = {
        "modality": "text",
        "claims": claims,
        "published": datetime.date(2025, 5, 4),
        "properties": stated(revision=ref.revision),
        **more,
    }
    if ref.scheme == "dataset":
        fields["subject"] = Subject.DATA
        fields["claims"] = tuple(claim.model_copy(update={"subject": Subject.DATA}) for claim in claims)
    return Model(ref=ref, name=ref.name, source="hub", **fields)  # type: ignore[arg-type]


def stated(task: str = "text-generation", revision: str | None = None) -> tuple[Property, ...]:
    """What a card, a configuration and headers say that a model is and does."""
    said = {
        PropertyId.TASK: ((task,), "README.md"),
        PropertyId.LANGUAGE: (("en", "fr"), "README.md"),
        PropertyId.TAG: (("chat", "small"), "README.md"),
        PropertyId.EMISSIONS: (("emissions: 12.5", "hardware_used: 8 x H100"), "README.md"),
        PropertyId.CARD: (("README.md",), "README.md"),
        PropertyId.ARCHITECTURE: (("LlamaForCausalLM",), "config.json"),
        PropertyId.FAMILY: (("llama",), "config.json"),
        PropertyId.PARAMETERS: (("8030261248",), "model.safetensors"),
    }
    return tuple(
        Property(id=id_, values=values, evidence=where(path, revision)) for id_, (values, path) in said.items()
    )


def where(path: str, revision: str | None = None) -> Evidence:
    return Evidence(source="hub", path=path, revision=revision, lines=(2, 2))


def hostile() -> tuple[Property, ...]:
    """Everything that can be stated, in words that do harm where nobody looks out."""
    return tuple(Property(id=id_, values=(HOSTILE, "x"), evidence=where(HOSTILE)) for id_ in PropertyId)


def text(words: str, path: str = "LICENSE") -> LicenseText:
    digest = hashlib.sha256(words.encode()).hexdigest()
    return LicenseText(path=path, kind="license", sha256=digest, text=words, evidence=where(path))


def weights(*paths: str, form: str = "safetensors") -> tuple[WeightFile, ...]:
    digests = {path: hashlib.sha256(path.encode(errors="surrogatepass")).hexdigest() for path in paths}
    return tuple(
        WeightFile(path=path, format=form, size=1 << 30, promised=f"sha256:{digest}")
        for path, digest in digests.items()
    )


def base(name: str, relation: Relation) -> DeclaredBase:
    ref = ModelRef.parse(f"hf:{name}") if "/" in name and not name.startswith(".") else None
    return DeclaredBase(stated=name, ref=ref, relation=relation, evidence=where("README.md"))


def data(name: str) -> DeclaredDataset:
    ref = ModelRef.parse(f"dataset:{name}") if "/" in name and name.isprintable() else None
    return DeclaredDataset(stated=name, ref=ref, evidence=where("README.md"))


def fifty() -> list[Model]:
    """Models of all kinds."""
    found = [model(f"tagged/model-{at}", tag, files=weights("model.safetensors")) for at, tag in enumerate(TAGS)]
    found += [
        model("acme/silent", None, unpinned=True),
        model("acme/texted", "other", texts=(text(OWN_WORDS),), files=weights("a/model-1.gguf", "a/model-2.gguf", form="gguf")),
        model("acme/texted-again", "other", texts=(text(OWN_WORDS + "More."),)),
        model("acme/mit", "mit", texts=(text(MIT), text("Powered by Acme.\n", "NOTICE"))),
        model("acme/contradicting", "cc-by-nc-4.0", texts=(text(MIT),)),
        model("acme/gated", "llama3.1", access=Access.GATED, modality="multimodal", properties=stated("image-text-to-text")),
        model("acme/private", "mit", access=Access.PRIVATE, modality=None, properties=(), published=None),
        model("acme/adapter", "mit", bases=(base("meta-llama/Llama-3.1-8B", Relation.ADAPTER),), files=weights("adapter.bin", form="pickle")),
        model("acme/tuned", "mit", bases=(base("acme/gated", Relation.FINETUNE), base("./out/step-3", Relation.FINETUNE))),
        model("acme/quantized", None, bases=(base("acme/mit", Relation.QUANTIZED),), files=weights("q4.gguf", form="gguf")),
        model("acme/distilled", "mit", bases=(base("deepseek-ai/DeepSeek-R1", Relation.DISTILLED),)),
        model("acme/taught", "mit", bases=(base("google/gemma-2-9b", Relation.TRAINED_ON_OUTPUTS),)),
        model("acme/merged", "mit", bases=tuple(base(f"parents/p-{at}", Relation.MERGE) for at in range(65))),
        model("acme/circle-a", "mit", bases=(base("acme/circle-b", Relation.FINETUNE),)),
        model("acme/circle-b", "mit", bases=(base("acme/circle-a", Relation.FINETUNE),)),
        model("acme/itself", "mit", bases=(base("acme/itself", Relation.FINETUNE), base("acme/itself", Relation.MERGE))),
        model("acme/learned", "mit", datasets=(data("HuggingFaceFW/fineweb"), data("org/missing"), data(HOSTILE), data("web pages"))),
        model("dataset:HuggingFaceFW/fineweb", "odc-by"),
        model("dataset:org/pictures", "cc-by-sa-4.0", modality="image"),
        model("api:openai/gpt-4o", None),
        model("ollama:llama3.1:8b", "llama3.1", files=weights("model.gguf", form="gguf")),
        model("oci:registry.example.org/acme/model:v1", "apache-2.0"),
        model("modelscope:qwen/Qwen2.5", "other", published=None),
        Model(ref=ModelRef(scheme="file", name=f"models/{HOSTILE}.gguf"), name=HOSTILE, source="folder", properties=hostile(), files=weights(HOSTILE, form="gguf")),
        model("gpt2", "mit", unpinned=True),
        model("meta-llama/Llama-3.1-8B-Instruct", "llama3.1", unpinned=True),
    ]  # fmt: skip
    return found


def bill(models: Iterable[Model], rules: Rulebook, *, name: str = "Models", author: Author | None = None) -> Bill:
    """The bill of models, each assessed among the others."""
    all_ = list(models)
    around = {key(one.ref): one for one in all_} | {key(one.ref.at(None)): one for one in all_}
    assessed = tuple(assess(one, around, rules) for one in all_)
    report = Report(tool=Tool(name="licscan", version="1.2.3", rules="r" * 12), created=WHEN, models=assessed)

    def kept() -> Iterator[tuple[Loaded, tuple[Loaded, ...]]]:
        for one in all_:
            wanted = [around[key(link.ref)] for link in one.bases if link.ref and key(link.ref) in around]
            yield Loaded(one), tuple(Loaded(other, asked=other.ref.at(None)) for other in wanted)

    return assemble(report, kept, rules, Wish(name, WHEN, author=author))

"""What a model is and does: read where it is stated, carried into every document, and found in those of others."""

import datetime
import json
import re
import struct
from pathlib import Path
from typing import Any

import pytest

from licscan.assess import assess
from licscan.bom.described import described
from licscan.completeness import Status, score
from licscan.formats.card import read as read_card
from licscan.formats.modality import _MODALITIES, kinds_of, modality_of
from licscan.formats.model_config import READERS
from licscan.formats.properties import count, of_files
from licscan.materials import Bom
from licscan.materials import read as read_bom
from licscan.model import Assessment, Evidence, Loaded, Model, ModelRef, Property, PropertyId
from licscan.rulebook import Rulebook
from licscan.sources.folder import FolderSource
from licscan.store import Store, save
from tests import hubs
from tests.conftest import Licscan
from tests.hub.repositories import card
from tests.hubs import Read, Serve, as_json, changed, repository
from tests.weights import gguf

online, serve, load, read = hubs.online, hubs.serve, hubs.load, hubs.read

NOW = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
BSI, G7, EU = "bsi-tr-03183-2", "g7-sbom-for-ai", "eu-gpai-documentation"
BOMS = ("cyclonedx-json", "cyclonedx-xml", "spdx2-json", "spdx2-tv", "spdx3-json")
HERE = Evidence(source="folder", path="README.md")
CARD = """---
license: apache-2.0
language: [en, de]
pipeline_tag: text-generation
library_name: transformers
tags: [harbor, "license:mit"]
co2_eq_emissions: {emissions: 12.5, hardware_used: 8 x H100}
base_model: acme/base
datasets: [acme/ships]
---
# Pilot
"""
CONFIG = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 32}


def tensors(**kinds: tuple[str, list[int]]) -> bytes:
    """A safetensors file with these tensors, each a type and a shape."""
    widths = {"F32": 4, "BF16": 2, "I64": 8, "I32": 4, "U8": 1}
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name, (kind, shape) in kinds.items():
        size = widths[kind]
        for side in shape:
            size *= side
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(at)


def written(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def facts(root: Path) -> Model:
    source = FolderSource()
    (ref,) = (one for one in source.find(str(root)) if isinstance(one, ModelRef))
    return source.load(source.pin(ref)).model


def said(model: Model | Assessment, id_: PropertyId) -> list[tuple[str, ...]]:
    return [one.values for one in model.properties if one.id is id_]


def pilot() -> dict[str, str | bytes]:
    weights = tensors(a=("BF16", [32, 16]), b=("F32", [16]), places=("I64", [8]))
    return {"README.md": CARD, "config.json": json.dumps(CONFIG), "model.safetensors": weights}


def test_what_a_folder_states(tmp_path: Path) -> None:
    """Card, configuration and headers, each with file, line or key, and the words; nothing that is a claim elsewhere."""
    found = {one.id: one for one in facts(written(tmp_path / "pilot", pilot())).properties}
    told = {id_.value: one.values for id_, one in found.items()}
    assert told == {
        "language": ("en", "de"), "task": ("text-generation",), "library": ("transformers",), "tag": ("harbor",),
        "emissions": ("emissions: 12.5", "hardware_used: 8 x H100"), "card": ("README.md",),
        "architecture": ("LlamaForCausalLM",), "architecture-family": ("llama",), "parameters": ("528",),
    }  # fmt: skip
    task, family = found[PropertyId.TASK].evidence, found[PropertyId.FAMILY].evidence
    assert (task.path, task.lines, task.quote) == ("README.md", (4, 4), "pipeline_tag: text-generation")
    assert (family.path, family.section, family.quote) == ("config.json", "model_type", "model_type: llama")
    assert found[PropertyId.CARD].evidence.sha256
    assert found[PropertyId.PARAMETERS].evidence.path == "model.safetensors"


def test_names_state_nothing(tmp_path: Path) -> None:
    """A folder and a file whose names tell everything, and that hold nothing that says so, are described by nothing."""
    name = "llama-3-8b-text-generation-en"
    found = facts(written(tmp_path / name, {f"{name}.safetensors": tensors(a=("I32", [4]))}))
    assert found.properties == ()


@pytest.mark.parametrize(
    ("name", "fields", "stated"),
    [
        ("config.json", {"architectures": ["A", "B"], "model_type": "x"}, {"architecture": ("A", "B"), "architecture-family": ("x",)}),
        ("config.json", {"architectures": None, "model_type": {"a": ["\ud800"]}}, {"architecture-family": ("?",)}),
        ("model_index.json", {"_class_name": "FluxPipeline"}, {"architecture": ("FluxPipeline",)}),
        ("adapter_config.json", {"peft_type": "LORA", "base_model_name_or_path": "a/b"}, {"adapter-type": ("LORA",)}),
        ("config.json", {}, {}),
    ],
)  # fmt: skip
def test_what_configurations_state(name: str, fields: dict[str, object], stated: dict[str, tuple[str, ...]]) -> None:
    """The keys of transformers, diffusers and PEFT; values of any kind are read or left."""
    found = READERS[name](json.dumps(fields), HERE)
    assert {one.id.value: one.values for one in found.properties} == stated


def test_long_lists_are_bounded() -> None:
    """A card with a hundred thousand tags gives five hundred, one with an endless language a short one."""
    many = ", ".join(f"t{number}" for number in range(5_000))
    found = {one.id: one for one in read_card(f"---\ntags: [{many}]\nlanguage: {'x' * 5_000}\n---\n", HERE).properties}
    assert len(found[PropertyId.TAG].values) == 500
    assert len(found[PropertyId.LANGUAGE].values[0]) == 300


@pytest.mark.parametrize(
    ("types", "parameters"),
    [
        ({"F32": 10, "BF16": 5}, 15),
        ({"F32": 10, "I64": 3, "BOOL": 4}, 10),
        ({"F32": 10, "I32": 3}, None),  # GPTQ packs eight weights into one
        ({"BF16": 10, "U8": 3}, None),  # bitsandbytes packs two
        ({"I64": 3}, None),
        ({}, None),
    ],
)
def test_packed_weights_are_not_counted(types: dict[str, int], parameters: int | None) -> None:
    """Entries of floating types are parameters, places and masks are none; where an entry holds several, nobody counts."""
    assert count(types) == parameters


@pytest.mark.parametrize(
    ("counted", "parameters"),
    [
        ({"model.safetensors": 7}, "7"),
        ({"model-00001-of-00002.safetensors": 3, "model-00002-of-00002.safetensors": 4}, "7"),
        ({"model-00001-of-00002.safetensors": 3}, None),
        ({"model-00001-of-00002.safetensors": 3, "model-00002-of-00002.safetensors": None}, None),
        ({"q4.gguf": 7, "q8.gguf": 7}, "7"),
        ({"model.gguf": 7, "mmproj.gguf": 2}, None),
        ({"model.safetensors": 7, "unread.safetensors": None}, None),
        ({"model.safetensors": None}, None),
        ({}, None),
    ],
)
def test_parameters_are_those_of_all_files_or_nobodys(counted: dict[str, int | None], parameters: str | None) -> None:
    """Shards are added up, once all are there; several copies must agree; what cannot be told is not stated."""
    found = [one.values[0] for one in of_files(counted, HERE)]
    assert found == ([parameters] if parameters else [])


def test_a_gguf_header_tells(tmp_path: Path) -> None:
    """Architecture, languages, and the parameters of quantized weights, whose table has their true shape."""
    head = gguf(
        {"general.architecture": "llama", "general.languages": ["en", "fr"]},
        tensors=[("t", (32, 4), 8, 0)],
        data=bytes(136),
    )
    found = facts(written(tmp_path / "m", {"a.gguf": head}))
    assert said(found, PropertyId.FAMILY) == [("llama",)]
    assert said(found, PropertyId.LANGUAGE) == [("en", "fr")]
    assert said(found, PropertyId.PARAMETERS) == [("128",)]


def test_the_hub_says_what_files_do_not(serve: Serve, read: Read) -> None:
    """Task, library, day and count of a record are taken where the files are silent, and their own word where not."""
    silent = repository("acme/silent", {"README.md": card(license="mit")})
    loud = repository("acme/loud", {"README.md": card(license="mit", pipeline_tag="fill-mask")})
    hub = serve(silent, loud)
    more: dict[str, object] = {
        "pipeline_tag": "text-generation",
        "library_name": "transformers",
        "createdAt": "2025-03-01T00:00:00.000Z",
        "safetensors": {"parameters": {"BF16": 100, "I64": 5}, "total": 105},
        "config": {"architectures": ["BertModel"], "model_type": "bert"},
    }
    for one in (silent, loud):
        hub.tell(rf"/api/models/{one.name}(/revision/.*)?", as_json(changed(one, **more)))
    found = read("hf:acme/silent")
    told = {one.id.value: one.values for one in found.properties}
    assert told == {
        "card": ("README.md",), "task": ("text-generation",), "library": ("transformers",), "created": ("2025-03-01",),
        "architecture": ("BertModel",), "architecture-family": ("bert",), "parameters": ("100",),
    }  # fmt: skip
    where = {one.id: one.evidence for one in found.properties}
    assert where[PropertyId.PARAMETERS].quote == "safetensors: BF16 100, I64 5"
    assert said(read("hf:acme/loud"), PropertyId.TASK) == [("fill-mask",)]


@pytest.mark.parametrize(
    "said_", [{"parameters": {"I32": 9, "F16": 3}, "total": 12}, {"total": 12}, {"parameters": 7}, [], "x"]
)
def test_a_hub_that_counted_entries_is_not_believed(said_: object, serve: Serve, read: Read) -> None:
    """A sum over packed weights, and one of which nobody knows over what, is no number of parameters."""
    one = repository("acme/packed", {"README.md": card(license="mit")})
    serve(one).tell(
        r"/api/models/acme/packed(/revision/.*)?", as_json(changed(one, safetensors=said_, library_name="x"))
    )
    found = read("hf:acme/packed")
    assert said(found, PropertyId.LIBRARY) == [("x",)]
    assert said(found, PropertyId.PARAMETERS) == []


@pytest.mark.parametrize(
    ("task", "kinds"),
    [
        ("text-generation", (("text",), ("text",))),
        ("image-text-to-text", (("image", "text"), ("text",))),
        ("text-to-3d", (("text",), ("3d",))),
        ("Automatic-Speech-Recognition ", (("audio",), ("text",))),
        ("unconditional-image-generation", ((), ("image",))),
        ("any-to-any", ((), ())),
        ("reinforcement-learning", ((), ())),
        ("coffee-to-code", ((), ())),
        ("", ((), ())),
    ],
)
def test_what_goes_in_and_out(task: str, kinds: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    """The definition of a task tells; one that leaves it open, or that nobody knows, tells nothing."""
    assert kinds_of(task) == kinds


def test_every_task_that_is_named_in_full_is_known_one_way() -> None:
    """Tasks with inputs have outputs, and belong to a modality."""
    names = {name for tasks in _MODALITIES.values() for name in re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", tasks)}
    for name in names:
        inputs, outputs = kinds_of(name)
        assert not inputs or outputs, name
        assert not outputs or modality_of(name), name


def test_several_statements() -> None:
    """The first word for a task and a number wins, architectures stand side by side, a card without a page by its path."""

    def of(id_: PropertyId, *values: str) -> Property:
        return Property(id=id_, values=values, evidence=HERE.model_copy(update={"sha256": "ab" * 32}))

    told = described([
        of(PropertyId.TASK, "fill-mask"), of(PropertyId.TASK, "text-generation"), of(PropertyId.FAMILY, "clip"),
        of(PropertyId.FAMILY, "llama"), of(PropertyId.PARAMETERS, "7"), of(PropertyId.CARD, "READ ME.md"),
    ])  # fmt: skip
    assert (told.task, told.family, told.parameters, told.inputs) == ("fill-mask", "clip, llama", "7", ("text",))
    assert told.card
    assert (told.card.url, told.card.sha256) == ("READ%20ME.md", "ab" * 32)


@pytest.fixture
def documents(tmp_path: Path, licscan: Licscan, monkeypatch: pytest.MonkeyPatch) -> dict[str, Bom]:
    """A model in a folder, hashed, as a document of each form."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "pilot", pilot())
    found = {}
    for form in BOMS:
        file = tmp_path / f"bom.{form}"
        by = ("--author", "Acme", "--contact", "sbom@acme.example")
        assert licscan("manifest", "pilot", "--offline", "--sha512", *by, "--format", form, "--output", file).code == 0
        found[form] = read_bom(file.read_text())
    return found


# What nobody but the publisher, the reader or another source knows of a model in a folder.
_NOT_IN_A_FOLDER = {"provider", "release-date", "distribution-channels"}


@pytest.mark.parametrize("form", BOMS)
def test_documents_say_all_that_is_known(form: str, documents: dict[str, Bom], rules: Rulebook) -> None:
    """Every element whose fact stands in the folder is there in every form; what is missing stands nowhere in it."""

    def lacking(framework: str) -> set[str]:
        done = score(documents[form], rules.frameworks[framework])
        models = (row for row in done.rows if row.element.of == "model" and row.element.need == "required")
        return {row.element.id for row in models if row.status is not Status.PRESENT}

    assert lacking(EU) == _NOT_IN_A_FOLDER | {"energy"}
    assert lacking(BSI) == {"component-creator"}
    assert lacking(G7) == {"model-timestamp", "model-producer"}


@pytest.mark.parametrize("form", ["cyclonedx-json", "spdx2-json", "spdx3-json"])
def test_a_hub_knows_more(
    form: str, serve: Serve, licscan: Licscan, rules: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Provider, day and data that were looked at are in every form; what is missing neither hub nor card says."""
    monkeypatch.chdir(tmp_path)
    files: dict[str, bytes | str | None] = dict(pilot())
    ships = card(license="odc-by", task_categories=["image-classification"], size_categories=["n>1T"])
    serve(
        repository("acme/pilot", files),
        repository("acme/base"),
        repository("acme/ships", {"README.md": ships}, kind="datasets"),
    )
    file = tmp_path / "bom"
    assert licscan("manifest", "acme/pilot", "--format", form, "--output", file).code == 0
    bom = read_bom(file.read_text())
    lacking = {
        framework: {
            row.element.id
            for row in score(bom, rules.frameworks[framework]).rows
            if row.is_open and row.element.of in {"model", "dataset"}
        }
        for framework in (BSI, EU, G7)
    }
    assert lacking == {BSI: {"component-hash"}, EU: {"energy"}, G7: {"dataset-hash", "dataset-sensitivity"}}


def test_properties_are_the_same_in_every_form(documents: dict[str, Bom]) -> None:
    """Pairs with the names of the docs: CycloneDX, the extension of SPDX 3, the annotation of SPDX 2."""

    def pairs(bom: Bom) -> set[tuple[str, str]]:
        (tree,) = (part.tree for part in bom.parts if part.kind == "model" and part.direct)
        if bom.family == "spdx3":
            entries = tree["extension"][0]["extension_cdxProperty"]
            return {(one["extension_cdxPropName"], one["extension_cdxPropValue"]) for one in entries}
        return {(one["name"], one["value"]) for one in tree["properties"]}

    names = {
        "licscan:task",
        "licscan:task:at",
        "licscan:input",
        "licscan:parameters",
        "licscan:architecture",
        "licscan:computation",
    }
    told = {form: {pair for pair in pairs(bom) if pair[0] in names} for form, bom in documents.items()}
    assert told["spdx3-json"] >= {
        ("licscan:task", "text-generation"), ("licscan:task:at", "folder README.md:4"), ("licscan:input", "text"),
        ("licscan:parameters", "528"), ("licscan:architecture", "LlamaForCausalLM"),
        ("licscan:computation", "hardware_used: 8 x H100"),
    }  # fmt: skip
    assert all(one == told["spdx3-json"] for one in told.values())


def test_the_scan_shows_them(tmp_path: Path, licscan: Licscan, monkeypatch: pytest.MonkeyPatch) -> None:
    """At length on the terminal, with where each stands; all of them in the JSON."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "pilot", pilot())
    shown = " ".join(licscan("scan", "pilot", "--offline", "-v").out.split())
    assert "task text-generation (README.md:4)" in shown
    assert "architecture LlamaForCausalLM (config.json" in shown
    assert "parameters 528" in shown
    (model,) = json.loads(licscan("scan", "pilot", "--offline", "--format", "json").out)["models"]
    assert {one["id"] for one in model["properties"]} == {one.value for one in PropertyId} - {
        "adapter-type",
        "size-category",
        "created",
    }


SPDX2: dict[str, Any] = {
    "spdxVersion": "SPDX-2.3",
    "SPDXID": "SPDXRef-DOCUMENT",
    "packages": [
        {
            "SPDXID": "SPDXRef-m",
            "name": "harbor/pilot",
            "comment": "A machine learning model.",
            "annotations": [{"comment": "licscan:parameters=7\nno pair\nplain=1\nacme:task = x\nlicscan:task=fill-mask"}],
        },
        {"SPDXID": "SPDXRef-d", "name": "harbor/ships", "comment": "A dataset."},
    ],
    "relationships": [
        {"spdxElementId": "SPDXRef-m", "relationshipType": "OTHER", "relatedSpdxElement": "SPDXRef-d", "comment": "trainedOn"},
        {"spdxElementId": "SPDXRef-m", "relationshipType": "OTHER", "relatedSpdxElement": "SPDXRef-d", "comment": "two words"},
    ],
}  # fmt: skip
TAGS = """SPDXVersion: SPDX-2.3
SPDXID: SPDXRef-DOCUMENT
PackageName: harbor/pilot
SPDXID: SPDXRef-m
PackageComment: <text>A machine learning model.</text>
PackageName: harbor/ships
SPDXID: SPDXRef-d
PackageComment: A dataset.
Relationship: SPDXRef-m OTHER SPDXRef-d
RelationshipComment: trainedOn
Annotator: Person: Jo
AnnotationDate: 2026-01-01T00:00:00Z
AnnotationType: OTHER
SPDXREF: SPDXRef-m
AnnotationComment: <text>licscan:parameters=7
no pair
licscan:task=fill-mask</text>
"""


@pytest.mark.parametrize("text", [json.dumps(SPDX2), TAGS])
def test_annotations_of_spdx_2_are_read(text: str) -> None:
    """Lines with a name of a namespace, in both forms; a relationship that SPDX 2 has no word for, by its comment."""
    (model,) = (part.tree for part in read_bom(text).parts if part.kind == "model")
    names = [(one["name"], one["value"]) for one in model["properties"]]
    assert names == [("licscan:parameters", "7"), ("licscan:task", "fill-mask")]
    assert model["relationships"]["trainedOn"] == ["SPDXRef-d"]


def test_a_time_that_a_profile_demands_is_no_fact(rules: Rulebook) -> None:
    """In SPDX 3, a release at the moment at which the document was written says nothing; another one does."""
    info = {"type": "CreationInfo", "@id": "_:c", "created": "2026-01-01T00:00:00Z", "specVersion": "3.0.1"}
    model = {"type": "ai_AIPackage", "spdxId": "urn:m", "creationInfo": "_:c", "name": "harbor/pilot"}
    for time, status in (("2026-01-01T00:00:00Z", Status.MISSING), ("2025-05-04T00:00:00Z", Status.PRESENT)):
        graph = {
            "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
            "@graph": [info, {**model, "releaseTime": time}],
        }
        done = score(read_bom(json.dumps(graph)), rules.frameworks[EU])
        assert next(row.status for row in done.rows if row.element.id == "release-date") is status


def test_facts_of_before_are_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rules: Rulebook) -> None:
    """An assessment without properties is one; facts that a reader kept who did not look for them are not the last word."""
    model = facts(written(tmp_path / "pilot", pilot()))
    assessment = assess(model, {}, rules)
    old = json.loads(assessment.model_dump_json())
    del old["properties"]
    assert Assessment.model_validate(old).properties == ()
    with Store(str(tmp_path / "runs.db")) as store:
        run = store.begin(["pilot"], "/", "r", NOW)
        monkeypatch.setattr(save, "READ_BY", "0.1.0")
        store.save(run, 0, Loaded(model), assessment)
        assert store.known(model.ref) is None
        monkeypatch.undo()
        store.save(run, 0, Loaded(model), assessment)
        assert store.known(model.ref) == model

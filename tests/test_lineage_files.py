"""What files beside weights say of the models that they come from."""

from collections.abc import Callable
from pathlib import Path

import pytest

from licscan.errors import UnreadableError
from licscan.formats import model_config
from licscan.formats.hub_names import model_ref, ollama_ref
from licscan.model import Evidence, ModelRef, Relation
from licscan.sources.folder import FolderSource
from tests.test_sources import loaded

Make = Callable[..., Path]
AT = Evidence(source="test", path="x")


@pytest.mark.parametrize(
    "name",
    [
        "path/to/model", "your-username/your-model", "org/model-name", "username/repo", "checkpoint-500", "output", "./merged",
        r"C:\Users\ann\llama", "/content/drive/x", "<base model>", "${MODEL}", "None", "final_model", "{base}", "local/model",
        "my-org/my-model", "~/llama", "s3://bucket/x", "a/b/c",
    ],
)  # fmt: skip
def test_placeholders_and_paths_name_no_model(name: str) -> None:
    """What stands in place of a name, or names a place on somebody's disk, is no model of the Hub."""
    assert model_ref(name) is None


@pytest.mark.parametrize(
    "name", ["gpt2", "org/base", "meta-llama/Llama-3.1-8B", "someone/model", "a/final", "Localai/x", "outputs/x"]
)
def test_names_name_models(name: str) -> None:
    """Names that only look like a placeholder's beginning are names."""
    assert str(model_ref(name)) == f"hf:{name}"


def test_names_of_ollama() -> None:
    """A name of the library, of a user, of the Hub through Ollama; a path is none."""
    names = {
        "llama3.1:8b": "ollama:llama3.1:8b",
        "ann/mine": "ollama:ann/mine",
        "hf.co/a/B-GGUF:Q4": "hf:a/B-GGUF",
        "./x": "None",
        "x.gguf": "None",
    }
    assert {name: str(ollama_ref(name)) for name in names} == names


def test_merges_name_all_their_models() -> None:
    """Models, slices, experts and adapters of mergekit's many forms, each once; a tokenizer's source is no base."""
    text = """
merge_method: dare_ties
base_model: a/base
tokenizer_source: a/words
models:
  - model: a/one
    parameters: {weight: 0.5}
  - model: {path: a/two, revision: v1}
  - model: a/base
slices:
  - sources:
      - model: a/three+a/adapter
        layer_range: [0, 3]
experts:
  - source_model: path/to/model
"""
    found = model_config.read_merge(text, AT)
    assert {(base.stated, str(base.ref), base.relation.value) for base in found.bases} == {
        ("a/base", "hf:a/base", "merge"),
        ("a/one", "hf:a/one", "merge"),
        ("a/two@v1", "hf:a/two@v1", "merge"),
        ("a/three", "hf:a/three", "merge"),
        ("a/adapter", "hf:a/adapter", "adapter"),
        ("path/to/model", "None", "merge"),
    }
    with pytest.raises(UnreadableError):
        model_config.read_merge("a: [", AT)


def test_adapters_of_several_bases() -> None:
    """A list of bases is as many; a revision belongs to each that has none; a private path is cut."""
    text = '{"base_model_name_or_path": ["a/b", "c/d@v2", "C:\\\\Users\\\\ann\\\\llama"], "revision": "abc"}'
    found = model_config.read_adapter_config(text, AT)
    assert [(base.stated, str(base.ref)) for base in found.bases] == [
        ("a/b", "hf:a/b@abc"),
        ("c/d@v2", "hf:c/d@v2"),
        ("…/llama", "None"),
    ]


MODELFILE = '''# made by hand
from llama3.1:8b
ADAPTER ./lora.gguf
license """
MIT License

Permission is granted.
"""
LICENSE apache-2.0
SYSTEM "You are kind."
FROM hf.co/acme/Model-GGUF:Q4
FROM /home/ann/.ollama/models/blobs/sha256-{blob}
'''


def test_a_modelfile_is_read(make_model: Make) -> None:
    """What a Modelfile is made from is its base, each license of it a text or a name; a blob is none."""
    folder = make_model(card=None, Modelfile=MODELFILE.replace("{blob}", "a" * 64))
    source = FolderSource()
    model = source.load(source.pin(ModelRef(scheme="file", name=str(folder)))).model
    assert [(base.stated, str(base.ref), base.relation.value, base.evidence.lines) for base in model.bases] == [
        ("llama3.1:8b", "ollama:llama3.1:8b", "unstated", (2, 2)),
        ("./lora.gguf", "None", "adapter", (3, 3)),
        ("hf.co/acme/Model-GGUF:Q4", "hf:acme/Model-GGUF", "unstated", (11, 11)),
    ]
    assert [text.path for text in model.texts] == ["Modelfile#LICENSE"]
    assert [claim.stated for claim in model.claims] == ["apache-2.0"]
    assert "ann" not in model.model_dump_json().replace(str(folder), "").replace("granted", "")


def test_a_pipeline_of_diffusers_names_its_origin(make_model: Make) -> None:
    """`model_index.json` states what the pipeline was made from."""
    folder = make_model(card=None, model_index__json='{"_class_name": "X", "_name_or_path": "acme/sd"}')
    source = FolderSource()
    model = source.load(source.pin(ModelRef(scheme="file", name=str(folder)))).model
    assert [str(base.ref) for base in model.bases] == ["hf:acme/sd"]


@pytest.mark.parametrize(
    ("words", "base", "relation"),
    [
        ("This is a fine-tuned version of [Llama 3.1](https://huggingface.co/meta-llama/Llama-3.1-8B).",
         "meta-llama/Llama-3.1-8B", Relation.FINETUNE),
        ("Quantized from https://huggingface.co/google/gemma-2-9b-it", "google/gemma-2-9b-it", Relation.QUANTIZED),
        ("GGUF files, converted from [wren](https://huggingface.co/acme/wren-7b/tree/main)", "acme/wren-7b", Relation.QUANTIZED),
        ("A LoRA adapter for **[Wren 1.5](https://hf.co/acme/wren-1.5)**", "acme/wren-1.5", Relation.ADAPTER),
        ("An abliterated copy of [wren](https://huggingface.co/acme/wren)", "acme/wren", Relation.UNSTATED),
        ("Fine-tuned on [birds](https://huggingface.co/datasets/acme/birds)", None, None),
        ("See [wren](https://huggingface.co/acme/wren) for more.", None, None),
        ("We fine-tuned it for weeks. Compare [wren](https://huggingface.co/acme/wren).", None, None),
    ],
)  # fmt: skip
def test_a_base_in_the_words_of_a_card(
    make_model: Make, words: str, base: str | None, relation: Relation | None
) -> None:
    """What the head of a card links to as what it was made from is its base, with line and words; data are none."""
    found = loaded(make_model("owl", card=f"---\nlicense: mit\n---\n# Owl\n\n{words}\n")).bases
    assert [(one.ref and one.ref.name, one.relation) for one in found] == ([(base, relation)] if base else [])
    assert all(one.evidence.lines == (6, 6) and one.evidence.quote for one in found)


def test_front_matter_speaks_before_the_words(make_model: Make) -> None:
    """A base that the front matter names is the card's word; its prose is not searched for others."""
    card = "---\nbase_model: acme/owl\n---\nA fine-tuned version of [wren](https://huggingface.co/acme/wren)\n"
    assert [one.stated for one in loaded(make_model("owl", card=card)).bases] == ["acme/owl"]

"""The catalogue: what a model's name stands for, however it is offered, and what the rule base knows of it."""

import datetime
import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan import catalogue, offers
from licscan.licenses import read, resolve
from licscan.model import Artefacts, Freedom, GapId, ModelRef, Openness
from licscan.rulebook import ModelFacts, Rulebook
from licscan.spelling import restored, spelling
from tests.conftest import Licscan


def known_as(name: str, rules: Rulebook) -> str:
    return str(catalogue.canonical(ModelRef.parse(name), rules))


@pytest.mark.parametrize(
    ("names", "model"),
    [
        ("api:openai/gpt-4o api:azure/gpt-4o api:azure/eu/gpt-4o api:openrouter/openai/gpt-4o api:gpt-4o api:github/gpt-4o api:openai:gpt-4o", "api:openai/gpt-4o"),
        ("api:azure/gpt-35-turbo api:gpt-3.5-turbo api:openai/gpt-3.5-turbo", "api:openai/gpt-3.5-turbo"),
        ("api:anthropic/claude-3-7-sonnet-20250219 api:bedrock/us.anthropic.claude-3-7-sonnet-20250219-v1:0 api:vertex_ai/claude-3-7-sonnet@20250219 api:eu.anthropic.claude-3-7-sonnet-20250219-v1:0 api:arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-7-sonnet-20250219-v1:0", "api:anthropic/claude-3-7-sonnet-20250219"),
        ("api:openrouter/anthropic/claude-opus-4.5 api:anthropic/claude-opus-4-5 api:vertex_ai/claude-opus-4-5@default", "api:anthropic/claude-opus-4-5"),
        ("api:google/gemini-2.5-pro api:gemini/gemini-2.5-pro api:vertex_ai/gemini-2.5-pro api:vertex_ai/publishers/google/models/gemini-2.5-pro api:models/gemini-2.5-pro api:google_genai:gemini-2.5-pro", "api:google/gemini-2.5-pro"),
        ("api:openrouter/meta-llama/llama-3.1-8b-instruct api:bedrock/meta.llama3-1-8b-instruct-v1:0 api:meta.llama3-1-8b-instruct-v1:0 api:vertex_ai/publishers/meta/models/llama-3.1-8b-instruct-maas api:groq/llama-3.1-8b-instant api:fireworks_ai/accounts/fireworks/models/llama-v3p1-8b-instruct api:azure_ai/Meta-Llama-3.1-8B-Instruct api:deepinfra/meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo api:sambanova/Meta-Llama-3.1-8B-Instruct api:cloudflare/@cf/meta/llama-3.1-8b-instruct-fp8 api:watsonx/meta-llama/llama-3-1-8b-instruct api:nvidia_nim/meta/llama-3.1-8b-instruct ollama:llama3.1 ollama:llama3.1:8b ollama:library/llama3.1:8b-instruct-q4_K_M api:ollama/llama3.1:latest", "hf:meta-llama/Llama-3.1-8B-Instruct"),
        ("api:replicate/meta/llama-2-70b-chat api:sagemaker/meta-textgeneration-llama-2-70b-f api:together_ai/meta-llama/Llama-2-70b-chat-hf", "hf:meta-llama/Llama-2-70b-chat-hf"),
        ("api:groq/openai/gpt-oss-20b api:cerebras/gpt-oss-20b api:bedrock/openai.gpt-oss-20b-1:0 ollama:gpt-oss api:ollama/gpt-oss:20b-cloud", "hf:openai/gpt-oss-20b"),
        ("ollama:qwen2.5:3b ollama:qwen2.5:3b-instruct-q8_0", "hf:Qwen/Qwen2.5-3B-Instruct"),
        ("ollama:hf.co/bartowski/Qwen2.5-7B-Instruct-GGUF:Q4_K_M api:huggingface/bartowski/Qwen2.5-7B-Instruct-GGUF", "hf:bartowski/Qwen2.5-7B-Instruct-GGUF"),
        ("api:bedrock/anthropic.claude-v2:1 api:anthropic/claude-2.1", "api:anthropic/claude-2-1"),
        ("api:bedrock/meta.llama3-2-90b-instruct-v1:0 ollama:llama3.2-vision:90b api:groq/llama-3.2-90b-vision-preview", "hf:meta-llama/Llama-3.2-90B-Vision-Instruct"),
        ("api:fireworks_ai/thenlper/gte-base api:together_ai/thenlper/gte-base", "hf:thenlper/gte-base"),
        ("api:mistral/open-mixtral-8x7b api:groq/mixtral-8x7b-32768", "hf:mistralai/Mixtral-8x7B-Instruct-v0.1"),
    ],
)  # fmt: skip
def test_one_model_has_one_name(rules: Rulebook, names: str, model: str) -> None:
    """A model is the same by whichever way, in whichever spelling it is offered."""
    assert {known_as(name, rules) for name in names.split()} == {model}


@pytest.mark.parametrize(
    "name",
    "openai/gpt-6 openai/gpt-9-mini-2029-01-01 openai/o7 anthropic/claude-something-9 xai/grok-3 mistral/mistral-large-2402 "
    "bedrock/amazon.nova-pro-v1:0 cohere/embed-english-v3.0 dashscope/qwen-max google/gemini-9-ultra voyage/voyage-3-large".split(),
)
def test_known_services_are_closed(rules: Rulebook, name: str) -> None:
    """Where a publisher releases no weights of models named so, the model is closed, and a page says so."""
    found = catalogue.search(ModelRef.parse(f"api:{name}"), rules)
    assert found is not None
    assert (found.facts.released, found.facts.artefacts.weights.state) == (False, Openness.NONE)
    assert (found.facts.evidence.url or "").startswith("https://")
    assert (found.facts.evidence.path or "").startswith("rules/providers/")
    assert not found.claims
    assert catalogue.resold(ModelRef.parse(f"api:{name}"), rules) is None


def test_nothing_of_a_known_service_is_left_to_look_at(licscan: Licscan) -> None:
    """A service has no files: where the rule base knows it, no gap says that they were not read."""
    out = licscan("scan", "api:openai/gpt-4o", "api:nowhere/unheard-of", "--offline", "--format", "json").out
    known, unknown = json.loads(out)["models"]
    assert [gap["id"] for gap in known["gaps"]] == []
    assert "not-looked-at" in [gap["id"] for gap in unknown["gaps"]]


@pytest.mark.parametrize(
    "name",
    "xai/grok-9 mistral/mistral-large-latest openai/flagship nowhere/llama-3.1-8b-instruct openrouter/somebody/llama-3.1-8b-finetuned "
    "together_ai/mistralai/Mistral-Huge-9 sonnet fireworks_ai/flux-1-dev-controlnet-union databricks/databricks-deepseek-v9-1-flash zai/glm-4.5-airx nowhere/gpt-4o ollama/somebody/llama3.1 ollama/mistral/mistral-7b bedrock/meta.muse-9".split(),
)
def test_what_nobody_can_know_stays_open(rules: Rulebook, name: str) -> None:
    """A name that no record covers means nothing: neither closed nor open."""
    assert catalogue.search(ModelRef.parse(f"api:{name}"), rules) is None
    assert catalogue.resold(ModelRef.parse(f"api:{name}"), rules) is None
    assert known_as(f"api:{name}", rules) == f"api:{name}"


def test_the_license_of_an_open_model_still_applies(rules: Rulebook) -> None:
    """Behind a reseller's name stand the open model's license and artefacts, and a note says so."""
    found = catalogue.search(ModelRef.parse("api:groq/llama-3.1-8b-instant"), rules)
    assert found is not None
    assert found.facts.license == "LicenseRef-llama3.1"
    assert found.ref == ModelRef.parse("hf:meta-llama/Llama-3.1-8B-Instruct")
    assert "Groq offers hf:meta-llama/Llama-3.1-8B-Instruct under this name" in (found.facts.note or "")
    assert [gap.id for gap in found.gaps] == [GapId.REVISION_NOT_ESTABLISHED]
    resold = catalogue.resold(ModelRef.parse("api:groq/llama-3.1-8b-instant"), rules)
    assert resold is not None
    assert (resold.evidence.path, resold.provider) == ("rules/providers/groq.yaml", "Groq")


def test_an_open_model_without_a_record_is_a_base(rules: Rulebook) -> None:
    """Where the rule base has no record of the open model, it is named as what the offered one comes from."""
    found = catalogue.search(ModelRef.parse("api:huggingface/nobody/unheard-of-7b"), rules)
    assert found is not None
    assert not found.claims
    assert [str(base.ref) for base in found.bases] == ["hf:nobody/unheard-of-7b"]


@given(name=st.text(alphabet="abcgptlm3.:-_/@*{}[]()\\+?", min_size=1, max_size=60))
def test_any_name_has_an_answer(rules: Rulebook, name: str) -> None:
    """No name, however odd, makes the catalogue fail, or means a model that the Hub cannot have."""
    for scheme in ("api", "ollama"):
        for way in ("", "groq/llama-3.1-", "huggingface/a/", "openrouter/qwen/qwen2.5-"):
            ref = ModelRef(scheme=scheme, name=way + name)
            catalogue.search(ref, rules)
            resold = catalogue.resold(ref, rules)
            assert resold is None or ModelRef.parse(str(resold.ref)) == resold.ref


def test_long_names_cost_little(rules: Rulebook) -> None:
    """A name made to be searched in vain is answered like any other."""
    for name in ("gpt-" * 250, "a." * 500, "llama-3." * 120, "/".join(["openrouter"] * 100)):
        assert catalogue.search(ModelRef(scheme="api", name=f"openrouter/{name}"), rules) is None or "gpt" in name


@pytest.mark.parametrize(
    ("pattern", "fits", "fits_not"),
    [
        (
            "Llama-3.1-*",
            "llama-3.1-8b llama3.1:8b llama3-1-8b LLAMA_3.1_x",
            "llama-3.1 llama-31-8b llama-3-8b llama-3.12-8b",
        ),
        ("Llama-3-*", "llama-3-8b llama3:8b", "llama-3.1-8b llama3.1:8b llama-31-8b"),
        ("Qwen2.5-7B*", "qwen2.5-7b-instruct qwen-2.5-7b", "qwen2.5-72b qwen2.5-17b"),
        ("gpt-#*", "gpt-4o gpt-3.5-turbo gpt4 gpt-10", "gpt-oss-20b gpt-image-1 gpt"),
        ("phi-*", "phi-2 phi3", "philosophy phi"),
        ("{a}-{a}", "x-x 8b:8b", "x-y"),
    ],
)
def test_spellings(pattern: str, fits: str, fits_not: str) -> None:
    """Case and separators do not count, numbers do."""
    expression = spelling(pattern).expression
    assert [name for name in fits.split() if not expression.fullmatch(name.casefold())] == []
    assert [name for name in fits_not.split() if expression.fullmatch(name.casefold())] == []


def test_names_are_shown_as_their_publisher_writes_them() -> None:
    """What a pattern fixes is shown as it stands there, the rest in its style."""
    assert restored("llama3-1-8b-instruct", "Llama-3.1-*") == "Llama-3.1-8B-Instruct"
    assert restored("gemma2:9b-it", "gemma-2-*") == "gemma-2-9b-it"
    assert restored("qwen-2.5-7b", "Qwen2.5-7B*") == "Qwen2.5-7B"


def test_a_name_passes_no_more_providers_than_anyone_needs(rules: Rulebook) -> None:
    """A name of a hundred providers is not followed to its end."""
    assert offers.find(ModelRef(scheme="api", name="/".join(["openrouter"] * 100 + ["gpt-4o"])), rules) is None


FAMILIES = [
    # Of two records the one that says more of the name answers.
    ("Qwen/Qwen2.5-Coder-3B-Instruct", "LicenseRef-qwen-research"),
    ("Qwen/Qwen2.5-Coder-32B-Instruct", "Apache-2.0"),
    ("Qwen/Qwen2.5-VL-72B-Instruct-AWQ", "LicenseRef-qwen-license-2024"),
    ("Qwen/Qwen2-VL-2B-Instruct", "Apache-2.0"),
    ("Qwen/Qwen1.5-0.5B-Chat", "LicenseRef-tongyi-qianwen-research"),
    ("meta-llama/Llama-Guard-3-1B-INT4", "LicenseRef-llama3.2"),
    ("mistralai/Mistral-Small-3.2-24B-Instruct-2506", "Apache-2.0"),
    ("mistralai/Mistral-Small-Instruct-2409", "LicenseRef-mistral-mrl-0.1"),
    ("google/gemma-3-27b-it", "LicenseRef-gemma"),
    ("google/gemma-4-31B-it", "Apache-2.0"),
    ("openai/whisper-large-v3-turbo", "MIT"),
    ("openai/whisper-tiny.en", "Apache-2.0"),
    # A license that changed holds for its days.
    ("microsoft/phi-2@2023-12-20", "LicenseRef-ms-research-license"),
    ("microsoft/phi-2@2024-02-01", "MIT"),
    ("01-ai/Yi-34B-Chat@2024-05-29", "LicenseRef-yi"),
    ("01-ai/Yi-34B-Chat@2024-05-30", "Apache-2.0"),
    ("tiiuae/falcon-7b@2023-05-30", "LicenseRef-falcon-llm-1.0"),
    ("tiiuae/falcon-7b@2023-06-01", "Apache-2.0"),
    ("stabilityai/sdxl-turbo@2024-01-01", "LicenseRef-stability-nc-research"),
    ("stabilityai/sdxl-turbo@2024-08-01", "LicenseRef-stability-community-2024"),
    ("hf:bert-base-uncased", "Apache-2.0"),
]


@pytest.mark.parametrize(("name", "license_"), FAMILIES)
def test_families(rules: Rulebook, name: str, license_: str) -> None:
    """A family has a record, its exceptions theirs, and one for each license that it had."""
    found = catalogue.search(ModelRef.parse(name), rules)
    assert found is not None
    assert found.facts.license == license_


@pytest.mark.parametrize(
    "name",
    [
        "Qwen/Qwen9-7B",
        "meta-llama/Llama-9-8B",
        "somebody/Llama-3.1-8B",
        "tiiuae/falcon-7b@2020-01-01",
        "google/unheard-of",
    ],
)
def test_names_outside_all_families(rules: Rulebook, name: str) -> None:
    """A model of no known family, a day before the first record, or somebody's copy: nothing is known of it by name."""
    assert catalogue.search(ModelRef.parse(name), rules) is None


def test_what_is_open_can_be_had(rules: Rulebook) -> None:
    """Whatever a record says is open or partly so stands on a page that it names; so does every license."""
    for facts in rules.models:
        assert facts.evidence.url, facts.id
        for name in Artefacts.model_fields:
            artefact = getattr(facts.artefacts, name)
            if artefact.state in {Openness.OPEN, Openness.PARTIAL}:
                assert artefact.evidence, facts.id
                assert (artefact.evidence.url or "").startswith("https://"), facts.id


def test_every_family_has_terms(rules: Rulebook) -> None:
    """No record names a license whose terms nobody recorded: the model's own text must speak there."""
    assert [one.id for one in rules.models if not one.license] == []
    assert [one.id for one in rules.models if read(one.license or "", rules).freedom is Freedom.UNKNOWN] == []


def test_records_of_one_name_do_not_overlap(rules: Rulebook) -> None:
    """Records that share a pattern hold for different days, and each has a name of its own."""
    assert len({one.id for one in rules.models}) == len(rules.models)
    shared: dict[str, list[ModelFacts]] = {}
    for facts in rules.models:
        assert (facts.starting or datetime.date.min) <= (facts.until or datetime.date.max), facts.id
        for pattern in facts.match:
            shared.setdefault(pattern.casefold(), []).append(facts)
    for several in shared.values():
        several.sort(key=lambda one: one.starting or datetime.date.min)
        for earlier, later in itertools.pairwise(several):
            last, first = earlier.until or datetime.date.max, later.starting or datetime.date.min
            assert last < first, (earlier.id, later.id)


def test_every_base_of_a_family_can_be_named(rules: Rulebook) -> None:
    """What families come from has a record too, so that their level is known without a network."""
    bases = {str(base.ref) for facts in rules.models for base in facts.bases}
    assert len(bases) > 40
    assert sorted(name for name in bases if catalogue.search(ModelRef.parse(name), rules) is None) == []


def test_records_of_the_hub_agree(rules: Rulebook, corpus: Path) -> None:
    """Where the Hub tags a model of a known family with a license, it is the record's, or none that says anything."""
    lines = (corpus / "hub" / "models-2026-08.jsonl").read_text().splitlines()
    compared, differ = 0, []
    for row in map(json.loads, lines):
        ref = ModelRef(scheme="hf", name=row["id"])
        found = catalogue.search(ref, rules, datetime.date(2026, 8, 20))
        if found is None or row["license"] in {None, "other", "unknown"}:
            continue
        compared += 1
        if resolve(row["license"], rules).expression != found.facts.license:
            differ.append((row["id"], row["license"], found.facts.license))
    assert compared > 100
    assert differ == []

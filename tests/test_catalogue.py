"""The catalogue: what a model's name stands for, however it is offered, and what the rule base knows of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan import catalogue, offers
from licscan.model import GapId, ModelRef, Openness
from licscan.rulebook import Rulebook
from licscan.spelling import restored, spelling


def known_as(name: str, rules: Rulebook) -> str:
    return str(catalogue.canonical(ModelRef.parse(name), rules))


@pytest.mark.parametrize(
    ("names", "model"),
    [
        ("api:openai/gpt-4o api:azure/gpt-4o api:azure/eu/gpt-4o api:openrouter/openai/gpt-4o api:gpt-4o api:github/gpt-4o api:openai:gpt-4o", "api:openai/gpt-4o"),
        ("api:azure/gpt-35-turbo api:gpt-3.5-turbo api:openai/gpt-3.5-turbo", "api:openai/gpt-3.5-turbo"),
        ("api:anthropic/claude-3-7-sonnet-20250219 api:bedrock/us.anthropic.claude-3-7-sonnet-20250219-v1:0 api:vertex_ai/claude-3-7-sonnet@20250219 api:eu.anthropic.claude-3-7-sonnet-20250219-v1:0", "api:anthropic/claude-3-7-sonnet-20250219"),
        ("api:openrouter/anthropic/claude-opus-4.5 api:anthropic/claude-opus-4-5 api:vertex_ai/claude-opus-4-5@default", "api:anthropic/claude-opus-4-5"),
        ("api:google/gemini-2.5-pro api:gemini/gemini-2.5-pro api:vertex_ai/gemini-2.5-pro api:vertex_ai/publishers/google/models/gemini-2.5-pro", "api:google/gemini-2.5-pro"),
        ("api:openrouter/meta-llama/llama-3.1-8b-instruct api:bedrock/meta.llama3-1-8b-instruct-v1:0 api:meta.llama3-1-8b-instruct-v1:0 api:vertex_ai/publishers/meta/models/llama-3.1-8b-instruct-maas api:groq/llama-3.1-8b-instant api:fireworks_ai/accounts/fireworks/models/llama-v3p1-8b-instruct api:azure_ai/Meta-Llama-3.1-8B-Instruct api:deepinfra/meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo api:sambanova/Meta-Llama-3.1-8B-Instruct api:cloudflare/@cf/meta/llama-3.1-8b-instruct-fp8 api:watsonx/meta-llama/llama-3-1-8b-instruct api:nvidia_nim/meta/llama-3.1-8b-instruct ollama:llama3.1 ollama:llama3.1:8b ollama:library/llama3.1:8b-instruct-q4_K_M api:ollama/llama3.1:latest", "hf:meta-llama/Llama-3.1-8B-Instruct"),
        ("api:replicate/meta/llama-2-70b-chat api:sagemaker/meta-textgeneration-llama-2-70b-f api:together_ai/meta-llama/Llama-2-70b-chat-hf", "hf:meta-llama/Llama-2-70b-chat-hf"),
        ("api:groq/openai/gpt-oss-20b api:cerebras/gpt-oss-20b api:bedrock/openai.gpt-oss-20b-1:0 ollama:gpt-oss api:ollama/gpt-oss:20b-cloud", "hf:openai/gpt-oss-20b"),
        ("ollama:qwen2.5:3b ollama:qwen2.5:3b-instruct-q8_0", "hf:Qwen/Qwen2.5-3B-Instruct"),
        ("ollama:hf.co/bartowski/Qwen2.5-7B-Instruct-GGUF:Q4_K_M api:huggingface/bartowski/Qwen2.5-7B-Instruct-GGUF", "hf:bartowski/Qwen2.5-7B-Instruct-GGUF"),
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


@pytest.mark.parametrize(
    "name",
    "xai/grok-9 mistral/mistral-large-latest openai/flagship nowhere/llama-3.1-8b-instruct openrouter/somebody/llama-3.1-8b-finetuned "
    "together_ai/mistralai/Mistral-Huge-9 sonnet nowhere/gpt-4o ollama/somebody/llama3.1 bedrock/meta.muse-9".split(),
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
    """No name, however odd, makes the catalogue fail."""
    for scheme in ("api", "ollama"):
        catalogue.search(ModelRef(scheme=scheme, name=name), rules)


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

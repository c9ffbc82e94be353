"""Services by the addresses of their interfaces: a client of OpenAI's speaks to every server that speaks alike."""

import re2

_SERVICES = {
    b"openrouter.ai/api": "openrouter",
    b"api.together.xyz": "together_ai",
    b"api.together.ai": "together_ai",
    b"api.groq.com": "groq",
    b"api.fireworks.ai": "fireworks_ai",
    b"api.deepinfra.com": "deepinfra",
    b"api.cerebras.ai": "cerebras",
    b"api.sambanova.ai": "sambanova",
    b"integrate.api.nvidia.com": "nvidia_nim",
    b"api.novita.ai": "novita",
    b"api.hyperbolic.xyz": "hyperbolic",
    b"api.studio.nebius": "nebius",
    b"api.siliconflow.": "siliconflow",
    b"api.mistral.ai": "mistral",
    b"api.deepseek.com": "deepseek",
    b"api.perplexity.ai": "perplexity",
    b"api.x.ai": "xai",
    b"api.moonshot.": "moonshot",
    b"dashscope": "dashscope",
    b"open.bigmodel.cn": "zai",
    b"api.featherless.ai": "featherless_ai",
    b"models.github.ai": "github",
    b"models.inference.ai.azure.com": "github",
}
_ANY = re2.compile(b"|".join(re2.escape(host) for host in _SERVICES))
_SIGN = "at:"


def hosts(data: bytes) -> frozenset[str]:
    """The services whose interfaces a file gives the addresses of, as traits of the file.

    Args:
        data: The source in UTF-8.
    """
    return frozenset(_SIGN + _SERVICES[found.group()] for found in _ANY.finditer(data))


def host(traits: frozenset[str]) -> str | None:
    """The one service that a file's clients speak to; None where it names several, or loads models of the Hub."""
    named = [trait for trait in traits if trait.startswith(_SIGN)]
    return named[0].removeprefix(_SIGN) if len(named) == 1 and "hub" not in traits else None

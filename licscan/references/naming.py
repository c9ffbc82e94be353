"""Names of models where one is expected: repositories, places on a disk, models of services, tags of Ollama."""

import re
from typing import NamedTuple

from licscan.hub_renames import RENAMED
from licscan.references import shapes
from licscan.references.calls import OWNERS, SHORT
from licscan.references.hosts import host
from licscan.references.keys import Role, words
from licscan.references.providers import LOCAL, OLLAMA, PREFIXES, family, is_alias, is_service
from licscan.references.said import UNKNOWN, Said

Name = tuple[str, str, str | None]  # scheme, name, revision

_SERVED = re.compile(r"[A-Za-z0-9@][\w.:@/+-]*")
_OLLAMA_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(?:/[\w.-]+){0,2}(?::[\w.-]+)?")
# `package.module.name` is something of a program.
_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_PACKAGE = re.compile(r"[a-z_]+(?:\.[a-z_]+){2,}")
# What OpenAI itself has on the Hub.
_OPENAI = re.compile(
    r"(?i)openai/(?:whisper|clip|gpt-oss|shap-e|consistency|imagegpt|diffusers|jukebox|circuit|privacy)"
)
_LOADED = frozenset((Role.HUB, Role.PATH))
_OLLAMA_PORT = "11434"


class Question(NamedTuple):
    """A text, and what is known of its place.

    Attributes:
        text: The text.
        what: What is expected there.
        service: Whose client takes it.
        said: Where it stands.
        traits: What the file speaks of.
    """

    text: str
    what: Role
    service: str | None
    said: Said
    traits: frozenset[str]


def served_by_ollama(text: str) -> Name | None:
    """A name that Ollama is given: one of its own, a file, or a model that it passes on to a service."""
    if shapes.is_path(text) or shapes.is_weight_file(text):
        return None if text.startswith("/v1") else ("file", text, None)
    if text.partition("/")[0] in OLLAMA:
        text = text.partition("/")[2]
    if UNKNOWN in text or not _OLLAMA_NAME.fullmatch(text) or _PACKAGE.fullmatch(text):
        return None
    if (provider := family(text)) and not shapes.is_ollama(text, tagged=False):
        return "api", f"{provider}/{text}", None
    return "ollama", text, None


def slashed(asked: Question) -> Name | None:
    """What a text with a slash names."""
    text = asked.text
    head, _, rest = text.partition("/")
    if text.startswith("library/") or (":" in text and _is_tagged(text)):
        return served_by_ollama(text)
    if text.startswith(("@cf/", "@hf/")):
        return _of_service("cloudflare", text)
    if text.startswith("accounts/fireworks/"):
        return _of_service("fireworks_ai", text)
    if text.startswith("ai/") and shapes.BARE.fullmatch(text[3:].partition(":")[0]):
        return "oci", text, None
    if (there := _host(asked)) is not None:
        return _of_service(there, rest if PREFIXES.get(head) == there else text)
    if asked.service is not None and (found := _served(text, asked.service)):
        return found
    if asked.what not in _LOADED and (found := prefixed(text, sure=True)):
        return found
    return _in_folder(asked) if shapes.is_weight_file(text) or shapes.is_in_folder(text) else _repository(asked)


def _host(asked: Question) -> str | None:
    """The service that the file's addresses say the name is given to; None where nothing says so."""
    text, there = asked.text, host(asked.traits)
    if there is None or asked.what is not Role.MODEL or not _SERVED.fullmatch(text) or shapes.is_weight_file(text):
        return None
    # OpenRouter is often asked without a client: its names are those of the Hub in small letters.
    unsaid = asked.service is None and ("openai" in asked.traits or (there == "openrouter" and text.islower()))
    return there if unsaid or asked.service in {"openai", "azure"} else None


def _is_tagged(text: str) -> bool:
    """`namespace/model:7b`, as Ollama writes it: no repository, nor provider, has a size behind a colon."""
    owner, _, rest = text.partition("/")
    return text.islower() and owner not in PREFIXES and owner not in LOCAL and shapes.is_ollama(rest, tagged=True)


def _in_folder(asked: Question) -> Name | None:
    text = asked.text
    if UNKNOWN in text or ":" in text or (shapes.is_other(text) and not shapes.is_weight_file(text)):
        return None
    if asked.what in _LOADED or shapes.is_weight_file(text) or (asked.what is Role.MODEL and shapes.has_family(text)):
        return "file", text.rstrip("/"), None
    return None


def _repository(asked: Question) -> Name | None:
    """`owner/name`, with what may follow: `@revision`, and the tag of a quantization or router."""
    text, what, said = asked.text, asked.what, asked.said
    if shapes.is_other(text):
        return None
    if UNKNOWN in text:
        return _in_part(text, asked.what)
    name, _, revision = text.partition("@")
    name = name.partition(":")[0]
    if not shapes.HUB_NAME.fullmatch(name) or "--" in name or ".." in name:
        return None
    if shapes.is_modelscope_owner(name.partition("/")[0]):
        return "modelscope", name, revision or None
    if not shapes.may_own(name.partition("/")[0]):
        return ("file", name, None) if what in _LOADED and shapes.has_family(name) else None
    if what not in _LOADED and name.startswith("openai/") and not _OPENAI.match(name):
        return None  # "as OpenAI's server would be asked": of whom, the address says
    if any(f"github.com/{name}" in value for value in said.beside.values()):
        return None
    plain = shapes.is_model_like(name)
    if what is Role.PART and not plain and not said.call:
        return None
    if said.key.lower().endswith(("_dir", "-dir", "folder")) and not plain:
        return "file", name, None
    return "hf", name, revision or None


def _in_part(text: str, what: Role) -> Name | None:
    """A name that a program completes: its owner, and what else stands there."""
    owner, _, rest = text.partition("/")
    if what is Role.MODEL and not rest.strip(UNKNOWN) and not shapes.is_known_owner(owner):
        return None  # routers put all kinds of words before what they are given
    whose = (
        UNKNOWN not in owner
        and shapes.may_own(owner)
        and len(owner) > 1
        and owner != "openai"
        and not is_service(owner)
    )
    if whose and text.count("/") == 1 and shapes.PATTERN.fullmatch(text):
        return "hf", re.sub(r"\*+", UNKNOWN, text), None
    return None


def prefixed(text: str, *, sure: bool) -> Name | None:
    """`provider/model` and `provider:model`, as litellm, LangChain and routers write them.

    Args:
        text: The name.
        sure: Whether a model is expected there; otherwise only names that services alone have count.
    """
    head, sign, rest = _split(text)
    if not sign or not rest or rest.startswith(("/", UNKNOWN)):
        return None
    if head in OLLAMA:
        return served_by_ollama(rest) if sure or shapes.is_ollama(rest, tagged=False) else None
    if head in LOCAL and (sign == ":" or "/" in rest):
        name = rest.partition(":")[0]
        return ("hf", name, None) if shapes.HUB_NAME.fullmatch(name) else None
    last = rest.rpartition("/")[2].rpartition(":")[2] if sign == ":" else rest.rpartition("/")[2]
    if head == "models" and family(rest) == "gemini":
        return "api", f"gemini/{rest}", None
    if UNKNOWN in rest or head not in PREFIXES or _OPENAI.match(text):
        return None
    told = sure and (sign == ":" or is_service(head)) and _SERVED.fullmatch(rest) and not shapes.is_other_file(rest)
    if family(last) is not None or family(rest) is not None or told:
        return _of_service(PREFIXES[head], rest)
    return None


def _split(text: str) -> tuple[str, str, str]:
    """A prefix, its sign, and the rest: the colon counts where it comes first and stands for no tag."""
    by_slash, by_colon = text.partition("/"), text.partition(":")
    if by_colon[1] and len(by_colon[0]) < len(by_slash[0]):
        return by_colon
    return by_slash


def _served(text: str, service: str) -> Name | None:
    """A name that is given to a service's own client."""
    head, _, rest = text.partition("/")
    if UNKNOWN in text or not _SERVED.fullmatch(text) or shapes.is_weight_file(text):
        return None
    if service in {"openai", "azure"}:
        # Its client speaks to every server that speaks alike: what stands there is a name of that server.
        return prefixed(text, sure=True)
    return _of_service(service, rest if PREFIXES.get(head) == service else text)


def _of_service(service: str, name: str) -> Name:
    # `@cf/meta/llama` begins with what would begin a revision.
    return "api", f"{service}/{name}".replace("/@", "/"), None


def without_slash(asked: Question) -> Name | None:
    """What a text without a slash names."""
    text, what, said = asked.text, asked.what, asked.said
    if UNKNOWN in text or (_MODULE.fullmatch(text) and not shapes.is_weight_file(text)) or _PACKAGE.fullmatch(text):
        return None
    if ":" in text and (found := _tagged(asked)):
        return found
    if asked.service is None and text in RENAMED:
        return "hf", text, None
    if known := SHORT.get(said.call.rpartition(".")[2], {}).get(text):
        return "hf", known, None
    if owner := OWNERS.get(said.call.rpartition(".")[2]):
        return ("hf", f"{owner}/{text}", None) if shapes.BARE.fullmatch(text) else None
    if what in _LOADED or shapes.is_weight_file(text):
        return _local(text, what)
    return _bare(asked)


def _bare(asked: Question) -> Name | None:
    """A service's model by its own name, or one of Ollama's library."""
    text, what, service = asked.text, asked.what, asked.service
    provider = family(text)
    if provider is None and what is Role.MODEL and is_alias(text):
        provider = "anthropic"
    if service not in {None, "openai"} and _may_be_served(text):
        return _of_service(str(service), text)
    if provider is not None:
        return _of_service(provider, text)
    if (there := _host(asked)) is not None and _may_be_served(text):
        return _of_service(there, text)
    if _OLLAMA_PORT in asked.said.beside.get("base_url", ""):
        return served_by_ollama(text)
    named = words(asked.said.key)[-1:] != ("name",)  # `--model-name llama3` may as well be what a server calls it
    told = "ollama" in asked.traits or (named and re.search(r"\d", text))
    return served_by_ollama(text) if what is Role.MODEL and told and shapes.is_ollama(text, tagged=False) else None


def _tagged(asked: Question) -> Name | None:
    text = asked.text
    if asked.what is Role.MODEL and shapes.is_ollama(text, tagged="ollama" not in asked.traits):
        return "ollama", text, None
    if provider := family(text):
        return _of_service(provider, text)
    return prefixed(text, sure=True) if asked.what is Role.MODEL else None


def _local(text: str, what: Role) -> Name | None:
    """A bare name where a library looks for a folder: only what looks like somebody's model is taken for one."""
    if shapes.is_weight_file(text):
        return None if re.fullmatch(r"model\.\w+|\.\w+", text) else ("file", text, None)
    if what is Role.HUB and family(text) and "-" in text:
        return None
    named = shapes.BARE.fullmatch(text) and shapes.has_family(text) and re.search(r"[\d-]", text)
    return ("file", text, None) if named else None


def _may_be_served(text: str) -> bool:
    return bool(_SERVED.fullmatch(text)) and bool(re.search(r"[\d-]", text)) and not shapes.is_other_file(text)

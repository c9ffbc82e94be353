"""Names of models as people write them into cards and configurations: ids, addresses, paths, placeholders."""

import re

from licscan.errors import UsageError
from licscan.model import ModelRef

_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/(?P<kind>datasets/|spaces/)?(?P<name>[\w.-]+/[\w.-]+)"
    r"(?:/(?:tree|blob|resolve|raw|commit)/(?P<revision>[^/?#\s]+))?(?:[/?#].*)?",
    re.IGNORECASE,
)
_ADDRESS_HEAD = re.compile(r"[a-z]+://", re.IGNORECASE)
_NAME = re.compile(r"[\w.-]+(?:/[\w.-]+)?(?:@[\w./-]+)?", re.ASCII)
# A Windows path, an absolute or relative path, a home folder, an environment variable, a placeholder.
_PATH = re.compile(r"[A-Za-z]:[\\/]|[/\\.~$]|.*\\|\$\{|<|\{|\[")


# What people leave in place of a name, and folders of a training run: no model of the Hub is meant.
_NO_NAME = re.compile(
    r"(?:(?:your|my)(?:[-_]\w+)*|user[-_]?name|path|local)/(?:(?:your|my)[-_]\S+|model|base|repo|name|to|\w+[-_]name)|"
    r"(?:org|organi[sz]ation|owner|namespace)/(?:model|repo|base)[-_]name|"
    r"(?:checkpoint|ckpt|step|epoch|global_step)[-_]?\d+(?:/.*)?|"
    r"(?:outputs?|results?|models?|merged(?:[-_]model)?|final(?:[-_](?:model|checkpoint))?|checkpoints?|tmp|none|null|"
    r"true|false|n/?a|unknown|base[-_]?model|base|self|scratch|weights|llm)",
    re.IGNORECASE,
)
_OLLAMA = re.compile(r"(?:[\w.-]+(?::\d+)?/)?(?:[\w-]+/)?[\w.-]+(?::[\w.-]+)?", re.ASCII)
_OLLAMA_HUB = re.compile(r"(?:hf\.co|huggingface\.co)/([\w.-]+/[\w.-]+)(?::[\w.-]+)?", re.IGNORECASE | re.ASCII)


def ollama_ref(text: str) -> ModelRef | None:
    """The model that a name means to Ollama: one of its library, or of the Hub through it; None for paths."""
    text = text.strip()
    if hub := _OLLAMA_HUB.fullmatch(text):
        return _parse(f"hf:{hub[1]}", None)
    is_path = text.startswith((".", "/", "~")) or text.casefold().endswith((".gguf", ".safetensors", ".bin"))
    return None if is_path or not _OLLAMA.fullmatch(text) else _parse(f"ollama:{text}", None)


def model_ref(text: str, scheme: str = "hf") -> ModelRef | None:
    """The Hub model (or dataset) that a name or address means; None for paths, placeholders and other places.

    Args:
        text: What somebody wrote.
        scheme: `hf`, or `dataset` where datasets are named.
    """
    text = text.strip()
    if found := _ADDRESS.fullmatch(text):
        kind = (found["kind"] or "").lower()
        if kind == "spaces/":
            return None
        return _parse(f"{'dataset' if kind else scheme}:{found['name']}", found["revision"])
    if _ADDRESS_HEAD.match(text) or _PATH.match(text) or not _NAME.fullmatch(text):
        return None
    name, _, revision = text.partition("@")
    if _NO_NAME.fullmatch(name):
        return None
    return _parse(f"{scheme}:{name}", revision)


def _parse(name: str, revision: str | None) -> ModelRef | None:
    try:
        return ModelRef.parse(name).at(None if revision in {"", "main", None} else revision)
    except UsageError:
        return None

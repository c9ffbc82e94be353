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
    return _parse(f"{scheme}:{name}", revision)


def _parse(name: str, revision: str | None) -> ModelRef | None:
    try:
        return ModelRef.parse(name).at(None if revision in {"", "main", None} else revision)
    except UsageError:
        return None

"""Names that say themselves where a model is: addresses of the Hub, `hf://`, `oci://`, `ollama://`, `ms://`."""

import re

from licscan.references.shapes import HUB_NAME

_HUB_ADDRESS = re.compile(
    r"(?:https?://|git@)?(?:www\.|huggingface\.co/|cdn-lfs\.)?(?:huggingface\.co|hf\.co|hf-mirror\.com)[/:]"
    r"(?P<kind>datasets/|spaces/|api/models/|api/datasets/|models/)?(?P<name>[\w.-]+/[\w.*-]+?)(?:\.git)?"
    r"(?P<tag>:[\w.-]+)?(?:/(?:tree|blob|resolve|raw|commit|blame)/(?P<revision>[^/?#\s]+))?(?:[/?#].*)?",
    re.IGNORECASE,
)
# First parts of the Hub's own pages, which are no owners.
_PAGES = frozenset(
    "docs blog api join login settings spaces datasets models papers collections tasks learn pricing "
    "enterprise chat new  "
    "posts terms-of-service privacy organizations inference-endpoints inference support front buckets kernels hub "
    "course storage changelog search notifications subscribe apps shop brand huggingface.js autotrain "
    "leaderboard".split()
)
_MODELSCOPE_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.)?modelscope\.(?:cn|ai)/(?P<kind>datasets/|models/|studios/)?(?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?(?:[/?#].*)?"
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.+)")
_HUB_SCHEMES = frozenset("hf huggingface".split())
_OCI_SCHEMES = frozenset("oci docker docker-model rlcr oras".split())
_BEDROCK = re.compile(r"arn:aws[\w-]*:bedrock:[\w-]*:\d*:(?:foundation-model|inference-profile)/([\w.:-]+)")
_SHORT = re.compile(r"(?:hf[-_]hub|hf\.co|huggingface):(?!//)([\w.-]+/[\w.-]+)(?:@([\w./-]+))?", re.IGNORECASE)
_ADDRESS = re.compile(
    r"^[A-Za-z][A-Za-z0-9+.-]*://|^git@|^git\+|^www\.|^[\w.-]+\.(?:com|org|net|io|ai|cn|dev|co)(?:[:/]|$)"
)
_REVISION = re.compile(r"[\w][\w./-]{0,99}")


def read(text: str, *, colon_is_revision: bool = False) -> tuple[str, str, str | None] | None:
    """Scheme, name and revision of what an address means; None where it is none of a model or dataset.

    Args:
        text: The address.
        colon_is_revision: KServe writes `hf://owner/name:revision`; elsewhere a colon is followed by a quantization.
    """
    if found := _HUB_ADDRESS.fullmatch(text):
        return _hub_address(found)
    if found := _MODELSCOPE_ADDRESS.fullmatch(text):
        kind = found["kind"] or ""
        return ("modelscope", found["name"], None) if kind == "models/" else None
    if found := _BEDROCK.fullmatch(text):
        return "api", f"bedrock/{found[1]}", None
    if found := _SHORT.fullmatch(text):
        return "hf", found[1], found[2]
    if found := _SCHEME.fullmatch(text):
        return _schemed(found[1].lower(), found[2], colon_is_revision=colon_is_revision)
    if text.startswith(("docker.io/ai/", "index.docker.io/ai/")):
        return "oci", text.partition("docker.io/")[2], None
    return None


def has_scheme(text: str) -> bool:
    """Whether a text is an address of some kind, known or not."""
    return bool(_ADDRESS.match(text))


def _hub_address(found: re.Match[str]) -> tuple[str, str, str | None] | None:
    kind = (found["kind"] or "").lower()
    owner, _, name = found["name"].partition("/")
    if kind == "spaces/" or owner.lower() in _PAGES or not HUB_NAME.fullmatch(f"{owner}/{name.replace('*', 'x')}"):
        return None
    scheme = "dataset" if "datasets" in kind else "hf"
    revision = found["revision"]
    return scheme, found["name"], None if revision in {None, "main", "master", "*"} else revision


def _schemed(scheme: str, rest: str, *, colon_is_revision: bool) -> tuple[str, str, str | None] | None:
    if scheme in _HUB_SCHEMES:
        return _hub_uri(rest, colon_is_revision=colon_is_revision)
    if scheme in _OCI_SCHEMES:
        return "oci", rest.partition("@")[0] if "@sha256" not in rest else rest, None
    if scheme == "ollama":
        return "ollama", rest.removeprefix("library/").removeprefix("registry.ollama.ai/library/"), None
    if scheme in {"ms", "modelscope"}:
        name, _, revision = rest.partition(":")
        return ("modelscope", "/".join(name.split("/")[:2]), revision or None) if HUB_NAME.match(name) else None
    if scheme == "file":
        return "file", rest, None
    return None


def _hub_uri(rest: str, *, colon_is_revision: bool) -> tuple[str, str, str | None] | None:
    """`hf://[models|datasets|spaces/]owner/name[@revision][/path]`."""
    scheme = "hf"
    head, _, tail = rest.partition("/")
    if head in {"models", "datasets", "spaces", "buckets", "kernels"}:
        if head not in {"models", "datasets"}:
            return None
        scheme, rest = ("dataset" if head == "datasets" else "hf"), tail
    owner, _, tail = rest.partition("/")
    name, at, tail = tail.partition("@")
    name = name.partition("/")[0]
    name, _, tag = name.partition(":")
    if not HUB_NAME.fullmatch(f"{owner}/{name}"):
        return None
    revision = (
        (tail if tail.startswith("refs/") else tail.partition("/")[0]) if at else tag if colon_is_revision else ""
    )
    return (
        scheme,
        f"{owner}/{name}",
        revision if revision and _REVISION.fullmatch(revision) and revision != "main" else None,
    )

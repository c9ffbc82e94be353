"""What a text names, given what it is given to: the one place that decides whether it is a model."""

import re
from collections.abc import Collection

from licscan.references import addresses, shapes
from licscan.references.calls import called
from licscan.references.keys import Role, role
from licscan.references.naming import Name, Question, prefixed, served_by_ollama, slashed, without_slash
from licscan.references.providers import LOCAL, PREFIXES, brand, is_service
from licscan.references.said import UNKNOWN, Found, Said

_LONGEST = 300
_TOKEN = re.compile(r"[^\s\"'`,;(){}|&^!?=]+")
_REVISION = re.compile(r"[\w][\w./-]{0,99}")
_REVISION_KEYS = ("revision", "model_revision", "rev", "commit_hash", "REVISION", "MODEL_REVISION")
_ROUTE = re.compile(
    r"/(?:v\d|api|openai|health|metrics|chat|completions|models?|embeddings?|dev|proc|bin)(?:/(?!models)|$)"
)
_SURE = ("://hf.co/", "://huggingface.co/", "hf://", "huggingface://", "ollama://", "ms://", "modelscope://")


def judge(said: Said, traits: Collection[str] = ()) -> Found | None:
    """The model that a text names; None where it names none, or where that cannot be told.

    Args:
        said: The text, and what it is given to.
        traits: Services and libraries that the file speaks of (`ollama`, `modelscope`, `groq`).
    """
    text = said.text.strip()
    if not text or len(text) > _LONGEST or not _TOKEN.fullmatch(text):
        return None
    what, service = _expected(said)
    found = _name(Question(text, what, service, said, frozenset(traits)))
    if found is None:
        return None
    scheme, name, revision = found
    return Found(said.line, scheme, name, revision or _beside(said))


def _beside(said: Said) -> str | None:
    for key in _REVISION_KEYS:
        revision = said.beside.get(key)
        if revision and _REVISION.fullmatch(revision) and revision != "main":
            return revision
    return None


def _expected(said: Said) -> tuple[Role, str | None]:
    """What the place promises: what the call takes there, else what the key says; and whose service it is about."""
    found, service = called(said)
    if found is None:
        found = role(said.key) if said.key else Role.WEAK
        service = service or (brand(said.key) if found in {Role.MODEL, Role.PART, Role.PATH} else None)
    if service == "ollama" and found in {Role.MODEL, Role.PART}:
        return Role.OLLAMA, None
    if service == "modelscope" and found in {Role.MODEL, Role.HUB, Role.PATH}:
        return Role.MODELSCOPE, None
    if service == "hub":
        return (Role.HUB if found is Role.MODEL else found), None
    return found, service


def _name(asked: Question) -> Name | None:
    """Addresses say themselves what they are; of all else, what is expected decides."""
    text, what = asked.text, asked.what
    if what is Role.REVISION or (what is Role.NEVER and not any(sign in text for sign in _SURE)):
        return None
    if found := addresses.read(text, colon_is_revision="storage" in asked.said.key.lower()):
        return _addressed(asked, *found)
    if addresses.has_scheme(text) or shapes.is_placeholder(text, path=shapes.is_path(text)):
        return None
    if what is Role.WEAK:
        return _unexpected(text)
    if _is_dataset(asked):
        return _dataset(asked)
    return _expected_model(asked)


def _addressed(asked: Question, scheme: str, name: str, revision: str | None) -> Name | None:
    if shapes.is_placeholder(name):
        return None
    return ("dataset" if scheme == "hf" and _is_dataset(asked) else scheme), name, revision


def _expected_model(asked: Question) -> Name | None:
    text, what = asked.text, asked.what
    if what is Role.OCI:
        return "oci", text, None
    if what is Role.OLLAMA:
        return served_by_ollama(text)
    if shapes.is_path(text):
        plain = not _ROUTE.match(text) and not shapes.is_container(text, asked.said.key)
        return ("file", text, None) if plain else None
    if what is Role.FILE:
        return ("file", text, None) if shapes.is_weight_file(text) else None
    loads = what in {Role.HUB, Role.PATH} and "modelscope" in asked.traits and "transformers" not in asked.said.call
    if what is Role.MODELSCOPE or (loads and text.count("/") == 1):
        return ("modelscope", text, None) if shapes.HUB_NAME.fullmatch(text) else None
    return slashed(asked) if "/" in text else without_slash(asked)


def _is_dataset(asked: Question) -> bool:
    beside = asked.said.beside
    kind = beside.get("repo_type") or beside.get("repoType")
    return asked.what is Role.DATASET or (kind == "dataset" and asked.what in {Role.HUB, Role.MODEL})


def _dataset(asked: Question) -> Name | None:
    name, _, revision = asked.text.partition("@")
    if shapes.is_path(name) or shapes.is_in_folder(name) or shapes.is_other(name):
        return None
    bare = asked.said.call.endswith("load_dataset") and shapes.BARE.fullmatch(name) and not shapes.is_builder(name)
    return ("dataset", name, revision or None) if shapes.HUB_NAME.fullmatch(name) or bare else None


def _unexpected(text: str) -> Name | None:
    """What needs nobody to say that it is a model: the plainest names alone."""
    if UNKNOWN in text or shapes.is_path(text) or shapes.is_other(text) or shapes.is_weight_file(text):
        return None
    if (found := prefixed(text, sure=False)) is not None:
        return found
    if is_service(text.partition("/")[0]) and shapes.is_model_like(text):
        return prefixed(text, sure=True)
    name, _, revision = text.partition("@")
    name, colon, _ = name.partition(":")
    if name.partition("/")[0] in {*PREFIXES, *LOCAL} and colon:
        return None
    if shapes.HUB_NAME.fullmatch(name) and not shapes.is_in_folder(name) and shapes.is_model_like(name):
        return "hf", name, revision or None
    return None

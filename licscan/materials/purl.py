"""Package URLs of models and data sets (https://github.com/package-url/purl-spec)."""

from typing import NamedTuple

_LONGEST = 1024
_BRANCHES = frozenset({"main", "master"})


class Meant(NamedTuple):
    """The model or data set that a package URL names: the fields of a `licscan.model.ModelRef`."""

    scheme: str
    name: str
    revision: str | None


def of(text: str) -> tuple[str, ...]:
    """The text, where it is a package URL; else nothing."""
    return (text,) if text.startswith("pkg:") and len(text) <= _LONGEST else ()


def read(text: str) -> Meant | None:
    """What a package URL names; None where it is none of a model or data set of a place that is known."""
    if not of(text):
        return None
    from packageurl import PackageURL  # noqa: PLC0415 - 10 ms, for documents that hold one

    try:
        found = PackageURL.from_string(text)
    except ValueError:
        return None
    name = f"{found.namespace}/{found.name}" if found.namespace else found.name
    revision = found.version or None
    if found.type == "huggingface":
        return _on_hub(name, None if revision in _BRANCHES else revision)
    if found.type == "ollama":
        plain = name.removeprefix("library/")
        return Meant("ollama", f"{plain}:{revision}" if revision else plain, None)
    if found.type == "modelscope" and found.namespace:
        return Meant("modelscope", name, None if revision in _BRANCHES else revision)
    return None


def _on_hub(name: str, revision: str | None) -> Meant:
    kind, _, rest = name.partition("/")
    if kind == "datasets" and rest:
        return Meant("dataset", rest, revision)
    return Meant("hf", rest if kind == "models" and "/" in rest else name, revision)

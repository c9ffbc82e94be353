"""What models are called in documents of others: package URLs, keys, pages."""

import hashlib
import re

from packageurl import PackageURL

from licscan.errors import UsageError
from licscan.model import ModelRef

_COMMIT = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)
_HUB = "https://huggingface.co"
_LONGEST = 60


def reference(name: str) -> ModelRef | None:
    """The reference that a name is; None where it is none."""
    try:
        return ModelRef.parse(name)
    except (UsageError, ValueError):
        return None


def commit(ref: ModelRef) -> str | None:
    """The commit that a reference names, in lower case; None where it names none, or something else."""
    found = ref.revision if ref.scheme in {"hf", "dataset"} else None
    return found.lower() if found and _COMMIT.fullmatch(found) else None


def purl(ref: ModelRef | None) -> str | None:
    """The package URL of a model on the Hub; purls have no type for models of other places, nor for datasets.

    The commit is that of the repository, in lower case, as the definition of the type asks.
    """
    if ref is None or ref.scheme != "hf" or ref.is_pattern:
        return None
    owner, _, name = ref.name.rpartition("/")
    return PackageURL("huggingface", owner or None, name, commit(ref)).to_string()


def page(ref: ModelRef) -> str | None:
    """The page of a model or dataset on the Hub, at its commit where one is known."""
    if ref.scheme not in {"hf", "dataset"} or ref.is_pattern:
        return None
    at = commit(ref)
    return f"{_HUB}/{'datasets/' if ref.scheme == 'dataset' else ''}{ref.name}{f'/tree/{at}' if at else ''}"


def supplier(ref: ModelRef) -> str | None:
    """Whose repository it is: the owner in the name of a model on a hub."""
    owner = ref.name.rpartition("/")[0] if ref.scheme in {"hf", "dataset", "modelscope"} else ""
    return owner or None


def shown(ref: ModelRef) -> str:
    """What to call a model: a name of the Hub as it is, others with their scheme."""
    plain = ref.at(None)
    return plain.name if plain.scheme == "hf" else str(plain)


def key(name: str) -> str:
    """A key of letters, digits, `-` and `.` that no two names share, the same at every run."""
    slug = re.sub(r"[^A-Za-z0-9.]+", "-", name.partition(":")[2] or name)[:_LONGEST].strip("-.")
    return f"{slug or 'model'}-{hashlib.sha256(name.encode(errors='surrogatepass')).hexdigest()[:8]}"

"""What may be written for several repositories of a hub: an organisation, a collection, an address of its pages."""

import re
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from licscan.errors import UsageError
from licscan.formats.hub_names import model_ref
from licscan.model import ModelRef

_OWNER = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?"
_ALL = re.compile(rf"(?:(?P<scheme>hf|dataset):)?(?P<owner>{_OWNER})/\*|org:(?P<org>{_OWNER})")
_COLLECTION = re.compile(rf"(?:collection:|collections/)(?P<slug>{_OWNER}/[\w.-]{{1,200}})")
_HUBS = frozenset({"huggingface.co", "hf.co", "www.huggingface.co"})


class Several(NamedTuple):
    """Several repositories.

    Attributes:
        kind: What they have in common.
        name: The owner, or the collection's slug.
        scheme: `hf` or `dataset`, for those of an owner.
    """

    kind: Literal["owner", "collection"]
    name: str
    scheme: str = "hf"


def read_target(target: str, endpoint: str | None = None) -> Several | ModelRef | None:
    """What a target means on a hub; None where it is for others to say.

    Args:
        target: `org/*`, `org:name`, `dataset:org/*`, `collection:owner/slug`, or an address.
        endpoint: An endpoint besides the public ones whose addresses are meant.

    Raises:
        UsageError: An address that is no repository, organisation or collection.
    """
    if found := _ALL.fullmatch(target):
        return Several("owner", found["owner"] or found["org"], found["scheme"] or "hf")
    if found := _COLLECTION.fullmatch(target):
        return Several("collection", found["slug"])
    if not re.match(r"https?://", target):
        return None
    host, path = _parts(target)
    ours = _HUBS if endpoint is None else {*_HUBS, _parts(endpoint)[0]}
    if host and host in ours and (meant := _page(path.strip("/"))):
        return meant
    raise UsageError("no page of a model, organisation or collection", where=ascii(target), remedy="write org/name")


def _parts(address: str) -> tuple[str, str]:
    """Host and port of an address, however they are written, and its path; nothing of one that is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.netloc.rpartition("@")[2].casefold(), parts.path


def _page(path: str) -> Several | ModelRef | None:
    if found := _COLLECTION.fullmatch(path):
        return Several("collection", found["slug"])
    if re.fullmatch(_OWNER, path):
        return Several("owner", path)
    return model_ref(f"https://huggingface.co/{path}")

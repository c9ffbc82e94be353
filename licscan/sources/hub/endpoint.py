"""Which hub is meant: an address of the environment, without the client that asks it."""

import os
from urllib.parse import urlsplit, urlunsplit

from huggingface_hub import constants

from licscan.errors import UsageError


def endpoint() -> str:
    """The endpoint that HF_ENDPOINT names, or the library's own.

    Raises:
        UsageError: It is no address.
    """
    # Read at each start: the library keeps the value that it was imported with.
    found = (os.environ.get("HF_ENDPOINT") or constants.ENDPOINT).strip().rstrip("/")
    if not _is_address(found):
        named = found.rpartition("@")[2]  # what stands before may be a password
        raise UsageError("no address of a hub", where=f"HF_ENDPOINT={named!r}", remedy="write https://host")
    return found


def shown(address: str) -> str:
    """An address as it may be shown: without a password."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets that do not match, a port that there is not
        return False

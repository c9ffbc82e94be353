"""Where a name ends and its revision begins. Plain, for the gate; `licscan.model.ModelRef` reads the rest."""

import re

_FILE_REVISION = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}|tree-[0-9a-f]{32}")


def split_name(scheme: str, name: str) -> tuple[str, str | None]:
    """A name without its revision, and that; None where it names none."""
    head, at, tail = name.rpartition("@")
    # A path may well hold "@": only what can be nothing but a digest is taken for a revision of it.
    # Some providers begin names with it: "cloudflare/@cf/meta/llama-3-8b-instruct".
    if not at or (scheme == "file" and not _FILE_REVISION.fullmatch(tail)) or (scheme == "api" and "/" in tail):
        return name, None
    return head, tail


def split(ref: str) -> tuple[str, str | None]:
    """A whole reference, `scheme:name@revision`, without its revision, and that; None where it names none."""
    scheme, _, rest = ref.partition(":")
    name, revision = split_name(scheme, rest)
    return f"{scheme}:{name}", revision


def unpinned(ref: str) -> str:
    """A whole reference without its revision."""
    return split(ref)[0]

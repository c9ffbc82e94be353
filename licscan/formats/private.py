"""Paths of somebody's machine, which tools write into headers and configurations without being asked."""

import re

# A home folder, a Windows drive or share: what stands in it is nobody's business but the last name.
_PRIVATE = re.compile(
    r"(?:file://)?(?:/(?:home|Users|root|mnt/[a-z]/Users|data\d*/home)\b|~[\\/]|(?<![A-Za-z])[A-Za-z]:[\\/]|\\\\)[^\n\r\"'<>|]*"
)


def veiled(text: str) -> str:
    """The text with every path into somebody's home or drive cut down to its last name: `…/model.safetensors`."""
    return _PRIVATE.sub(_last, text)


def _last(found: re.Match[str]) -> str:
    # More than one path, or words after it: what follows a comma or a blank beyond the last separator stays.
    name = re.split(r"[\\/]", found.group().rstrip("\\/ "))[-1]
    return f"…/{name}"

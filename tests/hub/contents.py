"""Bytes of the files that the test hub holds."""

import json
import struct
from typing import Any


def safetensors(metadata: dict[str, str] | None = None, tensors: int = 3) -> bytes:
    """A safetensors file of some small tensors."""
    header: dict[str, Any] = {"__metadata__": metadata} if metadata else {}
    for number in range(tensors):
        header[f"layer.{number}.weight"] = {
            "dtype": "F32",
            "shape": [4],
            "data_offsets": [number * 16, number * 16 + 16],
        }
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(16 * tensors)


def card(**fields: object) -> str:
    """A card with these fields as front matter."""
    lines = [f"{key}: {json.dumps(value)}" for key, value in fields.items()]
    return "---\n" + "\n".join(lines) + "\n---\n# A model\n\nMade for tests.\n"


def front_matter(readme: bytes) -> dict[str, Any]:
    """The fields of such a card; values that are not JSON are taken as they stand."""
    found: dict[str, Any] = {}
    text = readme.decode(errors="replace")
    if not text.startswith("---\n") or text.count("---\n") < 2:
        return found
    for line in text.split("---\n")[1].splitlines():
        key, _, value = line.partition(": ")
        try:
            found[key] = json.loads(value)
        except json.JSONDecodeError:
            found[key] = value
    return found

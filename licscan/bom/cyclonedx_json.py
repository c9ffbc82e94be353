"""The format `cyclonedx-json`."""

from licscan.bom.cyclonedx import write_json as write

__all__ = ["write"]

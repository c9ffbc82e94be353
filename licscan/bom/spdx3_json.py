"""The format `spdx3-json`."""

from licscan.bom.spdx3 import write

__all__ = ["write"]

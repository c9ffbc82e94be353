"""The format `spdx2-json`."""

from licscan.bom.spdx2 import write_json as write

__all__ = ["write"]

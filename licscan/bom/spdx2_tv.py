"""The format `spdx2-tv`."""

from licscan.bom.spdx2 import write_tag_value as write

__all__ = ["write"]

"""Where models live. One module each; `SOURCES` is the list of them."""

from licscan.sources.folder import FolderSource
from licscan.sources.interface import Found, Source

SOURCES: tuple[type[Source], ...] = (FolderSource,)

__all__ = ["SOURCES", "Found", "Source"]

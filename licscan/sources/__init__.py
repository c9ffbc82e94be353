"""Where models live. One module each; `SOURCES` is the list of them."""

from licscan.sources.folder import HERE, FolderSource
from licscan.sources.hub import HubSource
from licscan.sources.interface import TIMEOUT, Found, OnDisk, Reach, Source

SOURCES: tuple[type[Source], ...] = (FolderSource, HubSource)

__all__ = ["HERE", "SOURCES", "TIMEOUT", "Found", "OnDisk", "Reach", "Source"]

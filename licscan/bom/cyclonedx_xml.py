"""The format `cyclonedx-xml`."""

from licscan.bom.cyclonedx import write_xml as write

__all__ = ["write"]

"""licscan: license and provenance compliance for AI models."""

__version__ = "0.1.0"

"""What was found, kept: runs, models by reference and revision, assessments, findings, evidence by content."""

from licscan.store.collect import Part, UnkeepableError
from licscan.store.database import NO_DATABASE, default_path, open_database
from licscan.store.history import Begun, Episode
from licscan.store.store import Store

__all__ = ["NO_DATABASE", "Begun", "Episode", "Part", "Store", "UnkeepableError", "default_path", "open_database"]

"""`licscan.lock`: what is so about every model that a tree names, at a commit, so that a gate need ask nobody.

Plain values alone: whoever reads it needs no pydantic, no YAML and no database.
"""

from licscan.lock.entry import Entry, entry_of, model_of
from licscan.lock.file import NAME, VERSION, Lock, found_above, read, text, write

__all__ = ["NAME", "VERSION", "Entry", "Lock", "entry_of", "found_above", "model_of", "read", "text", "write"]

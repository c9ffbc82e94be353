"""Reads the bytes of models on this disk, and what is promised of them; `licscan.integrity` says what follows.

No library is imported here that is not needed: a folder that was not changed is looked at in a moment.
"""

from licscan.verify.check import Effort, Wanted, check
from licscan.verify.copy import Copy, look
from licscan.verify.find import find
from licscan.verify.hash_cache import HashCache

__all__ = ["Copy", "Effort", "HashCache", "Wanted", "check", "find", "look"]

"""A pattern as a tree: the standard library's own parser; what it does not know of RE2 means letters of any kind."""

import re
from functools import lru_cache
from typing import Any

_PROPERTY = re.compile(r"\\[pP](?:\{\^?\w+\}|\w)")
_MOST = 16_384


@lru_cache(maxsize=_MOST)
def parsed(pattern: str) -> Any:
    """A pattern's tree, made once however often it is asked for; None where the parser takes it for none.

    Args:
        pattern: In the syntax of RE2, without a group of options around it.
    """
    try:
        return re._parser.parse(_PROPERTY.sub(r"\\w", pattern), re.IGNORECASE)  # type: ignore[attr-defined]  # noqa: SLF001
    except (re.error, OverflowError, RecursionError):
        return None

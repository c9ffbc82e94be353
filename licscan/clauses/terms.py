"""Terms that a text defines: what follows from a definition stands where the term is used."""

import re
from collections.abc import Iterator

from licscan.wording import Sentence, Wording

_DEFINES = re.compile(
    r'^\W*(?:\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-z]{1,3})[.)]?\s)?"(?P<term>[^"]{3,60})",? '
    r"(?:shall |will )?(?:means?|refers? to|is defined as|denotes?)\b",
    re.IGNORECASE,
)
# A term that is used more often than this is used for all sorts of things.
_MOST = 40


def uses(wording: Wording, definition: Sentence) -> Iterator[Sentence]:
    """The sentences that use the term that a sentence defines; none where it defines none.

    Args:
        wording: The text.
        definition: The sentence.
    """
    found = _DEFINES.match(wording.plain[definition.start : definition.end])
    if not found:
        return
    term = re.compile(rf"\b{re.escape(found['term'])}s?\b", re.IGNORECASE)
    for number, place in enumerate(term.finditer(wording.plain)):
        if number >= _MOST:
            return
        if not definition.start <= place.start() < definition.end:
            yield wording.sentence(place.start(), place.end())

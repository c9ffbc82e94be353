"""Whether a text is in a language that the patterns of clauses are written for: English, or Chinese."""

import re

from licscan.wording import Wording

_HAN = re.compile("[\u4e00-\u9fff]")
# Signs of Japanese, Korean, Cyrillic, Greek, Arabic, Hebrew, the scripts of India, Thai.
_OTHER = re.compile(
    "[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff\u0370-\u03ff\u0600-\u06ff\u0590-\u05ff\u0900-\u0dff\u0e00-\u0e7f]"
)
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")
# A third of the words of an English license are these; of other languages in Latin letters, hardly one of a hundred.
_ENGLISH = frozenset(
    "the of and to or you any this is by with for that shall may such under from are be your not will which it all "
    "use license software model have has its".split()
)
_LEAST = 30
_SHARE = 0.1


def is_read(wording: Wording) -> bool:
    """Whether clauses are searched for in the language of a text; so too for a text too short to tell.

    A text in two languages is read where one of them is English or Chinese.

    Args:
        wording: The text.
    """
    plain = wording.plain
    latin = _LATIN.findall(plain)
    if len(latin) >= _LEAST and sum(word.casefold() in _ENGLISH for word in latin) >= _SHARE * len(latin):
        return True
    if plain.isascii():
        return len(latin) < _LEAST
    han, other = len(_HAN.findall(plain)), len(_OTHER.findall(plain))
    if han >= _LEAST and han > 4 * other:
        return True
    return len(latin) < _LEAST and other < _LEAST

"""Chinese in one script: what stands in traditional characters, in simplified ones, sign for sign.

The rules are written in simplified characters; a license from Taiwan or Hong Kong says the same in others.
"""

import re
from functools import cache

import opencc

# Among the most common characters of legal texts, those that only traditional Chinese writes so.
_TRADITIONAL = re.compile("[權條應與為們這說該於須協議責數據標]")


def simplified(text: str) -> str:
    """The text in simplified characters, of the same length; as it is where it has none of the traditional ones."""
    if text.isascii() or not _TRADITIONAL.search(text):
        return text
    made = _converter().convert(text)
    # Places in the text are counted by it: a word that another length would take is put over sign by sign.
    return made if len(made) == len(text) else "".join(_converter().convert(sign)[:1] or sign for sign in text)


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")

"""Chinese in one script: what stands in traditional characters, in simplified ones, sign for sign.

The rules are written in simplified characters; a license from Taiwan or Hong Kong says the same in others.
"""

import re
from functools import cache

import opencc

_HAN = re.compile("[\u4e00-\u9fff]")


def simplified(text: str) -> str:
    """The text in simplified characters, of the same length; the same object where it has no others."""
    if text.isascii() or not _HAN.search(text):
        return text
    made = _converter().convert(text)
    if len(made) != len(text):
        # Places in the text are counted by it: a word that would become longer or shorter is put over sign by sign.
        made = "".join(_converter().convert(sign)[:1] or sign for sign in text)
    return text if made == text else made


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")

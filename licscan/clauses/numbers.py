"""Numbers as legal texts write them: `700 million`, `USD 20M`, `seven hundred million (700,000,000)`, `1亿`."""

import re

_UNITS = {
    "thousand": 10**3, "k": 10**3, "million": 10**6, "mn": 10**6, "mm": 10**6, "mio": 10**6, "m": 10**6,
    "billion": 10**9, "bn": 10**9, "b": 10**9, "trillion": 10**12, "lakh": 10**5, "lakhs": 10**5, "crore": 10**7,
    "千": 10**3, "万": 10**4, "萬": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, "億": 10**8, "十亿": 10**9,
}  # fmt: skip
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: number for number, word in enumerate(_ONES)} | {
    word: 10 * number for number, word in enumerate(_TENS, 2)
}
_CHINESE = {character: number for number, character in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_HALF = re.compile(r"\bhalf an? (thousand|million|billion)\b")
_REPEATED = re.compile(r"\(\s*[\d,. ]+\s*\)")
_DIGITS = re.compile(
    r"(\d{1,3}(?:[, ']\d{3})+|\d{1,3}(?:\.\d{3}){2,}|\d+(?:\.\d+)?)\s*([a-z]+|[十百千万萬亿億]+)?", re.IGNORECASE
)


def read_count(text: str) -> int | None:
    """The number that words or digits stand for; None where they stand for none."""
    low = text.casefold().strip()
    if half := _HALF.search(low):
        return _UNITS[half[1]] // 2
    # "ten (10) million": the digits repeat the word before them.
    said = _in_words(_REPEATED.sub(" ", low)) if re.match(r"[a-z]", low) else None
    if said:
        return said
    if found := _DIGITS.search(low):
        digits = re.sub(r"[, ']", "", found[1])
        # "100.000 users" counts as in Germany or Spain; "1.250 million" has a fraction.
        grouped = digits.count(".") > 1 or (not found[2] and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", digits))
        number = float(digits.replace(".", "") if grouped else digits)
        return round(number * _UNITS.get(found[2] or "", 1))
    return _in_words(low) if re.search("[a-z]", low) else _in_chinese(low)


def _in_words(low: str) -> int | None:
    total, part, seen = 0, 0, False
    for word in re.findall(r"[a-z]+", low):
        if word in _WORDS:
            part, seen = part + _WORDS[word], True
        elif word == "hundred":
            part, seen = max(part, 1) * 100, True
        elif word in _UNITS and len(word) > 2:  # noqa: PLR2004 - `m` alone is no word
            total, part, seen = total + max(part, 1) * _UNITS[word], 0, True
        elif word not in {"and", "a", "an"}:
            break
    return total + part if seen else None


def _in_chinese(text: str) -> int | None:
    total, part, digit, seen = 0, 0, 0, False
    for character in text:
        if character in _CHINESE:
            digit, seen = _CHINESE[character], True
        elif character in _SMALL:
            part, digit, seen = part + (digit or 1) * _SMALL[character], 0, True
        elif character in "万萬亿億":
            total = (total + part + digit or 1) * _UNITS[character]
            part, digit, seen = 0, 0, True
    return total + part + digit if seen else None

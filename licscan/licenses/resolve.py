"""From the words in which a license is stated to the records that they mean; never a guess where two could be meant."""

import re
from typing import NamedTuple

from licscan.licenses.expression import OPERATOR, AllOf, Node, Term, is_exception, parse, write
from licscan.model import License
from licscan.rulebook import Rulebook
from licscan.text import name_key, name_tokens, url_key

# How surely words mean a record. A listed id or SPDX id can mean nothing else; a known name or address was written by
# people who meant it; a spelling that had to be mended, or a list that does not say how it combines, asks for a look.
LISTED = 1.0
NAMED = 0.9
MENDED = 0.6

_LONGEST = 2_000
_REF = re.compile(r"LicenseRef-(?P<id>[\w.+-]+)", re.IGNORECASE)
_MARKDOWN = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<address>[^)\s]*)[^)]*\)")
_IS_ADDRESS = re.compile(
    r"(?:[a-z]+:)?//\S+$|(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?$|(?:\./)?licen[cs]e(?:\.\w+)?$", re.IGNORECASE
)
_PARENTHESIS = re.compile(r"\s*\((?P<inside>[^()]*)\)\s*\.?$")
_SEPARATOR = re.compile(r"\s*(?:[,;|&]|\s/\s|/(?!/)|\s\+\s)\s*")
_AND = re.compile(r"[-_]and[-_]", re.IGNORECASE)
_OR_LATER = re.compile(r"(?:\s*(?:\+|or\s+(?:any\s+)?(?:later|newer|greater)(?:\s+versions?)?))$", re.IGNORECASE)
_MENDABLE = 5


class Meaning(NamedTuple):
    """What stated words mean.

    Attributes:
        expression: Expression over SPDX ids and `LicenseRef-<record id>`; None where they are not recognised.
        confidence: How surely, 0 to 1.
        combined: Whether several licenses stood there without a word on how they combine.
    """

    expression: str | None
    confidence: float = 0.0
    combined: bool = False


NOTHING = Meaning(None)


def resolve(stated: str, rules: Rulebook) -> Meaning:
    """What a stated license means: an id, a name, an address, an expression, a list of these.

    Args:
        stated: The words as they stand in a card, a header, a package.
        rules: The rule base.
    """
    words = stated.strip().strip("\"'`").strip()
    if not words or len(words) > _LONGEST:
        return NOTHING
    return rules.remembered("words", words, _meaning)


def _meaning(words: str, rules: Rulebook) -> Meaning:
    return _one(words, rules) or _markup(words, rules) or _expression(words, rules) or _list(words, rules) or NOTHING


def record_of(symbol: str, rules: Rulebook) -> License | None:
    """The record that a symbol of an expression stands for."""
    reference = _REF.fullmatch(symbol)
    name = reference["id"] if reference else rules.names.spdx.get(symbol.casefold())
    return rules.licenses.get(name) if name else None


def symbol_of(record: License) -> str:
    """The symbol that stands for a record in an expression."""
    return record.spdx or f"LicenseRef-{record.id}"


def _one(words: str, rules: Rulebook) -> Meaning | None:
    """A single license, named in any of the ways that its record lists."""
    low = words.casefold()
    if low in rules.names.hub:
        return Meaning(symbol_of(rules.licenses[rules.names.hub[low]]), LISTED)
    if low in rules.names.spdx:
        record = rules.licenses[rules.names.spdx[low]]
        listed = (name for name in (record.spdx, *record.aliases.spdx) if name and name.casefold() == low)
        return Meaning(next(listed, symbol_of(record)), LISTED)
    if reference := _REF.fullmatch(words):
        found = rules.licenses.get(reference["id"]) or rules.licenses.get(reference["id"].casefold())
        return Meaning(symbol_of(found), LISTED) if found else None
    return _address(words, rules) or _name(words, rules) or _later(words, rules) or _mended(words, rules)


def _name(words: str, rules: Rulebook) -> Meaning | None:
    found = rules.names.keys.get(name_key(words))
    return Meaning(symbol_of(rules.licenses[found]), NAMED) if found else None


def _address(words: str, rules: Rulebook) -> Meaning | None:
    if "." not in words or " " in words:
        return None
    found = rules.names.urls.get(url_key(words))
    return Meaning(symbol_of(rules.licenses[found]), NAMED) if found else None


def _later(words: str, rules: Rulebook) -> Meaning | None:
    """`GPL v3 or any later version`: the SPDX id of that, where the list has one."""
    shorter = _OR_LATER.sub("", words)
    plain = _name(shorter, rules) if shorter != words and shorter else None
    if plain is None or plain.expression is None:
        return None
    record = record_of(plain.expression, rules)
    later = (name for name in (record.aliases.spdx if record else ()) if name.endswith("-or-later"))
    return Meaning(next(later, plain.expression), NAMED)


def _mended(words: str, rules: Rulebook) -> Meaning | None:
    """A name with one letter wrong, missing, added or swapped in one long word, where only one record comes so near.

    Digits must be right: `cc-by-3.0` is not a misspelt `cc-by-4.0`, and `gpl` not a misspelt `lgpl`. A single word is
    never mended: "unlicensed" is the opposite of the Unlicense.
    """
    tokens = name_tokens(words)
    if len(tokens) == 1:
        return None
    near = {
        found
        for key, found in rules.names.keys.items()
        if abs(len(key) - len(" ".join(tokens))) <= 1 and _near(tokens, key.split(" "))
    }
    return Meaning(symbol_of(rules.licenses[near.pop()]), MENDED) if len(near) == 1 else None


def _near(tokens: list[str], others: list[str]) -> bool:
    if len(tokens) != len(others):
        return False
    unlike = [(one, other) for one, other in zip(tokens, others, strict=True) if one != other]
    if len(unlike) != 1:
        return False
    one, other = unlike[0]
    long = min(len(one), len(other)) >= _MENDABLE and not any(letter.isdigit() for letter in one + other)
    return long and _one_edit(one, other)


def _one_edit(one: str, other: str) -> bool:
    """Whether two different words differ by one letter wrong, missing, or swapped with its neighbour."""
    short, long = sorted((one, other), key=len)
    start = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = short[start : start + 2] == long[start : start + 2][::-1] and short[start + 2 :] == long[start + 2 :]
    return short[start + 1 :] == long[start + 1 :] or swapped


def _markup(words: str, rules: Rulebook) -> Meaning | None:
    """`[name](address)` or `Name (NAME-1.0)`: the halves must not disagree.

    The second half may be an address that nobody knows, where the text is said to stand; other words that are not
    understood ("modified", "no commercial use") may take away what the name gives, and then nothing is recognised.
    """
    link, bracket = _MARKDOWN.fullmatch(words), _PARENTHESIS.search(words)
    if link:
        halves = [link["text"], link["address"]]
    elif bracket:
        halves = [words[: bracket.start()], bracket["inside"]]
    else:
        return None
    name, other = (_one(half.strip(), rules) if half.strip() else None for half in halves)
    if name is None:
        return None
    if other is not None:
        return Meaning(name.expression, NAMED) if other.expression == name.expression else None
    return Meaning(name.expression, MENDED) if not halves[1].strip() or _IS_ADDRESS.match(halves[1].strip()) else None


def _expression(words: str, rules: Rulebook) -> Meaning | None:
    if not OPERATOR.search(words):
        return None
    tree = parse(words)
    return _replaced(tree, rules) if tree is not None else None


def _list(words: str, rules: Rulebook) -> Meaning | None:
    parts = [part for part in _SEPARATOR.split(words) if part]
    if len(parts) == 1:
        parts = _AND.split(words)  # mit-and-apache-2.0
    found = [_one(part, rules) for part in parts]
    known = [meaning for meaning in found if meaning is not None and meaning.expression]
    if len(parts) < 2 or len(known) < len(parts):  # noqa: PLR2004 - one part is no list
        return None
    symbols = tuple(dict.fromkeys(Term(meaning.expression or "") for meaning in known))
    return Meaning(write(AllOf(symbols)) if len(symbols) > 1 else symbols[0].symbol, MENDED, combined=True)


def _replaced(tree: Node, rules: Rulebook) -> Meaning | None:
    """The tree with every symbol replaced by its record's; unknown symbols stay as `LicenseRef-` of their own."""
    confidence = LISTED
    known = 0

    def replace(node: Node) -> Node:
        nonlocal confidence, known
        if not isinstance(node, Term):
            return type(node)(tuple(replace(part) for part in node.parts))
        meaning = _one(node.symbol, rules)
        known += meaning is not None
        confidence = min(confidence, meaning.confidence if meaning else 0.0)
        term = Term(meaning.expression if meaning and meaning.expression else _own_reference(node.symbol))
        if node.exception is None:
            return term
        if is_exception(node.exception):
            return Term(term.symbol, node.exception)
        # "MIT with restrictions", "Apache-2.0 WITH Commons-Clause": terms that nobody knows, and that may take away.
        return AllOf((term, Term(_own_reference(node.exception))))

    replaced = replace(tree)
    return Meaning(write(replaced), confidence) if known else None


def _own_reference(symbol: str) -> str:
    return "LicenseRef-" + (re.sub(r"[^A-Za-z0-9.]+", "-", symbol.removeprefix("LicenseRef-")).strip("-") or "unnamed")

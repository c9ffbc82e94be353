"""Claims given their meaning: each stated license looked up, those of a card's prose searched for names."""

import re
from collections.abc import Iterator

from licscan.licenses.resolve import MENDED, NAMED, Meaning, resolve, symbol_of
from licscan.model import Claim, Kind, Place
from licscan.rulebook import Rulebook
from licscan.text import name_tokens, url_key

_URL = re.compile(
    r"(?:https?://|www\.)[^\s()<>\"']+|\b(?:[\w-]+\.)+(?:org|com|io|ai|net|de)/[^\s()<>\"']+", re.IGNORECASE
)
_LONGEST_NAME = 12
# Names of one common word are names only beside the word "license", or alone.
_LICENSE_WORD = re.compile(r"licen[cs]", re.IGNORECASE)
_ALONE = 6
# Somebody else's license, a permission that is denied, one that is only compared, or the line that stands above many
# free licenses.
_NOT_OURS = re.compile(
    r"\b(?:base\s+model|original\s+(?:model|dataset|license)|upstream|compatible\s+with|unlike|instead\s+of|not\s+(?:be\s+)?"
    r"licen[cs]ed\s+under|all\s+rights\s+reserved|dependenc(?:y|ies)|third[- ]party|their\s+(?:own|respective))\b",
    re.IGNORECASE,
)


def resolved(claims: tuple[Claim, ...], rules: Rulebook) -> tuple[Claim, ...]:
    """The claims with what they mean; prose that names no license states none, and is left out."""
    return tuple(found for claim in claims if (found := _resolved(claim, rules)) is not None)


def _resolved(claim: Claim, rules: Rulebook) -> Claim | None:
    if claim.place is Place.CARD_PROSE:
        meaning = named_in(claim.stated, rules)
        return _with(claim, meaning) if meaning else None
    if claim.place is Place.RECORD:
        return claim
    return _with(claim, resolve(claim.stated, rules))


def _with(claim: Claim, meaning: Meaning) -> Claim:
    if meaning.expression is None:
        return claim
    return claim.model_copy(update={"expression": meaning.expression, "confidence": meaning.confidence})


def named_in(sentence: str, rules: Rulebook) -> Meaning | None:
    """The one license that a sentence names; None where it names none, several, or somebody else's."""
    if _NOT_OURS.search(sentence):
        return None
    addresses = [match.group().rstrip(".,;:") for match in _URL.finditer(sentence)]
    by_address = {rules.names.urls[key] for key in map(url_key, addresses) if key in rules.names.urls}
    by_name = set(_names(_URL.sub(" ", sentence), rules))
    found = _most_special({*by_name, *by_address}, rules)
    if len(found) != 1:
        return None
    record = rules.licenses[found.pop()]
    if record.kind is Kind.NOT_A_LICENSE:
        return None
    return Meaning(symbol_of(record), NAMED if by_name else MENDED)


def _names(sentence: str, rules: Rulebook) -> Iterator[str]:
    """Records whose names stand in a sentence, the longest name at each place."""
    tokens = name_tokens(sentence)
    speaks_of_licenses = bool(_LICENSE_WORD.search(sentence))
    at = 0
    while at < len(tokens):
        for length in range(min(_LONGEST_NAME, len(tokens) - at), 0, -1):
            found = rules.names.keys.get(" ".join(tokens[at : at + length]))
            if found and (length > 1 or speaks_of_licenses or len(tokens) <= _ALONE):
                yield found
                at += length - 1
                break
        at += 1


def _most_special(found: set[str], rules: Rulebook) -> set[str]:
    """The records without those that are only the family of another one."""
    families = {name for name in found if rules.licenses[name].kind is Kind.FAMILY}
    special = found - families
    return special | {name for name in families if special.isdisjoint(rules.licenses[name].members)}
